// TLS hellos and QUIC's Initial keys against their specifications.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/generator/quic_initial.h"
#include "tools/generator/tls_hello.h"

namespace borderflow::generator {
namespace {

struct Extension {
  uint16_t type;
  std::string value;
};

uint32_t Number(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

// Walks a ClientHello by the lengths of RFC 8446 section 4.1.2 and fails where they do not fit.
std::vector<Extension> Extensions(std::string_view hello) {
  EXPECT_EQ(hello[0], 1);
  EXPECT_EQ(Number(hello.substr(1, 3)), hello.size() - 4);
  hello.remove_prefix(4 + 2 + 32);
  hello.remove_prefix(1 + Number(hello.substr(0, 1)));  // session id
  hello.remove_prefix(2 + Number(hello.substr(0, 2)));  // cipher suites
  hello.remove_prefix(1 + Number(hello.substr(0, 1)));  // compression
  EXPECT_EQ(Number(hello.substr(0, 2)), hello.size() - 2);
  hello.remove_prefix(2);
  std::vector<Extension> extensions;
  while (!hello.empty()) {
    const uint32_t size = Number(hello.substr(2, 2));
    extensions.push_back(
        {static_cast<uint16_t>(Number(hello.substr(0, 2))), std::string(hello.substr(4, size))});
    hello.remove_prefix(4 + size);
  }
  return extensions;
}

std::string NameIn(const std::vector<Extension>& extensions) {
  for (const Extension& extension : extensions) {
    if (extension.type == 0) return extension.value.substr(5);
  }
  return "";
}

std::vector<uint16_t> Types(const std::vector<Extension>& extensions) {
  std::vector<uint16_t> types;
  for (const Extension& extension : extensions) types.push_back(extension.type);
  return types;
}

HelloOptions Options(ClientKind kind, bool post_quantum) {
  HelloOptions options;
  options.name = "www.example.com";
  options.kind = kind;
  options.post_quantum = post_quantum;
  options.alpn = {"h2", "http/1.1"};
  return options;
}

TEST(TlsHello, EveryKindCarriesTheNameAndNoExtensionTwice) {
  Random random(1);
  for (const ClientKind kind : {ClientKind::kBrowser, ClientKind::kLibrary, ClientKind::kOld}) {
    for (int i = 0; i < 200; ++i) {
      HelloOptions options = Options(kind, i % 2 == 0);
      options.ech = i % 3 == 0;
      const std::vector<Extension> extensions = Extensions(ClientHello(options, random));
      EXPECT_EQ(NameIn(extensions), "www.example.com");
      const std::vector<uint16_t> types = Types(extensions);
      EXPECT_EQ(std::set<uint16_t>(types.begin(), types.end()).size(), types.size());
    }
  }
}

TEST(TlsHello, SizesAreThoseMeasuredInTheField) {
  Random random(1);
  const auto size = [&](ClientKind kind, bool post_quantum) {
    return ClientHello(Options(kind, post_quantum), random).size();
  };
  EXPECT_THAT(size(ClientKind::kLibrary, false),
              ::testing::AllOf(::testing::Ge(230u), ::testing::Le(400u)));
  EXPECT_THAT(size(ClientKind::kLibrary, true),
              ::testing::AllOf(::testing::Ge(1460u), ::testing::Le(1650u)));
  EXPECT_THAT(size(ClientKind::kBrowser, true),
              ::testing::AllOf(::testing::Ge(1500u), ::testing::Le(1900u)));
}

TEST(TlsHello, ABrowserOfMlKemSendsAShareOf1216Bytes) {
  Random random(1);
  for (const Extension& extension :
       Extensions(ClientHello(Options(ClientKind::kBrowser, true), random))) {
    if (extension.type != 51) continue;
    // A list: GREASE of one byte, then X25519MLKEM768.
    EXPECT_EQ(Number(extension.value.substr(7, 2)), 0x11ecu);
    EXPECT_EQ(Number(extension.value.substr(9, 2)), 1216u);
    return;
  }
  FAIL() << "no key_share";
}

TEST(TlsHello, ABrowserShufflesItsExtensionsBetweenGrease) {
  Random random(1);
  std::set<size_t> places;
  for (int i = 0; i < 200; ++i) {
    const std::vector<uint16_t> types =
        Types(Extensions(ClientHello(Options(ClientKind::kBrowser, false), random)));
    EXPECT_EQ(types.front() & 0x0f0f, 0x0a0a);
    EXPECT_EQ(types.back() & 0x0f0f, 0x0a0a);
    places.insert(static_cast<size_t>(std::find(types.begin(), types.end(), 0) - types.begin()));
  }
  EXPECT_GE(places.size(), 10u);
  EXPECT_FALSE(places.contains(0));
}

TEST(TlsHello, RecordsOfAHelloPutTogetherAreTheHello) {
  Random random(1);
  const std::string hello = ClientHello(Options(ClientKind::kLibrary, false), random);
  std::string_view records;
  const std::string split = Records(hello, 100);
  records = split;
  std::string joined;
  while (!records.empty()) {
    EXPECT_EQ(records[0], kRecordHandshake);
    const uint32_t size = Number(records.substr(3, 2));
    EXPECT_LE(size, 100u);
    joined += records.substr(5, size);
    records.remove_prefix(5 + size);
  }
  EXPECT_EQ(joined, hello);
}

TEST(TlsHello, OpaqueRecordsAreExactlyAsLongAsAsked) {
  Random random(1);
  for (const size_t size : {6u, 100u, 16389u, 16395u, 40000u}) {
    EXPECT_EQ(OpaqueRecords(size, random).size(), size);
  }
}

std::string FirstId() { return absl::HexStringToBytes("8394c8f03e515708"); }

TEST(QuicInitial, KeysOfVersion1AreThoseOfRfc9001AppendixA1) {
  const QuicKeys client = QuicKeys::Initial(kQuicVersion1, Side::kClient, FirstId());
  EXPECT_EQ(absl::BytesToHexString(client.key), "1f369613dd76d5467730efcbe3b1a22d");
  EXPECT_EQ(absl::BytesToHexString(client.iv), "fa044b2f42a3fd3b46fb255c");
  EXPECT_EQ(absl::BytesToHexString(client.header_protection), "9f50449e04a0e810283a1e9933adedd2");
  const QuicKeys server = QuicKeys::Initial(kQuicVersion1, Side::kServer, FirstId());
  EXPECT_EQ(absl::BytesToHexString(server.key), "cf3a5331653c364c88f0f379b6067e37");
  EXPECT_EQ(absl::BytesToHexString(server.iv), "0ac1493ca1905853b0bba03e");
  EXPECT_EQ(absl::BytesToHexString(server.header_protection), "c206b8d9b9f0f37644430b490eeaa314");
}

TEST(QuicInitial, KeysOfVersion2AreThoseOfRfc9369AppendixA1) {
  const QuicKeys client = QuicKeys::Initial(kQuicVersion2, Side::kClient, FirstId());
  EXPECT_EQ(absl::BytesToHexString(client.key), "8b1a0bc121284290a29e0971b5cd045d");
  EXPECT_EQ(absl::BytesToHexString(client.iv), "91f73e2351d8fa91660e909f");
  EXPECT_EQ(absl::BytesToHexString(client.header_protection), "45b95e15235d6f45a6b19cbcb0294ba9");
}

TEST(QuicInitial, APacketIsAsLongAsAskedAndItsLengthFieldFits) {
  const QuicKeys keys = QuicKeys::Initial(kQuicVersion1, Side::kClient, FirstId());
  const std::string id = FirstId();
  const std::string packet = ProtectInitial(keys, {.version = kQuicVersion1,
                                                   .destination_id = id,
                                                   .source_id = {},
                                                   .token = {},
                                                   .packet_number = 2,
                                                   .frames = CryptoFrame(0, "hello"),
                                                   .packet_size = kQuicDatagram});
  ASSERT_EQ(packet.size(), kQuicDatagram);
  EXPECT_EQ(static_cast<uint8_t>(packet[0]) & 0xf0, 0xc0);
  // Behind version, both ids (8 and 0) and an empty token stands the length.
  const size_t length_at = 1 + 4 + 1 + 8 + 1 + 1;
  EXPECT_EQ(Number(std::string_view(packet).substr(length_at, 2)) & 0x3fff,
            packet.size() - length_at - 2);
}

}  // namespace
}  // namespace borderflow::generator
