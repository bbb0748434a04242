// Measures of place: how much crosses, how much stays, and how often "located here" hides who runs
// it.
//
// Location is a belief of the database and operator a curated table; where one is not known the
// answer's bounds say so. Weights are named by the caller (sides.h).
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_LOCATION_H_
#define BORDERFLOW_RULES_MEASURES_LOCATION_H_

#include "absl/types/span.h"
#include "rules/jurisdiction/groups.h"
#include "rules/measures/measured.h"
#include "rules/measures/sides.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// Cross-border share: X = sum over i != j of w_ij / sum of w, by location of source and
// destination.
Measured CrossBorderShare(absl::Span<const PolicyCell> cells, Weight weight);

// Confinement: C_R(c) = w(users in c -> endpoints in R) / w(users in c -> all). Users are
// initiators located in `users`; endpoints are responders.
// Source: Iordanou, Smaragdakis, Poese and Laoutaris, Tracing Cross Border Web Tracking, IMC 2018
// (10.1145/3278532.3278561). There the weight is flows.
Measured Confinement(absl::Span<const PolicyCell> cells, const JurisdictionSet& users,
                     const JurisdictionSet& region, Weight weight);

// Leakage: L_k = w(category k, from `subject`, destination not in `allowed`) / w(category k, from
// `subject`), in the direction of travel. Traffic without a known category may be of this one: it
// widens the bounds.
Measured Leakage(absl::Span<const PolicyCell> cells, Category category,
                 const JurisdictionSet& subject, const JurisdictionSet& allowed, Weight weight);

// Alignment index: share of w whose initiator's location, responder's location and responder's
// operator are one jurisdiction.
Measured AlignmentIndex(absl::Span<const PolicyCell> cells, Weight weight);

// Divergence of location and operator: w(responder's location != its operator) / w.
Measured LocationOperatorDivergence(absl::Span<const PolicyCell> cells, Weight weight);

// Of what is answered where the user is, the share that an operator of another jurisdiction runs:
// w(initiator's location = responder's location != operator) / w(initiator's location =
// responder's location).
Measured ForeignControlAtHome(absl::Span<const PolicyCell> cells, Weight weight);

// Whether `set` holds the jurisdiction; undetermined when it is none.
Reply In(const JurisdictionSet& set, Jurisdiction jurisdiction);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_LOCATION_H_
