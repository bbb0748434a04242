#include "rules/jurisdiction/operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::Ge;
using ::testing::StartsWith;

struct Line {
  uint32_t asn = 0;
  std::vector<std::string> fields;
};

// The CSV file itself, read apart from the build.
class OperatorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(std::string(BORDERFLOW_SOURCE_DIR) + "/rules/jurisdiction/operators.csv");
    ASSERT_TRUE(file.is_open());
    std::string text;
    while (std::getline(file, text)) {
      if (text.rfind("# as_of: ", 0) == 0) as_of_ = text.substr(9);
      if (text.empty() || text.front() == '#' || text.rfind("asn,", 0) == 0) continue;
      Line line;
      line.fields = absl::StrSplit(text, ',');
      ASSERT_EQ(line.fields.size(), 4u) << text;
      ASSERT_TRUE(absl::SimpleAtoi(line.fields[0], &line.asn)) << text;
      lines_.push_back(line);
    }
  }

  std::vector<Line> lines_;
  std::string as_of_;
};

TEST_F(OperatorsTest, EveryLineOfTheFileIsFound) {
  EXPECT_THAT(lines_.size(), Ge(300u));
  EXPECT_EQ(OperatorCount(), lines_.size());
  EXPECT_EQ(OperatorsAsOf(), as_of_);
  for (const Line& line : lines_) {
    const Operator* found = FindOperator(line.asn);
    ASSERT_NE(found, nullptr) << line.asn;
    EXPECT_EQ(found->asn, line.asn);
    EXPECT_EQ(Code(found->home), line.fields[1]) << line.asn;
    EXPECT_EQ(found->organisation, line.fields[2]) << line.asn;
  }
}

TEST_F(OperatorsTest, EveryNumberThatIsNotInTheFileHasNoAnswer) {
  std::set<uint32_t> listed;
  for (const Line& line : lines_) listed.insert(line.asn);
  for (uint32_t asn = 0; asn <= 500'000; ++asn) {
    EXPECT_EQ(FindOperator(asn) != nullptr, listed.count(asn) == 1) << asn;
  }
  EXPECT_EQ(FindOperator(4'200'000'000), nullptr);
  EXPECT_EQ(FindOperator(UINT32_MAX), nullptr);
}

TEST_F(OperatorsTest, EveryLineNamesWhereItsNumberWasRead) {
  for (const Line& line : lines_) {
    EXPECT_THAT(line.fields[3], AllOf(::testing::AnyOf(StartsWith("libloc 2022-10-29: "),
                                                       StartsWith("asn-info 2ed42676eb55: ")),
                                      EndsWith(" (home curated)")))
        << line.asn;
  }
}

TEST_F(OperatorsTest, OneOrganisationHasOneHome) {
  std::map<std::string, std::string> homes;
  for (const Line& line : lines_) {
    const auto [home, is_new] = homes.emplace(line.fields[2], line.fields[1]);
    EXPECT_EQ(home->second, line.fields[1]) << line.fields[2];
  }
  EXPECT_THAT(homes.size(), Ge(300u));
}

TEST_F(OperatorsTest, EveryRegionOfTheWorldIsThere) {
  const std::map<std::string, std::vector<std::string>> regions = {
      {"Africa", {"ZA", "NG", "EG", "KE", "ET", "MA", "DZ", "TN", "AO", "CM", "SD", "MU", "TZ"}},
      {"Latin America", {"MX", "BR", "AR", "CL", "CO", "EC", "VE", "BO", "PY", "UY", "CR", "CU"}},
      {"Middle East", {"SA", "AE", "QA", "KW", "OM", "BH", "LB", "IL", "PS", "IQ", "IR", "TR"}},
      {"Central Asia", {"KZ", "UZ", "TJ", "KG", "TM", "MN"}},
      {"South Asia", {"IN", "PK", "BD", "LK", "NP", "BT", "AF"}},
      {"South-East Asia", {"VN", "ID", "MY", "SG", "TH", "PH", "KH", "LA", "MM", "BN"}},
      {"East Asia", {"CN", "JP", "KR", "TW", "HK"}},
      {"Oceania", {"AU", "NZ", "FJ", "PG", "TO", "SB", "PW", "NC", "PF"}},
      {"Europe", {"DE", "FR", "GB", "ES", "IT", "PL", "SE", "NO", "UA", "RU", "RO", "GR", "CH"}},
      {"North America", {"US", "CA"}}};
  std::set<std::string> homes;
  for (const Line& line : lines_) homes.insert(line.fields[1]);
  for (const auto& [region, codes] : regions) {
    for (const std::string& code : codes) EXPECT_EQ(homes.count(code), 1u) << region << " " << code;
  }
}

TEST_F(OperatorsTest, HomeFollowsControlAndNotWhereTheNetworkWorks) {
  EXPECT_EQ(Code(FindOperator(8953)->home), "FR");   // Orange in Romania
  EXPECT_EQ(Code(FindOperator(21928)->home), "DE");  // T-Mobile in the United States
  EXPECT_EQ(Code(FindOperator(28573)->home), "MX");  // Claro in Brazil
  EXPECT_EQ(Code(FindOperator(3320)->home), "DE");
  EXPECT_EQ(Code(FindOperator(13335)->home), "US");
  EXPECT_EQ(Code(FindOperator(2119)->home), "NO");
}

}  // namespace
}  // namespace borderflow
