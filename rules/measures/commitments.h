// Commitments: trade agreements in which states promised not to stop data at the border, or not to
// demand that it be kept at home, and the rules of a pack that stand against them.
//
// A conflict here says that two texts pull in different directions for traffic that was seen. It is
// indicative, not a finding of law: every agreement has exceptions, which are named beside it, and
// whether one applies traffic cannot say.
//
// Thread safety: pure functions over constant tables.
#ifndef BORDERFLOW_RULES_MEASURES_COMMITMENTS_H_
#define BORDERFLOW_RULES_MEASURES_COMMITMENTS_H_

#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "rules/jurisdiction/groups.h"
#include "rules/measures/sides.h"
#include "rules/measures/verdicts.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// One agreement: data may flow between any two different members of `parties`, or, when
// `other_parties` is named, between one of each.
struct Commitment {
  std::string_view id;             // "CPTPP"
  std::string_view parties;        // group ids of groups.yaml, or a code
  std::string_view other_parties;  // empty: among `parties`
  std::string_view transfer;       // the article on cross-border transfer
  std::string_view location;       // the article on the location of computing facilities
  std::string_view exception;      // what lets a party depart from them, in our words
  bool verified;                   // the articles were read, not recalled
};
absl::Span<const Commitment> Commitments();

// Whether `commitment` binds both; no for ends that are no jurisdiction.
bool Binds(const Commitment& commitment, const Groups& groups, Jurisdiction a, Jurisdiction b);

// Traffic between two parties that a pack restricts.
struct Conflict {
  const Commitment* commitment = nullptr;
  Jurisdiction source = Jurisdiction::kUnknown;
  Jurisdiction destination = Jurisdiction::kUnknown;
  PolicySum forbidden;    // presumptively_prohibited, breach_if_confirmed
  PolicySum conditioned;  // conditional, file_required, review: may be a lawful safeguard
};

// By location of source and destination; forbidden bytes descending, then conditioned bytes, then
// agreements in the table's order and codes.
// REQUIRES: as many verdicts as cells.
std::vector<Conflict> Conflicts(absl::Span<const PolicyCell> cells, CellVerdicts verdicts,
                                const Groups& groups);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_COMMITMENTS_H_
