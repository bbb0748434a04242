// Wanted: what the operator asks of the machine, as the checks need to know it.
#ifndef BORDERFLOW_TOOLS_DOCTOR_WANTED_H_
#define BORDERFLOW_TOOLS_DOCTOR_WANTED_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace borderflow {

struct Wanted {
  std::vector<std::string> ports;       // DPDK devices, as --port names them
  std::vector<std::string> interfaces;  // Linux interfaces
  std::vector<int> cores;               // of the workers; empty: the allowed ones
  size_t workers = 1;                   // of each port
  uint64_t flows = uint64_t{1} << 20;   // of each worker

  // Nothing is configured yet: then what an interface would need is looked at.
  bool nothing() const { return ports.empty() && interfaces.empty(); }
  bool through_kernel() const { return nothing() || !interfaces.empty(); }
  // PCI addresses among the ports, with their domain ("0000:3b:00.0").
  std::vector<std::string> pci() const;
  // Names of the virtual devices among the ports ("net_pcap0").
  std::vector<std::string> virtual_devices() const;
  size_t lanes() const;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_WANTED_H_
