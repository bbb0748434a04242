#include <gtest/gtest.h>

#include "plain_evaluator.h"
#include "random_policy.h"
#include "rules/policy/compile.h"
#include "rules/policy/order.h"

namespace borderflow {
namespace {

bool HasCircle(const Pack& pack, const EvaluateOptions& options) {
  std::vector<Clause> clauses;
  for (size_t r = 0; r < pack.rules.size(); ++r) {
    for (Clause& c : ClausesOf(pack, pack.rules[r].when, TierMembers(pack, options.tiers),
                               !options.ablate_origin)) {
      c.rule = static_cast<int>(r);
      clauses.push_back(c);
    }
  }
  return !RuleOrder(pack, clauses, !options.ablate_origin).Circle().empty();
}

// Every cell: the same verdict, the same possible verdicts, decided by the same rule.
void ExpectTwins(const Pack& pack, absl::Span<const PolicyCell> cells,
                 const EvaluateOptions& options, const std::string& trace) {
  CompiledPack compiled(pack, options);
  const std::vector<uint32_t> fast = compiled.Decide(cells);
  const std::vector<PlainDecision> slow = PlainEvaluate(pack, cells, options);
  ASSERT_EQ(fast.size(), slow.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    const PolicyOutcome& outcome = compiled.outcomes()[fast[i]];
    ASSERT_EQ(outcome.verdict, slow[i].verdict) << trace << ", cell " << i;
    ASSERT_EQ(outcome.possible, slow[i].possible) << trace << ", cell " << i;
    ASSERT_EQ(DecidedBy(pack, outcome), slow[i].decided_by) << trace << ", cell " << i;
  }
}

TEST(TwinTest, RandomPacksDecideRandomCellsAsThePlainEvaluatorDoes) {
  int compared = 0;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    RandomPolicy random(seed);
    const Pack pack = random.MakePack(1 + random.Below(9));
    const EvaluateOptions options = random.MakeOptions(pack);
    if (HasCircle(pack, options)) continue;
    ++compared;
    ExpectTwins(pack, random.MakeCells(150), options, absl::StrCat("seed ", seed));
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(compared, 300);
}

// Rows of two and of four words. The further rules ask for a place that no cell has, so that the
// plain evaluator need not try them.
TEST(TwinTest, PacksOfMoreThan64And128ClausesDoSoToo) {
  for (const size_t rules : {60u, 61u, 62u, 63u, 90u, 120u}) {
    RandomPolicy random(static_cast<uint32_t>(rules));
    Pack pack = random.MakePack(5);
    while (pack.rules.size() < rules) {
      Rule rule;
      rule.id = absl::StrCat("r", pack.rules.size());
      rule.when.categories = Bit(Category::kAuth);
      rule.when.from_initiator = true;
      rule.when.source.all[0].emplace().set(static_cast<size_t>(*FromCode("ZW")));
      rule.when.direction = rules > 100 ? Direction::kAny : Direction::kOut;
      rule.verdict = Verdict::kReview;
      pack.rules.insert(pack.rules.begin(), rule);
    }
    std::vector<PolicyCell> cells = random.MakeCells(300);
    for (PolicyCell& cell : cells) {
      if (IsSpecial(cell.source.location)) cell.source.location = *FromCode("DE");
      if (IsSpecial(cell.destination.location)) cell.destination.location = *FromCode("US");
    }
    const EvaluateOptions options = {};
    if (HasCircle(pack, options)) continue;
    ExpectTwins(pack, cells, options, absl::StrCat(rules, " rules"));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace borderflow
