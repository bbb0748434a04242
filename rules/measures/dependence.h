// Measures of dependence: on whose operators users rely, what those could read, and what would be
// missing without them.
//
// Users are initiators by location, operators are responders' operators. Traffic whose operator is
// not known widens the bounds. Every measure is of what this vantage sees, not of a country.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_DEPENDENCE_H_
#define BORDERFLOW_RULES_MEASURES_DEPENDENCE_H_

#include <optional>

#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/measures/sides.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// Dependence: D_i(j, k) = w(users in i, category k, operator of j) / w(users in i, category k);
// over all categories without `category`.
Measured Dependence(absl::Span<const PolicyCell> cells, Jurisdiction i, Jurisdiction j,
                    std::optional<Category> category, Weight weight);

// Whether any traffic that users in i keep in i passes this vantage. Where none does, their other
// traffic is a sample of whoever calls in here, and says nothing about what they rely on.
bool SeesUsersAtHome(absl::Span<const PolicyCell> cells, Jurisdiction i);

// Asymmetric dependence: A_ij = D_i(j) - D_j(i), -1 .. 1; positive when i relies more on j. Not
// measurable unless users of both are seen at home: from a vantage in i, whoever is seen of j
// relies on i, by selection.
Measured AsymmetricDependence(absl::Span<const PolicyCell> cells, Jurisdiction i, Jurisdiction j,
                              Weight weight);

// Critical dependence: of the classified categories that users in i use, the share that has one
// holder only (an organisation, or one operator jurisdiction). A category of which some traffic has
// no known holder, and at most one known, is undetermined.
// Source: Kumar et al., Each at Its Own Pace, POMACS 2023 (arXiv 2111.12253), where the unit is a
// site's third-party service; here it is a category.
Measured CriticalDependence(absl::Span<const PolicyCell> cells, Jurisdiction i, Holder holder);

// Whom a state could read: cleartext content, or beside it whatever showed a name on the wire.
enum class Readable : uint8_t { kContent, kMetadata };

// Panopticon exposure: w(users outside j, operator of j, readable) / w(users outside j). Encrypted
// traffic is not readable; unknown protection widens the bounds.
// Source: Farrell and Newman, Weaponized Interdependence, International Security 44(1), 2019, whose
// "panopticon effect" this turns into a number.
Measured PanopticonExposure(absl::Span<const PolicyCell> cells, Jurisdiction j, Readable readable,
                            Weight weight);

// Chokepoint exposure: what users outside j would lose if operators of j were gone.
// gross = sum over k of w_jk / sum of w; net = sum over k of max(0, w_jk - w_k without j) / sum of
// w: substitutes seen in a category are taken to be able to carry as much again as they do now.
// Unclassified traffic has no substitutes that one could name: it widens the bounds of net.
// Source: Farrell and Newman 2019 ("chokepoint effect"); the assumption on substitutes is ours.
struct Chokepoint {
  Measured gross;
  Measured net;
};
Chokepoint ChokepointExposure(absl::Span<const PolicyCell> cells, Jurisdiction j, Weight weight);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_DEPENDENCE_H_
