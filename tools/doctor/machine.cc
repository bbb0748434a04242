#include "tools/doctor/machine.h"

#include <utility>

#include "tools/doctor/ethtool.h"
#include "tools/doctor/hardware.h"

namespace borderflow {

Machine ReadMachine() {
  const SystemFiles files;
  return {ReadRights(files, CapabilityAttribute()),
          ReadMemory(files),
          ReadProcessors(files),
          ReadDrivers(files, DpdkVersion()),
          ReadPciBus(files),
          ReadInterfaces(files, EthtoolMerging),
          ReadInstances(files),
          ReadClock()};
}

std::vector<CheckResult> Examine(const Machine& machine, const Wanted& wanted) {
  std::vector<CheckResult> findings;
  const auto add = [&findings](std::vector<CheckResult> more) {
    for (CheckResult& finding : more) findings.push_back(std::move(finding));
  };
  add(CheckRights(machine.rights, wanted));
  add({CheckHugepages(machine.memory, machine.rights.root, wanted),
       CheckTables(machine.memory, wanted)});
  add(CheckProcessors(machine.processors, wanted));
  add(CheckDrivers(machine.drivers, wanted));
  add(CheckNics(machine.pci, machine.drivers, machine.interfaces, wanted));
  add(CheckInterfaces(machine.interfaces, wanted));
  add({CheckInstances(machine.held, wanted), CheckClock(machine.clock)});
  add(CheckHardware(machine.interfaces, wanted));
  return findings;
}

}  // namespace borderflow
