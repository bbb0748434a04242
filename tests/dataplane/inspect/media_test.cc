// RTP, STUN and SCTP: flows known by what follows what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataplane/inspect/inspected_flow.h"

namespace borderflow {
namespace {

constexpr auto kMore = Inspection::State::kMore;
constexpr auto kForNow = Inspection::State::kForNow;
constexpr auto kDecided = Inspection::State::kDecided;

class MediaTest : public testing::Test {
 protected:
  Inspector inspector_{&NameRules::BuiltIn()};
};

Buffer RtpPacket(uint16_t number, uint32_t source) {
  Buffer packet = FromHex("8000");
  AppendNumber(&packet, number, 2);
  AppendNumber(&packet, 160u * number, 4);
  AppendNumber(&packet, source, 4);
  return Join({packet, Buffer(160, 0xd5)});
}

TEST_F(MediaTest, RtpIsKnownByItsContinuity) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  EXPECT_EQ(flow.Udp(RtpPacket(65535, 7)), kMore);
  EXPECT_EQ(flow.Udp(RtpPacket(900, 8), /*from_client=*/false), kMore) << "the other direction";
  EXPECT_EQ(flow.Udp(RtpPacket(0, 7)), kMore);
  EXPECT_EQ(flow.Udp(RtpPacket(2, 7)), kDecided) << "one packet was lost";
  EXPECT_EQ(flow.classification().protocol, Protocol::kRtp);
  EXPECT_EQ(flow.classification().confidence, 70);
}

TEST_F(MediaTest, DatagramsWithRtpsVersionButManySourcesAreNotRtp) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  for (uint32_t i = 0; i < 30; ++i) {
    EXPECT_EQ(flow.Udp(RtpPacket(static_cast<uint16_t>(i), 1000 + i)), kMore);
  }
}

TEST_F(MediaTest, StunIsForNowAndMediaFollow) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  EXPECT_EQ(flow.Udp(Join({FromHex("0001 0000 2112a442"), Buffer(12, 1)})), kForNow);
  EXPECT_EQ(flow.classification().protocol, Protocol::kStun);
  EXPECT_EQ(flow.Udp(DtlsFragment(ClientHelloBody({.name = "turn.example", .dtls = true}), 0, 400)),
            kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kDtls);
}

TEST_F(MediaTest, KeepalivesAloneStayStun) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  const Buffer ping = Join({FromHex("0001 0000 2112a442"), Buffer(12, 1)});
  EXPECT_EQ(flow.Udp(ping), kForNow);
  for (int i = 0; flow.slot() != 0; ++i) {
    ASSERT_LT(i, 64);
    EXPECT_EQ(flow.Udp(ping, i % 2 == 0), kMore) << i;
  }
}

TEST_F(MediaTest, SctpIsWhatItsPayloadNumberSays) {
  const struct {
    const char* number;
    const char* data;
    Protocol protocol;
  } kCases[] = {
      {"00000003", "01000301 00000010 00060008 00000000", Protocol::kM3ua},
      {"00000002", "01000601 00000008 0000", Protocol::kM2ua},
      {"00000004", "01000301 00000008 0000", Protocol::kSua},
      {"00000005", "01000b01 00000008 0000", Protocol::kM2pa},
      {"00000012", "0011002d 000004", Protocol::kS1ap},
      {"0000001b", "0006002d 000004", Protocol::kX2ap},
      {"0000003c", "00150033 000004", Protocol::kNgap},
      {"0000003d", "00110033 000004", Protocol::kXnap},
      {"0000002e", "01000014 80000118 00000000 00000001 00000002", Protocol::kDiameter},
      {"00000000", "01000014 80000118 00000000 00000001 00000002", Protocol::kDiameter},
  };
  for (const auto& test : kCases) {
    Buffer chunk =
        Join({FromHex("00 03 0000 00000001 0001 0000"), FromHex(test.number), FromHex(test.data)});
    chunk[2] = 0;
    chunk[3] = static_cast<uint8_t>(chunk.size());
    const Buffer packet = Join({FromHex("03 00 0010 00000001 0000ffff 0000 0000"), chunk});
    Packet shown = UdpPacket({.server_port = 9999}, true, packet);
    shown.key.protocol = 132;
    SlotHandle slot = 0;
    const Inspection inspection = inspector_.Inspect(shown, true, &slot);
    EXPECT_EQ(inspection.state, kDecided);
    EXPECT_EQ(Name(inspection.classification.protocol), Name(test.protocol));
    EXPECT_EQ(inspection.classification.confidence, 95);
  }
}

TEST_F(MediaTest, SctpNumberThatItsDataContradictsIsNotBelieved) {
  for (const char* hex : {"00 03 0014 00000001 0001 0000 00000003 ffffffff",
                          "00 03 0014 00000001 0001 0000 0000003c ffffffff", "00 03 0000 00000001",
                          "01 00 0014 00000001 0001 0000 00000003 01000301"}) {
    const Buffer packet = FromHex(hex);
    Packet shown = UdpPacket({.server_port = 9999}, true, packet);
    shown.key.protocol = 132;
    SlotHandle slot = 0;
    EXPECT_EQ(inspector_.Inspect(shown, true, &slot).state, kMore) << hex;
  }
}

}  // namespace
}  // namespace borderflow
