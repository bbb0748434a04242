#include "collectors/window/width.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr uint64_t kHour = 3600;

uint64_t UnitOf(char letter) {
  switch (letter) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return kHour;
    default:
      return 0;
  }
}

}  // namespace

absl::StatusOr<uint64_t> ParseWindowWidth(std::string_view text) {
  const std::string found(text);
  uint64_t unit = text.empty() ? 0 : UnitOf(text.back());
  if (unit != 0) text.remove_suffix(1);
  if (unit == 0) unit = 1;
  uint32_t number = 0;
  if (!absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--window: \"", found, "\" is no width such as 60s, 5m or 1h"));
  }
  const uint64_t seconds = number * unit;
  if (seconds > 0 && seconds <= kHour && kHour % seconds == 0) return seconds;
  uint64_t below = std::min(seconds, kHour);
  while (below > 1 && kHour % below != 0) --below;
  uint64_t above = std::min(std::max<uint64_t>(seconds, 1), kHour);
  while (kHour % above != 0) ++above;
  return absl::InvalidArgumentError(absl::StrCat(
      "--window: \"", found, "\" does not divide an hour, of which hours are made; ",
      below == above || below == 0 ? absl::StrCat("use ", above, "s")
                                   : absl::StrCat("use ", below, "s or ", above, "s")));
}

}  // namespace borderflow
