#include "dataplane/geo/overrides.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;

Overrides Parse(std::string_view text) {
  absl::StatusOr<Overrides> overrides = ParseOverrides(text, "o.csv");
  EXPECT_TRUE(overrides.ok()) << overrides.status();
  return overrides.ok() ? *std::move(overrides) : Overrides{};
}

std::string Error(std::string_view text) {
  const absl::Status status = ParseOverrides(text, "o.csv").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(OverridesTest, OursWithHeaderCommentsAndBlanks) {
  const Overrides overrides = Parse(
      "# our branch offices\n"
      "prefix,location,registered,asn\n"
      "\n"
      "192.0.2.0/24,DE,FR,AS64500\n"
      "  2001:db8::/32 , NL # the lab\r\n"
      "198.51.100.7,anycast,,64501\n");
  EXPECT_FALSE(overrides.geofeed);
  ASSERT_EQ(overrides.lines.size(), 3u);
  const Location& first = overrides.lines[0].located.location;
  EXPECT_EQ(first.location, FromCode("DE"));
  EXPECT_EQ(first.registered, FromCode("FR"));
  EXPECT_EQ(first.asn, 64500u);
  EXPECT_EQ(first.source, GeoSource::kOverride);
  EXPECT_EQ(overrides.lines[0].line, 4u);
  EXPECT_EQ(overrides.lines[0].located.prefix.length, 120);
  EXPECT_EQ(overrides.lines[1].located.location.location, FromCode("NL"));
  EXPECT_EQ(overrides.lines[1].located.prefix.length, 32);
  EXPECT_EQ(overrides.lines[2].located.location.location, Jurisdiction::kAnycast);
  EXPECT_EQ(overrides.lines[2].located.location.registered, Jurisdiction::kUnknown);
  EXPECT_EQ(overrides.lines[2].located.location.asn, 64501u);
  EXPECT_EQ(overrides.lines[2].located.prefix.length, 128);
}

TEST(OverridesTest, Geofeed) {
  const Overrides overrides = Parse(
      "\xef\xbb\xbf# RFC 8805\n"
      "192.0.2.0/25,US,US-AL,Alabaster,\n"
      "192.0.2.5,uk,,\"London, City\",\n"
      "2001:db8::/32,,,,\n"
      "2001:db8:1::/48,ZZ,,,\n");
  EXPECT_TRUE(overrides.geofeed);
  ASSERT_EQ(overrides.lines.size(), 4u);
  EXPECT_EQ(overrides.lines[0].located.location.location, FromCode("US"));
  EXPECT_EQ(overrides.lines[0].located.location.registered, Jurisdiction::kUnknown);
  EXPECT_EQ(overrides.lines[1].located.location.location, FromCode("GB"));
  EXPECT_EQ(overrides.lines[2].located.location.location, Jurisdiction::kUnknown);
  EXPECT_EQ(overrides.lines[2].located.location.source, GeoSource::kOverride);
  EXPECT_EQ(overrides.lines[3].located.location.location, Jurisdiction::kUnknown);
  EXPECT_THAT(overrides.odd_codes, ElementsAre(Pair("UK", 1), Pair("ZZ", 1)));
}

TEST(OverridesTest, RegionAloneMakesAGeofeed) {
  EXPECT_TRUE(Parse("192.0.2.0/24,CH,CH-ZH\n").geofeed);
  EXPECT_FALSE(Parse("192.0.2.0/24,CH,DE\n").geofeed);
  EXPECT_FALSE(Parse("192.0.2.0/24,CH\n").geofeed);
}

TEST(OverridesTest, EmptyFileIsFine) {
  EXPECT_THAT(Parse("").lines, IsEmpty());
  EXPECT_THAT(Parse("# nothing\n\n").lines, IsEmpty());
  EXPECT_THAT(Parse("prefix,location\n").lines, IsEmpty());
}

TEST(OverridesTest, WrongPrefixIsNamedWithItsPlace) {
  EXPECT_THAT(Error("192.0.2.0/24,DE\n192.0.2.1/24,FR\n"),
              StartsWith("o.csv:2:1: \"192.0.2.1/24\""));
  EXPECT_THAT(Error("192.0.2.1/24,FR\n"), HasSubstr("bits after it are set"));
  EXPECT_THAT(Error("192.0.2.0/33,FR\n"), HasSubstr("out of range"));
  EXPECT_THAT(Error("  banana,FR\n"), StartsWith("o.csv:1:3: \"banana\" is not a prefix"));
}

TEST(OverridesTest, WrongCodeIsNamedWithASuggestion) {
  EXPECT_THAT(Error("192.0.2.0/24,UK\n"),
              ::testing::AllOf(StartsWith("o.csv:1:14: \"UK\""), HasSubstr("did you mean \"GB\"")));
  EXPECT_THAT(Error("192.0.2.0/24,de\n"), HasSubstr("did you mean \"DE\""));
  EXPECT_THAT(Error("192.0.2.0/24,anicast\n"), HasSubstr("not a jurisdiction"));
  EXPECT_THAT(Error("192.0.2.0/24,DE,QQQ\n"), StartsWith("o.csv:1:17: \"QQQ\""));
  EXPECT_THAT(Error("192.0.2.0/24,D3,,,\n"), HasSubstr("RFC 8805"));
}

TEST(OverridesTest, WrongAsNumberIsNamed) {
  EXPECT_THAT(Error("192.0.2.0/24,DE,FR,AS-5\n"), StartsWith("o.csv:1:20: \"AS-5\""));
}

TEST(OverridesTest, PrefixAloneIsRefused) {
  EXPECT_THAT(Error("192.0.2.0/24\n"), HasSubstr("expected prefix,location"));
}

TEST(OverridesTest, RepeatedLineIsReportedAndContradictionRefused) {
  const Overrides overrides = Parse("192.0.2.0/24,DE\n2001:db8::/32,FR\n192.0.2.0/24,DE\n");
  EXPECT_EQ(overrides.lines.size(), 2u);
  EXPECT_THAT(overrides.warnings, ElementsAre("o.csv:3: 192.0.2.0/24 repeats line 1"));
  EXPECT_THAT(Error("192.0.2.0/24,DE\n192.0.2.0/24,FR\n"),
              ::testing::AllOf(StartsWith("o.csv:2:1:"), HasSubstr("another answer on line 1")));
}

TEST(OverridesTest, MessagesStayPrintable) {
  EXPECT_THAT(Error(std::string("\x01\x1b[31m") + std::string(5000, 'x') + ",DE\n"),
              ::testing::ResultOf([](const std::string& text) { return text.size(); },
                                  ::testing::Lt(300u)));
  EXPECT_THAT(Error("\x1b[31m,DE\n"), StartsWith("o.csv:1:1: \"?[31m\""));
}

}  // namespace
}  // namespace borderflow
