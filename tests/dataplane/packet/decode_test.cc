// IP and transport: what a Packet holds, and which frames are malformed.
#include "dataplane/packet/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT(google-build-using-namespace): reads as the frames do

class DecodeTest : public testing::Test {
 protected:
  FrameClass Decode(const Built& built, uint32_t wire_bytes = 0) {
    bytes_ = built.bytes;
    const Decoded decoded =
        decoder_.Decode(AsFrame(bytes_, 1, 1'000'000'000, wire_bytes), &packet_);
    reason_ = decoded.reason;
    return decoded.frame_class;
  }
  std::string PayloadText() const {
    return std::string(packet_.payload, packet_.payload + packet_.payload_captured);
  }

  Decoder decoder_{TunnelMode::kInner};
  Packet packet_;
  Malformed reason_ = Malformed::kCount;
  Bytes bytes_;
};

TEST_F(DecodeTest, TcpOverIpv4FillsEveryMember) {
  const Built frame =
      Ethernet(Ipv4({.source = "198.51.100.7", .destination = "192.0.2.9", .ttl = 57},
                    Tcp({.source_port = 50000,
                         .destination_port = 443,
                         .sequence = 0x01020304,
                         .acknowledgement = 0x05060708,
                         .flags = kTcpSyn | kTcpAck,
                         .options = Hex("02040550")},
                        Text("hello"))));
  ASSERT_EQ(Decode(frame), FrameClass::kIp);
  EXPECT_EQ(packet_.source(), *ParseAddress("198.51.100.7"));
  EXPECT_EQ(packet_.destination(), *ParseAddress("192.0.2.9"));
  EXPECT_EQ(packet_.source_port(), 50000);
  EXPECT_EQ(packet_.destination_port(), 443);
  EXPECT_EQ(packet_.key.lo, *ParseAddress("192.0.2.9"));
  EXPECT_EQ(packet_.sender, Sender::kHi);
  EXPECT_EQ(packet_.key.protocol, 6);
  EXPECT_EQ(packet_.key.family, 4);
  EXPECT_EQ(packet_.time_ns, 1'000'000'000u);
  EXPECT_EQ(packet_.bytes, frame.bytes.size());
  EXPECT_EQ(packet_.tcp_sequence, 0x01020304u);
  EXPECT_EQ(packet_.tcp_acknowledgement, 0x05060708u);
  EXPECT_EQ(packet_.tcp_flags, kTcpSyn | kTcpAck);
  EXPECT_EQ(packet_.ttl, 57);
  EXPECT_EQ(PayloadText(), "hello");
  EXPECT_EQ(packet_.payload_bytes, 5u);
  EXPECT_EQ(packet_.outer_ip, nullptr);
  EXPECT_EQ(packet_.inner_ip, nullptr);
  EXPECT_FALSE(packet_.later_fragment || packet_.truncated || packet_.icmp_error);
}

TEST_F(DecodeTest, BothDirectionsGiveOneKey) {
  for (const auto& [a, b] :
       {std::pair("192.0.2.1", "198.51.100.2"), std::pair("10.0.0.1", "10.0.0.1")}) {
    ASSERT_EQ(Decode(Ethernet(
                  Ipv4({.source = a, .destination = b},
                       Udp({.source_port = 5000, .destination_port = 53}, Text("12345678"))))),
              FrameClass::kIp);
    const FlowKey there = packet_.key;
    const Sender sender = packet_.sender;
    ASSERT_EQ(Decode(Ethernet(
                  Ipv4({.source = b, .destination = a},
                       Udp({.source_port = 53, .destination_port = 5000}, Text("12345678"))))),
              FrameClass::kIp);
    EXPECT_EQ(packet_.key, there);
    EXPECT_NE(packet_.sender, sender);
  }
}

TEST_F(DecodeTest, MappedAddressesInIpv6AreAnotherFlow) {
  ASSERT_EQ(Decode(Ethernet(Ipv4(Udp()))), FrameClass::kIp);
  const FlowKey v4 = packet_.key;
  ASSERT_EQ(Decode(Ethernet(
                Ipv6({.source = "::ffff:192.0.2.1", .destination = "::ffff:198.51.100.2"}, Udp()))),
            FrameClass::kIp);
  EXPECT_EQ(packet_.key.lo, v4.lo);
  EXPECT_NE(packet_.key, v4);
}

TEST_F(DecodeTest, EthernetPaddingIsNoPayload) {
  Built frame = Ethernet(Ipv4(Tcp({}, Text("x"))));
  PutZeros(&frame.bytes, 6);
  ASSERT_EQ(Decode(frame), FrameClass::kIp);
  EXPECT_EQ(packet_.payload_bytes, 1u);
  EXPECT_EQ(packet_.payload_captured, 1u);
}

TEST_F(DecodeTest, Ipv4OptionsAreSkipped) {
  ASSERT_EQ(Decode(Ethernet(Ipv4({.options = Hex("94040000")}, Udp({}, Text("query"))))),
            FrameClass::kIp);
  EXPECT_EQ(packet_.destination_port(), 53);
  EXPECT_EQ(PayloadText(), "query");
}

// Corpus trap 5: the header's destination is the next hop; it is what counts here.
TEST_F(DecodeTest, SourceRoutedIpv4CountsTheHeadersDestination) {
  const Bytes loose_source_route = Hex("83 07 04 cb007101 00");
  ASSERT_EQ(Decode(Ethernet(Ipv4({.destination = "198.51.100.2", .options = loose_source_route},
                                 Udp({}, Text("query"))))),
            FrameClass::kIp);
  EXPECT_EQ(packet_.destination(), *ParseAddress("198.51.100.2"));
}

TEST_F(DecodeTest, TotalLengthZeroReachesToTheEndOfTheFrame) {
  ASSERT_EQ(Decode(Ethernet(Ipv4({.total_length = 0}, Tcp({}, Bytes(3000, 'x'))))),
            FrameClass::kIp);
  EXPECT_EQ(packet_.payload_bytes, 3000u);
  EXPECT_EQ(packet_.destination_port(), 443);
  EXPECT_FALSE(packet_.truncated);
}

TEST_F(DecodeTest, TotalLengthBelowTheHeaderReachesToTheEndOfTheFrame) {
  ASSERT_EQ(Decode(Ethernet(Ipv4({.total_length = 19}, Udp({}, Text("query"))))), FrameClass::kIp);
  EXPECT_EQ(packet_.destination_port(), 53);
  EXPECT_EQ(PayloadText(), "query");
}

TEST_F(DecodeTest, LengthsBeyondTheFrameAreClampedToIt) {
  ASSERT_EQ(Decode(Ethernet(Ipv4({.total_length = 60000}, Tcp({}, Text("short"))))),
            FrameClass::kIp);
  EXPECT_EQ(packet_.payload_bytes, 5u);
  EXPECT_TRUE(packet_.truncated);
}

TEST_F(DecodeTest, SnappedFrameStatesWhatWasSent) {
  Built frame = Ethernet(Ipv4(Tcp({}, Bytes(1000, 'x'))));
  const auto wire_bytes = static_cast<uint32_t>(frame.bytes.size());
  frame.bytes.resize(60);
  ASSERT_EQ(Decode(frame, wire_bytes), FrameClass::kIp);
  EXPECT_EQ(packet_.bytes, wire_bytes);
  EXPECT_EQ(packet_.payload_bytes, 1000u);
  EXPECT_EQ(packet_.payload_captured, 6u);
  EXPECT_TRUE(packet_.truncated);
  EXPECT_EQ(decoder_.counters().truncated_frames, 1u);
}

TEST_F(DecodeTest, SnapInsideTheTcpHeaderKeepsWhatIsThere) {
  Built frame =
      Ethernet(Ipv4(Tcp({.sequence = 7, .acknowledgement = 8, .flags = kTcpSyn}, Text("xx"))));
  const auto wire_bytes = static_cast<uint32_t>(frame.bytes.size());
  frame.bytes.resize(14 + 20 + 14);
  ASSERT_EQ(Decode(frame, wire_bytes), FrameClass::kIp);
  EXPECT_EQ(packet_.destination_port(), 443);
  EXPECT_EQ(packet_.tcp_sequence, 7u);
  EXPECT_EQ(packet_.tcp_flags, kTcpSyn);
  EXPECT_EQ(packet_.payload_captured, 0u);
  EXPECT_EQ(packet_.payload_bytes, 2u);
}

TEST_F(DecodeTest, AddressesWithoutPortsAreStillIp) {
  Built frame = Ethernet(Ipv4(Tcp()));
  frame.bytes.resize(14 + 20 + 3);
  ASSERT_EQ(Decode(frame), FrameClass::kIp);
  EXPECT_EQ(packet_.source_port(), 0);
  EXPECT_EQ(packet_.key.protocol, 6);
}

TEST_F(DecodeTest, ImpossibleTcpHeaderLengthLeavesNoPayload) {
  for (const int words : {0, 4, 15}) {
    Built segment = Tcp({}, Text("payload"));
    segment.bytes[12] = static_cast<uint8_t>(words << 4);
    ASSERT_EQ(Decode(Ethernet(Ipv4(segment))), FrameClass::kIp);
    EXPECT_EQ(packet_.destination_port(), 443);
    EXPECT_EQ(packet_.payload_captured, 0u);
    EXPECT_EQ(packet_.payload_bytes, 0u);
  }
}

TEST_F(DecodeTest, UdpLengthEndsThePayload) {
  ASSERT_EQ(Decode(Ethernet(Ipv4(Udp({.length = 12}, Text("realtrailer"))))), FrameClass::kIp);
  EXPECT_EQ(PayloadText(), "real");
  ASSERT_EQ(Decode(Ethernet(Ipv4(Udp({.length = 0}, Text("offloaded"))))), FrameClass::kIp);
  EXPECT_EQ(PayloadText(), "offloaded");
  ASSERT_EQ(Decode(Ethernet(Ipv4(Udp({.length = 9999}, Text("lies"))))), FrameClass::kIp);
  EXPECT_EQ(PayloadText(), "lies");
}

TEST_F(DecodeTest, EveryProtocolWithPortsHasThem) {
  const Bytes sctp = Hex("9c40 0e5c 00000001 00000000");
  const Bytes dccp = Hex("9c40 0e5c 04000000 00000000 00000000");
  for (const auto& [protocol, header] :
       {std::pair(uint8_t{132}, sctp), std::pair(uint8_t{33}, dccp),
        std::pair(uint8_t{136}, Hex("9c40 0e5c 0008 0000"))}) {
    ASSERT_EQ(Decode(Ethernet(Ipv4(Payload(Concat({header, Text("data")}), protocol)))),
              FrameClass::kIp);
    EXPECT_EQ(packet_.source_port(), 40000) << int{protocol};
    EXPECT_EQ(packet_.destination_port(), 3676);
    EXPECT_EQ(PayloadText(), "data");
  }
}

TEST_F(DecodeTest, OtherProtocolsHaveNoPortsAndAllThatFollowsIp) {
  ASSERT_EQ(Decode(Ethernet(Ipv4(Payload(Text("ospf packet"), 89)))), FrameClass::kIp);
  EXPECT_EQ(packet_.source_port(), 0);
  EXPECT_EQ(packet_.key.protocol, 89);
  EXPECT_EQ(PayloadText(), "ospf packet");
}

TEST_F(DecodeTest, EveryIpv6ExtensionHeaderIsPassed) {
  const Built chain = HopByHop(DestinationOptions(Routing(FragmentHeader(
      9, 0, false,
      Authentication(ExtensionHeader(
          135, ExtensionHeader(139, ExtensionHeader(140, Udp({}, Text("query"))))))))));
  ASSERT_EQ(Decode(Ethernet(Ipv6(chain))), FrameClass::kIp);
  EXPECT_EQ(packet_.key.protocol, 17);
  EXPECT_EQ(packet_.destination_port(), 53);
  EXPECT_EQ(PayloadText(), "query");
  EXPECT_FALSE(packet_.later_fragment);
  EXPECT_EQ(decoder_.counters().fragments, 0u) << "RFC 6946: an atomic fragment is none";
}

TEST_F(DecodeTest, AuthenticationHeaderIsPassedInIpv4Too) {
  ASSERT_EQ(Decode(Ethernet(Ipv4(Authentication(Udp({}, Text("query")))))), FrameClass::kIp);
  EXPECT_EQ(packet_.key.protocol, 17);
  EXPECT_EQ(packet_.destination_port(), 53);
}

TEST_F(DecodeTest, EncryptionEndsTheChain) {
  ASSERT_EQ(Decode(Ethernet(Ipv6(HopByHop(Payload(Bytes(32, 0x11), 50))))), FrameClass::kIp);
  EXPECT_EQ(packet_.key.protocol, 50);
  EXPECT_EQ(packet_.payload_bytes, 32u);
}

TEST_F(DecodeTest, CutExtensionHeaderFallsBackToTheAddresses) {
  Built frame = Ethernet(Ipv6(HopByHop(Udp())));
  frame.bytes.resize(14 + 40 + 4);
  ASSERT_EQ(Decode(frame), FrameClass::kIp);
  EXPECT_EQ(packet_.key.protocol, 0);
  EXPECT_EQ(packet_.payload_captured, 0u);
  EXPECT_EQ(packet_.destination(), *ParseAddress("2001:db8::2"));
}

// Corpus trap 11.
TEST_F(DecodeTest, EndlessExtensionChainIsBounded) {
  Built chain = Udp();
  for (int i = 0; i < 140; ++i) chain = FragmentHeader(1, 0, false, chain);
  ASSERT_EQ(Decode(Ethernet(Ipv6(chain))), FrameClass::kIp);
  EXPECT_EQ(packet_.key.protocol, 44);
  EXPECT_EQ(packet_.source_port(), 0);
  EXPECT_EQ(decoder_.counters().nesting_too_deep, 1u);
}

TEST_F(DecodeTest, JumbogramTakesItsLengthFromTheOption) {
  const Built segment = Tcp({}, Bytes(70000, 'x'));
  Bytes option = Hex("c204");
  Put32(&option, segment.bytes.size() + 8);
  Built frame = Ethernet(Ipv6({.payload_length = 0}, ExtensionHeader(0, segment, option)));
  PutZeros(&frame.bytes, 4);  // a trailer that only the length keeps out
  ASSERT_EQ(Decode(frame), FrameClass::kIp);
  EXPECT_EQ(packet_.payload_bytes, 70000u);
}

TEST_F(DecodeTest, IcmpErrorsAreMarkedAndOtherMessagesAreNot) {
  const Bytes quote = Ipv4(Udp()).bytes;
  for (const int type : {3, 4, 5, 11, 12}) {
    ASSERT_EQ(
        Decode(Ethernet(Ipv4(Icmp(static_cast<uint8_t>(type), 0, Concat({Bytes(4), quote}))))),
        FrameClass::kIp);
    EXPECT_TRUE(packet_.icmp_error) << type;
    EXPECT_EQ(packet_.key.protocol, 1);
  }
  ASSERT_EQ(Decode(Ethernet(Ipv4(Icmp(8, 0, Bytes(8))))), FrameClass::kIp);
  EXPECT_FALSE(packet_.icmp_error);
  for (const int type : {1, 2, 3, 4, 137}) {
    ASSERT_EQ(
        Decode(Ethernet(Ipv6(Icmp(static_cast<uint8_t>(type), 0, Concat({Bytes(4), quote}), 58)))),
        FrameClass::kIp);
    EXPECT_TRUE(packet_.icmp_error) << type;
  }
  ASSERT_EQ(Decode(Ethernet(Ipv6(Icmp(135, 0, Bytes(20), 58)))), FrameClass::kIp);
  EXPECT_FALSE(packet_.icmp_error);
}

TEST_F(DecodeTest, FramesWithoutBothAddressesAreMalformedForAReason) {
  const Built v4 = Ethernet(Ipv4(Udp()));
  const Built v6 = Ethernet(Ipv6(Udp()));
  const auto cut = [](Built frame, size_t size) {
    frame.bytes.resize(size);
    return frame;
  };
  const auto with_first_byte = [](Built frame, uint8_t value) {
    frame.bytes[14] = value;
    return frame;
  };
  const std::tuple<Built, std::string_view> cases[] = {
      {cut(v4, 0), "link_header_short"},
      {cut(v4, 13), "link_header_short"},
      {cut(Ethernet(Vlan(1, Ipv4(Udp()))), 16), "link_header_short"},
      {cut(v4, 14), "ipv4_header_short"},
      {cut(v4, 33), "ipv4_header_short"},
      {cut(v6, 14), "ipv6_header_short"},
      {cut(v6, 53), "ipv6_header_short"},
      {with_first_byte(v4, 0x44), "ipv4_header_length"},
      {with_first_byte(v4, 0x55), "ip_version"},
  };
  for (const auto& [frame, reason] : cases) {
    EXPECT_EQ(Decode(frame), FrameClass::kMalformed) << reason;
    EXPECT_EQ(Name(reason_), reason);
  }
  EXPECT_EQ(Decode(cut(v4, 34)), FrameClass::kIp) << "both addresses are there";
  EXPECT_EQ(Decode(cut(v6, 54)), FrameClass::kIp) << "both addresses are there";
}

TEST_F(DecodeTest, CopiesShareTheFingerprintAndOtherPacketsDoNot) {
  const auto v4 = [](uint8_t ttl, uint32_t sequence, uint16_t identification) {
    return Ipv4({.identification = identification, .ttl = ttl},
                Tcp({.sequence = sequence}, Text("payload")));
  };
  ASSERT_EQ(Decode(Ethernet(v4(64, 1, 7))), FrameClass::kIp);
  const uint32_t fingerprint = packet_.fingerprint;
  for (const Built& copy :
       {Ethernet(v4(63, 1, 7)), Ethernet(Vlan(5, v4(64, 1, 7))),
        Ethernet(Vlan(5, Vlan(6, v4(1, 1, 7)))), Ethernet(Mpls({16}, v4(2, 1, 7)))}) {
    ASSERT_EQ(Decode(copy), FrameClass::kIp);
    EXPECT_EQ(packet_.fingerprint, fingerprint);
  }
  Built snapped = Ethernet(v4(64, 1, 7));
  const auto wire_bytes = static_cast<uint32_t>(snapped.bytes.size());
  snapped.bytes.resize(14 + 20 + 20);
  ASSERT_EQ(Decode(snapped, wire_bytes), FrameClass::kIp);
  EXPECT_EQ(packet_.fingerprint, fingerprint);
  for (const Built& other : {v4(64, 2, 7), v4(64, 1, 8)}) {
    ASSERT_EQ(Decode(Ethernet(other)), FrameClass::kIp);
    EXPECT_NE(packet_.fingerprint, fingerprint);
  }
  // Same header, other payload: only the checksum tells.
  ASSERT_EQ(Decode(Ethernet(Ipv4({.identification = 7}, Tcp({.sequence = 1}, Text("Payload"))))),
            FrameClass::kIp);
  EXPECT_NE(packet_.fingerprint, fingerprint);
}

TEST_F(DecodeTest, FingerprintOfIpv6IgnoresTheHopLimit) {
  const auto v6 = [](uint8_t hop_limit, uint32_t flow_label) {
    return Ethernet(
        Ipv6({.flow_label = flow_label, .hop_limit = hop_limit}, Udp({}, Text("abcdefgh"))));
  };
  ASSERT_EQ(Decode(v6(64, 1)), FrameClass::kIp);
  const uint32_t fingerprint = packet_.fingerprint;
  ASSERT_EQ(Decode(v6(63, 1)), FrameClass::kIp);
  EXPECT_EQ(packet_.fingerprint, fingerprint);
  ASSERT_EQ(Decode(v6(64, 2)), FrameClass::kIp);
  EXPECT_NE(packet_.fingerprint, fingerprint);
}

}  // namespace
}  // namespace borderflow
