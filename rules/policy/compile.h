// CompiledPack: a pack's predicates as bit sets, so that a cell costs a few table look-ups.
//
// Each value that a cell can have (a location, a category ...) has two rows of bits, one bit a
// clause: whether the clause holds, and whether it holds or cannot be told, as far as that value
// goes. The rows of a cell's values, and-ed, are its answers. Cells share few different ones, so
// what they amount to is worked out once for each. Thresholds are sums over cells: they are added
// up first and clear their bits afterwards.
//
//   bits 0 and 1: the scope, out and in   bit 2: exempt category
//   bit 3: destination in the treated tier   4 ..: clauses of rules
//
// Thread safety: Decide may be called by one thread at a time.
// Slow twin in tests: PlainEvaluate.
#ifndef BORDERFLOW_RULES_POLICY_COMPILE_H_
#define BORDERFLOW_RULES_POLICY_COMPILE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/order.h"
#include "rules/policy/outcome.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Rows of bits, one an entry: the clauses that hold and those that hold or cannot be told.
class PredicateTable {
 public:
  // Every clause holds for every entry until Set says otherwise.
  PredicateTable(size_t entries, size_t words) : words_(words), rows_(entries * words * 2, ~0ull) {}

  void Set(size_t entry, size_t bit, Told told);
  // `words` words that hold, then as many that hold or cannot be told.
  const uint64_t* Row(size_t entry) const { return rows_.data() + entry * words_ * 2; }

 private:
  size_t words_;
  std::vector<uint64_t> rows_;
};

// The tables of one end of a cell.
struct EndTables {
  std::vector<PredicateTable> lenses;  // by Lens, 255 entries
  std::vector<PredicateTable> either;  // by Lens; or-ed; empty when no clause asks
  std::vector<PredicateTable> entity;  // one or none: 0 .. most listed id, others, unknown
  uint16_t most_entity = 0;
};

class CompiledPack {
 public:
  // `pack` must outlive it. Options as CheckOptions accepts them.
  CompiledPack(const Pack& pack, const EvaluateOptions& options);

  // For every cell the position of its outcome in outcomes().
  std::vector<uint32_t> Decide(absl::Span<const PolicyCell> cells);

  const std::vector<PolicyOutcome>& outcomes() const { return outcomes_; }
  const OutcomeMaker& maker() const { return maker_; }
  // Of the cells that the last Decide saw.
  const std::vector<ThresholdResult>& thresholds() const { return thresholds_; }

 private:
  template <size_t kWords>
  std::vector<uint32_t> DecideWith(absl::Span<const PolicyCell> cells);
  size_t BitOf(size_t clause) const;
  Told ScopeOf(const uint64_t* yes, const uint64_t* can) const;
  CellAnswers AnswersOf(const uint64_t* yes, const uint64_t* can) const;

  void BuildEnd(bool sender);
  void BuildRest();

  const Pack& pack_;
  EvaluateOptions options_;
  std::vector<JurisdictionSet> tiers_;
  size_t scopes_;                // 1, or 2 for a scope of either direction
  std::vector<Clause> clauses_;  // those of the scope first; then those of the rules
  RuleOrder order_;
  OutcomeMaker maker_;
  size_t words_;  // of a row: 1, 2 or 4
  EndTables sender_;
  EndTables receiver_;
  PredicateTable crossing_;  // cannot tell, crosses, stays
  PredicateTable category_;
  PredicateTable evidence_;  // floors: what is below cannot be told
  PredicateTable confidence_;
  PredicateTable protection_;
  PredicateTable role_;
  std::vector<PolicyOutcome> outcomes_;
  std::vector<ThresholdResult> thresholds_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_COMPILE_H_
