// TLS in segments, before the inspector.
#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

#include "tests/dataplane/inspect/inspector_fixture.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

// Every way of cutting a hello in pieces and sending them: in order, backwards, shuffled, each
// twice.
enum class Order { kForward, kBackward, kShuffled, kRepeated };
class SplitHello : public InspectorTest,
                   public testing::WithParamInterface<std::tuple<size_t, Order, size_t>> {};

TEST_P(SplitHello, YieldsItsName) {
  const auto [size, order, key_share] = GetParam();
  Flow flow(&inspector_);
  const Buffer hello =
      TlsClientHello({.name = "split.example", .name_last = true, .key_share_bytes = key_share});
  std::vector<size_t> pieces;
  for (size_t at = 0; at < hello.size(); at += size) pieces.push_back(at);
  if (order == Order::kBackward) std::reverse(pieces.begin(), pieces.end());
  if (order == Order::kShuffled) std::shuffle(pieces.begin(), pieces.end(), std::mt19937(5));
  for (const size_t at : pieces) {
    const uint32_t sequence = 0xffffff80 + static_cast<uint32_t>(at);
    const Buffer piece = Slice(hello, at, at + size);
    Inspection::State state = flow.Tcp(true, sequence, piece);
    if (order == Order::kRepeated && state == kMore) state = flow.Tcp(true, sequence, piece);
    if (state == kDecided) break;
  }
  EXPECT_THAT(flow.names(), ElementsAre("split.example"));
  EXPECT_EQ(flow.slot(), 0);
  EXPECT_EQ(inspector_.counters().overlaps_conflicting, 0u);
}

INSTANTIATE_TEST_SUITE_P(Forward, SplitHello,
                         testing::Combine(testing::Values(1, 2, 40, 100, 200, 1360),
                                          testing::Values(Order::kForward, Order::kRepeated),
                                          testing::Values(32, 1216, 9000)));
// What comes before its own start can be held for 2 KiB and 32 gaps.
INSTANTIATE_TEST_SUITE_P(OutOfOrder, SplitHello,
                         testing::Combine(testing::Values(100, 200, 536),
                                          testing::Values(Order::kBackward, Order::kShuffled),
                                          testing::Values(32, 1216)));

TEST_F(InspectorTest, JunkOnTheHandshakesAckDoesNotHideTheHello) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Tcp(true, 1000, FromHex("0000")), kMore);
  EXPECT_EQ(flow.Tcp(true, 1000, TlsClientHello({.name = "behind.example"})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("behind.example"));
}

TEST_F(InspectorTest, JunkOnTheHandshakesAckDoesNotHideASplitHello) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "behind.example", .name_last = true});
  EXPECT_EQ(flow.Tcp(true, 1000, FromHex("0000")), kMore);
  EXPECT_EQ(flow.Tcp(true, 1000, Slice(hello, 0, 100)), kMore);
  EXPECT_EQ(flow.Tcp(true, 1100, Slice(hello, 100, hello.size())), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("behind.example"));
}

TEST_F(InspectorTest, FirstCopyWinsAndTheConflictIsCounted) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "first.example", .name_last = true});
  EXPECT_EQ(flow.Tcp(true, 0, Slice(hello, 0, 100)), kMore);
  EXPECT_EQ(flow.Tcp(true, 50, Buffer(50, 0xee)), kMore);
  EXPECT_EQ(flow.Tcp(true, 100, Slice(hello, 100, hello.size())), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("first.example"));
  EXPECT_EQ(inspector_.counters().overlaps_conflicting, 1u);
}

TEST_F(InspectorTest, IncompleteHelloIsRecognisedAsTls) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "cut.example", .name_last = true});
  EXPECT_EQ(flow.recognised(), std::nullopt);
  flow.Client(Slice(hello, 0, 100));
  ASSERT_TRUE(flow.recognised().has_value());
  EXPECT_THAT(*flow.recognised(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                       Protection::kEncrypted, Protocol::kTls, false));
  inspector_.Release(flow.slot());
  EXPECT_EQ(flow.recognised(), std::nullopt);
}

TEST_F(InspectorTest, HeldBytesAreDroppedWithAgeButTheProtocolStays) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "late.example", .name_last = true});
  flow.Client(Slice(hello, 0, 100));
  flow.Later(11'000'000'000);
  EXPECT_EQ(flow.Client(Slice(hello, 100, hello.size())), kMore);
  EXPECT_EQ(inspector_.counters().slots_expired, 1u);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kTls);
}

TEST_F(InspectorTest, ServersFirstFlightAloneIsTlsAndAClientHelloMayFollow) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Server(FromHex("160303 0040 02000036 0303")), kMore);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kTls);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "late.example"})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("late.example"));
}

TEST_F(InspectorTest, ApplicationDataIsTlsAtOnce) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromHex("170303 0100 aabbccdd")), kDecided);
  EXPECT_EQ(flow.classification().category, Category::kEnc);
}

TEST_F(InspectorTest, HelloBehindAnyPreambleIsFound) {
  const struct {
    const char* what;
    std::vector<std::pair<bool, Buffer>> preamble;  // from the client?
    Protocol around = Protocol::kTls;
    std::vector<std::string> names = {"inner.example"};
  } kCases[] = {
      {"PROXY line", {{true, FromText("PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n")}}},
      {"SOCKS 5",
       {{true, FromHex("050100")},
        {false, FromHex("0500")},
        {true, FromHex("05010003 0b 6578616d706c652e6f7267 01bb")},
        {false, FromHex("05000001 00000000 0000")}},
       Protocol::kTls,
       {"example.org", "inner.example"}},
      {"RDP",
       {{true, FromHex("03000013 0ee000000000000100080003000000")},
        {false, FromHex("03000013 0ed000001234000200080002000000")}},
       Protocol::kRdp},
      {"PostgreSQL",
       {{true, FromHex("00000008 04d2162f")}, {false, FromText("S")}},
       Protocol::kPostgresql},
      {"SMTP",
       {{false, FromText("220 mail.example ESMTP\r\n")},
        {true, FromText("EHLO client.example\r\n")},
        {false, FromText("250-mail.example\r\n250 STARTTLS\r\n")},
        {true, FromText("STARTTLS\r\n")},
        {false, FromText("220 go ahead\r\n")}},
       Protocol::kSmtp},
      {"IMAP",
       {{false, FromText("* OK ready\r\n")},
        {true, FromText("a STARTTLS\r\n")},
        {false, FromText("a OK begin\r\n")}},
       Protocol::kImap},
      {"POP3",
       {{false, FromText("+OK\r\n")}, {true, FromText("STLS\r\n")}, {false, FromText("+OK\r\n")}},
       Protocol::kPop3},
  };
  for (const bool split : {false, true}) {
    for (const auto& test : kCases) {
      Flow flow(&inspector_);
      for (const auto& [from_client, bytes] : test.preamble) {
        EXPECT_NE(from_client ? flow.Client(bytes) : flow.Server(bytes), kDecided) << test.what;
      }
      const Buffer hello = TlsClientHello({.name = "inner.example", .name_last = true});
      if (split) {
        EXPECT_NE(flow.Client(Slice(hello, 0, 90)), kDecided) << test.what;
        EXPECT_EQ(flow.Client(Slice(hello, 90, hello.size())), kDecided) << test.what;
      } else {
        EXPECT_EQ(flow.Client(hello), kDecided) << test.what;
      }
      EXPECT_EQ(flow.names(), test.names) << test.what;
      EXPECT_EQ(Name(flow.classification().protocol), Name(test.around)) << test.what;
      EXPECT_EQ(flow.classification().protection, Protection::kEncrypted) << test.what;
      EXPECT_EQ(flow.slot(), 0) << test.what;
    }
  }
}

TEST_F(InspectorTest, HelloInTheSameSegmentAsAProxyHeaderIsFound) {
  const Buffer hello = TlsClientHello({.name = "inner.example", .name_last = true});
  const Buffer version1 = FromText("PROXY TCP6 2001:db8::1 2001:db8::2 1 443\r\n");
  const Buffer version2 =
      FromHex("0d0a0d0a000d0a515549540a 21 11 000c c0000201 c0000202 0001 01bb");
  for (const Buffer& preamble : {version1, version2}) {
    Flow flow(&inspector_);
    EXPECT_EQ(flow.Client(Join({preamble, Slice(hello, 0, 80)})), kMore);
    EXPECT_EQ(flow.Client(Slice(hello, 80, hello.size())), kDecided);
    EXPECT_THAT(flow.names(), ElementsAre("inner.example"));
  }
}

TEST_F(InspectorTest, ConnectNamesItsTargetAndTheTunnelsHelloDecides) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromText("CONNECT a.cloud.example:443 HTTP/1.1\r\n\r\n")), kMore);
  EXPECT_THAT(flow.names(), ElementsAre("a.cloud.example"));
  EXPECT_THAT(*flow.recognised(), Says(Category::kDbx, Evidence::kName, 50, Protection::kCleartext,
                                       Protocol::kHttp, true));
  EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 Connection established\r\n\r\n")), kMore);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "pacs.hospital.example"})), kDecided);
  EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 80,
                                          Protection::kEncrypted, Protocol::kTls, true));
}

TEST_F(InspectorTest, UnrecognisedStreamHoldsNothingOfTheServer) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Server(Buffer(1400, 0x99)), kMore);
  EXPECT_EQ(flow.slot(), 0);
}

TEST_F(InspectorTest, EndlessHelloIsGivenUpAt16KiB) {
  Flow flow(&inspector_);
  Buffer hello =
      TlsClientHello({.name = "far.example", .name_last = true, .key_share_bytes = 17000});
  size_t at = 0;
  while (at + 1360 <= 16384) {
    ASSERT_EQ(flow.Client(Slice(hello, at, at + 1360)), kMore);
    at += 1360;
  }
  EXPECT_EQ(flow.Client(Slice(hello, at, at + 1360)), kDecided);
  EXPECT_THAT(flow.classification(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                          Protection::kEncrypted, Protocol::kTls, false));
  EXPECT_EQ(flow.slot(), 0);
  EXPECT_EQ(inspector_.counters().hello_too_long, 1u);
}

TEST_F(InspectorTest, UnrecognisedStreamIsLetGo) {
  for (const auto& [size, packets] : {std::pair{10, 32}, {1400, 2}}) {
    Flow flow(&inspector_);
    for (int i = 0; i < packets; ++i) {
      EXPECT_EQ(flow.Client(Buffer(static_cast<size_t>(size), 0x99)), kMore);
    }
    EXPECT_EQ(flow.slot(), 0) << "or the worker would show its packets for ever";
  }
  EXPECT_EQ(inspector_.counters().hello_too_long, 0u);
}

TEST_F(InspectorTest, ThousandsOfUnrecognisedFlowsAreNoOverflow) {
  for (uint32_t i = 0; i < 20000; ++i) {
    Flow flow(&inspector_,
              {.client = 0x0a000000 + i, .time_ns = 1'000'000'000'000 + i * uint64_t{1'000'000}});
    flow.Client(Buffer(100, 0x99));
  }
  EXPECT_EQ(inspector_.counters().slots_exhausted, 0u);
}

TEST_F(InspectorTest, RecognisedFlowWithoutNameIsDecidedAfterEightPackets) {
  Flow flow(&inspector_);
  for (int i = 1; i < kInspectPackets; ++i) {
    EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 OK\r\n\r\n")), kMore);
  }
  EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 OK\r\n\r\n")), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kHttp);
  EXPECT_EQ(flow.slot(), 0);
}

TEST_F(InspectorTest, HelloThatStallsIsDecidedWithoutItsName) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "lost.example", .name_last = true});
  flow.Client(Slice(hello, 0, 100));
  int packets = 0;
  while (flow.Server(Buffer(1400, 0x99)) == kMore) ASSERT_LT(++packets, 64);
  EXPECT_EQ(flow.classification().protocol, Protocol::kTls);
  EXPECT_EQ(flow.slot(), 0);
}

}  // namespace
}  // namespace borderflow
