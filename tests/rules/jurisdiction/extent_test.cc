#include "rules/jurisdiction/extent.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace borderflow {
namespace {

constexpr Place kBerlin = {52.52, 13.40};
constexpr Place kFrankfurt = {50.11, 8.68};

TEST(Extent, DistancesAreThoseOfTheMap) {
  EXPECT_NEAR(Kilometres(kBerlin, {48.86, 2.35}), 878, 5) << "Paris";
  EXPECT_NEAR(Kilometres(kBerlin, {-33.87, 151.21}), 16090, 50) << "Sydney";
  EXPECT_NEAR(Kilometres({0, 179.9}, {0, -179.9}), 22.2, 0.5) << "over the date line";
  EXPECT_NEAR(Kilometres({90, 0}, {-90, 77}), 20015, 1) << "pole to pole";
  EXPECT_EQ(Kilometres(kBerlin, kBerlin), 0);
}

TEST(Extent, NeighboursMayBeHereAndTheOtherSideIsNot) {
  EXPECT_EQ(NearestKilometres(kFrankfurt, *FromCode("DE")), 0);
  EXPECT_EQ(NearestKilometres(kFrankfurt, *FromCode("FR")), 0);
  EXPECT_GT(NearestKilometres(kFrankfurt, *FromCode("US")), 3000);
  EXPECT_GT(NearestKilometres(kFrankfurt, *FromCode("AU")), 9000);
  EXPECT_GT(NearestKilometres(kFrankfurt, *FromCode("NZ")), 14000);
  EXPECT_GT(NearestKilometres(kFrankfurt, *FromCode("SG")), 10000);
}

TEST(Extent, SpecialsAreNowhere) {
  for (int id = 0; id < kSpecialJurisdictions; ++id) {
    EXPECT_EQ(NearestKilometres(kBerlin, static_cast<Jurisdiction>(id)), 0);
  }
}

TEST(Extent, EveryJurisdictionIsSomewhere) {
  // From two places at opposite ends of the earth, only what is nowhere is near to both.
  const Place here = {48, 16};
  const Place there = {-48, -164};
  for (int id = kSpecialJurisdictions; id < kJurisdictions; ++id) {
    const auto jurisdiction = static_cast<Jurisdiction>(id);
    const std::string_view code = Code(jurisdiction);
    if (code == "UM") continue;  // islands all over the Pacific and in the Caribbean
    EXPECT_GT(NearestKilometres(here, jurisdiction) + NearestKilometres(there, jurisdiction), 5000)
        << code;
  }
}

// The principal places of time zones, as this machine has them now.
TEST(Extent, HoldsEveryZoneOfTheTimeZoneData) {
  std::ifstream file("/usr/share/zoneinfo/zone.tab");
  if (!file) GTEST_SKIP() << "no /usr/share/zoneinfo/zone.tab (package tzdata)";
  const std::regex coordinates(R"(([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?)");
  int zones = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream columns(line);
    std::string code;
    std::string place;
    if (line.empty() || line[0] == '#' || !(columns >> code >> place)) continue;
    std::smatch match;
    ASSERT_TRUE(std::regex_match(place, match, coordinates)) << line;
    const auto degrees = [&match](size_t sign) {
      const double value = std::stod(match[sign + 1]) + std::stod(match[sign + 2]) / 60;
      return match[sign] == "-" ? -value : value;
    };
    const auto jurisdiction = FromCode(code);
    ASSERT_TRUE(jurisdiction.has_value()) << code;
    EXPECT_EQ(NearestKilometres({degrees(1), degrees(5)}, *jurisdiction), 0) << line;
    ++zones;
  }
  EXPECT_GT(zones, 300);
}

TEST(Place, IsReadStrictly) {
  const auto place = ParsePlace("-33.87,151.21");
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place->latitude, -33.87);
  EXPECT_EQ(place->longitude, 151.21);
  for (const char* text : {"", "52.5", "52.5;13.4", "52,5,13,4", "91,0", "0,181", "nan,0", "x,y"}) {
    const auto wrong = ParsePlace(text);
    ASSERT_FALSE(wrong.ok()) << text;
    EXPECT_NE(wrong.status().message().find("LATITUDE,LONGITUDE"), std::string::npos);
  }
}

}  // namespace
}  // namespace borderflow
