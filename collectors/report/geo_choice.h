// GeoChoice: what the choice of the address database moves, over the same flows.
//
// Both databases were asked for both ends of every flow (dataplane/geo/geography.h), so that each
// cell has a verdict by either, and the two are compared cell by cell. Compared are not two totals,
// which could agree by chance while every single verdict differs.
//
// Thread safety: pure functions over values.
#ifndef BORDERFLOW_COLLECTORS_REPORT_GEO_CHOICE_H_
#define BORDERFLOW_COLLECTORS_REPORT_GEO_CHOICE_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/snapshot.h"
#include "rules/entity/entities.h"
#include "rules/jurisdiction/jurisdiction.h"
#include "rules/policy/compare.h"

namespace borderflow {

// Ends that the first database places here and the second there.
struct PlaceMove {
  Jurisdiction first = Jurisdiction::kUnknown;
  Jurisdiction second = Jurisdiction::kUnknown;
  PolicySum sum;  // of their flows' frames; of both ends where both move
};

struct GeoChoice {
  struct Policy {
    std::string pack;
    std::string version;
    PolicyComparison comparison;  // a: by the first, b: by the second
  };

  PolicySum total;
  PolicySum moved;                // with an end in another location
  PolicySum crossing_changed;     // that crosses a border, or whose crossing is known, by one only
  std::vector<PlaceMove> places;  // bytes descending, then codes
  std::vector<Policy> policies;
};

// `first` and `second` are the same cells in the same order, located by either; they need not be
// sorted, and several may have one key. Each side is judged as a report of its own would judge it,
// thresholds included.
// REQUIRES: first.size() == second.size().
GeoChoice CompareLocated(absl::Span<const Cell> first, absl::Span<const Cell> second,
                         absl::Span<const JurisdictionSet> zones, absl::Span<const Pack> packs,
                         const EvaluateOptions& options, const Entities& entities);

// For the summary.
std::string GeoChoiceText(const GeoChoice& choice);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_GEO_CHOICE_H_
