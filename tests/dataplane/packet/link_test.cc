// Every link layer leads to the same IP packet; what carries none is non_ip.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dataplane/packet/decode.h"
#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT(google-build-using-namespace): reads as the frames do

const Built& Ip() {
  static const Built ip = Ipv4(Udp({.source_port = 5000, .destination_port = 53}, Text("query")));
  return ip;
}
const Built& Ip6() {
  static const Built ip = Ipv6(Udp({.source_port = 5000, .destination_port = 53}, Text("query")));
  return ip;
}

FrameClass ClassOf(const Bytes& bytes, uint16_t link_type = 1) {
  Decoder decoder(TunnelMode::kInner);
  Packet packet;
  return decoder.Decode(AsFrame(bytes, link_type), &packet).frame_class;
}

// Empty when the frame yields the packet of Ip() or Ip6(); else what went wrong. Also decodes every
// shorter frame: none may be read beyond its end (the sanitizers watch).
std::string Problem(const Bytes& bytes, uint16_t link_type = 1) {
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const std::vector<uint8_t> exact(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(size));
    ClassOf(exact, link_type);
  }
  Decoder decoder(TunnelMode::kInner);
  Packet packet;
  const Decoded decoded = decoder.Decode(AsFrame(bytes, link_type), &packet);
  if (decoded.frame_class == FrameClass::kNonIp) return "non_ip";
  if (decoded.frame_class == FrameClass::kMalformed) return std::string(Name(decoded.reason));
  if (packet.destination_port() != 53) return "port " + std::to_string(packet.destination_port());
  if (packet.outer_ip != nullptr) return "taken for a tunnel";
  const std::string payload(packet.payload, packet.payload + packet.payload_captured);
  return payload == "query" ? "" : "payload " + payload;
}

TEST(EtherTypeTest, EveryTagAndEncapsulationLeadsToIp) {
  const std::pair<const char*, Built> cases[] = {
      {"IPv4", Ip()},
      {"IPv6", Ip6()},
      {"VLAN", Vlan(7, Ip())},
      {"QinQ", Vlan(7, Vlan(8, Ip()), 0x88a8)},
      {"Q in Q in Q", Vlan(7, Vlan(8, Vlan(9, Ip6()), 0x9100), 0x9200)},
      {"MPLS", Mpls({16}, Ip())},
      {"MPLS stack", Mpls({16, 17, 18}, Ip6())},
      {"MPLS pseudowire with control word",
       Mpls({16}, Payload(Concat({Bytes(4), Ethernet(Ip()).bytes})))},
      {"MPLS pseudowire without", Mpls({16}, Ethernet(Ip()))},
      {"PPPoE", Pppoe(Ip())},
      {"PPPoE with a one-byte protocol", Pppoe(Ip6(), true)},
      {"PPPoE in QinQ", Vlan(1, Vlan(2, Pppoe(Ip())))},
      {"PPPoE with MPLS", Pppoe(Mpls({16}, Ip()))},
      {"PPP", Ppp(Ip())},
      {"LLC/SNAP", Snap(Ip())},
      {"LLC/SNAP in VLAN", Vlan(7, Snap(Ip6()))},
      {"jumbo LLC", Built{.bytes = Snap(Ip()).bytes, .ether_type = 0x8870}},
      {"transparent Ethernet", Built{.bytes = Ethernet(Ip()).bytes, .ether_type = 0x6558}},
      {"PBB",
       Built{.bytes = Concat({Hex("00000001"), Ethernet(Ip()).bytes}), .ether_type = 0x88e7}},
      {"CMD/SGT", Tag(0x8909, Hex("01 01 0001 0010"), Ip())},
      {"FabricPath",
       Built{.bytes = Concat({Hex("0060"), Ethernet(Ip()).bytes}), .ether_type = 0x8903}},
      {"VN-Tag", Tag(0x8926, Hex("00010002"), Ip())},
      {"E-Tag", Tag(0x893f, Hex("000100020000"), Ip())},
      {"802.1CB", Tag(0xf1c1, Hex("00000001"), Ip())},
      {"HSR", Tag(0x892f, Hex("00340001"), Ip())},
      {"NSH", Built{.bytes = Concat({Hex("0fc6 01 01 00000101"), Bytes(16), Ip().bytes}),
                    .ether_type = 0x894f}},
      {"NSH with Ethernet",
       Built{.bytes = Concat({Hex("0fc2 02 03 00000101"), Ethernet(Ip6()).bytes}),
             .ether_type = 0x894f}},
      {"MACsec, integrity only", Tag(0x88e5, Hex("00 00 00000001"), Ip())},
      {"MACsec with SCI", Tag(0x88e5, Hex("20 00 00000001 0200000000010001"), Ip())},
      {"Arista, 64-bit", Tag(0xd28b, Hex("0001 0010 0000000000000001"), Ip())},
      {"Arista, 48-bit", Tag(0xd28b, Hex("0001 0120 000000000001"), Ip())},
      {"TRILL",
       Built{.bytes = Concat({Hex("0006 0001 0002"), Ethernet(Ip()).bytes}), .ether_type = 0x22f3}},
  };
  for (const auto& [name, built] : cases) {
    EXPECT_EQ(Problem(Ethernet(built).bytes), "") << name;
  }
}

TEST(EtherTypeTest, WhatCarriesNoIpIsNonIp) {
  const std::pair<const char*, Built> cases[] = {
      {"ARP", Built{.bytes = Bytes(46), .ether_type = 0x0806}},
      {"LLDP", Built{.bytes = Bytes(46), .ether_type = 0x88cc}},
      {"PPPoE discovery", Built{.bytes = Bytes(46), .ether_type = 0x8863}},
      {"spanning tree", Built{.bytes = Concat({Hex("424203"), Bytes(43)}), .ether_type = 38}},
      {"Novell raw", Built{.bytes = Concat({Hex("ffff"), Bytes(44)}), .ether_type = 46}},
      {"SNAP of another organisation",
       Built{.bytes = Concat({Hex("aaaa03 00000c 2000"), Bytes(40)}), .ether_type = 48}},
      {"undefined length", Built{.bytes = Bytes(46), .ether_type = 1520}},
      {"MACsec, encrypted", Tag(0x88e5, Hex("2c 00 00000001 0200000000010001"), Ip())},
      {"PPP LCP", Built{.bytes = Hex("1100 0001 0004 c021 0101"), .ether_type = 0x8864}},
      {"MPLS with an associated channel",
       Mpls({16}, Payload(Concat({Hex("10000007"), Bytes(40)})))},
      {"MPLS with a pseudowire of other things", Mpls({16}, Payload(Bytes(60)))},
  };
  for (const auto& [name, built] : cases) {
    EXPECT_EQ(ClassOf(Ethernet(built).bytes), FrameClass::kNonIp) << name;
  }
}

TEST(EtherTypeTest, EndlessTagsAreBounded) {
  Built built = Ip();
  for (int i = 0; i < 1000; ++i) built = Vlan(1, built);
  Decoder decoder(TunnelMode::kInner);
  Packet packet;
  const Bytes frame = Ethernet(built).bytes;
  EXPECT_EQ(decoder.Decode(AsFrame(frame), &packet).frame_class, FrameClass::kNonIp);
  EXPECT_EQ(decoder.counters().nesting_too_deep, 1u);
}

// Each unit is a label behind which Ethernet can be read with and without a control word, and both
// lead to the next unit: looking ahead at each would take 2^40 steps.
TEST(EtherTypeTest, NestedPseudowiresTakeBoundedTime) {
  Bytes frame = Concat({Bytes(12), Hex("8847")});
  for (int i = 0; i < 40; ++i) {
    PutAll(&frame, Concat({Hex("00010140"), Bytes(12), Hex("8847 0000 8847")}));
  }
  EXPECT_EQ(ClassOf(frame), FrameClass::kNonIp);
}

Bytes Wifi(const Bytes& header, const Built& payload) {
  return Concat({header, Snap(payload).bytes});
}
const Bytes kWifiAddresses = Hex("0000 020000000001 020000000002 020000000003 1000");

TEST(LinkTypeTest, EveryLinkTypeLeadsToIp) {
  const Bytes ip = Ip().bytes;
  const Bytes ip6 = Ip6().bytes;
  const Bytes ethernet = Ethernet(Ip()).bytes;
  const Bytes snap = Snap(Ip()).bytes;
  const Bytes wifi = Wifi(Concat({Hex("0801"), kWifiAddresses}), Ip());
  const Bytes qos = Wifi(Concat({Hex("8801"), kWifiAddresses, Hex("0000")}), Ip());
  Bytes nflog = Hex("02 00 0000  0800 0100 0800 0001  0500 0a00 65000000");
  Put8(&nflog, ip.size() + 4);
  PutAll(&nflog, Hex("00 0900"));
  PutAll(&nflog, ip);
  const std::tuple<const char*, uint16_t, Bytes> cases[] = {
      {"NULL, little-endian", 0, Concat({Hex("02000000"), ip})},
      {"NULL, big-endian", 0, Concat({Hex("00000002"), ip})},
      {"NULL, macOS IPv6", 0, Concat({Hex("1e000000"), ip6})},
      {"Ethernet", 1, ethernet},
      {"token ring", 6, Concat({Hex("1040 020000000001 020000000002"), snap})},
      {"token ring, source-routed", 6,
       Concat({Hex("1040 020000000001 820000000002 0610 0011 0022"), snap})},
      {"SLIP", 8, Concat({Bytes(16), ip})},
      {"PPP", 9, Ppp(Ip()).bytes},
      {"PPP with address", 9, Concat({Hex("ff03"), Ppp(Ip6(), true).bytes})},
      {"FDDI", 10, Concat({Hex("50 020000000001 020000000002"), snap})},
      {"raw", 12, ip},
      {"raw", 14, ip6},
      {"PPP in HDLC", 50, Concat({Hex("ff03 0021"), ip})},
      {"Cisco HDLC in PPP", 50, Concat({Hex("0f00 0800"), ip})},
      {"PPPoE", 51, Pppoe(Ip()).bytes},
      {"ATM, LLC", 100, snap},
      {"ATM, routed", 100, Concat({Hex("fefe03 cc"), ip})},
      {"raw", 101, ip6},
      {"Cisco HDLC", 104, Concat({Hex("0f00 86dd"), ip6})},
      {"802.11", 105, wifi},
      {"802.11 QoS", 105, qos},
      {"802.11 bridged", 105, Wifi(Concat({Hex("0803"), kWifiAddresses, Bytes(6)}), Ip())},
      {"802.11 aggregate", 105,
       Concat({Hex("8801"), kWifiAddresses, Hex("8000"), Bytes(14), Snap(Ip()).bytes})},
      {"Frame Relay, RFC 2427", 107, Concat({Hex("1841 03 cc"), ip})},
      {"Frame Relay, Cisco", 107, Concat({Hex("1841 0800"), ip})},
      {"Frame Relay, SNAP", 107, Concat({Hex("1841 03 00 80 000000 86dd"), ip6})},
      {"LOOP", 108, Concat({Hex("00000018"), ip6})},
      {"ENC", 109, Concat({Bytes(12), ip})},
      {"SLL", 113, Concat({Hex("0000 0001 0006 0200000000010000 0800"), ip})},
      {"SLL with VLAN", 113,
       Concat({Hex("0000 0001 0006 0200000000010000 8100"), Vlan(1, Ip()).bytes})},
      {"pflog", 117, Concat({Hex("3d 02"), Bytes(62), ip})},
      {"Prism", 119, Concat({Hex("44000000 90000000"), Bytes(136), wifi})},
      {"IP over FC", 122, Concat({Bytes(16), snap})},
      {"SunATM", 123, Concat({Hex("02 00 0064"), snap})},
      {"SunATM LANE", 123, Concat({Hex("81 00 0064 0001"), ethernet})},
      {"radiotap", 127, Concat({Hex("00 00 0800 00000000"), wifi})},
      {"radiotap, padded header", 127,
       Concat({Hex("00 00 1900 03000000"), Bytes(8), Hex("20"), Bytes(8),
               Wifi(Concat({Hex("8801"), kWifiAddresses, Hex("0000 0000")}), Ip())})},
      {"radiotap, two presence words", 127,
       Concat({Hex("00 00 1100 02000080 00000000 20 000000 00"),
               Wifi(Concat({Hex("8801"), kWifiAddresses, Hex("0000 0000")}), Ip())})},
      {"FireWire", 138, Concat({Bytes(16), Hex("0800"), ip})},
      {"DOCSIS", 143, Concat({Hex("00 00 0040"), ethernet})},
      {"DOCSIS, extended", 143, Concat({Hex("01 03 0040 112233"), ethernet})},
      {"AVS", 163, Concat({Hex("80211001 00000040"), Bytes(56), wifi})},
      {"pppd", 166, Concat({Hex("00 03 0021"), ip})},
      {"Juniper Ethernet", 178, Concat({Hex("4d4743 80 0004 01020304"), ethernet})},
      {"Juniper without link header", 178, Concat({Hex("4d4743 02 00000002"), ip})},
      {"PPI", 192, Concat({Hex("00 00 0800 69000000"), wifi})},
      {"PPP with direction", 204, Concat({Hex("00"), Ppp(Ip()).bytes})},
      {"Cisco HDLC with direction", 205, Concat({Hex("01 0f00 0800"), ip})},
      {"Frame Relay with direction", 206, Concat({Hex("01 1841 03 cc"), ip})},
      {"MPLS", 219, Mpls({16}, Ip()).bytes},
      {"IPNET", 226, Concat({Bytes(24), ip})},
      {"IPV4", 228, ip},
      {"IPV6", 229, ip6},
      {"NFLOG", 239, nflog},
      {"netANALYZER", 240, Concat({Bytes(4), ethernet})},
      {"netANALYZER transparent", 241, Concat({Bytes(12), ethernet})},
      {"IP over InfiniBand", 242, Concat({Bytes(40), Hex("0800 0000"), ip})},
      {"PKTAP", 258, Concat({Hex("10000000 01000000 01000000 00000000"), ethernet})},
      {"mPacket", 274, Concat({Hex("55555555555555 d5"), ethernet})},
      {"SLL2", 276, Concat({Hex("0800 0000 00000002 0001 00 06 0200000000010000"), ip})},
      {"DSA Broadcom", 281, Concat({Bytes(12), Hex("00000001 0800"), ip})},
      {"DSA Broadcom, prepended", 282, Concat({Bytes(4), ethernet})},
      {"DSA Marvell", 283, Concat({Bytes(12), Hex("c0000001 0800"), ip})},
      {"EDSA", 284, Concat({Bytes(12), Hex("dada 0000 c0000001 0800"), ip})},
  };
  for (const auto& [name, link_type, bytes] : cases) {
    EXPECT_EQ(Problem(bytes, link_type), "") << name;
    EXPECT_TRUE(IsKnownLinkType(link_type)) << name;
  }
}

TEST(LinkTypeTest, RadioFramesWithoutReadableDataAreNonIp) {
  const Bytes payload = Snap(Ip()).bytes;
  for (const char* control :
       {"8000", "4801", "8841", "0841"}) {  // beacon, null, protected, protected
    EXPECT_EQ(ClassOf(Concat({Hex(control), kWifiAddresses, Hex("0000"), payload}), 105),
              FrameClass::kNonIp)
        << control;
  }
  const Bytes second_fragment = Hex("0000 020000000001 020000000002 020000000003 1100");
  EXPECT_EQ(ClassOf(Concat({Hex("0801"), second_fragment, payload}), 105), FrameClass::kNonIp);
}

TEST(LinkTypeTest, HeaderThatNamesItselfIsRefused) {
  EXPECT_EQ(ClassOf(Concat({Hex("00 00 0800 c0000000"), Ip().bytes}), 192), FrameClass::kNonIp);
}

TEST(LinkTypeTest, UnknownNumbersAreNamedByTheirDigits) {
  EXPECT_EQ(LinkTypeName(1), "ETHERNET");
  EXPECT_EQ(LinkTypeName(276), "LINUX_SLL2");
  EXPECT_EQ(LinkTypeName(147), "147");
  EXPECT_EQ(LinkTypeName(65535), "65535");
  EXPECT_EQ(LinkTypeName(7), "7");
  EXPECT_FALSE(IsKnownLinkType(147));
}

}  // namespace
}  // namespace borderflow
