// The conservation law of policies: whatever the pack and the options, nothing is lost or counted
// twice.
#include <gtest/gtest.h>

#include <algorithm>

#include "random_policy.h"
#include "rules/policy/compare.h"
#include "rules/policy/evaluate.h"

namespace borderflow {
namespace {

PolicySum Total(absl::Span<const PolicyCell> cells) {
  PolicySum total;
  for (const PolicyCell& cell : cells) total += {cell.frames, cell.bytes, cell.flows};
  return total;
}

PolicySum Total(const VerdictSums& verdicts) {
  PolicySum total;
  for (const PolicySum& sum : verdicts) total += sum;
  return total;
}

TEST(ConservationTest, EverySumOfEveryResultIsThatOfTheCells) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    RandomPolicy random(seed);
    const Pack pack = random.MakePack(1 + random.Below(9));
    const std::vector<PolicyCell> cells = random.MakeCells(200);
    const EvaluateOptions options = random.MakeOptions(pack);
    const PolicySum total = Total(cells);
    const PolicyResult result = Evaluate(pack, cells, options);

    EXPECT_EQ(Total(result.verdicts), total);
    PolicySum rules;
    for (const RuleResult& rule : result.rules) rules += rule.sum;
    EXPECT_EQ(rules, total);
    // What is undetermined is taken apart without a rest.
    PolicySum parts;
    for (const UndeterminedPart& part : result.undetermined) {
      parts += part.sum;
      EXPECT_LT(part.loosest, part.strictest);
    }
    EXPECT_EQ(parts,
              std::find_if(result.rules.begin(), result.rules.end(), [](const RuleResult& r) {
                return r.id == "undetermined";
              })->sum);
    for (const VerdictSums& treatment : result.treatments) EXPECT_EQ(Total(treatment), total);
    for (const TierChoice& choice : result.tier_choices) EXPECT_EQ(Total(choice.verdicts), total);

    uint64_t expected = 0;
    uint64_t loosest = 0;
    uint64_t strictest = 0;
    uint64_t evidence = 0;
    for (size_t v = 0; v < kVerdicts; ++v) {
      const VerdictBounds& bounds = result.bounds[v];
      expected += bounds.expected_bytes;
      loosest += bounds.loosest_bytes;
      strictest += bounds.strictest_bytes;
      uint64_t of_verdict = 0;
      for (const uint64_t bytes : bounds.evidence_bytes) of_verdict += bytes;
      EXPECT_EQ(of_verdict, result.verdicts[v].bytes);
      evidence += of_verdict;
      if (static_cast<Verdict>(v) == Verdict::kUndetermined) continue;
      // A verdict's own bytes are its lower bound, in either extreme.
      EXPECT_GE(bounds.loosest_bytes, result.verdicts[v].bytes);
      EXPECT_GE(bounds.strictest_bytes, result.verdicts[v].bytes);
      EXPECT_LE(bounds.expected_bytes, result.verdicts[v].bytes);
      EXPECT_LE(bounds.possible_bytes,
                result.verdicts[static_cast<size_t>(Verdict::kUndetermined)].bytes);
    }
    EXPECT_EQ(expected, total.bytes);
    EXPECT_EQ(loosest, total.bytes);
    EXPECT_EQ(strictest, total.bytes);
    EXPECT_EQ(evidence, total.bytes);
  }
}

TEST(ConservationTest, AComparisonDividesTheCellsAndAgreesWithBothResults) {
  for (uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    RandomPolicy random(seed);
    const Pack a = random.MakePack(5);
    const Pack b = random.MakePack(5);
    const std::vector<PolicyCell> cells = random.MakeCells(200);
    const EvaluateOptions options_a = random.MakeOptions(a);
    const EvaluateOptions options_b = random.MakeOptions(b);
    const PolicyComparison compared = Compare(a, options_a, b, options_b, cells);
    const PolicyResult of_a = Evaluate(a, cells, options_a);
    const PolicyResult of_b = Evaluate(b, cells, options_b);
    EXPECT_EQ(compared.total, Total(cells));
    PolicySum same;
    for (size_t row = 0; row < kVerdicts; ++row) {
      EXPECT_EQ(Total(compared.matrix[row]), of_a.verdicts[row]);
      PolicySum column;
      for (size_t other = 0; other < kVerdicts; ++other) column += compared.matrix[other][row];
      EXPECT_EQ(column, of_b.verdicts[row]);
      same += compared.matrix[row][row];
    }
    EXPECT_EQ(compared.same, same);
    PolicySum by_pair = same;
    for (const PolicyDifference& difference : compared.by_pair) by_pair += difference.sum;
    EXPECT_EQ(by_pair, compared.total);
    PolicySum by_rule = same;
    for (const PolicyDifference& difference : compared.by_rule) by_rule += difference.sum;
    EXPECT_EQ(by_rule, compared.total);
  }
}

TEST(ConservationTest, MirroringTwiceIsNotMirroring) {
  RandomPolicy random(1);
  const Pack pack = random.MakePack(6);
  std::vector<PolicyCell> cells = random.MakeCells(200);
  const PolicyResult plain = Evaluate(pack, cells);
  for (PolicyCell& cell : cells) std::swap(cell.source, cell.destination);
  EvaluateOptions mirror;
  mirror.mirror = true;
  EXPECT_EQ(Evaluate(pack, cells, mirror).verdicts, plain.verdicts);
}

TEST(ConservationTest, ATemplateWithoutItsParametersIsOutOfScopeAsAWhole) {
  RandomPolicy random(2);
  Pack pack = random.MakePack(3);
  pack.parameters.push_back({"home", false, "where it stays"});
  const std::vector<PolicyCell> cells = random.MakeCells(50);
  const PolicyResult result = Evaluate(pack, cells);
  EXPECT_EQ(result.verdicts[static_cast<size_t>(Verdict::kOutOfScope)], Total(cells));
  EXPECT_EQ(result.missing_parameter, "home");
}

}  // namespace
}  // namespace borderflow
