// Outcome: what the answers of a cell to a pack's predicates amount to.
//
// Two sets of rules say it all: those that hold, and those that hold or cannot be told. A rule may
// decide when none that holds stands above it; the verdicts of all that may decide are the possible
// ones, and a single one is the verdict.
//
// Thread safety: immutable after construction.
#ifndef BORDERFLOW_RULES_POLICY_OUTCOME_H_
#define BORDERFLOW_RULES_POLICY_OUTCOME_H_

#include <array>
#include <cstdint>
#include <vector>

#include "rules/policy/evaluate.h"
#include "rules/policy/order.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Three-valued: a cell answers a predicate with yes or no, or cannot answer it.
enum class Told : uint8_t { kNo, kCannotTell, kYes };

// Why a cell has its verdict, in the order of the rows below a result's rules.
enum class Reason : uint8_t {
  kDefault,
  kScope,
  kExempt,
  kTreatment,
  kVantage,
  kParameters,
  kTie,
  kUndetermined,
  kRule,
};
inline constexpr int kReasonRows = 8;  // all but kRule
std::string_view Name(Reason reason);

// A set of verdicts that a cell may have: bit i is Verdict i.
using VerdictSet = uint8_t;

// The one verdict of a set, or undetermined; its loosest and its strictest.
Verdict VerdictOf(VerdictSet possible);
Verdict Loosest(VerdictSet possible);
Verdict Strictest(VerdictSet possible);

struct PolicyOutcome {
  VerdictSet possible = 0;
  Verdict verdict = Verdict::kUndetermined;
  Reason reason = Reason::kUndetermined;
  size_t rule = 0;                 // where the reason is kRule
  bool by_category = false;        // the rule that decided asks for categories
  std::vector<size_t> holds;       // rules
  std::vector<size_t> may_decide;  // rules, of an undetermined cell
  std::vector<size_t> tied;        // rules that hold and disagree; empty unless they do
  std::array<Verdict, kTreatments> treated{};
};

// What a cell answers to a whole pack.
struct CellAnswers {
  Told in_scope = Told::kYes;
  Told exempt = Told::kNo;
  Told in_treated_tier = Told::kNo;
  std::vector<size_t> holds;        // rules, ascending
  std::vector<size_t> cannot_tell;  // rules, ascending
};

// The id of the rule that decided, or the name of the reason why none did.
std::string_view DecidedBy(const Pack& pack, const PolicyOutcome& outcome);

class OutcomeMaker {
 public:
  // `pack` and `order` must outlive it.
  OutcomeMaker(const Pack& pack, const EvaluateOptions& options, const RuleOrder& order);

  PolicyOutcome Make(const CellAnswers& answers) const;

  // The rule's verdict, given what was declared as confirmed.
  Verdict RuleVerdict(size_t rule) const { return verdicts_[rule]; }
  Verdict default_verdict() const { return default_; }
  bool vantage_fits() const { return vantage_fits_; }

 private:
  const Pack& pack_;
  const RuleOrder& order_;
  Treatment treatment_;
  Verdict default_;
  bool vantage_fits_;
  std::vector<Verdict> verdicts_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_OUTCOME_H_
