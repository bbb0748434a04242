// Machine: all that the doctor reads of a system, and all that it makes of it.
//
// Thread safety: Examine is a pure function; ReadMachine reads the system, opens no port and
// changes nothing.
#ifndef BORDERFLOW_TOOLS_DOCTOR_MACHINE_H_
#define BORDERFLOW_TOOLS_DOCTOR_MACHINE_H_

#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/clock.h"
#include "tools/doctor/drivers.h"
#include "tools/doctor/instances.h"
#include "tools/doctor/interfaces.h"
#include "tools/doctor/memory.h"
#include "tools/doctor/nics.h"
#include "tools/doctor/processors.h"
#include "tools/doctor/rights.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

struct Machine {
  Rights rights;
  Memory memory;
  Processors processors;
  Drivers drivers;
  PciBus pci;
  std::vector<Interface> interfaces;
  std::vector<HeldDevice> held;
  Clock clock;
};

// About 40 ms, most of it the drivers' own descriptions.
Machine ReadMachine();

// Every check of the machine, in the order in which an operator meets what they are about.
std::vector<CheckResult> Examine(const Machine& machine, const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_MACHINE_H_
