// Tunnels: the innermost packet is reached, or the last good header stands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "dataplane/packet/decode.h"
#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT(google-build-using-namespace): reads as the frames do

const Ipv4Options kOuter = {.source = "10.1.1.1", .destination = "10.2.2.2"};

const Built& Inner() {
  static const Built inner =
      Ipv4({.source = "192.0.2.1", .destination = "198.51.100.2"},
           Udp({.source_port = 5000, .destination_port = 53}, Text("query")));
  return inner;
}
const Built& Inner6() {
  static const Built inner =
      Ipv6(Udp({.source_port = 5000, .destination_port = 53}, Text("query")));
  return inner;
}

struct Outcome {
  Packet packet;
  DecodeCounters counters;
};
Outcome Decode(const Bytes& bytes, TunnelMode mode = TunnelMode::kInner) {
  Decoder decoder(mode);
  Outcome outcome;
  EXPECT_EQ(decoder.Decode(AsFrame(bytes), &outcome.packet).frame_class, FrameClass::kIp);
  outcome.counters = decoder.counters();
  return outcome;
}

Built UdpTo(uint16_t port, const Bytes& payload, uint16_t from = 40000) {
  return Udp({.source_port = from, .destination_port = port}, payload);
}

// Empty when `outer` decodes to Inner() or Inner6() by inner mode and to itself by outer mode. Also
// decodes every shorter frame (the sanitizers watch).
std::string Problem(const Built& outer) {
  const Bytes bytes = Ethernet(outer).bytes;
  for (size_t size = 34; size < bytes.size(); ++size) {
    Decode(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
  }
  const Packet inner = Decode(bytes).packet;
  if (inner.outer_ip == nullptr) return "no tunnel seen";
  if (inner.outer_ip != bytes.data() + 14) return "outer_ip elsewhere";
  if (inner.destination_port() != 53)
    return "inner port " + std::to_string(inner.destination_port());
  const std::string payload(inner.payload, inner.payload + inner.payload_captured);
  if (payload != "query") return "inner payload " + payload;
  if (Decode(bytes).counters.tunnelled_frames != 1) return "not counted";

  const Packet counted = Decode(bytes, TunnelMode::kOuter).packet;
  if (counted.outer_ip != nullptr) return "outer mode names an outer header";
  if (counted.inner_ip == nullptr) return "outer mode does not see the inner header";
  const auto at = static_cast<size_t>(counted.inner_ip - bytes.data());
  if (bytes[at] >> 4 != 4 && bytes[at] >> 4 != 6) return "inner_ip elsewhere";
  if (counted.source() != *ParseAddress("10.1.1.1")) return "outer mode counts another header";
  return "";
}

TEST(TunnelTest, EveryTunnelLeadsToItsInnermostPacket) {
  const Bytes ethernet = Ethernet(Inner()).bytes;
  const Bytes ip = Inner().bytes;
  const Bytes ip6 = Inner6().bytes;
  const Bytes wifi =
      Concat({Hex("0801 0000 020000000001 020000000002 020000000003 1000"), Snap(Inner()).bytes});
  Bytes swapped_wifi = wifi;
  std::swap(swapped_wifi[0], swapped_wifi[1]);
  const Built as_payload = Payload(ip);
  const std::pair<const char*, Built> cases[] = {
      {"IP in IP", Inner()},
      {"6in4", Inner6()},
      {"IP in AH", Authentication(Inner())},
      {"IPIP 94", Payload(ip, 94)},
      {"GRE", Gre(Inner())},
      {"GRE with IPv6", Gre(Inner6())},
      {"GRE with checksum, key and sequence", Gre(Inner(), 0xb000, Bytes(12))},
      {"GRE with source route",
       Gre(Inner(), 0x4000, Concat({Bytes(4), Hex("0800 00 04 01020304 0000 00 00")}))},
      {"GRE with Ethernet", Gre(Ethernet(Inner()), 0x2000, Bytes(4))},
      {"GRE with VLAN", Gre(Vlan(5, Inner()))},
      {"GRE with MPLS", Gre(Mpls({16, 17}, Inner()))},
      {"GRE with NSH", Gre(Payload(Concat({Hex("0fc2 02 01 00000101"), ip})), 0, {}, 0x894f)},
      {"enhanced GRE with PPP",
       Gre(Payload(Concat({Hex("ff03 0021"), ip})), 0x3081, Bytes(12), 0x880b)},
      {"GRE with PPP", Gre(Ppp(Inner()))},
      {"ERSPAN I", Gre(Ethernet(Inner()), 0, {}, 0x88be)},
      {"ERSPAN II",
       Gre(Payload(Concat({Hex("1001 0001 00000000"), ethernet})), 0x1000, Bytes(4), 0x88be)},
      {"ERSPAN III",
       Gre(Payload(Concat({Hex("2001 0001"), Bytes(8), ethernet})), 0x1000, Bytes(4), 0x22eb)},
      {"ERSPAN III with platform header",
       Gre(Payload(Concat({Hex("2001 0001 00000000 00000001"), Bytes(8), ethernet})), 0x1000,
           Bytes(4), 0x22eb)},
      {"Aruba's 802.11 in GRE", Gre(Payload(wifi), 0, {}, 0x8200)},
      {"WCCP", Gre(Payload(Concat({Hex("00000000"), ip})), 0, {}, 0x883e)},
      {"MikroTik EoIP", Gre(Payload(ethernet), 0x2001, Bytes(4), 0x6400)},
      {"EtherIP", Payload(Concat({Hex("3000"), ethernet}), 97)},
      {"MPLS in IP", Mpls({16}, Inner())},
      {"PIM register", Payload(Concat({Hex("2100 0000 00000000"), ip}), 103)},
      {"L2TPv3 in IP", Payload(Concat({Hex("00000007"), ethernet}), 115)},
      {"L2TPv3 with cookie and sublayer",
       Payload(Concat({Hex("00000007"), Bytes(12), ethernet}), 115)},
      {"VXLAN", Vxlan(7, Ethernet(Inner()))},
      {"VXLAN with VLAN", Vxlan(7, Ethernet(Vlan(5, Inner6())))},
      {"VXLAN with group policy", UdpTo(4789, Concat({Hex("88000001 00000700"), ethernet}))},
      {"VXLAN on the old port", UdpTo(8472, Concat({Hex("08000000 00000700"), ethernet}))},
      {"VXLAN-GPE with IPv4", UdpTo(4790, Concat({Hex("0c000001 00000700"), ip}))},
      {"VXLAN-GPE with IPv6", UdpTo(4790, Concat({Hex("0c000002 00000700"), ip6}))},
      {"VXLAN-GPE with Ethernet", UdpTo(4790, Concat({Hex("0c000003 00000700"), ethernet}))},
      {"VXLAN-GPE with NSH",
       UdpTo(4790, Concat({Hex("0c000004 00000700 0fc2 02 01 00000101"), ip}))},
      {"Geneve", Geneve(Ethernet(Inner()))},
      {"Geneve with IP and options", Geneve(Inner(), Bytes(8))},
      {"GTP-U", GtpU(Inner())},
      {"GTP-U with sequence", GtpU(Inner6(), Hex("0001 00 00"), 0x32)},
      {"GTP-U with extension", GtpU(Inner(), Hex("0000 00 85 01 0009 00"), 0x34)},
      {"GTP-U with PPP", GtpU(Payload(Concat({Hex("ff03 0021"), ip})))},
      {"GTP version 0", UdpTo(3386, Concat({Hex("1eff"), Bytes(18), ip}))},
      {"L2TP", UdpTo(1701, Concat({Hex("0002 0001 0002 ff03 0021"), ip}))},
      {"L2TP with every field",
       UdpTo(1701, Concat({Hex("4a02 0040 0001 0002 0003 0004 0002 0000 0057"), ip6}))},
      {"L2TPv3 in UDP", UdpTo(1701, Concat({Hex("0003 0000 00000007"), ethernet}))},
      {"Teredo", UdpTo(3544, ip6)},
      {"Teredo with authentication and origin",
       UdpTo(40000, Concat({Hex("0001 04 04"), Bytes(8 + 9), Hex("0000 1234 01020304"), ip6}),
             3544)},
      {"MPLS in UDP", UdpTo(6635, Mpls({16}, Inner()).bytes)},
      {"LISP", UdpTo(4341, Concat({Bytes(8), ip}))},
      {"CAPWAP with 802.3", UdpTo(5247, Concat({Hex("00 100200 00000000"), ethernet}))},
      {"CAPWAP with 802.11", UdpTo(5247, Concat({Hex("00 100300 00000000"), wifi}))},
      {"CAPWAP with swapped 802.11",
       UdpTo(5247, Concat({Hex("00 100300 00000000"), swapped_wifi}))},
      {"TZSP", UdpTo(37008, Concat({Hex("01 00 0001 0a 01 05 00 01"), ethernet}))},
      {"nested", Gre(Ipv4(kOuter, Vxlan(7, Ethernet(Ipv6(GtpU(Inner()))))))},
      {"with trailing bytes", Gre(Payload(Concat({ip, Bytes(9)})), 0, {}, 0x0800)},
  };
  for (const auto& [name, tunnel] : cases) EXPECT_EQ(Problem(Ipv4(kOuter, tunnel)), "") << name;
}

TEST(TunnelTest, BrokenInnerHeaderFallsBackToTheLastGoodOne) {
  Built broken = Inner();
  broken.bytes[0] = 0x42;  // a header of 8 bytes
  for (const Built& tunnel : {Gre(broken), Gre(Ipv4(kOuter, Vxlan(7, Ethernet(broken))))}) {
    const Packet packet = Decode(Ethernet(Ipv4(kOuter, tunnel)).bytes).packet;
    EXPECT_EQ(packet.source(), *ParseAddress("10.1.1.1"));
  }
  const Packet packet = Decode(Ethernet(Ipv4(kOuter, Vxlan(7, Ethernet(broken)))).bytes).packet;
  EXPECT_EQ(packet.outer_ip, nullptr);
  EXPECT_EQ(packet.destination_port(), 4789);
}

TEST(TunnelTest, OtherTrafficOnTunnelPortsIsNoTunnel) {
  const std::pair<const char*, Built> cases[] = {
      {"DNS answer to a client whose port is a tunnel's", UdpTo(53, Inner6().bytes, 3544)},
      {"VXLAN without the network flag", UdpTo(4789, Concat({Bytes(8), Ethernet(Inner()).bytes}))},
      {"VXLAN with ARP", Vxlan(7, Ethernet(Built{.bytes = Bytes(28), .ether_type = 0x0806}))},
      {"GTP-U echo", UdpTo(2152, Hex("3201 0004 00000000 00000000"))},
      {"GTP-C on the user port", UdpTo(2152, Concat({Hex("48ff0000"), Inner().bytes}))},
      {"L2TP control", UdpTo(1701, Concat({Hex("c802 0040 0001 0000 0000 0000"), Inner().bytes}))},
      {"L2TP with reserved bits", UdpTo(1701, Concat({Hex("0012 0001 0002 0021"), Inner().bytes}))},
      {"Teredo bubble without IPv6", UdpTo(3544, Inner().bytes)},
      {"CAPWAP, encrypted", UdpTo(5247, Concat({Hex("01 000000"), Bytes(60)}))},
      {"GRE keepalive", Gre(Payload({}), 0, {}, 0)},
      {"GRE of an unknown version", Gre(Inner(), 0x0002)},
      {"GTP-U whose extension has no length", GtpU(Inner(), Hex("0000 00 85 00 0009 00"), 0x34)},
      {"PIM hello", Payload(Concat({Hex("2000 0000"), Bytes(30)}), 103)},
  };
  for (const auto& [name, outer] : cases) {
    const Outcome outcome = Decode(Ethernet(Ipv4(kOuter, outer)).bytes);
    EXPECT_EQ(outcome.packet.outer_ip, nullptr) << name;
    EXPECT_EQ(outcome.packet.source(), *ParseAddress("10.1.1.1")) << name;
    EXPECT_EQ(outcome.counters.tunnelled_frames, 0u) << name;
  }
}

// Corpus trap 6.
TEST(TunnelTest, PacketQuotedByAnIcmpErrorIsNotInside) {
  const Bytes quote = Concat({Bytes(4), Ipv4(kOuter, Inner()).bytes});
  const Packet packet = Decode(Ethernet(Ipv4(kOuter, Icmp(3, 1, quote))).bytes).packet;
  EXPECT_TRUE(packet.icmp_error);
  EXPECT_EQ(packet.outer_ip, nullptr);
}

TEST(TunnelTest, NestingIsBoundedAndCounted) {
  Built nested = Inner();
  for (int i = 0; i < 8; ++i) nested = Ipv4(kOuter, nested);
  const Outcome eight = Decode(Ethernet(nested).bytes);
  EXPECT_EQ(eight.packet.destination_port(), 53);
  EXPECT_EQ(eight.counters.nesting_too_deep, 0u);

  const Outcome nine = Decode(Ethernet(Ipv4(kOuter, nested)).bytes);
  EXPECT_EQ(nine.packet.source(), *ParseAddress("10.1.1.1"));
  EXPECT_EQ(nine.packet.key.protocol, 4) << "counted at the deepest header reached";
  EXPECT_EQ(nine.counters.nesting_too_deep, 1u);
}

TEST(TunnelTest, OuterModeCountsTheOuterTransport) {
  const Built outer = Ipv4(kOuter, Vxlan(7, Ethernet(Inner())));
  const Packet packet = Decode(Ethernet(outer).bytes, TunnelMode::kOuter).packet;
  EXPECT_EQ(packet.destination_port(), 4789);
  EXPECT_EQ(packet.payload_bytes, outer.bytes.size() - 20 - 8);
}

TEST(TunnelTest, FingerprintIsThatOfTheCountedHeader) {
  Built outer = Ipv4({.source = "10.1.1.1", .identification = 1}, Gre(Inner()));
  Built copy = Ipv4({.source = "10.9.9.9", .identification = 2}, Gre(Inner()));
  EXPECT_EQ(Decode(Ethernet(outer).bytes).packet.fingerprint,
            Decode(Ethernet(copy).bytes).packet.fingerprint);
}

}  // namespace
}  // namespace borderflow
