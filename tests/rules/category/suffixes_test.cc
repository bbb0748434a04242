// The list of suffixes that ships with the program.
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rules/category/names.h"

namespace borderflow {
namespace {

std::string ReadList() {
  std::ifstream file(BORDERFLOW_SOURCE_DIR "/rules/category/suffixes.csv", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Line {
  std::string suffix;
  Category category;
  int confidence;
  size_t number;
};

// Read apart from NameRules, by the simplest means.
std::vector<Line> Lines() {
  std::vector<Line> lines;
  std::istringstream text(ReadList());
  size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string suffix, code, confidence;
    std::getline(fields, suffix, ',');
    std::getline(fields, code, ',');
    std::getline(fields, confidence, ',');
    lines.push_back({suffix, CategoryFromCode(code).value(), std::stoi(confidence), number});
  }
  return lines;
}

std::string_view CodeOf(std::string_view name) {
  const NameRule* rule = NameRules::BuiltIn().Find(name);
  return rule == nullptr ? "none" : Code(rule->category);
}

TEST(SuffixesTest, BuiltInRulesAreTheFile) {
  const absl::StatusOr<NameRules> parsed = NameRules::Parse(ReadList(), "suffixes.csv");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(NameRules::BuiltIn().digest(), parsed->digest());
  EXPECT_EQ(NameRules::BuiltIn().size(), Lines().size());
}

TEST(SuffixesTest, EverySuffixFindsItself) {
  for (const Line& line : Lines()) {
    const std::optional<NameMatch> match = NameRules::BuiltIn().Match("www." + line.suffix);
    ASSERT_TRUE(match.has_value()) << line.suffix;
    EXPECT_EQ(match->suffix, line.suffix);
    EXPECT_EQ(match->line, line.number);
    EXPECT_EQ(match->rule->category, line.category);
    EXPECT_EQ(match->rule->confidence, line.confidence);
    EXPECT_FALSE(match->rule->service.empty());
  }
}

TEST(SuffixesTest, EveryCategoryThatNamesCanShowIsServed) {
  const std::vector<Line> lines = Lines();
  EXPECT_GE(lines.size(), 400);
  std::map<Category, int> count;
  for (const Line& line : lines) ++count[line.category];
  for (int i = 0; i < kCategories; ++i) {
    const Category category = static_cast<Category>(i);
    if (!IsClassified(category)) continue;
    EXPECT_GE(count[category], 8) << Code(category);
  }
}

TEST(SuffixesTest, ConfidenceIsOfOneServiceOrOfManyTenants) {
  for (const Line& line : Lines()) {
    EXPECT_TRUE(line.confidence == 80 || line.confidence == 50) << line.suffix;
  }
}

TEST(SuffixesTest, SortedByCategoryThenSuffix) {
  const std::vector<Line> lines = Lines();
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_LT(std::pair(lines[i - 1].category, lines[i - 1].suffix),
              std::pair(lines[i].category, lines[i].suffix));
  }
}

TEST(SuffixesTest, SpecificNamesStandAboveTheirGovernments) {
  EXPECT_EQ(CodeOf("www.example.gov.br"), "GOV");
  EXPECT_EQ(CodeOf("pix.bcb.gov.br"), "FIN");
  EXPECT_EQ(CodeOf("www.medicare.gov"), "HLT");
  EXPECT_EQ(CodeOf("secure.login.gov"), "AUTH");
  EXPECT_EQ(CodeOf("sra-download.ncbi.nlm.nih.gov"), "OMC");
}

TEST(SuffixesTest, BroadNamesClaimNothingThatTheirPartsDo) {
  EXPECT_EQ(CodeOf("www.google.com"), "none");
  EXPECT_EQ(CodeOf("pay.google.com"), "FIN");
  EXPECT_EQ(CodeOf("mail.google.com"), "COM");
  EXPECT_EQ(CodeOf("supl.google.com"), "GEO");
  EXPECT_EQ(CodeOf("www.microsoft.com"), "none");
  EXPECT_EQ(CodeOf("fe3cr.delivery.mp.microsoft.com"), "UPD");
  EXPECT_EQ(CodeOf("ec2-1-2-3-4.compute-1.amazonaws.com"), "none");
  EXPECT_EQ(CodeOf("bucket.s3.eu-west-1.amazonaws.com"), "DBX");
  EXPECT_EQ(CodeOf("d111111abcdef8.cloudfront.net"), "none");
}

}  // namespace
}  // namespace borderflow
