#include "rules/category/names.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::IsNull;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kCsv =
    "# comment, with commas, and more, and more, and more\n"
    "stripe.com,FIN,80,Stripe\n"
    "\n"
    "google.com,ADV,50,Google\r\n"
    "pay.google.com,FIN,80,Google Pay\n"
    "gov,GOV,80,Federal government\n"
    "_dmarc.example.org,COM,80,Mail policy\n"
    "xn--p1ai,GOV,50,Cyrillic";

NameRules Rules(std::string_view csv = kCsv) {
  absl::StatusOr<NameRules> rules = NameRules::Parse(csv, "test.csv");
  EXPECT_TRUE(rules.ok()) << rules.status();
  return *std::move(rules);
}

std::string ServiceOf(const NameRules& rules, std::string_view name) {
  const NameRule* rule = rules.Find(name);
  return rule == nullptr ? "" : std::string(rule->service);
}

std::string ErrorOf(std::string_view csv) {
  const absl::StatusOr<NameRules> rules = NameRules::Parse(csv, "names.csv");
  EXPECT_EQ(rules.status().code(), absl::StatusCode::kInvalidArgument) << csv;
  return std::string(rules.status().message());
}

TEST(NamesTest, RuleCarriesAllItsFields) {
  const NameRules rules = Rules();
  EXPECT_EQ(rules.size(), 6);
  const NameRule* rule = rules.Find("api.stripe.com");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->category, Category::kFin);
  EXPECT_EQ(rule->confidence, 80);
  EXPECT_EQ(rule->service, "Stripe");
}

TEST(NamesTest, MatchSaysWhereTheRuleStands) {
  const NameRules rules = Rules();
  const std::optional<NameMatch> match = rules.Match("api.STRIPE.com");
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->suffix, "stripe.com");
  EXPECT_EQ(match->list, "test.csv");
  EXPECT_EQ(match->line, 2);
  EXPECT_EQ(match->rule, rules.Find("stripe.com"));
  EXPECT_EQ(rules.Match("xn--p1ai")->line, 8);
  EXPECT_EQ(rules.Match("example.net"), std::nullopt);
}

TEST(NamesTest, RulesThatSayTheSameShareTheirMemory) {
  const NameRules rules = Rules("a.com,FIN,80,A\nb.com,FIN,80,A\nc.com,FIN,50,A\n");
  EXPECT_EQ(rules.Find("a.com"), rules.Find("b.com"));
  EXPECT_NE(rules.Find("a.com"), rules.Find("c.com"));
}

TEST(NamesTest, SuffixMatchesAtLabelBordersOnly) {
  const NameRules rules = Rules();
  EXPECT_EQ(ServiceOf(rules, "stripe.com"), "Stripe");
  EXPECT_EQ(ServiceOf(rules, "a.b.c.stripe.com"), "Stripe");
  EXPECT_THAT(rules.Find("notstripe.com"), IsNull());
  EXPECT_THAT(rules.Find("stripe.com.example"), IsNull());
  EXPECT_THAT(rules.Find("com"), IsNull());
  EXPECT_THAT(rules.Find("tripe.com"), IsNull());
}

TEST(NamesTest, LongestSuffixWins) {
  const NameRules rules = Rules();
  EXPECT_EQ(ServiceOf(rules, "www.google.com"), "Google");
  EXPECT_EQ(ServiceOf(rules, "pay.google.com"), "Google Pay");
  EXPECT_EQ(ServiceOf(rules, "x.pay.google.com"), "Google Pay");
  EXPECT_EQ(ServiceOf(rules, "xpay.google.com"), "Google");
}

TEST(NamesTest, CaseAndOneTrailingDotDoNotMatter) {
  const NameRules rules = Rules();
  EXPECT_EQ(ServiceOf(rules, "API.Stripe.COM."), "Stripe");
  EXPECT_EQ(ServiceOf(rules, "_DMARC.Example.org"), "Mail policy");
  EXPECT_THAT(rules.Find("api.stripe.com.."), IsNull());
}

TEST(NamesTest, OddNamesAreSafe) {
  const NameRules rules = Rules();
  EXPECT_THAT(rules.Find(""), IsNull());
  EXPECT_THAT(rules.Find("."), IsNull());
  EXPECT_THAT(rules.Find(".."), IsNull());
  EXPECT_THAT(rules.Find("stripe..com"), IsNull());
  EXPECT_EQ(ServiceOf(rules, ".stripe.com"), "Stripe");
  EXPECT_EQ(ServiceOf(rules, "..stripe.com"), "Stripe");
  EXPECT_EQ(ServiceOf(rules, "\xff\xfe\x80.stripe.com"), "Stripe");
  EXPECT_THAT(rules.Find("\xf3\xf4ripe.com"), IsNull());
  EXPECT_THAT(rules.Find(std::string_view("stripe\0com", 10)), IsNull());
  EXPECT_EQ(ServiceOf(rules, std::string_view("\0.stripe.com", 12)), "Stripe");
  // Bytes that differ from the suffix in the bit that makes lower case only.
  EXPECT_THAT(rules.Find("\x7f"
                         "dmarc.example.org"),
              IsNull());
  EXPECT_THAT(rules.Find("xn\r\rp1ai"), IsNull());
}

TEST(NamesTest, NamesFarTooLongStillMatchAtTheirEnd) {
  const NameRules rules = Rules();
  EXPECT_EQ(ServiceOf(rules, std::string(1000, 'a') + ".stripe.com"), "Stripe");
  std::string many;
  for (int i = 0; i < 500; ++i) many += "a.";
  EXPECT_EQ(ServiceOf(rules, many + "stripe.com"), "Stripe");
  EXPECT_THAT(rules.Find(many), IsNull());
  EXPECT_THAT(rules.Find(std::string(1000, 'a')), IsNull());
}

TEST(NamesTest, EmptyFileMatchesNothing) {
  const NameRules rules = Rules("");
  EXPECT_EQ(rules.size(), 0);
  EXPECT_THAT(rules.Find("stripe.com"), IsNull());
  EXPECT_THAT(rules.Find(""), IsNull());
}

TEST(NamesTest, LongestPossibleSuffixIsFound) {
  const std::string label(63, 'a');
  const std::string suffix = label + "." + label + "." + label + "." + std::string(61, 'b');
  ASSERT_EQ(suffix.size(), 253);
  const NameRules rules = Rules(suffix + ",GEO,80,Long\n");
  EXPECT_EQ(ServiceOf(rules, suffix), "Long");
  EXPECT_EQ(ServiceOf(rules, "x." + suffix), "Long");
  EXPECT_THAT(rules.Find("x" + suffix), IsNull());
}

TEST(NamesTest, RulesSurviveAMoveAndTheTextTheyCameFrom) {
  std::string csv(kCsv);
  NameRules first = Rules(csv);
  csv.assign(csv.size(), '?');
  const NameRules second = std::move(first);
  EXPECT_EQ(ServiceOf(second, "api.stripe.com"), "Stripe");
}

// Computed with coreutils: printf 'stripe.com,FIN,80,Stripe\n' | sha256sum
TEST(NamesTest, DigestIsSha256OfTheText) {
  EXPECT_EQ(Rules("stripe.com,FIN,80,Stripe\n").digest(),
            "45932f2f51a221f58bd2849ad147cf667c90019043e7c823bd3139b068a0dc13");
}

TEST(NamesTest, ErrorsNameFileAndLine) {
  EXPECT_THAT(ErrorOf("# one\n\nstripe.com,FIN,80,Stripe\nA.com,FIN,80,A\n"),
              AllOf(StartsWith("names.csv:4:1: "), HasSubstr("A.com"), HasSubstr("lower case")));
}

TEST(NamesTest, MalformedSuffixesAreRefused) {
  EXPECT_THAT(ErrorOf(",FIN,80,A"), HasSubstr("empty suffix"));
  EXPECT_THAT(ErrorOf(".com,FIN,80,A"), HasSubstr("empty label"));
  EXPECT_THAT(ErrorOf("com.,FIN,80,A"), HasSubstr("empty label"));
  EXPECT_THAT(ErrorOf("a..com,FIN,80,A"), HasSubstr("empty label"));
  EXPECT_THAT(ErrorOf("-a.com,FIN,80,A"), HasSubstr("'-'"));
  EXPECT_THAT(ErrorOf("a-.com,FIN,80,A"), HasSubstr("'-'"));
  EXPECT_THAT(ErrorOf("*.com,FIN,80,A"), HasSubstr("only letters"));
  EXPECT_THAT(ErrorOf(" a.com,FIN,80,A"), HasSubstr("only letters"));
  EXPECT_THAT(ErrorOf("\xd1\x80\xd1\x84,FIN,80,A"), HasSubstr("xn--"));
  EXPECT_THAT(ErrorOf(std::string(64, 'a') + ".com,FIN,80,A"), HasSubstr("label of 64 bytes"));
  std::string deep = "a";
  while (deep.size() <= 253) deep += ".a";
  EXPECT_THAT(ErrorOf(deep + ",FIN,80,A"), HasSubstr("suffix of 255 bytes"));
}

TEST(NamesTest, CategoriesThatSayNothingAreRefused) {
  EXPECT_THAT(ErrorOf("a.com,XXX,80,A"), HasSubstr("category \"XXX\""));
  EXPECT_THAT(ErrorOf("a.com,fin,80,A"), HasSubstr("category \"fin\""));
  EXPECT_THAT(ErrorOf("a.com,UNK,80,A"), HasSubstr("category \"UNK\""));
  EXPECT_THAT(ErrorOf("a.com,ENC,80,A"), HasSubstr("category \"ENC\""));
}

TEST(NamesTest, MistypedCategoryIsPointedAtAndCorrected) {
  EXPECT_THAT(ErrorOf("# x\na.com,ADVV,80,A"),
              AllOf(StartsWith("names.csv:2:7: "), HasSubstr("did you mean \"ADV\"?")));
  EXPECT_THAT(ErrorOf("a.com,fin,80,A"), HasSubstr("did you mean \"FIN\"?"));
  EXPECT_THAT(ErrorOf("a.com,UNK,80,A"), Not(HasSubstr("did you mean")));
}

TEST(NamesTest, ConfidenceStaysBelowTheCapOfNames) {
  for (const std::string percent : {"81", "100", "0", "-1", "", "x", "8.5", "99999999999999"}) {
    EXPECT_THAT(ErrorOf("a.com,FIN," + percent + ",A"),
                AllOf(HasSubstr("confidence \"" + percent + "\""), HasSubstr("1 to 80")));
  }
}

TEST(NamesTest, EveryLineHasFourFields) {
  EXPECT_THAT(ErrorOf("a.com"), HasSubstr("found 1 fields"));
  EXPECT_THAT(ErrorOf("a.com,FIN,80"), HasSubstr("found 3 fields"));
  EXPECT_THAT(ErrorOf("a.com,FIN,80,A,B"), HasSubstr("found 5 fields"));
  EXPECT_THAT(ErrorOf("a.com,FIN,80,"), HasSubstr("empty service"));
}

TEST(NamesTest, SuffixThatAppearsTwiceNamesBothLines) {
  EXPECT_THAT(ErrorOf("# x\na.com,FIN,80,A\nb.com,FIN,80,B\n\na.com,HLT,80,C\n"),
              AllOf(StartsWith("names.csv:5:1: "), HasSubstr("\"a.com\""), HasSubstr("line 2")));
}

TEST(NamesTest, MessagesStayShortAndPrintable) {
  const std::string message = ErrorOf(std::string(100000, '\x01'));
  EXPECT_LT(message.size(), 600);
  EXPECT_EQ(message.find('\x01'), std::string::npos);
}

// Lists of a user, above those that ship.
class NameListsTest : public testing::Test {
 protected:
  NameListsTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("names_test_") +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  ~NameListsTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }

  std::filesystem::path folder_;
};

TEST_F(NameListsTest, FirstListStandsAboveTheSecondAndBothAboveTheShippedOne) {
  const std::string first = Write("first.csv", "stripe.com,GOV,80,First\n");
  const std::string second =
      Write("second.csv", "stripe.com,HLT,80,Second\nadyen.com,HLT,80,Second\n");
  const absl::StatusOr<NameRules> rules = NameRules::Load({first, second});
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(ServiceOf(*rules, "api.stripe.com"), "First");
  EXPECT_EQ(ServiceOf(*rules, "adyen.com"), "Second");
  EXPECT_EQ(rules->Match("adyen.com")->list, second);
  EXPECT_EQ(rules->Match("adyen.com")->line, 2);
  EXPECT_EQ(rules->Match("plaid.com")->list, kShippedList);
  EXPECT_EQ(rules->Find("plaid.com")->category, Category::kFin);
}

TEST_F(NameListsTest, LongerSuffixOfTheShippedListStillWins) {
  const absl::StatusOr<NameRules> rules =
      NameRules::Load({Write("broad.csv", "google.com,ADV,50,Broad\n")});
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->Find("www.google.com")->category, Category::kAdv);
  EXPECT_EQ(rules->Find("pay.google.com")->category, Category::kFin);
}

TEST_F(NameListsTest, DigestTellsWhichListsInWhichOrder) {
  const std::string a = Write("a.csv", "a.example.com,FIN,80,A\n");
  const std::string b = Write("b.csv", "b.example.com,FIN,80,B\n");
  EXPECT_EQ(NameRules::Load({})->digest(), NameRules::BuiltIn().digest());
  EXPECT_NE(NameRules::Load({a})->digest(), NameRules::BuiltIn().digest());
  EXPECT_NE(NameRules::Load({a, b})->digest(), NameRules::Load({b, a})->digest());
  EXPECT_EQ(NameRules::Load({a, b})->digest(), NameRules::Load({a, b})->digest());
}

TEST_F(NameListsTest, WhatIsNoListIsRefusedWithTheRemedy) {
  const auto error = [](const std::string& path) {
    return std::string(NameRules::Load({path}).status().message());
  };
  EXPECT_THAT(error((folder_ / "none.csv").string()), HasSubstr("no such file"));
  EXPECT_THAT(error(folder_.string()), HasSubstr("is a folder"));
  EXPECT_THAT(error(Write("list.csv.gz", std::string("\x1f\x8b\x08\0\0", 5))), HasSubstr("gunzip"));
  EXPECT_THAT(error(Write("twice.csv", "a.com,FIN,80,A\na.com,FIN,80,A\n")),
              AllOf(HasSubstr("twice.csv:2:1: "), HasSubstr("line 1")));
}

TEST_F(NameListsTest, LineOfTenMegabytesIsRefusedInAShortMessage) {
  const std::string path =
      Write("long.csv", "a.com,FIN,80,A\n" + std::string(10'000'000, 'b') + "\n");
  const std::string error(NameRules::Load({path}).status().message());
  EXPECT_THAT(error, AllOf(HasSubstr("long.csv:2:1: "), HasSubstr("more than 4096 bytes")));
  EXPECT_LT(error.size(), 1000);
}

}  // namespace
}  // namespace borderflow
