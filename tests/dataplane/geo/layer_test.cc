#include "dataplane/geo/layer.h"

#include <random>

#include "dataplane/geo/mmdb_walk.h"
#include "gtest/gtest.h"
#include "tests/dataplane/geo/mmdb_bytes.h"

namespace borderflow {
namespace {

constexpr uint32_t kNone = MmdbBytes::kNone;

Location At(uint32_t asn) { return {.source = GeoSource::kSite, .asn = asn}; }

// What a layer says of an address, by walking the cursor; to skip there must come to the same.
Location Ask(const GeoLayer& layer, const IpAddress& address) {
  LayerCursor cursor(layer,
                     address.IsV4Mapped() ? LayerCursor::Family::kV4 : LayerCursor::Family::kV6);
  LayerCursor skipping = cursor;
  while (!cursor.last() && cursor.next() <= address) cursor.Advance();
  skipping.SkipTo(address);
  EXPECT_EQ(skipping.location(), cursor.location()) << ToString(address);
  EXPECT_EQ(skipping.last(), cursor.last()) << ToString(address);
  if (!cursor.last() && !skipping.last()) {
    EXPECT_EQ(skipping.next(), cursor.next()) << ToString(address);
  }
  return cursor.location();
}

// The slow twin: the longest prefix around the address, the last of equal ones.
Location Longest(const std::vector<LocatedPrefix>& prefixes, const IpAddress& address) {
  const LocatedPrefix* longest = nullptr;
  for (const LocatedPrefix& located : prefixes) {
    const Prefix& prefix = located.prefix;
    const bool v4 = prefix.address.IsV4Mapped() && prefix.length >= 96;
    if (v4 != address.IsV4Mapped()) continue;
    if (address < prefix.address || prefix.last() < address) continue;
    if (longest == nullptr || prefix.length >= longest->prefix.length) longest = &located;
  }
  return longest == nullptr ? Location{} : longest->location;
}

// All pairs of prefixes of the last three bits of each family's space and of its first three.
TEST(LayerTest, FlattenedPrefixesMatchLongestMatch) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 3000; ++round) {
    const bool v4 = round % 2 == 0;
    const bool top = round % 4 < 2;
    const auto address = [&](uint64_t low) {
      if (v4) return IpAddress::FromV4(static_cast<uint32_t>(top ? 0xffff'fff0u + low : low));
      return top ? IpAddress{~0ull, ~0ull - 15 + low} : IpAddress{0, low};
    };
    std::vector<LocatedPrefix> prefixes;
    const size_t count = 1 + random() % 6;
    for (size_t i = 0; i < count; ++i) {
      const int bits = static_cast<int>(random() % 5);  // 0: the whole block of 16
      const uint64_t low = bits == 0 ? 0 : (random() % 16) >> (4 - bits) << (4 - bits);
      prefixes.push_back({{address(low), 124 + bits}, At(static_cast<uint32_t>(1 + i))});
    }
    const GeoLayer layer = FlattenPrefixes(prefixes);
    for (uint64_t low = 0; low < 16; ++low) {
      ASSERT_EQ(Ask(layer, address(low)), Longest(prefixes, address(low))) << round << " " << low;
    }
    const IpAddress outside = v4 ? IpAddress::FromV4(0x8000'0000) : IpAddress{1ull << 62, 0};
    ASSERT_EQ(Ask(layer, outside), Location{});
  }
}

TEST(LayerTest, WholeFamiliesDoNotMix) {
  const GeoLayer layer =
      FlattenPrefixes({{{IpAddress::FromV4(0), 96}, At(4)}, {{IpAddress{}, 0}, At(6)}});
  EXPECT_EQ(Ask(layer, IpAddress::FromV4(0)).asn, 4u);
  EXPECT_EQ(Ask(layer, IpAddress::FromV4(~0u)).asn, 4u);
  EXPECT_EQ(Ask(layer, IpAddress{}).asn, 6u);
  EXPECT_EQ(Ask(layer, IpAddress{~0ull, ~0ull}).asn, 6u);
}

// An IPv6 prefix that ends with the last IPv4 address goes on to nothing, not to the end.
TEST(LayerTest, PrefixThatEndsWithTheMappedBlockEndsThere) {
  const GeoLayer layer = FlattenPrefixes({{{IpAddress{}, 80}, At(6)}});
  EXPECT_EQ(Ask(layer, IpAddress{0, 5}).asn, 6u);
  EXPECT_EQ(Ask(layer, IpAddress{0, 1ull << 48}), Location{});
}

// IPv4 at ::/96, reached again from 2002::/16 and 2001::/32: 1.0.0.0/8 must answer in each.
TEST(LayerTest, AliasesOfTheIpv4TreeGiveItsAnswers) {
  MmdbBytes bytes;
  bytes.ip_version = 6;
  bytes.data = MmdbCountry("DE");
  // 96 zero bits lead to node 96; its subtree holds 1.0.0.0/8 (00000001).
  const uint32_t v4_root = 96;
  for (uint32_t i = 0; i < 96; ++i) bytes.nodes.push_back({i + 1, kNone});
  for (uint32_t i = 0; i < 7; ++i) bytes.nodes.push_back({v4_root + i + 1, kNone});
  bytes.nodes.push_back({kNone, MmdbBytes::Data(0)});
  // 2002::/16 = 0010 0000 0000 0010, and 2001:0000::/32 beside it.
  const auto branch = [&bytes, v4_root](uint32_t at, uint64_t bits, int length) {
    for (int i = length - 1; i >= 0; --i) {
      const size_t side = bits >> i & 1;
      if (i == 0) {
        bytes.nodes[at][side] = v4_root;
      } else if (bytes.nodes[at][side] == kNone) {
        bytes.nodes[at][side] = static_cast<uint32_t>(bytes.nodes.size());
        bytes.nodes.push_back({kNone, kNone});
        at = static_cast<uint32_t>(bytes.nodes.size() - 1);
      } else {
        at = bytes.nodes[at][side];
      }
    }
  };
  branch(0, 0x2002, 16);
  branch(0, 0x2001'0000, 32);
  const absl::StatusOr<MmdbFile> file = MmdbFile::Parse(bytes.Bytes(), "alias.mmdb");
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::StatusOr<MmdbTree> tree = WalkTree(*file);
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(tree->leaves, std::vector<uint64_t>{1}) << "aliases must not be counted";

  GeoLayer layer;
  layer.v4 = tree->v4;
  layer.v6 = tree->v6;
  layer.records.push_back(At(1));
  const auto found = [&layer](std::string_view text) {
    return Ask(layer, ParseAddress(text).value()).asn;
  };
  for (const char* inside :
       {"1.0.0.0", "1.255.255.255", "::1.2.3.4", "2002:0100::", "2002:1ff:ffff:ffff:ffff:ffff::1",
        "2001:0:100::", "2001:0:1ff:ffff::ffff"}) {
    EXPECT_EQ(found(inside), 1u) << inside;
  }
  for (const char* outside : {"0.255.255.255", "2.0.0.0", "::2.0.0.0", "2002::", "2002:200::",
                              "2001:0:200::", "2001:0:ff::", "2001:1::", "2003:100::"}) {
    EXPECT_EQ(found(outside), 0u) << outside;
  }
}

}  // namespace
}  // namespace borderflow
