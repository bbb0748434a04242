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
#include "rules/category/rule_check.h"
#include "tests/source_tree.h"

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
  EXPECT_GE(lines.size(), 3500);
  std::map<Category, int> count;
  for (const Line& line : lines) ++count[line.category];
  for (int i = 0; i < kCategories; ++i) {
    const Category category = static_cast<Category>(i);
    if (!IsClassified(category)) continue;
    EXPECT_GE(count[category], 50) << Code(category);
  }
}

// By the country code that a suffix ends in. Services under com, org and the like are of no region
// here, so that these are lower bounds.
TEST(SuffixesTest, EveryRegionOfTheWorldIsServed) {
  const std::map<std::string, std::string> regions = {
      {"northern Africa", "dz eg ly ma mr sd tn"},
      {"western Africa", "bf bj ci cv gh gm gn lr ml ne ng sl sn tg"},
      {"eastern and southern Africa",
       "ao bi bw cd cg dj er et ga ke km ls mg mu mw mz na rw sc so ss st sz tz ug za zm zw"},
      {"Arab Middle East", "ae bh iq jo kw lb om ps qa sa sy ye"},
      {"Iran, Israel, Turkiye", "ir il tr"},
      {"Central Asia and the Caucasus", "am az ge kg kz mn tj tm uz"},
      {"South Asia", "af bd bt in lk mv np pk"},
      {"Southeast Asia", "bn id kh la mm my ph sg th tl vn"},
      {"East Asia", "cn hk jp kr mo tw"},
      {"Oceania", "au ck fj ki nr nz pg sb to tv vu ws"},
      {"Brazil", "br"},
      {"Spanish-speaking America", "ar bo cl co cr cu do ec gt hn mx ni pa pe py sv uy ve"},
      {"Caribbean", "ag bb bs dm gd gy ht jm kn ky lc sr tt vc"},
      {"northern America", "ca us gov"},
      {"western Europe", "at be ch de es fr gg ie im is it je li lu nl pt uk mc mt"},
      {"northern Europe", "dk ee fi lt lv no se"},
      {"eastern and southern Europe", "al ba bg by cy cz gr hr hu md me mk pl ro rs ru si sk ua"}};
  std::map<std::string, int> of_top;
  for (const Line& line : Lines()) {
    ++of_top[line.suffix.substr(line.suffix.rfind('.') + 1)];
  }
  for (const auto& [region, tops] : regions) {
    int count = 0;
    std::istringstream words(tops);
    for (std::string top; words >> top;) count += of_top[top];
    EXPECT_GE(count, 14) << region;
  }
}

TEST(SuffixesTest, NoEntryIsWrongContradictoryOrWithoutEffect) {
  RuleCheck check;
  check.ReadText(ReadList(), "suffixes.csv");
  check.Finish();
  EXPECT_EQ(check.suffixes(), Lines().size());
  for (const Remark& remark : check.remarks()) {
    EXPECT_EQ(remark.kind, RemarkKind::kNote) << remark.line << ": " << remark.text;
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
