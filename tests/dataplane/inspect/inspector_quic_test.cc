// QUIC and DTLS before the inspector.
#include <algorithm>
#include <random>
#include <vector>

#include "tests/dataplane/inspect/inspector_fixture.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

Buffer Hello(const std::string& name, size_t key_share = 32) {
  return ClientHelloMessage({.name = name, .name_last = true, .key_share_bytes = key_share});
}

TEST_F(InspectorTest, OneInitialNamesTheFlow) {
  for (const uint32_t version : {1u, 0x6b3343cfu, 0xff00001du}) {
    Flow flow(&inspector_);
    EXPECT_EQ(flow.Udp(QuicInitial({.version = version},
                                   CryptoFrameBytes(0, Hello("pacs.hospital.example")))),
              kDecided);
    EXPECT_THAT(flow.names(), ElementsAre("pacs.hospital.example"));
    EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 80,
                                            Protection::kEncrypted, Protocol::kQuic, true));
  }
}

TEST_F(InspectorTest, HelloOverSeveralInitialsInAnyOrderIsJoined) {
  const Buffer hello = Hello("post.quantum.example", 1216);
  const Buffer first = QuicInitial({.number = 0}, CryptoFrameBytes(0, Slice(hello, 0, 1000)));
  // The server has answered: the second Initial carries its connection id, under the first's keys.
  const Buffer second = QuicInitial({.connection_id = FromHex("5e57e5"),
                                     .key_connection_id = FromHex("8394c8f03e515708"),
                                     .number = 1},
                                    CryptoFrameBytes(1000, Slice(hello, 1000, hello.size())));
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(first), kMore);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kQuic);
  EXPECT_EQ(flow.Udp(Buffer(1200, 0xcc), /*from_client=*/false), kMore);
  EXPECT_EQ(flow.Udp(second), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("post.quantum.example"));

  const Buffer late_first = QuicInitial({.number = 1}, CryptoFrameBytes(0, Slice(hello, 0, 1000)));
  const Buffer early_second =
      QuicInitial({.number = 0}, CryptoFrameBytes(1000, Slice(hello, 1000, hello.size())));
  Flow swapped(&inspector_);
  EXPECT_EQ(swapped.Udp(early_second), kMore);
  EXPECT_EQ(swapped.Udp(late_first), kDecided);
  EXPECT_THAT(swapped.names(), ElementsAre("post.quantum.example"));
}

TEST_F(InspectorTest, ShuffledCryptoFramesBetweenPaddingAreJoined) {
  const Buffer hello = Hello("chaos.example");
  std::vector<Buffer> frames;
  for (size_t at = 0; at < hello.size(); at += 13) {
    frames.push_back(CryptoFrameBytes(at, Slice(hello, at, at + 13)));
    frames.push_back(FromHex("01 0000"));
  }
  std::shuffle(frames.begin(), frames.end(), std::mt19937(11));
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(QuicInitial({}, Join(frames))), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("chaos.example"));
}

TEST_F(InspectorTest, CoalescedInitialsAreBothRead) {
  const Buffer hello = Hello("pair.example");
  const Buffer datagram =
      Join({QuicInitial({.pad_to = 0}, CryptoFrameBytes(0, Slice(hello, 0, 90))),
            QuicInitial({.number = 3, .pad_to = 0},
                        CryptoFrameBytes(90, Slice(hello, 90, hello.size())))});
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(datagram), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("pair.example"));
}

TEST_F(InspectorTest, InitialAfterRetryIsOpenedWithItsOwnConnectionId) {
  const Buffer hello = Hello("retried.example", 1216);
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(QuicInitial({}, CryptoFrameBytes(0, Slice(hello, 0, 900)))), kMore);
  EXPECT_EQ(flow.Udp(FromHex("f0 00000001 00 04 01020304 aabb"), /*from_client=*/false), kMore);
  const InitialOptions retried = {.connection_id = FromHex("01020304"), .token = FromHex("aabb")};
  EXPECT_EQ(flow.Udp(QuicInitial(retried, CryptoFrameBytes(0, Slice(hello, 0, 900)))), kMore);
  EXPECT_EQ(flow.Udp(QuicInitial(retried, CryptoFrameBytes(900, Slice(hello, 900, hello.size())))),
            kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("retried.example"));
}

TEST_F(InspectorTest, GreasedVersionAndItsNegotiationAreFollowedByTheRealHello) {
  Flow flow(&inspector_);
  Buffer greased = FromHex("c0 1a2a3a4a 08 8394c8f03e515708 00");
  greased.resize(1200, 0x33);
  EXPECT_EQ(flow.Udp(greased), kMore);
  EXPECT_EQ(flow.Udp(FromHex("c0 00000000 00 08 8394c8f03e515708 00000001"), false), kMore);
  EXPECT_EQ(flow.recognised()->category, Category::kEnc);
  EXPECT_EQ(flow.Udp(QuicInitial({}, CryptoFrameBytes(0, Hello("real.example")))), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("real.example"));
}

TEST_F(InspectorTest, InitialUnderForeignKeysIsCountedAndStaysEncrypted) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(QuicInitial({.connection_id = FromHex("5e57e5"),
                                  .key_connection_id = FromHex("8394c8f03e515708")},
                                 CryptoFrameBytes(0, Hello("x.example")))),
            kMore);
  EXPECT_EQ(inspector_.counters().quic_undecryptable, 1u);
  EXPECT_THAT(*flow.recognised(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                       Protection::kEncrypted, Protocol::kQuic, false));
}

TEST_F(InspectorTest, FragmentedDtlsHelloIsJoined) {
  const Buffer body = ClientHelloBody({.name = "d.example", .name_last = true, .dtls = true});
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(DtlsFragment(body, 100, body.size())), kMore);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kDtls);
  EXPECT_EQ(flow.Udp(DtlsFragment(body, 0, 100)), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("d.example"));
  EXPECT_EQ(flow.classification().protocol, Protocol::kDtls);
  Flow whole(&inspector_);
  EXPECT_EQ(whole.Udp(DtlsFragment(body, 0, body.size())), kDecided);
  EXPECT_THAT(whole.names(), ElementsAre("d.example"));
}

}  // namespace
}  // namespace borderflow
