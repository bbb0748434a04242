#include "rules/jurisdiction/jurisdiction_set.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {
namespace {

absl::StatusOr<JurisdictionSet> Parse(std::string_view expression) {
  return ParseSet(expression, Groups::BuiltIn(), {"p.yaml", 4, 10});
}

std::string ErrorOf(std::string_view expression) {
  return std::string(Parse(expression).status().message());
}

JurisdictionSet Members(const char* group) { return Groups::BuiltIn().Find(group)->members; }

JurisdictionSet One(std::string_view code) {
  JurisdictionSet set;
  set.set(static_cast<size_t>(*FromCode(code)));
  return set;
}

TEST(JurisdictionSetTest, UnionExceptAndIntersectionMeanWhatTheySay) {
  EXPECT_EQ(*Parse("NO"), One("NO"));
  EXPECT_EQ(*Parse("EEA + GB - LI"), (Members("EEA") | One("GB")) & ~One("LI"));
  EXPECT_EQ(*Parse("EEA union GB except LI"), *Parse("EEA + GB - LI"));
  EXPECT_EQ(*Parse("OECD & G7"), Members("G7"));
  EXPECT_EQ(*Parse("OECD intersection G7"), Members("G7"));
  EXPECT_EQ(*Parse("ANY"), AnyJurisdiction());
  EXPECT_EQ(Parse("ANY")->count(), 250u);
}

TEST(JurisdictionSetTest, IntersectionBindsTighterAndTheRestGoesFromLeftToRight) {
  EXPECT_EQ(*Parse("US + EU & OECD"), *Parse("US + (EU & OECD)"));
  EXPECT_NE(*Parse("US + BRICS & OECD"), *Parse("(US + BRICS) & OECD + BR"));
  EXPECT_EQ(*Parse("EEA - EU + DE"), *Parse("(EEA - EU) + DE"));
  EXPECT_NE(*Parse("EEA - EU + DE"), *Parse("EEA - (EU + DE)"));
  EXPECT_EQ(*Parse(" ( ( EEA ) )"), Members("EEA"));
  EXPECT_EQ(*Parse("EEA+GB-LI"), *Parse("EEA + GB - LI"));
}

TEST(JurisdictionSetTest, MistakesAreNamedWithTheirColumnAndARemedy) {
  EXPECT_EQ(
      ErrorOf("EEA + UK"),
      "p.yaml:4:16: unknown jurisdiction or group \"UK\": ISO 3166-1 says \"GB\" (did you mean "
      "\"GB\"?)");
  EXPECT_EQ(ErrorOf("EEA - (OECD_GOV_ACESS_2022)"),
            "p.yaml:4:17: unknown jurisdiction or group \"OECD_GOV_ACESS_2022\" (did you mean "
            "\"OECD_GOV_ACCESS_2022\"?)");
  EXPECT_EQ(ErrorOf("EEA GB"),
            "p.yaml:4:14: found \"GB\", expected +, - or & between two names, or the end");
  EXPECT_EQ(ErrorOf("EEA +"),
            "p.yaml:4:15: the expression ends, expected a code, a group or \"(\"");
  EXPECT_EQ(ErrorOf(""), "p.yaml:4:10: the expression ends, expected a code, a group or \"(\"");
  EXPECT_EQ(ErrorOf("+ EEA"), "p.yaml:4:10: found \"+\", expected a code, a group or \"(\"");
  EXPECT_EQ(ErrorOf("(EEA + GB"),
            "p.yaml:4:19: the expression ends, expected \")\" for the \"(\" in column 10");
  EXPECT_EQ(ErrorOf("EEA)"),
            "p.yaml:4:13: found \")\", expected +, - or & between two names, or the end");
  EXPECT_EQ(ErrorOf("EEA, GB"),
            "p.yaml:4:13: found \",\", expected +, - or & between two names, or the end");
  EXPECT_EQ(ErrorOf("EEA + unknown"), "p.yaml:4:16: \"unknown\" is not a country");
  EXPECT_EQ(ErrorOf("G7 - OECD"),
            "p.yaml:4:10: no jurisdiction is in this set: nothing could ever match it");
}

TEST(JurisdictionSetTest, DepthAndLengthAreBounded) {
  const std::string opened(kMaxSetDepth, '(');
  const std::string closed(kMaxSetDepth, ')');
  EXPECT_TRUE(Parse(absl::StrCat(opened, "DE", closed)).ok());
  EXPECT_EQ(ErrorOf(absl::StrCat("(", opened, "DE")),
            "p.yaml:4:74: more than 64 parentheses inside one another");
  EXPECT_EQ(ErrorOf(std::string(kMaxSetExpression + 1, ' ')),
            "p.yaml:4:10: a set of 4097 bytes: at most 4096; name its parts as groups");
}

// A tree of operations whose value is computed while its text is written.
std::pair<std::string, JurisdictionSet> RandomExpression(std::mt19937& random, int depth) {
  static const char* const kNames[] = {"EEA", "OECD", "BRICS", "NO", "IN", "IS", "TO", "AS"};
  if (depth == 0 || random() % 4 == 0) {
    const char* name = kNames[random() % std::size(kNames)];
    const Group* group = Groups::BuiltIn().Find(name);
    return {name, group != nullptr ? group->members : One(name)};
  }
  const auto [left, left_set] = RandomExpression(random, depth - 1);
  const auto [right, right_set] = RandomExpression(random, depth - 1);
  switch (random() % 3) {
    case 0:
      return {absl::StrCat("(", left, ") + (", right, ")"), left_set | right_set};
    case 1:
      return {absl::StrCat("(", left, ") - (", right, ")"), left_set & ~right_set};
    default:
      return {absl::StrCat("(", left, ") & (", right, ")"), left_set & right_set};
  }
}

TEST(JurisdictionSetTest, AgreesWithATreeThatIsEvaluatedAsItIsWritten) {
  std::mt19937 random(20261122);
  for (int i = 0; i < 2000; ++i) {
    const auto [text, set] = RandomExpression(random, 4);
    const absl::StatusOr<JurisdictionSet> parsed = Parse(text);
    EXPECT_EQ(parsed.ok(), set.any()) << text;
    EXPECT_EQ(parsed.value_or(JurisdictionSet()), set) << text;
  }
}

}  // namespace
}  // namespace borderflow
