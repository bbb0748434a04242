// Exposure: the harm side of the scale. What is sensitive, what can be read on the way, and how few
// hold it; always shown beside cost (cost.h).
//
// Encryption never adds to exposure: unknown protection widens bounds, encrypted traffic lowers the
// readable share.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_EXPOSURE_H_
#define BORDERFLOW_RULES_MEASURES_EXPOSURE_H_

#include <vector>

#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/measures/sides.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// Whether a flow's data can be read on the way; undetermined when protection is not known.
Reply IsCleartext(const PolicyCell& cell);

// Shares of the weight of the cells given (usually those that cross). Bounds: the share if nothing,
// and if everything, that is undetermined were so.
struct Exposure {
  Measured sensitive = Measured::Not("not computed");            // sensitivity.h
  Measured cleartext = Measured::Not("not computed");            // content readable on the way
  Measured sensitive_cleartext = Measured::Not("not computed");  // both at once
  Measured control = Measured::Not("not computed");              // gives a hold on what runs here
  // Sum of w x confidence over sensitive cells / sum of w: what to plan for, beside the upper bound
  // of `sensitive`, which is the worst case.
  Measured expected_sensitive = Measured::Not("not computed");
};
Exposure ExposureOf(absl::Span<const PolicyCell> cells, Weight weight);

// The cells that cross a border by location, or may; in the order given.
std::vector<PolicyCell> CellsThatMayCross(absl::Span<const PolicyCell> cells);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_EXPOSURE_H_
