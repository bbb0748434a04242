#include "tools/generator/blocks.h"

#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/generator/services.h"

namespace borderflow::generator {
namespace {

using ::testing::HasSubstr;

std::string MessageOf(const std::vector<std::string>& replacements) {
  const absl::StatusOr<Blocks> blocks = Blocks::Make(replacements);
  return blocks.ok() ? "accepted" : std::string(blocks.status().message());
}

TEST(Blocks, DefaultsAreDisjointAndReachEveryContinent) {
  const absl::StatusOr<Blocks> blocks = Blocks::Make({});
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  for (const char* code : {"US", "IE", "NL", "FR", "GB", "CN", "HK", "SG", "JP", "KR",
                           "IN", "BR", "ZA", "NG", "KE", "AE", "AU", "RU", "CH", "anycast"}) {
    EXPECT_FALSE(blocks->Of(Place(code), true).empty()) << code;
  }
}

TEST(Blocks, EveryServiceHasAPlaceToAnswerFrom) {
  const absl::StatusOr<Blocks> blocks = Blocks::Make({});
  ASSERT_TRUE(blocks.ok());
  for (const auto services : {Services(), UnknownServices()}) {
    for (const Service& service : services) {
      std::string_view places = service.places;
      while (!places.empty()) {
        const size_t space = std::min(places.find(' '), places.size());
        EXPECT_FALSE(blocks->Of(Place(places.substr(0, space)), true).empty())
            << service.name << " in " << places.substr(0, space);
        places.remove_prefix(std::min(space + 1, places.size()));
      }
    }
  }
}

TEST(Blocks, AReplacementRemovesTheDefaultsOfItsFamilyOnly) {
  const absl::StatusOr<Blocks> blocks = Blocks::Make({"DE=192.0.2.0/24", "DE=198.51.100.0/24"});
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  const std::vector<const Block*> v4 = blocks->Of(Place("DE"), true);
  ASSERT_EQ(v4.size(), 2u);
  EXPECT_EQ(ToString(v4[0]->prefix), "192.0.2.0/24");
  EXPECT_EQ(ToString(v4[1]->prefix), "198.51.100.0/24");
  EXPECT_FALSE(blocks->Of(Place("DE"), false).empty());
}

TEST(Blocks, QuartersOfABlockShareNoAddress) {
  const absl::StatusOr<Blocks> blocks = Blocks::Make({"DE=192.0.2.0/24"});
  ASSERT_TRUE(blocks.ok());
  const Block& block = *blocks->Of(Place("DE"), true).front();
  std::set<IpAddress> seen;
  for (const Quarter quarter :
       {Quarter::kClients, Quarter::kNamed, Quarter::kNameless, Quarter::kOther}) {
    std::set<IpAddress> mine;
    for (uint32_t i = 0; i < 1000; ++i) mine.insert(block.Host(quarter, i));
    EXPECT_EQ(mine.size(), block.quarter_size() - 2);
    for (const IpAddress& address : mine) {
      EXPECT_TRUE(seen.insert(address).second);
      EXPECT_GE(address, block.prefix.address);
      EXPECT_LE(address, block.prefix.last());
    }
  }
}

TEST(Blocks, MistakesAreNamed) {
  EXPECT_THAT(MessageOf({"DE"}), HasSubstr("expected CC=PREFIX"));
  EXPECT_THAT(MessageOf({"UK=192.0.2.0/24"}), HasSubstr("\"UK\" is not a jurisdiction"));
  EXPECT_THAT(MessageOf({"unknown=192.0.2.0/24"}), HasSubstr("is not a jurisdiction"));
  EXPECT_THAT(MessageOf({"DE=192.0.2.1/24"}), HasSubstr("is not a prefix"));
  EXPECT_THAT(MessageOf({"DE=192.0.2.0/28"}), HasSubstr("too small"));
  EXPECT_THAT(MessageOf({"DE=12.0.0.0/16"}), HasSubstr("DE=12.0.0.0/16 overlap"));
}

}  // namespace
}  // namespace borderflow::generator
