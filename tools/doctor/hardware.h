// Hardware: what can only be known once a NIC is there, or was never tried on one.
#ifndef BORDERFLOW_TOOLS_DOCTOR_HARDWARE_H_
#define BORDERFLOW_TOOLS_DOCTOR_HARDWARE_H_

#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/interfaces.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

// "rss": how many queues there are, and when symmetry is checked. "hardware": what is untested.
std::vector<CheckResult> CheckHardware(const std::vector<Interface>& interfaces,
                                       const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_HARDWARE_H_
