#include "dataplane/front.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT: the layers of every frame below

constexpr uint64_t kStart = 1'700'000'000'000'000'000;
constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint16_t kEthernet = 1;

// 192.0.2.0/24 and 198.51.100.0/24 in DE, 203.0.113.0/24 in US, 2001:db8::/32 in FR.
PrefixMap FourBlocks() {
  std::vector<GeoRange> ranges;
  const auto add = [&ranges](std::string_view prefix, std::string_view code) {
    const Prefix block = *ParsePrefix(prefix);
    Location location;
    location.location = *FromCode(code);
    location.source = GeoSource::kDatabase;
    ranges.push_back({block.address, block.last(), location});
  };
  add("192.0.2.0/24", "DE");
  add("198.51.100.0/24", "DE");
  add("203.0.113.0/24", "US");
  add("2001:db8::/32", "FR");
  return *PrefixMap::Build(ranges);
}

const Bytes kIp = Ethernet(Ipv4(Tcp({}, Text("hello")))).bytes;
const Bytes kArp = Concat({Hex("ffffffffffff 020000000001 0806"), Bytes(46)});
const Bytes kCutIp(kIp.begin(), kIp.begin() + 24);

void ExpectSums(const DecodeTotals& totals) {
  FrameTotals sum = totals.ip;
  sum += totals.non_ip;
  sum += totals.malformed;
  sum += totals.duplicates;
  EXPECT_EQ(totals.captured, sum);
  EXPECT_EQ(std::accumulate(totals.malformed_reasons.begin(), totals.malformed_reasons.end(),
                            uint64_t{0}),
            totals.malformed.frames);
}

TEST(Front, EveryClassIsCountedOnceByFramesAndOriginalBytes) {
  const PrefixMap map;
  Front front(&map, {});
  Packet packet;
  EXPECT_TRUE(front.Take(AsFrame(kIp, kEthernet, kStart, 1500), &packet));
  EXPECT_EQ(packet.bytes, 1500u);
  EXPECT_FALSE(packet.teach_only);
  EXPECT_FALSE(front.Take(AsFrame(kArp, kEthernet, kStart, 100), &packet));
  EXPECT_FALSE(front.Take(AsFrame(kCutIp, kEthernet, kStart, 70), &packet));
  EXPECT_FALSE(front.Take(AsFrame(Bytes{}, kEthernet, kStart, 60), &packet));
  const DecodeTotals totals = front.Totals().decode;
  EXPECT_EQ(totals.captured, (FrameTotals{4, 1730}));
  EXPECT_EQ(totals.ip, (FrameTotals{1, 1500}));
  EXPECT_EQ(totals.non_ip, (FrameTotals{1, 100}));
  EXPECT_EQ(totals.malformed, (FrameTotals{2, 130}));
  EXPECT_EQ(totals.malformed_reasons[static_cast<size_t>(Malformed::kIpv4HeaderShort)], 1u);
  EXPECT_EQ(totals.malformed_reasons[static_cast<size_t>(Malformed::kLinkHeaderShort)], 1u);
  EXPECT_EQ(totals.duplicates, FrameTotals{});
  ExpectSums(totals);
}

TEST(Front, TotalsAreSumsWhateverTheBytes) {
  const PrefixMap map = FourBlocks();
  for (const bool remove_copies : {false, true}) {
    for (const TunnelMode tunnel : {TunnelMode::kInner, TunnelMode::kOuter}) {
      Front front(&map, {tunnel, remove_copies});
      std::mt19937_64 random(1);
      uint64_t taken = 0;
      Packet packet;
      for (int i = 0; i < 20'000; ++i) {
        Bytes bytes = random() % 3 == 0 ? kArp : kIp;
        for (uint64_t flips = random() % 4; flips > 0; --flips) {
          bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
        }
        bytes.resize(random() % (bytes.size() + 1));
        taken += front.Take(AsFrame(bytes, random() % 5 == 0 ? 101 : kEthernet,
                                    kStart + static_cast<uint64_t>(i), 200),
                            &packet);
      }
      const DecodeTotals totals = front.Totals().decode;
      ExpectSums(totals);
      EXPECT_EQ(totals.captured, (FrameTotals{20'000, 20'000 * 200}));
      EXPECT_EQ(totals.ip.frames, taken);
      EXPECT_EQ(totals.duplicates.frames > 0, remove_copies);
    }
  }
}

TEST(Front, RemovedCopiesAreCountedApart) {
  const PrefixMap map;
  Front front(&map, {.remove_copies = true});
  Packet packet;
  EXPECT_TRUE(front.Take(AsFrame(kIp, kEthernet, kStart), &packet));
  EXPECT_FALSE(front.Take(AsFrame(kIp, kEthernet, kStart + 1), &packet));
  EXPECT_FALSE(front.Take(AsFrame(kArp, kEthernet, kStart + 2), &packet));
  EXPECT_FALSE(front.Take(AsFrame(kArp, kEthernet, kStart + 3), &packet));
  EXPECT_TRUE(front.Take(AsFrame(kIp, kEthernet, kStart + kSecond), &packet));
  const Snapshot snapshot = front.Totals();
  EXPECT_EQ(snapshot.decode.captured.frames, 5u);
  EXPECT_EQ(snapshot.decode.ip.frames, 2u);
  EXPECT_EQ(snapshot.decode.non_ip.frames, 1u);
  EXPECT_EQ(snapshot.decode.duplicates, (FrameTotals{2, kIp.size() + kArp.size()}));
  EXPECT_EQ(snapshot.artefacts.duplicate_frames, 0u) << "removed, so not estimated as well";
  ExpectSums(snapshot.decode);
}

TEST(Front, DuplicatesThatStayAreAnArtefact) {
  const PrefixMap map;
  Front front(&map, {});
  Packet packet;
  EXPECT_TRUE(front.Take(AsFrame(kIp, kEthernet, kStart, 900), &packet));
  EXPECT_TRUE(front.Take(AsFrame(kIp, kEthernet, kStart + 1, 900), &packet));
  const Snapshot snapshot = front.Totals();
  EXPECT_EQ(snapshot.decode.ip, (FrameTotals{2, 1800}));
  EXPECT_EQ(snapshot.artefacts.duplicate_frames, 1u);
  EXPECT_EQ(snapshot.artefacts.duplicate_bytes, 900u);
}

TEST(Front, TranslatedSegmentsAreSuspected) {
  const PrefixMap map;
  Front front(&map, {});
  Packet packet;
  for (const char* source : {"10.0.0.7", "203.0.113.9"}) {
    const Bytes frame = Ethernet(Ipv4({.source = source}, Tcp({}, Text("data")))).bytes;
    EXPECT_TRUE(front.Take(AsFrame(frame, kEthernet, kStart), &packet));
  }
  EXPECT_EQ(front.Totals().artefacts.nat_suspected, 1u);
}

TEST(Front, TimesAreTheEarliestAndTheLatestOfAllFrames) {
  const PrefixMap map;
  Front front(&map, {});
  EXPECT_EQ(front.Totals().decode.first_time_ns, 0u);
  Packet packet;
  for (const uint64_t second : {50, 20, 70, 30}) {
    front.Take(AsFrame(second == 20 ? kArp : kIp, kEthernet, second * kSecond), &packet);
  }
  EXPECT_EQ(front.Totals().decode.first_time_ns, 20 * kSecond);
  EXPECT_EQ(front.Totals().decode.last_time_ns, 70 * kSecond);
}

TEST(Front, ForgedLengthsAreCounted) {
  const PrefixMap map;
  Front front(&map, {});
  Packet packet;
  Frame forged = AsFrame(kIp, kEthernet, kStart, kMaxFrameBytes);
  forged.length_forged = true;
  front.Take(forged, &packet);
  front.Take(AsFrame(kIp, kEthernet, kStart + kSecond), &packet);
  EXPECT_EQ(front.Totals().decode.length_forged, 1u);
}

// The clock that flows end by never runs back, though the packet keeps its own time.
TEST(Front, PacketsCarryTheEventClock) {
  const PrefixMap map;
  Front front(&map, {});
  EventClock clock;
  Packet packet;
  for (const uint64_t second : {1000, 1010, 1005, 1500, 100, 110, 108}) {
    front.Take(AsFrame(kIp, kEthernet, second * kSecond), &packet);
    EXPECT_EQ(packet.time_ns, second * kSecond);
    EXPECT_EQ(packet.tick, clock.Advance(second * kSecond));
  }
}

struct Tunnel {
  const char* what;
  Built frame;
  bool differs;
};

TEST(Front, TunnelsWhoseHeadersDisagreeOnPlacesAreCounted) {
  const Ipv4Options de_to_de = {.source = "192.0.2.1", .destination = "198.51.100.2"};
  const Ipv4Options other_de_to_de = {.source = "192.0.2.77", .destination = "198.51.100.78"};
  const Ipv4Options de_to_us = {.source = "192.0.2.1", .destination = "203.0.113.2"};
  const Ipv4Options us_to_de = {.source = "203.0.113.2", .destination = "192.0.2.1"};
  const Ipv6Options fr_to_fr = {.source = "2001:db8::1", .destination = "2001:db8::2"};
  const Built tcp = Tcp({}, Text("data"));
  const std::vector<Tunnel> tunnels = {
      {"the same places", Ipv4(de_to_de, Ipv4(other_de_to_de, tcp)), false},
      {"other destination", Ipv4(de_to_de, Ipv4(de_to_us, tcp)), true},
      {"other source", Ipv4(de_to_de, Ipv4(us_to_de, tcp)), true},
      {"ends exchanged", Ipv4(de_to_us, Ipv4(us_to_de, tcp)), true},
      {"IPv6 in IPv4", Ipv4(de_to_de, Ipv6(fr_to_fr, tcp)), true},
      {"IPv6 in IPv6", Ipv6(fr_to_fr, Ipv6(fr_to_fr, tcp)), false},
      {"IPv4 in GRE in IPv6", Ipv6(fr_to_fr, Gre(Ipv4(de_to_us, tcp))), true},
      {"innermost against outermost", Ipv4(de_to_de, Ipv4(de_to_us, Ipv4(de_to_de, tcp))), false},
  };
  const PrefixMap map = FourBlocks();
  for (const TunnelMode mode : {TunnelMode::kInner, TunnelMode::kOuter}) {
    for (const Tunnel& tunnel : tunnels) {
      Front front(&map, {.tunnel = mode});
      Packet packet;
      const Bytes frame = Ethernet(tunnel.frame).bytes;
      ASSERT_TRUE(front.Take(AsFrame(frame, kEthernet, kStart, 1000), &packet)) << tunnel.what;
      const Artefacts artefacts = front.Totals().artefacts;
      EXPECT_EQ(artefacts.tunnelled_bytes, 1000u) << tunnel.what;
      EXPECT_EQ(artefacts.tunnel_differs_bytes, tunnel.differs ? 1000u : 0u) << tunnel.what;
    }
  }
}

TEST(Front, PlainFramesAreNoTunnels) {
  const PrefixMap map = FourBlocks();
  Front front(&map, {});
  Packet packet;
  ASSERT_TRUE(front.Take(AsFrame(kIp, kEthernet, kStart), &packet));
  EXPECT_EQ(front.Totals().artefacts.tunnelled_bytes, 0u);
}

}  // namespace
}  // namespace borderflow
