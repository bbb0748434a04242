#include "rules/policy/lint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

// A pack with these rules, each "id | when | verdict | more".
struct RuleText {
  std::string id;
  std::string when;
  std::string verdict;
  std::string more;
};

absl::StatusOr<Pack> PackOf(const std::vector<RuleText>& rules, const std::string& sections = "") {
  std::string text = R"(pack:
  id: p
  title: "a pack"
  authority: "nobody"
  version: "1"
  as_of: "2026-01-01"
  stale_after_days: 30
  default: permitted
  burden: restrictor
  purpose: privacy
  sources: [{id: act, title: "an act", date: "2024-05-01"}]
  says: ["it says"]
  sees: ["it sees"]
  cannot_see: ["it cannot see"]
)" + sections + "rules:\n";
  for (const RuleText& rule : rules) {
    absl::StrAppend(
        &text, "  - id: ", rule.id, "\n    says: \"a rule\"\n",
        "    cite: {source: act, place: \"s. 1\"}\n    purpose: privacy\n    when: ", rule.when,
        "\n    verdict: ", rule.verdict, "\n    observability: weak\n", rule.more);
  }
  return ParsePack(text, "p.yaml", Groups::BuiltIn());
}

// The errors, one a line, or what kept the pack from being read.
std::string ErrorsOf(const std::vector<RuleText>& rules, const std::string& sections = "") {
  const absl::StatusOr<Pack> pack = PackOf(rules, sections);
  if (!pack.ok()) return std::string(pack.status().message());
  std::string errors;
  for (const PackRemark& remark : Lint(*pack, "2026-01-02")) {
    if (remark.error) absl::StrAppend(&errors, Text(*pack, remark), "\n");
  }
  return errors;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(LintTest, RulesThatDisagreeAtEqualSpecificityAreNamedWithAnExample) {
  const std::string errors =
      ErrorsOf({{"a", "{destination: {location: CN}, categories: [HLT]}", "review", ""},
                {"b",
                 "{destination: {location: \"CN + RU\"}, "
                 "categories: [HLT, FIN], protection: cleartext}",
                 "conditional", ""},
                {"c", "{destination: {location: CN}, protection: encrypted}", "conditional", ""}});
  EXPECT_TRUE(Has(errors,
                  "p.yaml:30:5: rule \"c\" (conditional) and rule \"a\" (review) disagree "
                  "at equal specificity, for example on any -> CN, HLT, encrypted"))
      << errors;
  EXPECT_FALSE(Has(errors, "\"b\"")) << "b asks for more than a, and never meets c: " << errors;
}

TEST(LintTest, TheNarrowerOfTwoAsSpecificRulesStandsAbove) {
  EXPECT_EQ(ErrorsOf({{"wide", "{categories: [HLT, FIN]}", "conditional", ""},
                      {"narrow", "{categories: [HLT]}", "review", ""}}),
            "");
  EXPECT_EQ(
      ErrorsOf({{"wide", "{destination: {operator: \"ANY - EEA\"}, categories: [HLT]}",
                 "conditional", ""},
                {"narrow", "{destination: {operator: CN}, categories: [HLT]}", "review", ""}}),
      "");
}

TEST(LintTest, AboveSettlesADisagreement) {
  const std::vector<RuleText> rules = {
      {"a", "{categories: [HLT, FIN]}", "review", ""},
      {"b", "{categories: [HLT, GEO]}", "conditional", "    above: [a]\n"}};
  EXPECT_EQ(ErrorsOf(rules), "");
  std::vector<RuleText> unsettled = rules;
  unsettled[1].more.clear();
  EXPECT_TRUE(Has(ErrorsOf(unsettled), "above: [a]"));
}

TEST(LintTest, RulesInACircleAreRefused) {
  EXPECT_TRUE(Has(ErrorsOf({{"a", "{categories: [HLT]}", "review", "    above: [c]\n"},
                            {"b", "{categories: [FIN]}", "review", "    above: [a]\n"},
                            {"c", "{categories: [GEO]}", "review", "    above: [b]\n"}}),
                  "runs in a circle among a, b, c"));
}

TEST(LintTest, ARuleWhoseCategoriesOthersTakeAmongThemselvesIsRefused) {
  const RuleText wide = {"wide", "{categories: [HLT, FIN]}", "review", ""};
  const RuleText health = {"health", "{categories: [HLT]}", "permitted", ""};
  EXPECT_TRUE(Has(ErrorsOf({wide, health, {"money", "{categories: [FIN]}", "permitted", ""}}),
                  "rule \"wide\" can never decide: one or another of the rules \"health\", "
                  "\"money\" holds for each of its categories"));
  // Readable financial data only: encrypted ones are left to the wide rule.
  EXPECT_EQ(
      ErrorsOf(
          {wide, health, {"money", "{categories: [FIN], protection: cleartext}", "permitted", ""}}),
      "");
}

TEST(LintTest, ARuleThatCanNeverHoldOrDecideIsRefused) {
  EXPECT_TRUE(Has(ErrorsOf({{"a", "{categories: [INF]}", "review", ""}}), "can never hold"));
  EXPECT_EQ(ErrorsOf({{"a", "{categories: [INF]}", "review", ""}}, "exempt: []\n"), "");
  EXPECT_TRUE(Has(ErrorsOf({{"a", "{source: {location: CN}, categories: [HLT]}", "review", ""}},
                           "scope: {source: {location: EEA}}\n"),
                  "can never hold"));
  EXPECT_TRUE(Has(ErrorsOf({{"a", "{crossing: stays, categories: [HLT]}", "review", ""}}),
                  "can never hold"));
  EXPECT_TRUE(Has(ErrorsOf({{"a", "{categories: [HLT]}", "review", ""},
                            {"b", "{categories: [HLT, FIN]}", "conditional", "    above: [a]\n"}}),
                  "rule \"a\" can never decide: rule \"b\""));
}

// A rule with a threshold holds only sometimes: it shadows nobody.
TEST(LintTest, AThresholdAboveDoesNotShadow) {
  const std::string limit =
      "    threshold: {unit: flows, more_than: 5, period: whole, provenance: {source: act, place: "
      "\"s. 2\"}}\n";
  EXPECT_EQ(ErrorsOf({{"few", "{categories: [HLT]}", "conditional", ""},
                      {"many", "{categories: [HLT]}", "review", limit}}),
            "");
}

std::string WarningsOf(const Pack& pack, std::string_view today) {
  std::string warnings;
  for (const PackRemark& remark : Lint(pack, today)) {
    if (!remark.error) absl::StrAppend(&warnings, Text(pack, remark), "\n");
  }
  return warnings;
}

TEST(LintTest, WhatAnAuthorShouldKnowIsWarnedOf) {
  const absl::StatusOr<Pack> pack = PackOf(
      {{"a", "{destination: {location: CN}}", "review",
        "    country_only: true\n    unverified: true\n"},
       {"b", "{categories: [HLT]}", "review",
        "    threshold: {unit: persons, more_than: 5, period: whole, provenance: {source: act, "
        "place: \"s. 2\"}}\n"}},
      "facts: {unused: \"nobody asks\"}\n");
  ASSERT_TRUE(pack.ok()) << pack.status();
  const std::string warnings = WarningsOf(*pack, "2026-01-31");
  EXPECT_FALSE(Has(warnings, "stale")) << warnings;
  EXPECT_TRUE(Has(WarningsOf(*pack, "2026-02-01"), "stale: its facts are of 2026-01-01, 31 days"));
  EXPECT_TRUE(Has(warnings, "asks for nothing but places"));
  EXPECT_TRUE(Has(warnings, "rests on a fact that is not verified"));
  EXPECT_TRUE(Has(warnings, "can never be measured: addresses do not stand for persons"));
  EXPECT_TRUE(Has(warnings, "no rule needs the fact unused"));
}

}  // namespace
}  // namespace borderflow
