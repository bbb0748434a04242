#include "rules/category/protocol.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"

namespace borderflow {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr uint8_t kSctp = 132;

struct Expected {
  uint8_t ip_protocol;
  uint16_t port;
  std::string_view protocol;
  std::string_view category;
  int confidence;
};

TEST(ProtocolTest, NamesAreLowerCaseAndTheirOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < static_cast<int>(Protocol::kCount); ++i) {
    const std::string_view name = Name(static_cast<Protocol>(i));
    EXPECT_FALSE(name.empty());
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-"),
              std::string_view::npos)
        << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(ProtocolTest, CarriersOfAnythingImplyNoCategory) {
  for (const Protocol protocol : {Protocol::kNone, Protocol::kTcp, Protocol::kUdp, Protocol::kSctp,
                                  Protocol::kTls, Protocol::kQuic, Protocol::kHttp}) {
    EXPECT_EQ(DefaultCategory(protocol), Category::kUnk) << Name(protocol);
  }
}

TEST(ProtocolTest, ProtectionIsThatOfTheProtocolsOwnBytes) {
  EXPECT_EQ(DefaultProtection(Protocol::kTls), Protection::kEncrypted);
  EXPECT_EQ(DefaultProtection(Protocol::kEsp), Protection::kEncrypted);
  EXPECT_EQ(DefaultProtection(Protocol::kImaps), Protection::kEncrypted);
  EXPECT_EQ(DefaultProtection(Protocol::kImap), Protection::kCleartext);
  EXPECT_EQ(DefaultProtection(Protocol::kDicom), Protection::kCleartext);
  EXPECT_EQ(DefaultProtection(Protocol::kTcp), Protection::kUnknown);
}

// The ports of section 4.3 of the policy reference, each with the heading it stands under.
TEST(ProtocolTest, RegisteredPortsSuggestTheirProtocols) {
  const Expected expected[] = {
      {kTcp, 104, "dicom", "HLT", 30},       {kTcp, 11112, "dicom", "HLT", 30},
      {kTcp, 2762, "dicom-tls", "HLT", 30},  {kTcp, 2575, "hl7", "HLT", 30},
      {kTcp, 8333, "bitcoin", "FIN", 30},    {kTcp, 3868, "diameter", "TEL", 30},
      {kSctp, 3868, "diameter", "TEL", 30},  {kUdp, 2123, "gtp-c", "TEL", 30},
      {kUdp, 8805, "pfcp", "TEL", 30},       {kSctp, 2905, "m3ua", "TEL", 30},
      {kSctp, 36412, "s1ap", "TEL", 30},     {kSctp, 38412, "ngap", "TEL", 30},
      {kUdp, 1812, "radius", "TEL", 30},     {kTcp, 2775, "smpp", "TEL", 30},
      {kUdp, 5060, "sip", "COM", 30},        {kTcp, 25, "smtp", "COM", 30},
      {kTcp, 993, "imaps", "COM", 30},       {kTcp, 5222, "xmpp", "COM", 30},
      {kTcp, 389, "ldap", "AUTH", 30},       {kUdp, 389, "cldap", "AUTH", 30},
      {kUdp, 88, "kerberos", "AUTH", 30},    {kTcp, 445, "smb", "AUTH", 30},
      {kTcp, 502, "modbus", "IND", 30},      {kTcp, 2404, "iec-104", "IND", 30},
      {kTcp, 20000, "dnp3", "IND", 30},      {kTcp, 4840, "opc-ua", "IND", 30},
      {kTcp, 102, "s7", "IND", 30},          {kUdp, 47808, "bacnet", "IND", 30},
      {kTcp, 1883, "mqtt", "IND", 30},       {kUdp, 5683, "coap", "IND", 30},
      {kTcp, 5432, "postgresql", "DBX", 30}, {kTcp, 3306, "mysql", "DBX", 30},
      {kTcp, 27017, "mongodb", "DBX", 30},   {kTcp, 6379, "redis", "DBX", 30},
      {kTcp, 50000, "drda", "DBX", 10},      {kTcp, 7275, "supl", "GEO", 30},
      {kTcp, 2101, "ntrip", "GEO", 30},      {kTcp, 554, "rtsp", "SUR", 30},
      {kTcp, 37777, "dahua", "SUR", 10},     {kUdp, 53, "dns", "INF", 30},
      {kUdp, 123, "ntp", "INF", 30},         {kTcp, 179, "bgp", "INF", 30},
      {kTcp, 323, "rpki-rtr", "INF", 30},    {kUdp, 161, "snmp", "INF", 30},
      {kUdp, 6343, "sflow", "INF", 30},      {kTcp, 22, "ssh", "REM", 30},
      {kTcp, 3389, "rdp", "REM", 30},        {kTcp, 5938, "teamviewer", "REM", 30},
      {kUdp, 51820, "wireguard", "TUN", 10}, {kUdp, 1194, "openvpn", "TUN", 30},
      {kUdp, 4500, "ike", "TUN", 30},        {kTcp, 443, "tls", "UNK", 10},
      {kTcp, 80, "http", "UNK", 10},         {kTcp, 8080, "http", "UNK", 10},
      {kUdp, 443, "quic", "UNK", 10},
  };
  for (const Expected& port : expected) {
    const PortRule rule = FindPort(port.ip_protocol, port.port);
    EXPECT_EQ(Name(rule.protocol), port.protocol) << port.port;
    EXPECT_EQ(Code(rule.category), port.category) << port.port;
    EXPECT_EQ(rule.confidence, port.confidence) << port.port;
  }
}

TEST(ProtocolTest, ProtocolsWithoutPortsAreKnownByTheirNumber) {
  const std::pair<uint8_t, std::string_view> expected[] = {
      {1, "icmp"}, {41, "6in4"}, {47, "gre"}, {50, "esp"}, {58, "icmp6"}, {89, "ospf"}};
  for (const auto& [number, name] : expected) {
    EXPECT_EQ(Name(FindPort(number, 0).protocol), name);
    EXPECT_EQ(Name(FindPort(number, 443).protocol), name) << "such protocols have no ports";
    EXPECT_EQ(Name(TransportProtocol(number)), name);
  }
}

TEST(ProtocolTest, UnknownPortsSuggestNothing) {
  for (const PortRule& rule : {FindPort(kTcp, 0), FindPort(kUdp, 1), FindPort(kTcp, 65535),
                               FindPort(kSctp, 80), FindPort(255, 0)}) {
    EXPECT_EQ(rule.protocol, Protocol::kNone);
    EXPECT_EQ(rule.category, Category::kUnk);
    EXPECT_EQ(rule.confidence, 0);
  }
}

TEST(ProtocolTest, TransportsAreTheirOwnProtocols) {
  EXPECT_EQ(TransportProtocol(6), Protocol::kTcp);
  EXPECT_EQ(TransportProtocol(17), Protocol::kUdp);
  EXPECT_EQ(TransportProtocol(33), Protocol::kDccp);
  EXPECT_EQ(TransportProtocol(132), Protocol::kSctp);
  EXPECT_EQ(TransportProtocol(136), Protocol::kUdpLite);
  EXPECT_EQ(TransportProtocol(253), Protocol::kOtherIp);
}

// The binary search against a map filled from the same file, over every possible argument.
TEST(ProtocolTest, FindPortAgreesWithAMapEverywhere) {
  const std::map<std::pair<int, int>, std::pair<Protocol, int>> twin = {
#define BORDERFLOW_PORT(ip_protocol, port, protocol, confidence, source) \
  {{ip_protocol, port}, {Protocol::protocol, confidence}},
#include "rules/category/ports.inc"
#undef BORDERFLOW_PORT
  };
  for (int ip_protocol = 0; ip_protocol < 256; ++ip_protocol) {
    const bool has_ports = ip_protocol == 6 || ip_protocol == 17 || ip_protocol == 33 ||
                           ip_protocol == 132 || ip_protocol == 136;
    for (int port = 0; port < 65536; ++port) {
      const auto found = twin.find({ip_protocol, has_ports ? port : 0});
      const PortRule rule =
          FindPort(static_cast<uint8_t>(ip_protocol), static_cast<uint16_t>(port));
      const bool same = found == twin.end()
                            ? rule.protocol == Protocol::kNone && rule.confidence == 0
                            : rule.protocol == found->second.first &&
                                  rule.confidence == found->second.second &&
                                  rule.category == DefaultCategory(rule.protocol);
      ASSERT_TRUE(same) << ip_protocol << " " << port;
    }
  }
}

}  // namespace
}  // namespace borderflow
