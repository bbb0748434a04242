#include "tools/command/time_flag.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace borderflow {

absl::StatusOr<uint64_t> ParseTimeFlag(const std::string& flag, const std::string& text) {
  uint64_t seconds = 0;
  if (absl::SimpleAtoi(text, &seconds)) return seconds;
  for (const char* format : {absl::RFC3339_full, "%Y-%m-%dT%H:%M:%E*S", "%Y-%m-%d %H:%M:%S",
                             "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error) &&
        time >= absl::UnixEpoch()) {
      return static_cast<uint64_t>(absl::ToUnixSeconds(time));
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      flag, ": \"", text, "\" is no time such as 2026-06-25T04:00:00Z or 2026-06-25 (UTC)"));
}

}  // namespace borderflow
