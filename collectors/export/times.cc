#include "collectors/export/times.h"

#include "absl/time/time.h"

namespace borderflow {

std::string Iso8601(uint64_t seconds) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ",
                          absl::FromUnixSeconds(static_cast<int64_t>(seconds)),
                          absl::UTCTimeZone());
}

std::string Iso8601Nanoseconds(uint64_t nanoseconds) {
  constexpr uint64_t kPerSecond = 1'000'000'000;
  const absl::Time time = absl::FromUnixSeconds(static_cast<int64_t>(nanoseconds / kPerSecond)) +
                          absl::Nanoseconds(static_cast<int64_t>(nanoseconds % kPerSecond));
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E9SZ", time, absl::UTCTimeZone());
}

}  // namespace borderflow
