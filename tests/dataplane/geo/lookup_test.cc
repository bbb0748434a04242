#include "dataplane/geo/lookup.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/corpus.h"
#include "tests/dataplane/geo/geo_files.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

Jurisdiction Country(std::string_view code) { return FromCode(code).value(); }

TEST(LookupTest, EverySourceAnswersInOrderOfPrecedence) {
  const GeoFiles files("lookup_order");
  GeographyOptions options;
  options.overrides = {files.Text("o.csv", "10.1.0.0/16,FR,DE,64511\n")};
  options.sites = {{ParsePrefix("10.0.0.0/8").value(), Country("BE")}};
  options.home = Country("NL");
  options.databases = {files.Database("a", {{"8.0.0.0/8", {.country = "US"}}}),
                       files.Database("b", {{"10.0.0.0/8", {.country = "UK", .asn = 64500}}})};
  const auto answers = ExplainAddress(options, ParseAddress("10.1.2.3").value());
  ASSERT_TRUE(answers.ok()) << answers.status();
  ASSERT_EQ(answers->size(), 5u);

  const SourceAnswer& override_answer = (*answers)[0];
  EXPECT_EQ(override_answer.layer, GeoSource::kOverride);
  EXPECT_EQ(override_answer.network, "10.1.0.0/16");
  EXPECT_EQ(override_answer.detail, "line 1");
  EXPECT_EQ(override_answer.location, Country("FR"));
  EXPECT_EQ(override_answer.registered, Country("DE"));
  EXPECT_EQ(override_answer.asn, 64511u);
  EXPECT_TRUE(override_answer.won);

  EXPECT_EQ((*answers)[1].layer, GeoSource::kSite);
  EXPECT_EQ((*answers)[1].network, "10.0.0.0/8");
  EXPECT_EQ((*answers)[2].layer, GeoSource::kHome);
  EXPECT_EQ((*answers)[2].source, "--home");
  EXPECT_EQ((*answers)[2].detail, "Private-Use (RFC 1918)");

  EXPECT_EQ((*answers)[3].network, "") << "the first database does not cover the address";
  EXPECT_EQ((*answers)[3].location, std::nullopt);

  const SourceAnswer& database = (*answers)[4];
  EXPECT_EQ(database.layer, GeoSource::kDatabase);
  EXPECT_EQ(database.network, "10.0.0.0/8");
  EXPECT_EQ(database.code, "UK");
  EXPECT_EQ(database.location, Country("GB"));
  EXPECT_EQ(database.asn, 64500u);
  EXPECT_EQ(database.as_name, "Example");
  EXPECT_FALSE(database.won);
}

TEST(LookupTest, AnycastFlagWinsOverTheCountry) {
  const GeoFiles files("lookup_anycast");
  GeographyOptions options;
  options.databases = {files.Database("a", {{"8.0.0.0/8", {.country = "US"}}}),
                       files.Database("b", {{"8.0.0.0/8", {.country = "CH", .anycast = true}}})};
  const IpAddress address = ParseAddress("8.8.8.8").value();
  auto answers = ExplainAddress(options, address);
  ASSERT_TRUE(answers.ok()) << answers.status();
  ASSERT_EQ(answers->size(), 3u);
  EXPECT_FALSE((*answers)[1].won);
  EXPECT_TRUE((*answers)[2].won);
  EXPECT_EQ((*answers)[2].layer, GeoSource::kAnycast);
  options.anycast_from_database = true;
  answers = ExplainAddress(options, address);
  ASSERT_TRUE(answers.ok());
  EXPECT_TRUE((*answers)[1].won);
}

TEST(LookupTest, GloballyReachableSpecialBlockSaysThatItFollows) {
  const auto answers = ExplainAddress({}, ParseAddress("2002::1").value());
  ASSERT_TRUE(answers.ok());
  ASSERT_EQ(answers->size(), 1u);
  EXPECT_EQ((*answers)[0].location, std::nullopt);
  EXPECT_THAT((*answers)[0].detail, HasSubstr("6to4"));
  EXPECT_FALSE((*answers)[0].won);
}

TEST(LookupTest, ErrorsAreThoseOfLoading) {
  GeographyOptions options;
  options.databases = {"/nonexistent/x.mmdb"};
  EXPECT_EQ(ExplainAddress(options, IpAddress{}).status().code(), absl::StatusCode::kNotFound);
}

// The winner's answer is what the compiled map says, on random addresses of a real database.
TEST(LookupTest, WinnerAgreesWithTheMap) {
  const auto corpus = CorpusFolder();
  if (!corpus.has_value()) GTEST_SKIP() << "no corpus: set BORDERFLOW_CORPUS";
  const GeoFiles files("lookup_agrees");
  GeographyOptions options;
  options.overrides = {files.Text("o.csv", "8.0.0.0/6,FR\n2600::/12,DE\n")};
  options.home = Country("NL");
  options.databases = {*corpus / "mmdb" / "GeoIP2-Country-Test.mmdb", *corpus / "tor-country.mmdb"};
  const auto geography = Geography::Load(options);
  const auto explainer = AddressExplainer::Open(options);
  ASSERT_TRUE(geography.ok() && explainer.ok());
  std::mt19937_64 random(11);
  for (int i = 0; i < 20000; ++i) {
    const IpAddress address = i % 2 == 0 ? IpAddress::FromV4(static_cast<uint32_t>(random()))
                                         : IpAddress{0x2000ull << 48 | random() >> 3, random()};
    const Location expected = geography->map().Find(address);
    const auto answers = explainer->Explain(address);
    ASSERT_TRUE(answers.ok()) << answers.status();
    const SourceAnswer* winner = nullptr;
    for (const SourceAnswer& answer : *answers) {
      ASSERT_FALSE(answer.won && winner != nullptr) << ToString(address);
      if (answer.won) winner = &answer;
    }
    if (winner == nullptr) {
      ASSERT_EQ(expected.location, Jurisdiction::kUnknown) << ToString(address);
      continue;
    }
    ASSERT_EQ(winner->layer, expected.source) << ToString(address);
    ASSERT_EQ(
        winner->layer == GeoSource::kAnycast ? Jurisdiction::kAnycast : winner->location.value(),
        expected.location)
        << ToString(address);
  }
}

}  // namespace
}  // namespace borderflow
