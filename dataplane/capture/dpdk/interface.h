// Interface: a Linux network interface captured through DPDK's net_af_packet, for machines without
// a NIC that DPDK drives.
//
// net_af_packet tells neither time stamps nor what the kernel dropped: the time is that of the
// burst, and loss is what the interface counted and we did not get.
//
// Thread safety: pure functions that read the system.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_INTERFACE_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_INTERFACE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace borderflow {

// How to open an interface as a port.
struct InterfaceDevice {
  std::string device;       // for Port::Open
  uint32_t frame_room = 0;  // for PortOptions
};

// Errors: NotFound for an interface that is not there, with those that are; PermissionDenied with
// the capability to grant when this process may not capture.
absl::StatusOr<InterfaceDevice> DescribeInterface(const std::string& interface);

// Frames that the interface received since it was made, by the kernel's count; 0 when unreadable.
uint64_t InterfaceFrames(const std::string& interface);

// Frames that the kernel lost before they were counted as received: rx_dropped and
// rx_missed_errors.
uint64_t InterfaceDrops(const std::string& interface);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_INTERFACE_H_
