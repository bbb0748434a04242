// Instances: other borderflows that run on this machine, by the devices that they hold.
//
// A device is held by a name in the abstract socket space (tools/live/device_lock.h), which the
// kernel lists; so nothing has to be taken to see that it is taken.
//
// Thread safety: values and pure functions, but for Read, which reads the system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_INSTANCES_H_
#define BORDERFLOW_TOOLS_DOCTOR_INSTANCES_H_

#include <string>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/system_files.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

struct HeldDevice {
  std::string digest;   // of the device's name, SHA-256 in hexadecimal
  std::string process;  // its id; "" when this process may not see it
};

std::vector<HeldDevice> ReadInstances(const SystemFiles& files);

CheckResult CheckInstances(const std::vector<HeldDevice>& held, const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_INSTANCES_H_
