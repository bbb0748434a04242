#include "rules/category/category.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

TEST(CategoryTest, EveryCodeLeadsBackToItsCategory) {
  std::set<std::string_view> codes;
  for (int i = 0; i < kCategories; ++i) {
    const Category category = static_cast<Category>(i);
    EXPECT_EQ(CategoryFromCode(Code(category)), category) << Code(category);
    codes.insert(Code(category));
  }
  EXPECT_THAT(codes, testing::UnorderedElementsAre("UNK", "ENC", "PID", "GEO", "BIO", "OMC", "HLT",
                                                   "FIN", "GOV", "COM", "TEL", "CHD", "EMP", "ADV",
                                                   "AUTH", "SUR", "IND", "DBX", "REM", "TRADE_EDI",
                                                   "MED", "UPD", "INF", "TUN"));
}

TEST(CategoryTest, CodesBelongToTheCategoriesOfThatName) {
  EXPECT_EQ(Code(Category::kUnk), "UNK");
  EXPECT_EQ(Code(Category::kHlt), "HLT");
  EXPECT_EQ(Code(Category::kChd), "CHD");
  EXPECT_EQ(Code(Category::kAuth), "AUTH");
  EXPECT_EQ(Code(Category::kEdi), "TRADE_EDI");
  EXPECT_EQ(Code(Category::kTun), "TUN");
}

TEST(CategoryTest, OtherTextIsNoCode) {
  for (const std::string_view text : {"", "hlt", "HLT ", "HL", "EDI", "HEALTH"}) {
    EXPECT_EQ(CategoryFromCode(text), std::nullopt) << text;
  }
}

TEST(CategoryTest, EveryMeaningIsOneSentenceOfItsOwn) {
  std::set<std::string_view> meanings;
  for (int i = 0; i < kCategories; ++i) {
    const std::string_view meaning = Meaning(static_cast<Category>(i));
    EXPECT_TRUE(meaning.ends_with('.')) << meaning;
    EXPECT_EQ(meaning.find('.'), meaning.size() - 1) << meaning;
    meanings.insert(meaning);
  }
  EXPECT_EQ(meanings.size(), kCategories);
}

TEST(CategoryTest, BetterEvidenceMayClaimMore) {
  EXPECT_EQ(ConfidenceCap(Evidence::kNone), 0);
  EXPECT_EQ(ConfidenceCap(Evidence::kPort), 30);
  EXPECT_EQ(ConfidenceCap(Evidence::kOperator), 50);
  EXPECT_EQ(ConfidenceCap(Evidence::kName), 80);
  EXPECT_EQ(ConfidenceCap(Evidence::kProtocol), 95);
  EXPECT_EQ(ConfidenceCap(Evidence::kContent), 99);
}

TEST(CategoryTest, NamesOfEvidenceAndProtectionAreTheDesigns) {
  EXPECT_EQ(Name(Evidence::kNone), "none");
  EXPECT_EQ(Name(Evidence::kPort), "port");
  EXPECT_EQ(Name(Evidence::kOperator), "operator");
  EXPECT_EQ(Name(Evidence::kName), "name");
  EXPECT_EQ(Name(Evidence::kProtocol), "protocol");
  EXPECT_EQ(Name(Evidence::kContent), "content");
  EXPECT_EQ(Name(Protection::kUnknown), "unknown");
  EXPECT_EQ(Name(Protection::kCleartext), "cleartext");
  EXPECT_EQ(Name(Protection::kEncrypted), "encrypted");
}

}  // namespace
}  // namespace borderflow
