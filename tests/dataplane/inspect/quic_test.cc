#include "dataplane/inspect/quic.h"

#include <gtest/gtest.h>

#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

const Buffer kRfcConnectionId = FromHex("8394c8f03e515708");

template <size_t kSize>
Buffer AsBuffer(const std::array<uint8_t, kSize>& bytes) {
  return Buffer(bytes.begin(), bytes.end());
}

// RFC 9001 appendix A.1.
TEST(QuicCrypto, KeysOfVersion1AreThoseOfTheRfc) {
  const QuicKeys keys = QuicCrypto().ClientKeys(QuicFamily::kV1, kRfcConnectionId);
  EXPECT_EQ(AsBuffer(keys.key), FromHex("1f369613dd76d5467730efcbe3b1a22d"));
  EXPECT_EQ(AsBuffer(keys.iv), FromHex("fa044b2f42a3fd3b46fb255c"));
  EXPECT_EQ(AsBuffer(keys.header), FromHex("9f50449e04a0e810283a1e9933adedd2"));
}

// RFC 9369 appendix A.1.
TEST(QuicCrypto, KeysOfVersion2AreThoseOfTheRfc) {
  const QuicKeys keys = QuicCrypto().ClientKeys(QuicFamily::kV2, kRfcConnectionId);
  EXPECT_EQ(AsBuffer(keys.key), FromHex("8b1a0bc121284290a29e0971b5cd045d"));
  EXPECT_EQ(AsBuffer(keys.iv), FromHex("91f73e2351d8fa91660e909f"));
  EXPECT_EQ(AsBuffer(keys.header), FromHex("45b95e15235d6f45a6b19cbcb0294ba9"));
}

TEST(QuicCrypto, OpensWhatOpenSslsOwnHkdfAndAeadSealed) {
  QuicCrypto crypto;
  const Buffer payload = CryptoFrameBytes(0, ClientHelloMessage({.name = "q.example"}));
  for (const uint32_t version : {0x00000001u, 0x6b3343cfu, 0xff00001du}) {
    for (const char* id :
         {"", "01", "8394c8f03e515708", "000102030405060708090a0b0c0d0e0f10111213"}) {
      const Buffer sealed = QuicInitial(
          {.version = version, .connection_id = FromHex(id), .token = FromHex("aabb")}, payload);
      size_t at = 0;
      QuicPacket packet;
      ASSERT_TRUE(NextQuicPacket(sealed, &at, &packet));
      EXPECT_EQ(packet.type, QuicType::kInitial);
      EXPECT_TRUE(packet.complete);
      EXPECT_EQ(at, sealed.size());
      const QuicKeys keys = crypto.ClientKeys(packet.family, packet.connection_id);
      const Bytes opened = crypto.Open(keys, packet.bytes, packet.number_offset);
      ASSERT_EQ(opened.size(), 1162u);
      EXPECT_EQ(Slice(Buffer(opened.begin(), opened.end()), 0, payload.size()), payload);
    }
  }
}

TEST(QuicCrypto, OneChangedBitAnywhereIsRefused) {
  QuicCrypto crypto;
  const Buffer sealed = QuicInitial({.pad_to = 64}, CryptoFrameBytes(0, FromHex("0102")));
  const QuicKeys keys = crypto.ClientKeys(QuicFamily::kV1, kRfcConnectionId);
  size_t at = 0;
  QuicPacket packet;
  ASSERT_TRUE(NextQuicPacket(sealed, &at, &packet));
  EXPECT_FALSE(crypto.Open(keys, sealed, packet.number_offset).empty());
  for (size_t i = 0; i < sealed.size(); ++i) {
    Buffer damaged = sealed;
    damaged[i] ^= 0x01;
    EXPECT_TRUE(crypto.Open(keys, damaged, packet.number_offset).empty()) << i;
  }
  EXPECT_TRUE(crypto.Open(keys, Slice(sealed, 0, 40), packet.number_offset).empty());
}

TEST(Quic, CoalescedPacketsAreTakenApart) {
  const Buffer first = QuicInitial({.pad_to = 64}, {});
  Buffer zero_rtt = FromHex("d3 00000001 00 00 0014");
  zero_rtt[7] |= 0x40;
  zero_rtt.resize(zero_rtt.size() + 20);
  const Buffer datagram = Join({zero_rtt, first, FromHex("40 01 02 03")});
  size_t at = 0;
  QuicPacket packet;
  ASSERT_TRUE(NextQuicPacket(datagram, &at, &packet));
  EXPECT_EQ(packet.type, QuicType::kZeroRtt);
  ASSERT_TRUE(NextQuicPacket(datagram, &at, &packet));
  EXPECT_EQ(packet.type, QuicType::kInitial);
  EXPECT_EQ(packet.bytes.size(), first.size());
  EXPECT_FALSE(NextQuicPacket(datagram, &at, &packet)) << "short header";
}

TEST(Quic, TypesFollowTheVersion) {
  const auto type = [](const char* hex) {
    Buffer bytes = FromHex(hex);
    bytes.resize(60);
    size_t at = 0;
    QuicPacket packet;
    EXPECT_TRUE(NextQuicPacket(bytes, &at, &packet));
    return packet.type;
  };
  EXPECT_EQ(type("c0 00000001 00 00 00 10"), QuicType::kInitial);
  EXPECT_EQ(type("80 00000001 00 00 00 10"), QuicType::kInitial) << "greased fixed bit";
  EXPECT_EQ(type("e0 00000001 00 00 10"), QuicType::kHandshake);
  EXPECT_EQ(type("f0 00000001 00 00"), QuicType::kRetry);
  EXPECT_EQ(type("d0 6b3343cf 00 00 00 10"), QuicType::kInitial);
  EXPECT_EQ(type("c0 6b3343cf 00 00"), QuicType::kRetry);
  EXPECT_EQ(type("c0 00000000 00 00 00000001"), QuicType::kVersionNegotiation);
  EXPECT_EQ(type("c0 0a1a2a3a 00 00"), QuicType::kUnknownVersion);
}

TEST(Quic, IsRecognisedByVersionAndConnectionIds) {
  EXPECT_TRUE(IsQuic(FromHex("c0 00000001 00 00 00 10")));
  EXPECT_TRUE(IsQuic(FromHex("c0 0a1a2a3a 00 00 00")));
  EXPECT_TRUE(IsQuic(FromHex("c0 00000000 00 00 6b3343cf")));
  EXPECT_FALSE(IsQuic(FromHex("c0 00000000 00 00 12345678")));
  EXPECT_FALSE(IsQuic(FromHex("c0 00000001 ff 00 00")));
  EXPECT_FALSE(IsQuic(FromHex("40 00000001 00 00 00")));
  EXPECT_FALSE(IsQuic(FromHex("c0 12345678 00 00 00")));
}

TEST(Quic, CryptoFramesAreFoundBetweenOthers) {
  const Buffer payload = Join(
      {FromHex("01 00 00 02 05 00 01 00 01 01"), CryptoFrameBytes(700, FromHex("aabb")),
       FromHex("03 05 00 00 00 01 02 03"), CryptoFrameBytes(0, FromHex("cc")), FromHex("0000")});
  size_t at = 0;
  CryptoFrame frame;
  ASSERT_TRUE(NextCryptoFrame(payload, &at, &frame));
  EXPECT_EQ(frame.offset, 700u);
  EXPECT_EQ(frame.bytes, Bytes(FromHex("aabb")));
  ASSERT_TRUE(NextCryptoFrame(payload, &at, &frame));
  EXPECT_EQ(frame.offset, 0u);
  EXPECT_FALSE(NextCryptoFrame(payload, &at, &frame));
  at = 0;
  EXPECT_FALSE(NextCryptoFrame(FromHex("1c 00"), &at, &frame)) << "CONNECTION_CLOSE ends it";
  at = 0;
  EXPECT_FALSE(NextCryptoFrame(FromHex("06 00 7f ff aa"), &at, &frame)) << "longer than the packet";
}

Buffer Chlo() {
  return Join({FromText("CHLO"), FromHex("02000000"), FromText("PAD-"), FromHex("04000000"),
               FromText("SNI"), FromHex("00 0d000000"), FromText("----g.example")});
}

TEST(GoogleQuic, SniTagIsRead) {
  const Buffer datagram = Join({FromHex("0d 1122334455667788"), FromText("Q043"), FromHex("01"),
                                Buffer(12, 0), FromHex("8001"), Chlo()});
  EXPECT_TRUE(IsGoogleQuic(datagram));
  std::string_view name;
  EXPECT_EQ(ParseChlo(datagram, &name), Parse::kDone);
  EXPECT_EQ(name, "g.example");
  EXPECT_EQ(ParseChlo(Slice(datagram, 0, datagram.size() - 1), &name), Parse::kMore);
  EXPECT_EQ(ParseChlo(Buffer(200, 0x41), &name), Parse::kNot);
}

}  // namespace
}  // namespace borderflow
