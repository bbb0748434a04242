#include "tools/doctor/nics.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace borderflow {
namespace {

const std::string kFolder = "/sys/bus/pci/devices";

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The interfaces of a device lie in its folder, or in that of the virtio device within it.
std::vector<std::string> InterfacesIn(const SystemFiles& files, const std::string& device) {
  std::vector<std::string> names = files.Entries(device + "/net");
  for (const std::string& entry : files.Entries(device)) {
    if (!absl::StartsWith(entry, "virtio")) continue;
    for (std::string& name : files.Entries(absl::StrCat(device, "/", entry, "/net"))) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

uint16_t Hexadecimal(const std::string& text) {
  uint64_t number = 0;
  return absl::SimpleHexAtoi(text, &number) ? static_cast<uint16_t>(number) : uint16_t{0};
}

// Drivers that hand a device over to a program.
bool IsBoundForDpdk(const Nic& nic) {
  return nic.kernel_driver == "vfio-pci" || nic.kernel_driver == "igb_uio" ||
         nic.kernel_driver == "uio_pci_generic";
}

// What a card is to the machine itself.
struct Use {
  bool default_route = false;
  bool routes = false;
};

Use UseOf(const Nic& nic, const std::vector<Interface>& interfaces) {
  Use use;
  for (const Interface& interface : interfaces) {
    if (!Contains(nic.interfaces, interface.name)) continue;
    use.default_route = use.default_route || interface.default_route;
    use.routes = use.routes || interface.routes;
  }
  return use;
}

std::string Bind(const Nic& nic) {
  return absl::StrCat("modprobe vfio-pci && dpdk-devbind.py --bind=vfio-pci ", nic.address);
}

std::string CaptureThroughKernel(const Nic& nic) {
  return nic.interfaces.empty() ? "ip -brief link   # another port, or --interface"
                                : "borderflow live --interface " + nic.interfaces.front();
}

CheckResult CheckBound(const Nic& nic, const std::string& found, bool wanted) {
  if (nic.iommu_group.empty() || nic.group_writable) {
    return Ok("nic", found + "; ready for --port " + nic.address);
  }
  const std::string why = absl::StrCat(found, "; this user may not open its group");
  const std::string remedy = absl::StrCat("chown \"$USER\" /dev/vfio/", nic.iommu_group);
  return wanted ? Problem("nic", why, remedy) : Note("nic", why, remedy);
}

CheckResult CheckNic(const Nic& nic, const Drivers& drivers, const Use& use, bool wanted) {
  const PciDriver* driver = drivers.For(nic.id);
  const std::string found = absl::StrCat(
      nic.address, absl::StrFormat(" %04x:%04x", nic.id.vendor, nic.id.device),
      nic.kernel_driver.empty() ? ", no kernel driver" : ", kernel driver " + nic.kernel_driver,
      nic.interfaces.empty() ? "" : ", interface " + absl::StrJoin(nic.interfaces, ", "),
      driver == nullptr ? "; no DPDK driver for it is installed" : "; DPDK: " + driver->name);
  if (driver == nullptr) {
    return wanted ? Problem("nic", found, CaptureThroughKernel(nic)) : Note("nic", found);
  }
  if (IsBoundForDpdk(nic)) return CheckBound(nic, found, wanted);
  if (!driver->needs_binding()) {
    return Ok("nic", absl::StrCat(found,
                                  " works beside the kernel's driver: do not bind it; ready "
                                  "for --port ",
                                  nic.address));
  }
  if (use.default_route) {
    const std::string why =
        found + "; carries the default route: to bind it to DPDK cuts this machine off its network";
    return wanted ? Problem("nic", why, CaptureThroughKernel(nic)) : Note("nic", why);
  }
  const std::string careful =
      use.routes ? "; the machine has routes through it, which binding it to DPDK cuts" : "";
  if (wanted) return Problem("nic", found + ", once it is bound" + careful, Bind(nic));
  // Where the machine uses it, no command stands ready to be pasted.
  return Note("nic", found + ", once it is bound" + careful, use.routes ? "" : Bind(nic));
}

CheckResult CheckIommu(const PciBus& bus, const Drivers& drivers, const Wanted& wanted) {
  const std::string found = absl::StrCat(
      bus.iommu ? "IOMMU on" : "no IOMMU", "; vfio-pci ", bus.vfio ? "loaded" : "not loaded",
      bus.no_iommu ? "; vfio may do without an IOMMU (no protection)" : "");
  // Cards that work beside the kernel's driver need neither.
  const bool needed =
      std::any_of(bus.nics.begin(), bus.nics.end(), [&drivers, &wanted](const Nic& nic) {
        const PciDriver* driver = drivers.For(nic.id);
        return Contains(wanted.pci(), nic.address) && driver != nullptr && driver->needs_binding();
      });
  if (!bus.iommu && !bus.no_iommu) {
    const std::string remedy =
        "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&intel_iommu=on iommu=pt /' /etc/default/grub && "
        "update-grub && reboot; in a virtual machine that has none: modprobe vfio "
        "enable_unsafe_noiommu_mode=1";
    return needed ? Problem("iommu", found + ": a NIC cannot be taken over safely", remedy)
                  : Note("iommu", found + "; matters for NICs that DPDK takes over", remedy);
  }
  if (bus.vfio) return Ok("iommu", found);
  return needed ? Problem("iommu", found, "modprobe vfio-pci")
                : Note("iommu", found, "modprobe vfio-pci");
}

}  // namespace

PciBus ReadPciBus(const SystemFiles& files) {
  PciBus bus;
  for (const std::string& address : files.Entries(kFolder)) {
    const std::string device = absl::StrCat(kFolder, "/", address);
    if (!absl::StartsWith(files.Text(device + "/class"), "0x02")) continue;  // network controller
    Nic nic;
    nic.address = address;
    nic.id = {Hexadecimal(files.Text(device + "/vendor")),
              Hexadecimal(files.Text(device + "/device"))};
    nic.kernel_driver = files.LinkName(device + "/driver");
    nic.interfaces = InterfacesIn(files, device);
    nic.iommu_group = files.LinkName(device + "/iommu_group");
    nic.group_writable = !nic.iommu_group.empty() && files.MayWrite("/dev/vfio/" + nic.iommu_group);
    bus.nics.push_back(std::move(nic));
  }
  bus.iommu = !files.Entries("/sys/kernel/iommu_groups").empty();
  bus.vfio = files.Exists("/sys/module/vfio_pci");
  bus.no_iommu = files.Text("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode") == "Y";
  return bus;
}

std::vector<CheckResult> CheckNics(const PciBus& bus, const Drivers& drivers,
                                   const std::vector<Interface>& interfaces, const Wanted& wanted) {
  const std::vector<std::string> wanted_here = wanted.pci();
  std::vector<CheckResult> findings = {CheckIommu(bus, drivers, wanted)};
  for (const std::string& address : wanted_here) {
    const bool there = std::any_of(bus.nics.begin(), bus.nics.end(),
                                   [&address](const Nic& nic) { return nic.address == address; });
    if (!there) {
      findings.push_back(Problem("nic", address + ": no network card at this address",
                                 "dpdk-devbind.py --status-dev net   # those that are there"));
    }
  }
  for (const Nic& nic : bus.nics) {
    findings.push_back(
        CheckNic(nic, drivers, UseOf(nic, interfaces), Contains(wanted_here, nic.address)));
  }
  if (bus.nics.empty()) findings.push_back(Note("nic", "no network card on the PCI bus"));
  return findings;
}

}  // namespace borderflow
