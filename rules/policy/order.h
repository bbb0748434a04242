// Order: which rule stands above which (SCHEMA.md, "Which rule decides").
//
// A rule is one clause, or two when its direction is `any`: what it asks of a cell's sender and
// receiver, with tiers resolved to places. Clauses are compared as sets of cells.
//
// Thread safety: pure functions; immutable values.
#ifndef BORDERFLOW_RULES_POLICY_ORDER_H_
#define BORDERFLOW_RULES_POLICY_ORDER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "rules/policy/pack.h"

namespace borderflow {

// What a clause asks of one end of a cell.
struct ClauseEnd {
  std::array<std::optional<JurisdictionSet>, kLenses> all;  // location: within the tier too
  std::array<std::optional<JurisdictionSet>, kLenses> either;
  bool asks_entity = false;
  bool asks_not_entity = false;
  std::vector<uint16_t> entities;      // sorted
  std::vector<uint16_t> not_entities;  // sorted

  bool asks_either() const;
};

struct Clause {
  int rule = -1;     // position in the pack; -1 for its scope
  ClauseEnd sender;  // of the frames
  ClauseEnd receiver;
  bool swapped = false;  // the rule's source is the receiver
  std::optional<bool> crosses;
  CategorySet categories = 0;
  Evidence minimum_evidence = Evidence::kNone;
  int minimum_confidence = 0;
  std::optional<Protection> protection;
  std::optional<bool> from_initiator;
  const Threshold* threshold = nullptr;  // of the pack
};

// The clauses of one condition: one, or two for direction `any`. `tiers` as of TierMembers. Without
// places, what it asks of lenses, tiers and crossings falls away.
std::vector<Clause> ClausesOf(const Pack& pack, const Condition& when,
                              absl::Span<const JurisdictionSet> tiers, bool places = true);

// Every cell of `narrow` is one of `wide`, as far as their predicates tell.
bool Contains(const Clause& wide, const Clause& narrow);

// What both ask together; nullopt when no cell can meet both. Of two `either` it keeps a's, so that
// it may be wider than the truth, never narrower.
std::optional<Clause> Both(const Clause& a, const Clause& b);

// How many predicates the condition has that count for specificity.
int Specificity(const Rule& rule, bool places = true);

// Which rule decides where two of them hold.
class RuleOrder {
 public:
  // `clauses` are those of every rule, in any order.
  RuleOrder(const Pack& pack, absl::Span<const Clause> clauses, bool places = true);

  bool Above(size_t a, size_t b) const { return above_[a * rules_ + b]; }
  size_t rules() const { return rules_; }

  // Rules that stand above one another in a circle, by position; empty when there is none.
  std::vector<size_t> Circle() const;

 private:
  size_t rules_;
  std::vector<bool> above_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_ORDER_H_
