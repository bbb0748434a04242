// PlainEvaluate: the slow twin of CompiledPack. It asks every rule of every cell, and tries every
// way in which what cannot be told could turn out.
#ifndef BORDERFLOW_TESTS_RULES_POLICY_PLAIN_EVALUATOR_H_
#define BORDERFLOW_TESTS_RULES_POLICY_PLAIN_EVALUATOR_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/outcome.h"
#include "rules/policy/pack.h"

namespace borderflow {

struct PlainDecision {
  Verdict verdict = Verdict::kUndetermined;
  VerdictSet possible = 0;
  std::string decided_by;
};

// Exponential in the number of rules that a cell cannot answer: at most 12 of them.
std::vector<PlainDecision> PlainEvaluate(const Pack& pack, absl::Span<const PolicyCell> cells,
                                         const EvaluateOptions& options);

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_RULES_POLICY_PLAIN_EVALUATOR_H_
