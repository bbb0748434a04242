#include "rules/policy/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_replace.h"
#include "rules/policy/compare.h"
#include "rules/policy/compile.h"

namespace borderflow {
namespace {

// A pack of our own, so that what is asserted does not change with the shipped ones.
constexpr char kPack[] = R"yaml(pack:
  id: p
  title: "a pack"
  authority: "nobody"
  version: "1"
  as_of: "2026-01-01"
  stale_after_days: 30
  default: permitted
  burden: restrictor
  purpose: privacy
  vantage: [testbed, datacentre]
  sources: [{id: act, title: "an act", date: "2024-05-01"}]
  says: ["it says"]
  sees: ["it sees"]
  cannot_see: ["it cannot see"]
facts:
  agreement: "an agreement"
  people: "addresses are people"
criteria:
  - {id: eea, title: "EEA", members: "EEA"}
  - {id: g7, title: "G7", members: "G7"}
tiers:
  - {id: ally, criteria: [eea, g7], meet: any}
  - {id: others, rest: true}
treatments: {tier: others, chosen: by_category}
rules:
  - id: personal
    says: "personal data leave for others under an agreement"
    cite: {source: act, place: "s. 1"}
    purpose: privacy
    when: {destination: {tier: others}, categories: [HLT, FIN], min_evidence: name}
    verdict: conditional
    needs: [agreement]
    observability: indirect
  - id: readable
    says: "health data are not readable on the way"
    cite: {source: act, place: "s. 2"}
    purpose: security
    when: {categories: [HLT], protection: cleartext, destination: {tier: others}}
    verdict: review
    observability: direct
  - id: bulk
    says: "no health data of many leave for others"
    cite: {source: act, place: "s. 3"}
    purpose: privacy
    when: {destination: {tier: others}, categories: [HLT], protection: encrypted}
    threshold: {unit: clients, at_least: 10, period: 24h, aggregate_by: [destination],
                provenance: {source: act, place: "s. 3(1)"
}
}
    verdict: breach_if_confirmed
    needs: [people]
    observability: weak
)yaml";

const Pack& Sample() {
  static const auto* const pack = new Pack(*ParsePack(kPack, "p.yaml", Groups::BuiltIn()));
  return *pack;
}

PolicyCell CellTo(std::string_view from, std::string_view to, Category category,
                  Protection protection = Protection::kEncrypted, uint64_t clients = 1) {
  PolicyCell cell;
  cell.source.location = *FromCode(from);
  cell.destination.location = *FromCode(to);
  cell.category = category;
  cell.evidence = IsClassified(category) ? Evidence::kName : Evidence::kNone;
  cell.confidence = IsClassified(category) ? 80 : 0;
  cell.protection = protection;
  cell.frames = 1;
  cell.bytes = 100;
  cell.flows = 1;
  cell.clients_low = cell.clients_high = clients;
  return cell;
}

EvaluateOptions Fit() {
  EvaluateOptions options;
  options.vantage = "testbed";
  options.covered_seconds = 86'400;
  return options;
}

uint64_t BytesOf(const PolicyResult& result, Verdict verdict) {
  return result.verdicts[static_cast<size_t>(verdict)].bytes;
}

const VerdictBounds& BoundsOf(const PolicyResult& result, Verdict verdict) {
  return result.bounds[static_cast<size_t>(verdict)];
}

std::string DecidedOn(const PolicyCell& cell, const EvaluateOptions& options = Fit()) {
  CompiledPack compiled(Sample(), options);
  const PolicyOutcome& outcome =
      compiled.outcomes()[compiled.Decide(absl::MakeConstSpan(&cell, 1)).front()];
  return std::string(DecidedBy(Sample(), outcome)) + " " + std::string(Name(outcome.verdict));
}

TEST(EvaluateTest, TheMostSpecificRuleDecides) {
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kFin)), "personal conditional");
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kHlt, Protection::kCleartext)),
            "readable review");
  EXPECT_EQ(DecidedOn(CellTo("DE", "JP", Category::kHlt, Protection::kCleartext)),
            "default permitted");
}

TEST(EvaluateTest, WhatStaysIsOutOfScopeAndInfrastructureIsExempt) {
  EXPECT_EQ(DecidedOn(CellTo("CN", "CN", Category::kHlt)), "scope out_of_scope");
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kInf)), "exempt permitted");
}

TEST(EvaluateTest, AnEndThatIsNoJurisdictionIsUndetermined) {
  for (const char* special : {"unknown", "private", "reserved", "multicast", "anycast"}) {
    EXPECT_EQ(DecidedOn(CellTo("DE", special, Category::kHlt)), "undetermined undetermined");
    EXPECT_EQ(DecidedOn(CellTo(special, special, Category::kHlt)), "undetermined undetermined");
  }
}

TEST(EvaluateTest, WhatCannotBeAnsweredMattersOnlyWhereTheVerdictHangsOnIt) {
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kEnc)), "undetermined undetermined");
  EXPECT_EQ(DecidedOn(CellTo("DE", "JP", Category::kEnc)), "default permitted");
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kFin, Protection::kUnknown)),
            "personal conditional");
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kHlt, Protection::kUnknown)),
            "undetermined undetermined");
}

TEST(EvaluateTest, EvidenceBelowARulesFloorIsUndeterminedNeverANonMatch) {
  PolicyCell cell = CellTo("DE", "CN", Category::kFin);
  cell.evidence = Evidence::kPort;
  EXPECT_EQ(DecidedOn(cell), "undetermined undetermined");
  // Of a category that no rule asks for, too: weak evidence does not clear it.
  cell.category = Category::kMed;
  EXPECT_EQ(DecidedOn(cell), "undetermined undetermined");
}

TEST(EvaluateTest, APackThatNeedsAVantageIsUndeterminedElsewhere) {
  for (const char* vantage : {"", "ixp"}) {
    EvaluateOptions options = Fit();
    options.vantage = vantage;
    EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kFin), options), "vantage undetermined");
    EXPECT_EQ(DecidedOn(CellTo("CN", "CN", Category::kFin), options), "scope out_of_scope");
  }
  EvaluateOptions second = Fit();
  second.vantage = "datacentre";
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kFin), second), "personal conditional");
}

TEST(EvaluateTest, ConfirmedFactsLiftACondition) {
  EvaluateOptions options = Fit();
  options.facts = {"agreement"};
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kFin), options), "personal permitted");
  EXPECT_TRUE(CheckOptions(Sample(), options).ok());
  options.facts = {"agrement"};
  EXPECT_NE(CheckOptions(Sample(), options).message().find("did you mean \"agreement\""),
            absl::string_view::npos);
}

TEST(EvaluateTest, AThresholdIsReachedWithinOrMissedByItsBounds) {
  // 4 and 5 clients may be 5 or 9: fewer than ten either way.
  const auto evaluate = [](uint64_t a, uint64_t b, const char* other = "CN") {
    const PolicyCell cells[] = {CellTo("DE", "CN", Category::kHlt, Protection::kEncrypted, a),
                                CellTo("FR", other, Category::kHlt, Protection::kEncrypted, b)};
    return Evaluate(Sample(), cells, Fit());
  };
  EXPECT_EQ(BytesOf(evaluate(4, 5), Verdict::kConditional), 200u);
  EXPECT_EQ(BytesOf(evaluate(4, 10), Verdict::kBreachIfConfirmed), 200u);
  const PolicyResult within = evaluate(4, 6);
  EXPECT_EQ(BytesOf(within, Verdict::kUndetermined), 200u);
  EXPECT_EQ(within.thresholds[0].low, 6u);
  EXPECT_EQ(within.thresholds[0].high, 10u);
  EXPECT_EQ(BoundsOf(within, Verdict::kBreachIfConfirmed).possible_bytes, 200u);
  EXPECT_EQ(BoundsOf(within, Verdict::kBreachIfConfirmed).strictest_bytes, 200u);
  EXPECT_EQ(BoundsOf(within, Verdict::kConditional).loosest_bytes, 200u);
  // Each destination has a sum of its own.
  const PolicyResult apart = evaluate(4, 10, "RU");
  EXPECT_EQ(BytesOf(apart, Verdict::kConditional), 100u);
  EXPECT_EQ(BytesOf(apart, Verdict::kBreachIfConfirmed), 100u);
}

TEST(EvaluateTest, APeriodLongerThanTheDataIsNotMeasurable) {
  EvaluateOptions options = Fit();
  options.covered_seconds = 86'399;
  const PolicyCell cell = CellTo("DE", "CN", Category::kHlt, Protection::kEncrypted, 1000);
  const PolicyResult result = Evaluate(Sample(), absl::MakeConstSpan(&cell, 1), options);
  EXPECT_EQ(BytesOf(result, Verdict::kUndetermined), 100u);
  EXPECT_EQ(result.thresholds[0].not_measurable,
            "the threshold asks for 24 hours, the data cover 23 hours");
}

// Two days: the fullest of two periods of a day holds half at the least, and all at the most.
TEST(EvaluateTest, OfDataLongerThanAPeriodOnlyTheShareOfOnePeriodIsSure) {
  EvaluateOptions options = Fit();
  options.covered_seconds = 2 * 86'400;
  const auto decided = [&options](uint64_t clients) {
    const PolicyCell cell = CellTo("DE", "CN", Category::kHlt, Protection::kEncrypted, clients);
    return Evaluate(Sample(), absl::MakeConstSpan(&cell, 1), options);
  };
  const PolicyResult sure = decided(19);
  EXPECT_EQ(BytesOf(sure, Verdict::kBreachIfConfirmed), 100u);
  EXPECT_EQ(sure.thresholds[0].basis, PeriodBasis::kSpread);
  EXPECT_EQ(sure.thresholds[0].low, 10u);
  EXPECT_EQ(sure.thresholds[0].high, 19u);
  EXPECT_EQ(BytesOf(decided(18), Verdict::kUndetermined), 100u);
  EXPECT_EQ(BytesOf(decided(9), Verdict::kConditional), 100u);
}

TEST(EvaluateTest, ARuleTouchesNothingOutsideItsPacksScope) {
  const std::string text =
      absl::StrReplaceAll(kPack, {{"\nrules:\n", "\nscope: {source: {location: DE}}\nrules:\n"}});
  const absl::StatusOr<Pack> pack = ParsePack(text, "p.yaml", Groups::BuiltIn());
  ASSERT_TRUE(pack.ok()) << pack.status();
  const PolicyCell cells[] = {CellTo("DE", "CN", Category::kFin),
                              CellTo("AT", "CN", Category::kFin)};
  const PolicyResult result = Evaluate(*pack, cells, Fit());
  EXPECT_EQ(BytesOf(result, Verdict::kOutOfScope), 100u);
  EXPECT_EQ(result.rules[0].id, "personal");
  EXPECT_EQ(result.rules[0].touched.bytes, 100u);
  EXPECT_EQ(result.rules[0].sum.bytes, 100u);
}

TEST(EvaluateTest, ExpectedWeighsByTheConfidenceThatTheVerdictHangsOn) {
  const PolicyCell cells[] = {CellTo("DE", "CN", Category::kFin),
                              CellTo("DE", "JP", Category::kFin)};
  const PolicyResult result = Evaluate(Sample(), cells, Fit());
  EXPECT_EQ(BoundsOf(result, Verdict::kConditional).expected_bytes, 80u);
  EXPECT_EQ(BoundsOf(result, Verdict::kUndetermined).expected_bytes, 20u);
  EXPECT_EQ(BoundsOf(result, Verdict::kPermitted).expected_bytes, 100u);
  EXPECT_EQ(
      BoundsOf(result, Verdict::kConditional).evidence_bytes[static_cast<size_t>(Evidence::kName)],
      100u);
}

TEST(EvaluateTest, EachRuleStatesWhatItTouchesWhoeverDecides) {
  const PolicyCell cells[] = {CellTo("DE", "CN", Category::kHlt, Protection::kCleartext),
                              CellTo("DE", "CN", Category::kFin)};
  const PolicyResult result = Evaluate(Sample(), cells, Fit());
  EXPECT_EQ(result.rules[0].sum.bytes, 100u);
  EXPECT_EQ(result.rules[0].touched.bytes, 200u);
  EXPECT_EQ(result.purposes.at("security").bytes, 100u);
  EXPECT_EQ(result.rules[0].needs, std::vector<std::string>{"agreement"});
}

TEST(EvaluateTest, FlippingTheDefaultChangesOnlyWhereNoRuleHolds) {
  EvaluateOptions options = Fit();
  options.flip_default = true;
  EXPECT_EQ(DecidedOn(CellTo("DE", "JP", Category::kFin), options),
            "default presumptively_prohibited");
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kFin), options), "personal conditional");
  EXPECT_EQ(Evaluate(Sample(), {}, options).burden, "transferor");
}

TEST(EvaluateTest, WithoutOriginARuleHoldsWhereverTheDataGo) {
  EvaluateOptions options = Fit();
  options.ablate_origin = true;
  EXPECT_EQ(DecidedOn(CellTo("DE", "JP", Category::kFin), options), "personal conditional");
  // The scope stays: what does not leave is still out of it.
  EXPECT_EQ(DecidedOn(CellTo("JP", "JP", Category::kFin), options), "scope out_of_scope");
  const PolicyCell cells[] = {CellTo("DE", "JP", Category::kFin),
                              CellTo("DE", "CN", Category::kFin)};
  const PolicyComparison compared = Compare(Sample(), Fit(), Sample(), options, cells);
  EXPECT_EQ(compared.findings_a.bytes, 100u);
  EXPECT_EQ(compared.findings_b.bytes, 200u);
  EXPECT_EQ(compared.only_b.bytes, 100u);
  EXPECT_EQ(compared.contribution(), -1.0);
}

TEST(EvaluateTest, MirroringAsksTheOtherEnd) {
  EvaluateOptions options = Fit();
  options.mirror = true;
  EXPECT_EQ(DecidedOn(CellTo("DE", "CN", Category::kFin), options), "default permitted");
  EXPECT_EQ(DecidedOn(CellTo("CN", "DE", Category::kFin), options), "personal conditional");
}

TEST(EvaluateTest, AllFourTreatmentsAreReportedTogether) {
  const PolicyCell cells[] = {
      CellTo("DE", "CN", Category::kFin), CellTo("DE", "CN", Category::kMed),
      CellTo("DE", "CN", Category::kInf), CellTo("DE", "JP", Category::kFin),
      CellTo("CN", "CN", Category::kFin)};
  const PolicyResult result = Evaluate(Sample(), cells, Fit());
  const auto bytes = [&result](Treatment treatment, Verdict verdict) {
    return result.treatments[static_cast<size_t>(treatment)][static_cast<size_t>(verdict)].bytes;
  };
  EXPECT_EQ(bytes(Treatment::kOpen, Verdict::kPermitted), 400u);
  EXPECT_EQ(bytes(Treatment::kByCategory, Verdict::kConditional), 100u);
  EXPECT_EQ(bytes(Treatment::kReview, Verdict::kReview), 200u);
  EXPECT_EQ(bytes(Treatment::kClosed, Verdict::kPresumptivelyProhibited), 200u);
  EXPECT_EQ(bytes(Treatment::kClosed, Verdict::kPermitted), 200u);
  EvaluateOptions closed = Fit();
  closed.treatment = Treatment::kClosed;
  EXPECT_EQ(DecidedOn(cells[0], closed), "treatment presumptively_prohibited");
}

TEST(EvaluateTest, TiersAreGivenUnderAnyAndUnderAll) {
  const PolicyCell cells[] = {CellTo("DE", "NO", Category::kFin),
                              CellTo("NO", "DE", Category::kFin)};
  const PolicyResult result = Evaluate(Sample(), cells, Fit());
  ASSERT_EQ(result.tier_choices.size(), 2u);
  EXPECT_EQ(result.tier_choices[0].tiers[0].sum.bytes, 200u);
  // Norway is in the EEA but not in the G7.
  EXPECT_EQ(result.tier_choices[1].tiers[0].sum.bytes, 100u);
  EXPECT_EQ(result.tier_choices[1].tiers[1].sum.bytes, 100u);
  EvaluateOptions wrong = Fit();
  wrong.tiers = "some";
  EXPECT_FALSE(CheckOptions(Sample(), wrong).ok());
}

TEST(EvaluateTest, APackIsStaleByTheDayOfTheData) {
  EvaluateOptions options = Fit();
  options.day = "2026-01-31";
  EXPECT_FALSE(Evaluate(Sample(), {}, options).stale);
  options.day = "2026-02-01";
  EXPECT_TRUE(Evaluate(Sample(), {}, options).stale);
}

// Lint refuses such packs; should one be evaluated, both verdicts are stated.
TEST(EvaluateTest, RulesThatTieLeaveTheCellUndeterminedWithBothVerdicts) {
  Pack pack = Sample();
  Rule other = *pack.FindRule("readable");
  other.id = "other";
  other.verdict = Verdict::kPresumptivelyProhibited;
  pack.rules.push_back(other);
  const PolicyCell cell = CellTo("DE", "CN", Category::kHlt, Protection::kCleartext);
  const PolicyResult result = Evaluate(pack, absl::MakeConstSpan(&cell, 1), Fit());
  ASSERT_EQ(result.ties.size(), 1u);
  EXPECT_EQ(result.ties[0].rules, (std::vector<std::string>{"readable", "other"}));
  EXPECT_EQ(result.ties[0].looser, Verdict::kReview);
  EXPECT_EQ(result.ties[0].stricter, Verdict::kPresumptivelyProhibited);
  EXPECT_EQ(BytesOf(result, Verdict::kUndetermined), 100u);
}

}  // namespace
}  // namespace borderflow
