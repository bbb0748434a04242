// Extent: how near a jurisdiction's land can be to a place.
//
// extents.inc holds circles that cover each jurisdiction, with a margin; so a distance from here is
// never more than the true one.
//
// Thread safety: pure functions over a constant table.
#ifndef BORDERFLOW_RULES_JURISDICTION_EXTENT_H_
#define BORDERFLOW_RULES_JURISDICTION_EXTENT_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

// Degrees, north and east positive.
struct Place {
  double latitude = 0;
  double longitude = 0;
};

// "52.52,13.40". Errors: InvalidArgument naming what was found and what is expected.
absl::StatusOr<Place> ParsePlace(std::string_view text);

// Great-circle distance on a sphere of the earth's mean radius, in km.
double Kilometres(const Place& a, const Place& b);

// A lower bound of the way from `place` to `jurisdiction`, in km; 0 within one of its circles, and
// for the specials, which are no place.
double NearestKilometres(const Place& place, Jurisdiction jurisdiction);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_EXTENT_H_
