// Drivers: which DPDK this program runs with, and which of its poll-mode drivers are installed.
//
// Nothing of DPDK is started: drivers are shared objects in a folder, and say within themselves, as
// JSON behind the words PMD_INFO_STRING, which PCI devices they drive and through what.
//
// Thread safety: values and pure functions, but for Read, which reads the system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_DRIVERS_H_
#define BORDERFLOW_TOOLS_DOCTOR_DRIVERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/system_files.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

struct PciId {
  uint16_t vendor = 0;
  uint16_t device = 0;
};

// What a driver says of itself.
struct PciDriver {
  std::string name;
  // "* igb_uio | vfio-pci": one of them must hold the device; or what the kernel's own driver
  // needs, where the device stays with it.
  std::string kernel_modules;
  std::vector<PciId> devices;

  // The device must be taken from the kernel's driver first.
  bool needs_binding() const { return kernel_modules.find("vfio-pci") != std::string::npos; }
};

struct Drivers {
  std::string version;             // "DPDK 22.11.11"; "" when no DPDK is linked
  std::string library;             // of its environment
  std::string folder;              // where drivers are looked for; "" with the above
  std::vector<std::string> files;  // in it, as drivers are called: "net_pcap"
  std::vector<PciDriver> pci;

  const PciDriver* For(const PciId& id) const;
  std::string abi_major() const;  // "23": part of the names of Debian's packages
};

// `version` is what the linked DPDK says of itself.
Drivers ReadDrivers(const SystemFiles& files, const std::string& version);
// That, of this process.
std::string DpdkVersion();

// Every PMD_INFO_STRING in a driver's bytes that names PCI devices.
std::vector<PciDriver> ParsePciDrivers(std::string_view object);

// "dpdk", "drivers", and a "port" for each virtual device that is wanted.
std::vector<CheckResult> CheckDrivers(const Drivers& drivers, const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_DRIVERS_H_
