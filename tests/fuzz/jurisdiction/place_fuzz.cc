// Any text as the sensor's place: refused, or a place on the earth from which every jurisdiction
// has a distance.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "rules/jurisdiction/extent.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<borderflow::Place> place = borderflow::ParsePlace(text);
  if (!place.ok()) {
    if (!absl::IsInvalidArgument(place.status())) std::abort();
    return 0;
  }
  if (!(place->latitude >= -90 && place->latitude <= 90)) std::abort();
  if (!(place->longitude >= -180 && place->longitude <= 180)) std::abort();
  constexpr double kHalfTheEarthKm = 20'016;
  for (const char* code : {"NZ", "KI", "RU", "AQ"}) {
    const double km = borderflow::NearestKilometres(*place, *borderflow::FromCode(code));
    if (!(km >= 0 && km <= kHalfTheEarthKm)) std::abort();
  }
  return 0;
}
