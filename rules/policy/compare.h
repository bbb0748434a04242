// Comparison: the same cells under two policies, or under one with and without an option.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_POLICY_COMPARE_H_
#define BORDERFLOW_RULES_POLICY_COMPARE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Cells on which the two differ, by whatever they have in common.
struct PolicyDifference {
  Jurisdiction source = Jurisdiction::kUnknown;  // of a pair of locations
  Jurisdiction destination = Jurisdiction::kUnknown;
  std::string rule_a;  // what decided, of a pair of rules
  std::string rule_b;
  Verdict a = Verdict::kUndetermined;
  Verdict b = Verdict::kUndetermined;
  PolicySum sum;
};

struct PolicyComparison {
  PolicySum total;
  PolicySum same;
  // Row: verdict under a; column: under b. Its diagonal is `same`.
  std::array<VerdictSums, kVerdicts> matrix{};
  std::vector<PolicyDifference> by_pair;  // bytes descending, then codes and verdicts
  std::vector<PolicyDifference> by_rule;  // bytes descending, then names
  // Findings (IsFinding) under a, under b, under a alone and under b alone.
  PolicySum findings_a;
  PolicySum findings_b;
  PolicySum only_a;
  PolicySum only_b;

  // 1 - findings(b) / findings(a), by bytes: with b = a without origin, the origin's contribution
  // (reference: measures, "origin contribution"). 0 when a finds nothing.
  double contribution() const;
};

// Cells that were judged twice, each in the order of `cells`. `a` and `b` must be as long.
PolicyComparison CompareVerdicts(absl::Span<const PolicyCell> cells,
                                 absl::Span<const CellVerdict> a, absl::Span<const CellVerdict> b);

PolicyComparison Compare(const Pack& a, const EvaluateOptions& options_a, const Pack& b,
                         const EvaluateOptions& options_b, absl::Span<const PolicyCell> cells);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_COMPARE_H_
