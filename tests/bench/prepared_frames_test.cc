// What the benchmarks' source of frames promises: sizes, flows, shares, places.
#include "tools/bench/prepared_frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "dataplane/geo/special_purpose.h"
#include "dataplane/packet/decode.h"
#include "tools/bench/places.h"

namespace borderflow {
namespace {

using Key = std::tuple<IpAddress, IpAddress, uint16_t, uint16_t>;

class PreparedFramesTest : public testing::Test {
 protected:
  // What the decoder makes of the frames; all of them must be IP.
  std::vector<Packet> Decode(absl::Span<const Frame> frames) {
    std::vector<Packet> packets;
    for (const Frame& frame : frames) {
      Packet packet;
      EXPECT_EQ(decoder_.Decode(frame, &packet).frame_class, FrameClass::kIp);
      EXPECT_EQ(packet.key.protocol, 6);
      EXPECT_FALSE(packet.truncated);
      packets.push_back(packet);
    }
    return packets;
  }
  static Key KeyOf(const Packet& packet) {
    return {packet.key.lo, packet.key.hi, packet.key.port_lo, packet.key.port_hi};
  }
  std::set<Key> Open(PreparedFrames* frames) {
    std::set<Key> keys;
    for (auto part = frames->Opening(); !part.empty(); part = frames->Opening()) {
      for (const Packet& packet : Decode(part)) keys.insert(KeyOf(packet));
    }
    return keys;
  }

  Places places_{250};
  Decoder decoder_{TunnelMode::kInner};
};

TEST_F(PreparedFramesTest, ImixIsSevenFourOneAndSixtyFourBytesAreSixtyWithoutPayload) {
  PreparedFrames frames(&places_, {.sizes = {64, 64, 64, 64, 64, 64, 64, 594, 594, 594, 594, 1518},
                                   .flows = 1000,
                                   .buffers = 12'000});
  std::map<uint32_t, int> sizes;
  for (const Packet& packet : Decode(frames.Next(12'000))) {
    ++sizes[packet.bytes];
    // Ethernet, IPv4 and TCP headers are 54 bytes; the smallest frame is padded.
    EXPECT_EQ(packet.payload_bytes, packet.bytes == 60 ? 0 : packet.bytes - 54);
  }
  ASSERT_EQ(sizes.size(), 3u);
  EXPECT_NEAR(sizes[60], 7000, 250);
  EXPECT_NEAR(sizes[590], 4000, 250);
  EXPECT_NEAR(sizes[1514], 1000, 150);
}

TEST_F(PreparedFramesTest, OpeningOpensEachFlowOnceAndFramesAreOfTheseFlowsInBothDirections) {
  PreparedFrames frames(&places_, {.flows = 3000, .buffers = 1000});
  const std::set<Key> open = Open(&frames);
  EXPECT_EQ(open.size(), 3000u);
  std::set<Key> seen;
  int from_lo = 0;
  for (int i = 0; i < 40; ++i) {
    for (const Packet& packet : Decode(frames.Next(1000))) {
      seen.insert(KeyOf(packet));
      from_lo += packet.sender == Sender::kLo ? 1 : 0;
    }
  }
  EXPECT_EQ(seen, open);
  EXPECT_NEAR(from_lo, 20'000, 1000);
  EXPECT_EQ(frames.offered().frames, 46'000u);
}

TEST_F(PreparedFramesTest, TheShareOfNewFlowsIsOfFlowsNeverSeen) {
  PreparedFrames frames(&places_, {.flows = 3000, .new_flows = 0.25, .buffers = 20'000});
  std::set<Key> known = Open(&frames);
  int opening = 0;
  for (const Packet& packet : Decode(frames.Next(20'000))) {
    if (packet.tcp_flags != kTcpSyn) {
      EXPECT_TRUE(known.contains(KeyOf(packet)));
      continue;
    }
    ++opening;
    EXPECT_TRUE(known.insert(KeyOf(packet)).second);
  }
  EXPECT_NEAR(opening, 5000, 250);
}

TEST_F(PreparedFramesTest, AFloodComesFromManySourcesToOneDestination) {
  PreparedFrames frames(&places_, {.flows = 10, .new_flows = 1, .syn_flood = true});
  std::set<IpAddress> sources;
  std::set<IpAddress> destinations;
  for (const Packet& packet : Decode(frames.Next(10'000))) {
    EXPECT_EQ(packet.tcp_flags, kTcpSyn);
    EXPECT_EQ(packet.bytes, 60u);
    sources.insert(packet.source());
    destinations.insert(packet.destination());
  }
  EXPECT_GT(sources.size(), 9900u);
  EXPECT_EQ(destinations.size(), 1u);
}

TEST_F(PreparedFramesTest, SequenceNumbersOfAFlowLeaveNoGap) {
  PreparedFrames frames(&places_, {.sizes = {64, 850}, .flows = 10, .ipv6 = 0.5});
  Open(&frames);
  std::map<std::pair<IpAddress, IpAddress>, uint32_t> next;
  for (const Packet& packet : Decode(frames.Next(1000))) {
    const auto [end, first] =
        next.try_emplace({packet.source(), packet.destination()}, packet.tcp_sequence);
    EXPECT_EQ(packet.tcp_sequence, end->second);
    end->second += packet.payload_bytes;
  }
  EXPECT_EQ(next.size(), 20u);
}

TEST_F(PreparedFramesTest, EventTimeStandsStillWithinABurst) {
  PreparedFrames frames(&places_, {.flows = 10, .frame_interval_ns = 100});
  const absl::Span<const Frame> part = frames.Next(3 * kBurst);
  for (int i = 0; i < 3 * kBurst; ++i) {
    EXPECT_EQ(part[i].time_ns - part[0].time_ns, i / kBurst * kBurst * 100u);
  }
}

TEST_F(PreparedFramesTest, TheSameOptionsGiveTheSameFrames) {
  const PreparedOptions options = {.sizes = {64, 594}, .flows = 100, .new_flows = 0.1, .ipv6 = 0.2};
  PreparedFrames one(&places_, options);
  PreparedFrames other(&places_, options);
  const absl::Span<const Frame> first = one.Next(1000);
  const absl::Span<const Frame> second = other.Next(1000);
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(std::string(first[i].data, first[i].data + first[i].captured),
              std::string(second[i].data, second[i].data + second[i].captured));
  }
}

TEST_F(PreparedFramesTest, FlowsRunBetweenPublicAddressesOfAsManyPairsOfCountriesAsAskedFor) {
  const absl::StatusOr<PrefixMap> map = places_.Map();
  ASSERT_TRUE(map.ok()) << map.status();
  PreparedFrames frames(&places_, {.flows = 20'000, .ipv6 = 0.4, .cells = 1000, .buffers = 40'000});
  std::set<std::pair<Jurisdiction, Jurisdiction>> pairs;
  std::set<Jurisdiction> countries;
  std::set<uint32_t> first_octets;
  int v6 = 0;
  for (const Packet& packet : Decode(frames.Opening())) {
    for (const IpAddress& address : {packet.source(), packet.destination()}) {
      const SpecialBlock* special = FindSpecialBlock(address);
      EXPECT_TRUE(special == nullptr || special->reach == Reach::kGlobal) << ToString(address);
      if (packet.key.family == 4) first_octets.insert(address.v4() >> 24);
      countries.insert(map->Find(address).location);
    }
    pairs.insert({map->Find(packet.source()).location, map->Find(packet.destination()).location});
    v6 += packet.key.family == 6 ? 1 : 0;
  }
  EXPECT_EQ(pairs.size(), 500u);  // two cells each
  EXPECT_EQ(countries.size(), 250u);
  EXPECT_EQ(first_octets.size(), 221u);  // all but 0, 10, 127 and 224 to 255
  EXPECT_NEAR(v6, 2 * 8000, 800);
}

}  // namespace
}  // namespace borderflow
