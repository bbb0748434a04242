#include "tools/generator/frames.h"

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/generator/bytes.h"
#include "tools/generator/dns.h"
#include "tools/generator/random.h"

namespace borderflow::generator {
namespace {

using ::testing::ElementsAre;

std::vector<uint8_t> Bytes(const FrameBuffer& frame) {
  return {frame.bytes().begin(), frame.bytes().end()};
}

// RFC 1071 as it is written there: 16-bit words, ones' complement. True for data whose checksum
// field is right.
bool SumsToZero(std::vector<uint8_t> bytes) {
  if (bytes.size() % 2 != 0) bytes.push_back(0);
  uint32_t sum = 0;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    sum += static_cast<uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum == 0xffff;
}

IpHeader V4(uint8_t protocol) {
  IpHeader ip;
  ip.source = *ParseAddress("192.0.2.1");
  ip.destination = *ParseAddress("198.51.100.7");
  ip.protocol = protocol;
  return ip;
}

IpHeader V6(uint8_t protocol) {
  IpHeader ip;
  ip.source = *ParseAddress("2001:db8::1");
  ip.destination = *ParseAddress("2001:db8:1::7");
  ip.v4 = false;
  ip.protocol = protocol;
  return ip;
}

// The pseudo-header in front of a transport segment, built by hand from an IP packet.
std::vector<uint8_t> WithPseudoHeader(const std::vector<uint8_t>& packet) {
  const bool v4 = packet[0] >> 4 == 4;
  const size_t header = v4 ? 20 : 40;
  std::vector<uint8_t> out(packet.begin() + (v4 ? 12 : 8), packet.begin() + header);
  const size_t length = packet.size() - header;
  out.insert(out.end(), {0, 0, static_cast<uint8_t>(length >> 8), static_cast<uint8_t>(length), 0,
                         0, 0, v4 ? packet[9] : packet[6]});
  out.insert(out.end(), packet.begin() + header, packet.end());
  return out;
}

TEST(Frames, ChecksumOfTheExampleInRfc1071) {
  const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(ChecksumFold(ChecksumAdd(0, bytes)), static_cast<uint16_t>(~0xddf2));
}

TEST(Frames, ChecksumsHoldForEveryPayloadLengthAndFamily) {
  Random random(7);
  FrameBuffer frame;
  for (size_t size = 0; size < 70; ++size) {
    for (const bool v4 : {true, false}) {
      const std::string payload = random.Bytes(size);
      const IpHeader tcp = v4 ? V4(kIpTcp) : V6(kIpTcp);
      frame.Reset(payload);
      PrependTcp(frame, tcp, {.source_port = 40000, .destination_port = 443, .options = ""});
      PrependIp(frame, tcp);
      EXPECT_TRUE(SumsToZero(WithPseudoHeader(Bytes(frame)))) << size;
      if (v4) {
        const std::vector<uint8_t> packet = Bytes(frame);
        EXPECT_TRUE(SumsToZero({packet.begin(), packet.begin() + 20}));
      }
      const IpHeader udp = v4 ? V4(kIpUdp) : V6(kIpUdp);
      frame.Reset(payload);
      PrependUdp(frame, udp, 40000, 53);
      PrependIp(frame, udp);
      EXPECT_TRUE(SumsToZero(WithPseudoHeader(Bytes(frame)))) << size;
    }
  }
}

TEST(Frames, ShortFramesArePaddedAndTheIpLengthStaysTrue) {
  FrameBuffer frame;
  frame.Reset("");
  PrependTcp(frame, V4(kIpTcp), {});
  PrependIp(frame, V4(kIpTcp));
  PrependEthernet(frame, {});
  const std::vector<uint8_t> bytes = Bytes(frame);
  EXPECT_EQ(bytes.size(), kEthernetMinimum);
  EXPECT_EQ(bytes[14 + 3], 40);  // total length of IP and TCP
}

TEST(Frames, TwoTagsAreAServiceTagAndACustomerTag) {
  FrameBuffer frame;
  frame.Reset(std::string(100, 'x'));
  PrependEthernet(frame, {.type = kEtherIpv6, .vlans = {300, 21}});
  const std::vector<uint8_t> bytes = Bytes(frame);
  EXPECT_THAT(std::vector<uint8_t>(bytes.begin() + 12, bytes.begin() + 22),
              ElementsAre(0x88, 0xa8, 0x01, 0x2c, 0x81, 0x00, 0x00, 0x15, 0x86, 0xdd));
}

TEST(Frames, AFragmentOfIpv6HasTheHeaderOfRfc8200) {
  FrameBuffer frame;
  frame.Reset(std::string(16, 'x'));
  IpHeader ip = V6(kIpUdp);
  ip.identification = 0x1234;
  ip.fragment_offset = 1448;
  ip.more_fragments = true;
  PrependIp(frame, ip);
  const std::vector<uint8_t> bytes = Bytes(frame);
  EXPECT_EQ(bytes[6], 44);
  EXPECT_THAT(std::vector<uint8_t>(bytes.begin() + 40, bytes.begin() + 48),
              ElementsAre(kIpUdp, 0, 0x05, 0xa9, 0, 0, 0x12, 0x34));
}

TEST(Frames, GtpUCountsOnlyWhatFollowsItsHeader) {
  FrameBuffer frame;
  frame.Reset(std::string(100, 'x'));
  PrependGtpU(frame, V4(kIpUdp), 0x0a0b0c0d);
  const std::vector<uint8_t> bytes = Bytes(frame);
  EXPECT_THAT(std::vector<uint8_t>(bytes.begin() + 8, bytes.begin() + 16),
              ElementsAre(0x30, 0xff, 0, 100, 0x0a, 0x0b, 0x0c, 0x0d));
}

TEST(Bytes, VariableLengthIntegersOfRfc9000AppendixA1) {
  EXPECT_EQ(ByteWriter().VarInt(37).Take(), "\x25");
  EXPECT_EQ(ByteWriter().VarInt(15293).Take(), "\x7b\xbd");
  EXPECT_EQ(ByteWriter().VarInt(494878333).Take(), "\x9d\x7f\x3e\x7d");
  EXPECT_EQ(ByteWriter().VarInt(151288809941952652).Take(), "\xc2\x19\x7c\x5e\xff\x14\xe8\x8c");
}

TEST(Random, NumbersAreThoseOfAnotherImplementationOfXoshiro256) {
  // SplitMix64(1) into xoshiro256++, computed in Python, after the pool has been drawn.
  Random random(1);
  EXPECT_EQ(random.Next(), 0xedd8cc1041094c7bu);
  EXPECT_EQ(random.Next(), 0xee5557934918baf5u);
  EXPECT_NE(Random(1).Next(), Random(2).Next());
}

TEST(Random, BelowReachesEveryValueAndNoOther) {
  Random random(3);
  std::vector<int> hits(7);
  for (int i = 0; i < 7000; ++i) ++hits.at(random.Below(7));
  for (const int count : hits) EXPECT_NEAR(count, 1000, 150);
}

TEST(Dns, AnAnswerPointsBackAtTheNameThatWasAsked) {
  const std::string answer = DnsResponse({.id = 0x1234,
                                          .name = "a.test",
                                          .type = DnsType::kA,
                                          .canonical = "",
                                          .addresses = {*ParseAddress("192.0.2.1")},
                                          .ttl_seconds = 300});
  // Header 12, question 8 + 4, then the answer: pointer to offset 12, type A, class IN.
  EXPECT_EQ(answer.substr(24, 16),
            std::string("\xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x01", 16));
}

}  // namespace
}  // namespace borderflow::generator
