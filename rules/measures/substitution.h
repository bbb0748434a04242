// Substitution: how far traffic moved from some holders to others between two periods.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_SUBSTITUTION_H_
#define BORDERFLOW_RULES_MEASURES_SUBSTITUTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/measures/sides.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

struct Shift {
  std::string holder;
  double before = 0;  // shares of the known weight
  double after = 0;
};

struct Substitution {
  // 1/2 sum over j of |s_j(after) - s_j(before)|, 0 .. 1: the share that changed hands; the total
  // variation distance of the two distributions. It cannot tell a policy from any other cause.
  Measured index = Measured::Not("not computed");
  std::vector<Shift> shifts;  // largest change first, then names
};

// Two periods of any length: shares are compared, not volumes. Weight whose holder is not known is
// left out, and bounds the index: at worst all of it moved, or moved back.
Substitution SubstitutionBetween(absl::Span<const PolicyCell> before,
                                 absl::Span<const PolicyCell> after, Holder holder, Weight weight);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_SUBSTITUTION_H_
