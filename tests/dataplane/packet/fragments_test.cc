#include "dataplane/packet/fragments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT(google-build-using-namespace): reads as the frames do

constexpr uint64_t kSecond = 1'000'000'000;

class FragmentTest : public testing::Test {
 protected:
  const Packet& Decode(const Built& ip, uint64_t seconds = 100) {
    bytes_ = Ethernet(ip).bytes;
    EXPECT_EQ(decoder_.Decode(AsFrame(bytes_, 1, seconds * kSecond), &packet_).frame_class,
              FrameClass::kIp);
    return packet_;
  }
  Decoder decoder_{TunnelMode::kInner};
  Packet packet_;
  Bytes bytes_;
};

TEST_F(FragmentTest, LaterFragmentsTakeThePortsOfTheFirst) {
  const Built datagram = Udp({.source_port = 5000, .destination_port = 53}, Bytes(100, 'x'));
  for (const auto& fragments :
       {Ipv4Fragments({}, datagram, 40), Ipv6Fragments({}, 77, datagram, 40)}) {
    ASSERT_EQ(fragments.size(), 3u);
    const FlowKey key = Decode(fragments[0]).key;
    EXPECT_FALSE(packet_.later_fragment);
    EXPECT_EQ(packet_.destination_port(), 53);
    for (const size_t i : {1, 2}) {
      EXPECT_EQ(Decode(fragments[i]).key, key);
      EXPECT_TRUE(packet_.later_fragment);
      EXPECT_EQ(packet_.payload_bytes, i == 1 ? 40u : 28u) << "all that follows IP";
    }
  }
  EXPECT_EQ(decoder_.counters().fragments, 6u);
  EXPECT_EQ(decoder_.counters().later_fragments_resolved, 4u);
  EXPECT_EQ(decoder_.counters().later_fragments_unresolved, 0u);
}

TEST_F(FragmentTest, FragmentsBeforeTheFirstAreCountedOnTheAddressPair) {
  const auto fragments = Ipv4Fragments({}, Udp({}, Bytes(100)), 40);
  EXPECT_EQ(Decode(fragments[2]).destination_port(), 0);
  EXPECT_EQ(packet_.key.protocol, 17);
  EXPECT_EQ(Decode(fragments[0]).destination_port(), 53);
  EXPECT_EQ(Decode(fragments[1]).destination_port(), 53);
  EXPECT_EQ(decoder_.counters().later_fragments_unresolved, 1u);
}

TEST_F(FragmentTest, OnlyTheSameDatagramMatches) {
  const Built datagram = Udp({}, Bytes(100));
  Decode(Ipv4Fragments({.identification = 1}, datagram, 40)[0]);
  EXPECT_EQ(Decode(Ipv4Fragments({.identification = 2}, datagram, 40)[1]).destination_port(), 0);
  EXPECT_EQ(Decode(Ipv4Fragments({.source = "192.0.2.9", .identification = 1}, datagram, 40)[1])
                .destination_port(),
            0);
  EXPECT_EQ(
      Decode(Ipv4Fragments({.identification = 1}, Tcp({}, Bytes(100)), 40)[1]).destination_port(),
      0)
      << "another protocol";
  EXPECT_EQ(Decode(Ipv4Fragments({.identification = 1}, datagram, 40)[1]).destination_port(), 53);
}

TEST_F(FragmentTest, TheFirstFragmentIsForgottenAfterThirtySeconds) {
  const auto fragments = Ipv4Fragments({}, Udp({}, Bytes(100)), 40);
  Decode(fragments[0], 100);
  EXPECT_EQ(Decode(fragments[1], 130).destination_port(), 53);
  EXPECT_EQ(Decode(fragments[1], 131).destination_port(), 0);
  EXPECT_EQ(Decode(fragments[1], 70).destination_port(), 53) << "time may run backwards";
  EXPECT_EQ(Decode(fragments[1], 69).destination_port(), 0);
}

TEST_F(FragmentTest, ProtocolBehindExtensionHeadersReachesLaterFragments) {
  const Built datagram = DestinationOptions(Udp({}, Bytes(100)));
  const auto fragments = Ipv6Fragments({}, 5, datagram, 48);
  EXPECT_EQ(Decode(fragments[0]).key.protocol, 17);
  EXPECT_EQ(Decode(fragments[1]).key.protocol, 17);
  EXPECT_EQ(packet_.destination_port(), 53);
}

TEST_F(FragmentTest, LaterFragmentsOfATunnelBelongToTheOuterPair) {
  const Built inner = Ipv4({.source = "192.0.2.1"}, Udp({}, Bytes(200)));
  const auto fragments = Ipv4Fragments({.source = "10.1.1.1"}, Vxlan(7, Ethernet(inner)), 120);
  EXPECT_EQ(Decode(fragments[0]).destination_port(), 53);
  EXPECT_NE(packet_.outer_ip, nullptr);
  EXPECT_EQ(Decode(fragments[1]).destination_port(), 4789);
  EXPECT_EQ(packet_.source(), *ParseAddress("10.1.1.1"));
}

TEST_F(FragmentTest, AFullMemoryForgetsTheOldestAndSaysSo) {
  const Built datagram = Udp({}, Bytes(100));
  constexpr int kDatagrams = 20000;  // several times what the table holds
  for (int i = 0; i < kDatagrams; ++i) {
    Decode(Ipv4Fragments({.identification = static_cast<uint16_t>(i)}, datagram, 40)[0]);
  }
  EXPECT_GT(decoder_.counters().fragment_memory_full, 0u);
  int remembered = 0;
  for (int i = kDatagrams - 1000; i < kDatagrams; ++i) {
    Decode(Ipv4Fragments({.identification = static_cast<uint16_t>(i)}, datagram, 40)[1]);
    remembered += packet_.destination_port() == 53;
  }
  EXPECT_GT(remembered, 900) << "the recent ones stay";
}

}  // namespace
}  // namespace borderflow
