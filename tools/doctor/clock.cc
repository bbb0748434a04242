#include "tools/doctor/clock.h"

#include <sys/timex.h>

#include "absl/strings/str_format.h"

namespace borderflow {

Clock ReadClock() {
  timex question{};  // no mode: nothing is set
  const int state = adjtimex(&question);
  if (state < 0) return {};
  return {true, state != TIME_ERROR && (question.status & STA_UNSYNC) == 0,
          static_cast<double>(question.maxerror) / 1e6};
}

CheckResult CheckClock(const Clock& clock) {
  if (!clock.known) return Note("time", "the kernel does not say whether its clock is right");
  if (clock.synchronised) {
    return Ok("time", absl::StrFormat("synchronised, within %.3f s", clock.error_seconds));
  }
  return Problem("time", "the clock is not synchronised: times in reports may be wrong",
                 "timedatectl set-ntp true   # or: apt-get install chrony");
}

}  // namespace borderflow
