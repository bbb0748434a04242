// Nics: network cards on the PCI bus, who drives each, and what DPDK needs to take one over.
//
// Never suggests to take a card from the kernel that the machine reaches its network through.
//
// Thread safety: values and pure functions, but for Read, which reads the system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_NICS_H_
#define BORDERFLOW_TOOLS_DOCTOR_NICS_H_

#include <string>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/drivers.h"
#include "tools/doctor/interfaces.h"
#include "tools/doctor/system_files.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

struct Nic {
  std::string address;  // "0000:3b:00.0"
  PciId id;
  std::string kernel_driver;            // bound now; "" for none
  std::vector<std::string> interfaces;  // that the kernel's driver makes of it
  std::string iommu_group;              // "12"; "" without IOMMU
  bool group_writable = false;          // this process may open /dev/vfio/12
};

struct PciBus {
  std::vector<Nic> nics;
  bool iommu = false;
  bool vfio = false;      // the module vfio-pci is loaded
  bool no_iommu = false;  // vfio was told to do without
};

PciBus ReadPciBus(const SystemFiles& files);

// "iommu", then a "nic" each, those that are wanted and not there as well.
std::vector<CheckResult> CheckNics(const PciBus& bus, const Drivers& drivers,
                                   const std::vector<Interface>& interfaces, const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_NICS_H_
