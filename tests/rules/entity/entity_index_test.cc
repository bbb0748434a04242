#include "rules/entity/entity_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

// The slow twin: remembers what was added and scans it.
class ScanIndex {
 public:
  void AddPrefix(const AddressPrefix& prefix, EntityId id) { prefixes_.emplace_back(prefix, id); }
  void AddSuffix(std::string suffix, EntityId id) { suffixes_.emplace_back(std::move(suffix), id); }

  EntityId ByAddress(absl::uint128 address) const {
    EntityId found = kNoEntity;
    int longest = -1;
    for (const auto& [prefix, id] : prefixes_) {
      if (address < prefix.first || address > prefix.last() || prefix.length <= longest) continue;
      if (address >> 32 == 0xffff && prefix.length < 96) continue;  // IPv4 within a block of IPv6
      longest = prefix.length;
      found = id;
    }
    return found;
  }

  EntityId ByName(const std::string& name) const {
    EntityId found = kNoEntity;
    size_t longest = 0;
    for (const auto& [suffix, id] : suffixes_) {
      if (name != suffix && !absl::EndsWith(name, absl::StrCat(".", suffix))) continue;
      if (suffix.size() < longest) continue;
      longest = suffix.size();
      found = id;
    }
    return found;
  }

 private:
  std::vector<std::pair<AddressPrefix, EntityId>> prefixes_;
  std::vector<std::pair<std::string, EntityId>> suffixes_;
};

AddressPrefix PrefixOf(std::string_view text) { return *ParseAddressPrefix(text); }

absl::uint128 Address(std::string_view text) {
  return PrefixOf(absl::StrCat(std::string(text),
                               text.find(':') == std::string_view::npos ? "/32" : "/128"))
      .first;
}

TEST(EntityIndexTest, TheLongestPrefixHoldsAnAddressAndBehindItTheOuterOneGoesOn) {
  EntityIndex index;
  index.AddPrefix(PrefixOf("10.0.0.0/8"), 1);
  index.AddPrefix(PrefixOf("10.1.0.0/16"), 2);
  index.AddPrefix(PrefixOf("10.1.255.0/24"), 3);
  index.AddPrefix(PrefixOf("2001:db8::/32"), 4);
  index.Finish();
  EXPECT_EQ(index.ByAddress(Address("10.0.255.255")), 1);
  EXPECT_EQ(index.ByAddress(Address("10.1.0.0")), 2);
  EXPECT_EQ(index.ByAddress(Address("10.1.255.255")), 3);
  EXPECT_EQ(index.ByAddress(Address("10.2.0.0")), 1);
  EXPECT_EQ(index.ByAddress(Address("11.0.0.0")), kNoEntity);
  EXPECT_EQ(index.ByAddress(Address("9.255.255.255")), kNoEntity);
  EXPECT_EQ(index.ByAddress(Address("2001:db8:ffff::1")), 4);
  EXPECT_EQ(index.ByAddress(Address("2001:db9::")), kNoEntity);
}

TEST(EntityIndexTest, ASecondOwnerOfTheSameThingIsNamed) {
  EntityIndex index;
  EXPECT_EQ(index.AddAs(64500, 1), kNoEntity);
  EXPECT_EQ(index.AddAs(64500, 2), 1);
  EXPECT_EQ(index.AddPrefix(PrefixOf("192.0.2.0/24"), 1), kNoEntity);
  EXPECT_EQ(index.AddPrefix(PrefixOf("192.0.2.0/24"), 2), 1);
  EXPECT_EQ(index.AddPrefix(PrefixOf("192.0.2.0/25"), 2), kNoEntity);
  EXPECT_EQ(index.AddSuffix("example.org", 1), kNoEntity);
  EXPECT_EQ(index.AddSuffix("example.org", 2), 1);
  index.Finish();
  EXPECT_EQ(index.ByAs(64500), 1);
  EXPECT_EQ(index.ByAs(64501), kNoEntity);
}

TEST(EntityIndexTest, NamesMatchAtLabelBordersInAnyCase) {
  EntityIndex index;
  index.AddSuffix("example.org", 1);
  index.AddSuffix("gov.example.org", 2);
  index.AddSuffix("gov", 3);
  index.Finish();
  EXPECT_EQ(index.ByName("www.Example.ORG."), 1);
  EXPECT_EQ(index.ByName("a.gov.example.org"), 2);
  EXPECT_EQ(index.ByName("www.gov"), 3);
  EXPECT_EQ(index.ByName("badexample.org"), kNoEntity);
  EXPECT_EQ(index.ByName(""), kNoEntity);
  EXPECT_EQ(index.ByName(std::string(100'000, '.')), kNoEntity);
}

TEST(EntityIndexTest, AnEmptyIndexKnowsNobody) {
  EntityIndex index;
  index.Finish();
  EXPECT_EQ(index.ByAs(0), kNoEntity);
  EXPECT_EQ(index.ByAddress(0), kNoEntity);
  EXPECT_EQ(index.ByAddress(~absl::uint128(0)), kNoEntity);
  EXPECT_EQ(index.ByName("example.org"), kNoEntity);
}

TEST(EntityIndexTest, MovesWithItsTables) {
  EntityIndex index;
  index.AddSuffix("a.b", 1);  // short enough to live inside a string object
  index.AddPrefix(PrefixOf("192.0.2.0/24"), 2);
  index.Finish();
  const EntityIndex moved = std::move(index);
  EXPECT_EQ(moved.ByName("x.a.b"), 1);
  EXPECT_EQ(moved.ByAddress(Address("192.0.2.9")), 2);
}

// All prefixes inside one /24 and its edges, and every address of it.
TEST(EntityIndexTest, AgreesWithAScanOverRandomNestedPrefixes) {
  std::mt19937 random(20261122);
  for (int round = 0; round < 200; ++round) {
    EntityIndex index;
    ScanIndex scan;
    for (EntityId id = 1; id <= 12; ++id) {
      AddressPrefix prefix;
      prefix.length = 120 + static_cast<int>(random() % 9);
      const uint32_t size = 1u << (128 - prefix.length);
      prefix.first = absl::MakeUint128(0, 0xffff'c000'0200 + random() % 256 / size * size);
      if (index.AddPrefix(prefix, id) == kNoEntity) scan.AddPrefix(prefix, id);
    }
    index.Finish();
    for (uint64_t address = 0xffff'c000'01fe; address <= 0xffff'c000'0302; ++address) {
      ASSERT_EQ(index.ByAddress(address), scan.ByAddress(address)) << round << " " << address;
    }
  }
}

// Prefixes across the whole of both families, so that most roots hold none and some hold many.
TEST(EntityIndexTest, AgreesWithAScanOverRandomPrefixesOfBothFamilies) {
  std::mt19937_64 random(20261122);
  EntityIndex index;
  ScanIndex scan;
  std::vector<absl::uint128> asked = {0, ~absl::uint128(0), Address("0.0.0.0"),
                                      Address("255.255.255.255"), Address("::1:0:0:0")};
  for (EntityId id = 1; id <= 400; ++id) {
    const bool v4 = random() % 2 == 0;
    AddressPrefix prefix;
    prefix.length =
        v4 ? 104 + static_cast<int>(random() % 25) : 16 + static_cast<int>(random() % 113);
    const absl::uint128 any = v4 ? absl::uint128(0xffff'0000'0000) | (random() & 0xffff'ffff)
                                 : absl::MakeUint128(random() | uint64_t{1} << 61, random());
    prefix.first = any >> (128 - prefix.length) << (128 - prefix.length);
    if (index.AddPrefix(prefix, id) == kNoEntity) scan.AddPrefix(prefix, id);
    for (const absl::uint128 edge : {prefix.first, prefix.last()}) {
      asked.insert(asked.end(), {edge, edge - 1, edge + 1});
    }
    asked.push_back(any);
  }
  index.Finish();
  for (const absl::uint128 address : asked) {
    ASSERT_EQ(index.ByAddress(address), scan.ByAddress(address)) << address;
  }
}

TEST(EntityIndexTest, APrefixOfIpv6HoldsNoAddressOfIpv4) {
  EntityIndex index;
  index.AddPrefix(PrefixOf("::/16"), 1);
  index.Finish();
  EXPECT_EQ(index.ByAddress(Address("::5")), 1);
  EXPECT_EQ(index.ByAddress(Address("192.0.2.1")), kNoEntity);
}

TEST(EntityIndexTest, TheLastAddressOfAllEndsNothingBehindIt) {
  EntityIndex index;
  index.AddPrefix(PrefixOf("ffff::/16"), 1);
  index.AddPrefix(PrefixOf("ffff:ffff::/32"), 2);
  index.Finish();
  EXPECT_EQ(index.ByAddress(~absl::uint128(0)), 2);
  EXPECT_EQ(index.ByAddress(Address("ffff::1")), 1);
  EXPECT_EQ(index.ByAddress(Address("fffe::1")), kNoEntity);
}

TEST(EntityIndexTest, AgreesWithAScanOverRandomNames) {
  std::mt19937 random(7);
  const auto name = [&random] {
    std::string text(1, static_cast<char>('a' + random() % 2));
    for (size_t labels = random() % 4; labels > 0; --labels) {
      absl::StrAppend(&text, ".",
                      std::string(1 + random() % 2, static_cast<char>('a' + random() % 2)));
    }
    return text;
  };
  EntityIndex index;
  ScanIndex scan;
  for (EntityId id = 1; id <= 20; ++id) {
    const std::string suffix = name();
    if (index.AddSuffix(suffix, id) == kNoEntity) scan.AddSuffix(suffix, id);
  }
  index.Finish();
  for (int i = 0; i < 5000; ++i) {
    const std::string asked = name();
    ASSERT_EQ(index.ByName(absl::AsciiStrToUpper(asked)), scan.ByName(asked)) << asked;
  }
}

}  // namespace
}  // namespace borderflow
