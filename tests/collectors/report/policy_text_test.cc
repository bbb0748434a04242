#include "collectors/report/policy_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/report/policy_json.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Pack Sample() {
  Pack pack;
  pack.id = "sample";
  pack.version = "1";
  pack.as_of = "2026-01-01";
  pack.stale_after_days = 30;
  pack.burden = "transferor";
  pack.facts["record"] = "the data are such a record";
  pack.sources.push_back({"act", "an act", "2012-06-26", false, ""});
  Rule rule;
  rule.id = "kept-at-home";
  rule.cite = {{"act", "s. 77"}, {"act", "s. 78"}};
  rule.purpose = "privacy";
  rule.observability = "strong";
  rule.when.categories = Bit(Category::kHlt);
  rule.verdict = Verdict::kBreachIfConfirmed;
  rule.met = Verdict::kBreachIfConfirmed;
  rule.needs = {"record"};
  pack.rules.push_back(rule);
  return pack;
}

PolicyCell CellOf(Category category) {
  PolicyCell cell;
  cell.source.location = *FromCode("AU");
  cell.destination.location = *FromCode("NO");
  cell.category = category;
  cell.evidence = Evidence::kContent;
  cell.confidence = 99;
  cell.frames = 1;
  cell.bytes = 100;
  return cell;
}

std::string TextOf(const EvaluateOptions& options, PolicyDetail detail = PolicyDetail::kFull) {
  const PolicyCell cells[] = {CellOf(Category::kHlt), CellOf(Category::kUnk)};
  return PolicyText(Evaluate(Sample(), cells, options), detail);
}

TEST(PolicyTextTest, EveryResultSaysThatItIsIndicative) {
  EXPECT_THAT(TextOf({}), HasSubstr("indicative, not a finding of law"));
  EXPECT_TRUE(ToJson(Evaluate(Sample(), {}))["indicative"].get<bool>());
}

TEST(PolicyTextTest, AVerdictWithUnmetNeedsNeverReadsAsABreach) {
  EXPECT_THAT(TextOf({}), HasSubstr("not confirmed, and not visible on a network: record; without "
                                    "it this is no breach"));
  EvaluateOptions confirmed;
  confirmed.facts = {"record"};
  EXPECT_THAT(TextOf(confirmed), AllOf(HasSubstr("with declared as confirmed: record"),
                                       Not(HasSubstr("not confirmed"))));
}

TEST(PolicyTextTest, WhatIsUndeterminedIsShownAtItsLoosestAndStrictest) {
  // Half is a breach if confirmed; the other half could be permitted or the same.
  EXPECT_THAT(TextOf({}),
              AllOf(HasSubstr("50.0 % to 100.0 %"), HasSubstr("50.0 %   100.0 %"),
                    HasSubstr("permitted to breach_if_confirmed; missing: the kind of data")));
}

TEST(PolicyTextTest, ASummaryCitesTheFirstSourceOnly) {
  EXPECT_THAT(TextOf({}), HasSubstr("s. 77, an act (2012-06-26); s. 78, an act (2012-06-26)"));
  EXPECT_THAT(TextOf({}, PolicyDetail::kSummary),
              AllOf(HasSubstr("s. 77, an act (2012-06-26); and more"), Not(HasSubstr("s. 78"))));
}

TEST(PolicyTextTest, WhatKeepsAPackFromAnsweringIsSaid) {
  EvaluateOptions late;
  late.day = "2026-03-01";
  EXPECT_THAT(TextOf(late), HasSubstr("! stale: its facts are of 2026-01-01"));
  Pack pack = Sample();
  pack.vantage = {"datacentre"};
  pack.parameters.push_back({"home", false, "where"});
  EXPECT_THAT(PolicyText(Evaluate(pack, {}), PolicyDetail::kFull),
              AllOf(HasSubstr("no --vantage was declared; the pack needs datacentre"),
                    HasSubstr("--policy sample:home=...")));
}

}  // namespace
}  // namespace borderflow
