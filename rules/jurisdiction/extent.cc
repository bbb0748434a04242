#include "rules/jurisdiction/extent.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

struct Circle {
  std::string_view code;
  Place centre;
  double radius_km;
};

constexpr Circle kCircles[] = {
#define BORDERFLOW_EXTENT(code, latitude, longitude, radius_km) \
  {code, {latitude, longitude}, radius_km},
#include "rules/jurisdiction/extents.inc"
#undef BORDERFLOW_EXTENT
};
static_assert(std::is_sorted(std::begin(kCircles), std::end(kCircles),
                             [](const Circle& a, const Circle& b) { return a.code < b.code; }));

}  // namespace

absl::StatusOr<Place> ParsePlace(std::string_view text) {
  const size_t comma = text.find(',');
  Place place;
  if (comma == std::string_view::npos ||
      !absl::SimpleAtod(std::string(text.substr(0, comma)), &place.latitude) ||
      !absl::SimpleAtod(std::string(text.substr(comma + 1)), &place.longitude) ||
      !(std::abs(place.latitude) <= 90) || !(std::abs(place.longitude) <= 180)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", std::string(text),
                     "' is no place: expected LATITUDE,LONGITUDE in degrees, such as 52.52,13.40 "
                     "(south and west are negative)"));
  }
  return place;
}

double Kilometres(const Place& a, const Place& b) {
  constexpr double kEarthRadiusKm = 6371;
  constexpr double kRadians = std::numbers::pi / 180;
  const double south_north = std::sin((b.latitude - a.latitude) * kRadians / 2);
  const double west_east = std::sin((b.longitude - a.longitude) * kRadians / 2);
  // The haversine formula: exact enough for points near each other, too.
  const double h = south_north * south_north + std::cos(a.latitude * kRadians) *
                                                   std::cos(b.latitude * kRadians) * west_east *
                                                   west_east;
  return 2 * kEarthRadiusKm * std::asin(std::min(1.0, std::sqrt(h)));
}

double NearestKilometres(const Place& place, Jurisdiction jurisdiction) {
  const std::string_view code = Code(jurisdiction);
  const auto [first, last] =
      std::equal_range(std::begin(kCircles), std::end(kCircles), Circle{code, {}, 0},
                       [](const Circle& a, const Circle& b) { return a.code < b.code; });
  if (first == last) return 0;
  double nearest = Kilometres(place, first->centre) - first->radius_km;
  for (const Circle* circle = first + 1; circle != last; ++circle) {
    nearest = std::min(nearest, Kilometres(place, circle->centre) - circle->radius_km);
  }
  return std::max(0.0, nearest);
}

}  // namespace borderflow
