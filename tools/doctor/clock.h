// Clock: whether the machine's time is kept right, since windows and reports carry it.
//
// Source: adjtimex(2), asked without changing anything.
#ifndef BORDERFLOW_TOOLS_DOCTOR_CLOCK_H_
#define BORDERFLOW_TOOLS_DOCTOR_CLOCK_H_

#include "tools/doctor/check_result.h"

namespace borderflow {

struct Clock {
  bool known = false;
  bool synchronised = false;
  double error_seconds = 0;  // at most, by the kernel's estimate
};

Clock ReadClock();

CheckResult CheckClock(const Clock& clock);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_CLOCK_H_
