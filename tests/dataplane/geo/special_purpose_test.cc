#include "dataplane/geo/special_purpose.h"

#include "dataplane/geo/geography.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

// Geography without databases: only the special blocks speak.
Location Ask(const Geography& geography, std::string_view address) {
  const std::optional<IpAddress> parsed = ParseAddress(address);
  EXPECT_TRUE(parsed.has_value()) << address;
  return geography.map().Find(parsed.value_or(IpAddress{}));
}

Geography Load(std::optional<Jurisdiction> home = std::nullopt) {
  GeographyOptions options;
  options.home = home;
  absl::StatusOr<Geography> geography = Geography::Load(options);
  EXPECT_TRUE(geography.ok()) << geography.status();
  return *std::move(geography);
}

TEST(SpecialPurposeTest, EveryPrefixIsWellFormedAndListedOnce) {
  std::vector<std::string_view> seen;
  for (const SpecialBlock& block : SpecialBlocks()) {
    EXPECT_TRUE(ParsePrefix(block.prefix).has_value()) << block.prefix;
    EXPECT_EQ(std::count(seen.begin(), seen.end(), block.prefix), 0) << block.prefix;
    EXPECT_FALSE(block.name.empty() || block.source.empty()) << block.prefix;
    seen.push_back(block.prefix);
  }
}

TEST(SpecialPurposeTest, BothEndsOfEveryBlockFollowTheLongestPrefix) {
  const Geography geography = Load();
  for (const SpecialBlock& block : SpecialBlocks()) {
    const Prefix prefix = ParsePrefix(block.prefix).value();
    for (const IpAddress& address : {prefix.address, prefix.last()}) {
      const SpecialBlock* longest = FindSpecialBlock(address);
      ASSERT_NE(longest, nullptr);
      EXPECT_EQ(geography.map().Find(address), SpecialLocation(*longest, std::nullopt))
          << ToString(address);
    }
  }
}

struct Case {
  const char* address;
  Jurisdiction expected;
};

// Written down from the registries, not from the table under test.
constexpr Case kCases[] = {
    {"10.0.0.0", Jurisdiction::kPrivate},
    {"10.255.255.255", Jurisdiction::kPrivate},
    {"11.0.0.0", Jurisdiction::kUnknown},
    {"172.15.255.255", Jurisdiction::kUnknown},
    {"172.16.0.0", Jurisdiction::kPrivate},
    {"172.31.255.255", Jurisdiction::kPrivate},
    {"172.32.0.0", Jurisdiction::kUnknown},
    {"192.168.1.1", Jurisdiction::kPrivate},
    {"169.254.1.1", Jurisdiction::kPrivate},
    {"100.64.0.0", Jurisdiction::kPrivate},
    {"100.127.255.255", Jurisdiction::kPrivate},
    {"100.128.0.0", Jurisdiction::kUnknown},
    {"0.0.0.0", Jurisdiction::kReserved},
    {"127.0.0.1", Jurisdiction::kReserved},
    {"192.0.0.1", Jurisdiction::kReserved},
    {"192.0.0.9", Jurisdiction::kUnknown},
    {"192.0.0.10", Jurisdiction::kUnknown},
    {"192.0.0.11", Jurisdiction::kReserved},
    {"192.0.0.170", Jurisdiction::kReserved},
    {"192.0.2.77", Jurisdiction::kReserved},
    {"192.31.196.1", Jurisdiction::kUnknown},
    {"192.52.193.1", Jurisdiction::kUnknown},
    {"192.88.99.1", Jurisdiction::kUnknown},
    {"192.175.48.1", Jurisdiction::kUnknown},
    {"198.18.0.0", Jurisdiction::kReserved},
    {"198.19.255.255", Jurisdiction::kReserved},
    {"198.20.0.0", Jurisdiction::kUnknown},
    {"198.51.100.1", Jurisdiction::kReserved},
    {"203.0.113.1", Jurisdiction::kReserved},
    {"223.255.255.255", Jurisdiction::kUnknown},
    {"224.0.0.1", Jurisdiction::kMulticast},
    {"239.255.255.255", Jurisdiction::kMulticast},
    {"240.0.0.0", Jurisdiction::kReserved},
    {"255.255.255.255", Jurisdiction::kReserved},
    {"::", Jurisdiction::kReserved},
    {"::1", Jurisdiction::kReserved},
    {"::2", Jurisdiction::kUnknown},
    {"64:ff9b::1", Jurisdiction::kUnknown},
    {"64:ff9b:1::1", Jurisdiction::kReserved},
    {"100::1", Jurisdiction::kReserved},
    {"100:0:0:1::1", Jurisdiction::kReserved},
    {"100:0:0:2::1", Jurisdiction::kUnknown},
    {"2001::1", Jurisdiction::kUnknown},
    {"2001:1::1", Jurisdiction::kUnknown},
    {"2001:1::2", Jurisdiction::kUnknown},
    {"2001:1::4", Jurisdiction::kReserved},
    {"2001:2::1", Jurisdiction::kReserved},
    {"2001:3::1", Jurisdiction::kUnknown},
    {"2001:4:112::1", Jurisdiction::kUnknown},
    {"2001:4:113::1", Jurisdiction::kReserved},
    {"2001:10::1", Jurisdiction::kReserved},
    {"2001:20::1", Jurisdiction::kUnknown},
    {"2001:30::1", Jurisdiction::kUnknown},
    {"2001:40::1", Jurisdiction::kReserved},
    {"2001:200::1", Jurisdiction::kUnknown},
    {"2001:db8::1", Jurisdiction::kReserved},
    {"2001:db9::1", Jurisdiction::kUnknown},
    {"2002::1", Jurisdiction::kUnknown},
    {"2620:4f:8000::1", Jurisdiction::kUnknown},
    {"3fff::1", Jurisdiction::kReserved},
    {"3fff:1000::1", Jurisdiction::kUnknown},
    {"5f00::1", Jurisdiction::kReserved},
    {"fc00::1", Jurisdiction::kPrivate},
    {"fdff::1", Jurisdiction::kPrivate},
    {"fe80::1", Jurisdiction::kPrivate},
    {"febf::1", Jurisdiction::kPrivate},
    {"ff02::1", Jurisdiction::kMulticast},
};

TEST(SpecialPurposeTest, AddressesOfTheRegistries) {
  const Geography geography = Load();
  for (const Case& c : kCases) {
    const Location found = Ask(geography, c.address);
    EXPECT_EQ(found.location, c.expected) << c.address;
    EXPECT_EQ(found.source,
              c.expected == Jurisdiction::kUnknown ? GeoSource::kNone : GeoSource::kSpecial)
        << c.address;
  }
}

TEST(SpecialPurposeTest, HomeAnswersForPrivateSpaceOnly) {
  const Jurisdiction home = FromCode("NL").value();
  const Geography geography = Load(home);
  for (const Case& c : kCases) {
    const Location found = Ask(geography, c.address);
    if (c.expected == Jurisdiction::kPrivate) {
      EXPECT_EQ(found.location, home) << c.address;
      EXPECT_EQ(found.source, GeoSource::kHome) << c.address;
    } else {
      EXPECT_EQ(found.location, c.expected) << c.address;
    }
  }
}

}  // namespace
}  // namespace borderflow
