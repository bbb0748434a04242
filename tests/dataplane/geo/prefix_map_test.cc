#include "dataplane/geo/prefix_map.h"

#include <random>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/dataplane/geo/linear_prefix_map.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

Location At(uint8_t id) {
  return {.location = static_cast<Jurisdiction>(id), .source = GeoSource::kDatabase, .asn = id};
}

IpAddress V4(uint32_t address) { return IpAddress::FromV4(address); }

// Every way of asking must give the twin's answer.
void ExpectSame(const std::vector<GeoRange>& ranges, const std::vector<IpAddress>& addresses) {
  const absl::StatusOr<PrefixMap> map = PrefixMap::Build(ranges);
  ASSERT_TRUE(map.ok()) << map.status();
  const LinearPrefixMap twin(ranges);
  std::vector<Location> bulk(addresses.size());
  map->Find(addresses, absl::MakeSpan(bulk));
  std::vector<uint32_t> v4;
  std::vector<Location> v4_expected;
  for (size_t i = 0; i < addresses.size(); ++i) {
    const Location expected = twin.Find(addresses[i]);
    ASSERT_EQ(map->Find(addresses[i]), expected) << ToString(addresses[i]);
    ASSERT_EQ(bulk[i], expected) << ToString(addresses[i]) << " in bulk";
    if (!addresses[i].IsV4Mapped()) continue;
    v4.push_back(addresses[i].v4());
    v4_expected.push_back(expected);
  }
  std::vector<Location> v4_bulk(v4.size());
  map->FindV4(v4, absl::MakeSpan(v4_bulk));
  EXPECT_EQ(v4_bulk, v4_expected);
}

// The boundaries of all ranges and their neighbours.
std::vector<IpAddress> Boundaries(const std::vector<GeoRange>& ranges) {
  std::vector<IpAddress> found;
  for (const GeoRange& range : ranges) {
    for (IpAddress address : {range.first, range.last}) {
      found.push_back(address);
      const IpAddress after{address.high + (address.low == ~uint64_t{0} ? 1 : 0), address.low + 1};
      const IpAddress before{address.high - (address.low == 0 ? 1 : 0), address.low - 1};
      found.push_back(after);
      found.push_back(before);
    }
  }
  return found;
}

TEST(PrefixMapTest, EmptyMapKnowsNothing) {
  const PrefixMap map;
  const std::vector<IpAddress> addresses = {V4(0), V4(~0u), IpAddress{}, IpAddress{~0ull, ~0ull}};
  std::vector<Location> found(addresses.size(), At(7));
  map.Find(addresses, absl::MakeSpan(found));
  EXPECT_THAT(found, testing::Each(Location{}));
  EXPECT_EQ(map.Find(addresses[0]), Location{});
  EXPECT_EQ(map.memory_bytes(), 0u);
}

TEST(PrefixMapTest, NoRangesKnowNothing) { ExpectSame({}, {V4(0), V4(~0u), IpAddress{1, 2}}); }

TEST(PrefixMapTest, WholeSpacesAnswerEverywhere) {
  const std::vector<GeoRange> ranges = {
      {IpAddress{}, IpAddress{0, 0xfffe'ffff'ffffULL}, At(9)},
      {V4(0), V4(~0u), At(10)},
      {IpAddress{0, 0x1'0000'0000'0000ULL}, IpAddress{~0ull, ~0ull}, At(11)}};
  ExpectSame(ranges, {IpAddress{}, V4(0), V4(0x7fffffff), V4(~0u), IpAddress{0, 1ull << 48},
                      IpAddress{1ull << 63, 0}, IpAddress{~0ull, ~0ull}});
}

// All sets of ranges whose boundaries lie on a few chosen addresses, so that each boundary meets
// the border of a block (/24, /64), lies just beside one, or divides a block.
TEST(PrefixMapTest, EveryPartitionOfASmallDomainMatchesTwin) {
  const std::vector<std::vector<IpAddress>> domains = {
      {V4(0), V4(1), V4(255), V4(256), V4(257), V4(16384)},
      {V4(0xffff'fe00), V4(0xffff'feff), V4(0xffff'ff00), V4(0xffff'ff01), V4(0xffff'ffff)},
      {IpAddress{}, IpAddress{0, 1}, IpAddress{0, 2}, IpAddress{0, 0xfffe'ffff'ffffULL}},
      {IpAddress{1, 0}, IpAddress{1, 1}, IpAddress{2, 0}, IpAddress{2, 1}, IpAddress{1ull << 48, 0},
       IpAddress{1ull << 48, 5}},
      {IpAddress{~0ull - 1, 0}, IpAddress{~0ull - 1, ~0ull}, IpAddress{~0ull, 0},
       IpAddress{~0ull, 1}, IpAddress{~0ull, ~0ull}}};
  for (const std::vector<IpAddress>& domain : domains) {
    // Each address is skipped, begins a range, or is where the last range ends.
    size_t cases = 1;
    for (size_t i = 0; i < domain.size(); ++i) cases *= 3;
    for (size_t number = 0; number < cases; ++number) {
      std::vector<GeoRange> ranges;
      size_t rest = number;
      for (const IpAddress& address : domain) {
        const size_t choice = rest % 3;
        rest /= 3;
        if (choice == 0) continue;
        if (choice == 2 && !ranges.empty()) {
          ranges.back().last = address;
        } else {
          ranges.push_back({address, address, At(static_cast<uint8_t>(5 + ranges.size() % 2))});
        }
      }
      ExpectSame(ranges, domain);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

// Random ranges within a few /24s and /64s, so that divided blocks, full ones and gaps alternate.
TEST(PrefixMapTest, RandomRangesMatchTwin) {
  std::mt19937_64 random(20261122);
  for (int round = 0; round < 200; ++round) {
    const bool v4 = round % 2 == 0;
    const uint64_t base = v4 ? 0x0a00'0000u + (random() % 4) * 64 * 256 : random();
    std::set<uint64_t> cuts;
    const size_t wanted = 2 + random() % 60;
    while (cuts.size() < wanted) {
      uint64_t cut = random() % 4096;
      if (random() % 2 == 0) cut &= ~uint64_t{255};
      cuts.insert(cut);
    }
    const auto address = [&](uint64_t cut) {
      // IPv6: 16 addresses of each of 256 neighbouring /64s.
      return v4 ? V4(static_cast<uint32_t>(base + cut))
                : IpAddress{base + cut / 16, (cut % 16) << 60};
    };
    std::vector<GeoRange> ranges;
    for (auto cut = cuts.begin(); std::next(cut) != cuts.end(); ++cut) {
      if (random() % 4 == 0) continue;
      IpAddress last = address(*std::next(cut));
      last = {last.high - (last.low == 0 ? 1 : 0), last.low - 1};
      ranges.push_back({address(*cut), last, At(static_cast<uint8_t>(5 + random() % 3))});
    }
    if (!v4 && base > ~uint64_t{0} - 300) continue;
    std::vector<IpAddress> asked = Boundaries(ranges);
    for (int i = 0; i < 200; ++i) asked.push_back(address(random() % 4096));
    for (int i = 0; i < 20; ++i) asked.push_back({random(), random()});
    for (int i = 0; i < 20; ++i) asked.push_back(V4(static_cast<uint32_t>(random())));
    ExpectSame(ranges, asked);
    if (testing::Test::HasFatalFailure()) return;
  }
}

// Every address of a /16 with a hundred ranges in it.
TEST(PrefixMapTest, EveryAddressOfABlockMatchesTwin) {
  std::mt19937 random(7);
  std::set<uint32_t> cuts = {0, 65535};
  while (cuts.size() < 100) cuts.insert(random() % 65536);
  std::vector<GeoRange> ranges;
  for (auto cut = cuts.begin(); std::next(cut) != cuts.end(); ++cut) {
    ranges.push_back({V4(0xc0000000 + *cut), V4(0xc0000000 + *std::next(cut) - 1),
                      At(static_cast<uint8_t>(random() % 255))});
  }
  std::vector<IpAddress> asked;
  for (uint32_t i = 0; i < 65536; ++i) asked.push_back(V4(0xc0000000 + i));
  ExpectSame(ranges, asked);
}

TEST(PrefixMapTest, SixteenBitsOfIpv6WithThousandsOfStartsMatchTwin) {
  std::mt19937_64 random(3);
  std::set<uint64_t> highs;
  while (highs.size() < 1500) highs.insert(0x2a02ull << 48 | (random() >> 16 & ~0xffffull));
  std::vector<GeoRange> ranges;
  for (const uint64_t high : highs) {
    ranges.push_back({{high, 0}, {high | 0xff, ~0ull}, At(static_cast<uint8_t>(random() % 200))});
  }
  std::vector<IpAddress> asked = Boundaries(ranges);
  asked.resize(3000);
  ExpectSame(ranges, asked);
}

TEST(PrefixMapTest, NeighboursWithEqualLocationsCostNothing) {
  std::vector<GeoRange> divided;
  for (uint32_t i = 0; i < 1000; ++i) divided.push_back({V4(i * 100), V4(i * 100 + 99), At(20)});
  const absl::StatusOr<PrefixMap> many = PrefixMap::Build(divided);
  const absl::StatusOr<PrefixMap> one = PrefixMap::Build({{V4(0), V4(99'999), At(20)}});
  ASSERT_TRUE(many.ok() && one.ok());
  EXPECT_EQ(many->memory_bytes(), one->memory_bytes());
}

TEST(PrefixMapTest, OverlapIsRefusedWithBothRanges) {
  const absl::StatusOr<PrefixMap> map = PrefixMap::Build(
      {{V4(0x01000000), V4(0x010000ff), At(5)}, {V4(0x010000ff), V4(0x01000100), At(6)}});
  ASSERT_EQ(map.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(map.status().message()), HasSubstr("1.0.0.0 - 1.0.0.255"));
  EXPECT_THAT(std::string(map.status().message()), HasSubstr("1.0.0.255 - 1.0.1.0"));
}

TEST(PrefixMapTest, RangesOutOfOrderAreRefused) {
  EXPECT_FALSE(PrefixMap::Build({{V4(512), V4(600), At(5)}, {V4(0), V4(10), At(6)}}).ok());
  EXPECT_FALSE(PrefixMap::Build({{V4(512), V4(500), At(5)}}).ok());
}

TEST(PrefixMapTest, RangesAcrossFamiliesAreRefused) {
  EXPECT_FALSE(PrefixMap::Build({{V4(5), IpAddress{1, 0}, At(5)}}).ok());
  EXPECT_FALSE(PrefixMap::Build({{IpAddress{}, IpAddress{1, 0}, At(5)}}).ok());
  EXPECT_FALSE(PrefixMap::Build({{IpAddress{}, V4(5), At(5)}}).ok());
}

TEST(PrefixMapTest, NothingFitsBehindTheLastAddress) {
  PrefixMap::Builder builder;
  ASSERT_TRUE(builder.Add({IpAddress{1, 0}, IpAddress{~0ull, ~0ull}, At(5)}).ok());
  EXPECT_FALSE(builder.Add({IpAddress{~0ull, ~0ull}, IpAddress{~0ull, ~0ull}, At(6)}).ok());
  EXPECT_TRUE(builder.Add({V4(0), V4(~0u), At(6)}).ok());
  EXPECT_FALSE(builder.Add({V4(~0u), V4(~0u), At(7)}).ok());
  const PrefixMap map = builder.Finish();
  EXPECT_EQ(map.Find(V4(~0u)), At(6));
  EXPECT_EQ(map.Find(IpAddress{~0ull, ~0ull}), At(5));
  EXPECT_EQ(map.Find(IpAddress{}), Location{});
}

// 6to4 (16 bits), a prefix that leaves less than a half behind the address (80), and the lowest 96.
TEST(PrefixMapTest, EmbeddedAddressesAnswerAsTheirIpv4Addresses) {
  PrefixMap::Builder builder;
  ASSERT_TRUE(builder.Add({V4(0x08000000), V4(0x080000ff), At(8)}).ok());
  ASSERT_TRUE(builder.Add({V4(0x08000103), V4(0x08000107), At(9)}).ok());
  const auto add = [&builder](std::string_view text, int depth) {
    const Prefix prefix = ParsePrefix(text).value();
    return builder.AddEmbedded(prefix.address, prefix.last(), depth);
  };
  ASSERT_TRUE(add("::/96", 96).ok());
  ASSERT_TRUE(builder.Add({{0, 0x1'0000'0000}, {0, 0x1'0000'00ff}, At(6)}).ok());
  ASSERT_TRUE(add("64:ff9b:1:2:3::/80", 80).ok());
  ASSERT_TRUE(add("2002::/16", 16).ok());
  EXPECT_THAT(std::string(add("2002:1::/32", 16).message()), HasSubstr("before the end"));
  EXPECT_THAT(std::string(add("1.0.0.0/8", 96).message()), HasSubstr("IPv4"));
  const PrefixMap map = builder.Finish();
  const std::vector<std::pair<const char*, Location>> expected = {
      {"::7.255.255.255", {}},
      {"::8.0.0.0", At(8)},
      {"::8.0.0.255", At(8)},
      {"::8.0.1.3", At(9)},
      {"::8.0.1.8", {}},
      {"::1:0:0", At(6)},
      {"64:ff9b:1:2:3:800:ff:ffff", At(8)},
      {"64:ff9b:1:2:3:800:103::", At(9)},
      {"64:ff9b:1:2:4:800:103::", {}},
      {"2002:800::", At(8)},
      {"2002:800:107:ffff:ffff:ffff:ffff:ffff", At(9)},
      {"2002:800:108::", {}},
      {"2003:800::", {}},
      {"8.0.1.3", At(9)},
  };
  std::vector<IpAddress> addresses;
  for (const auto& [text, location] : expected) addresses.push_back(ParseAddress(text).value());
  std::vector<Location> bulk(addresses.size());
  map.Find(addresses, absl::MakeSpan(bulk));
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(map.Find(addresses[i]), expected[i].second) << expected[i].first;
    EXPECT_EQ(bulk[i], expected[i].second) << expected[i].first << " in bulk";
  }
}

}  // namespace
}  // namespace borderflow
