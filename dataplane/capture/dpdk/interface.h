// Interface: a Linux network interface captured through DPDK's net_af_packet, for machines without
// a NIC that DPDK drives.
//
// net_af_packet tells neither time stamps nor what the kernel dropped nor the length of a frame
// that it cut: the time is that of the burst, loss is asked of the kernel (captured_interface.h),
// and an interface whose frames are cut is said to be one.
//
// Thread safety: pure functions that read the system.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_INTERFACE_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_INTERFACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace borderflow {

// How to open an interface as a port.
struct InterfaceDevice {
  std::string device;       // for Port::Open
  uint32_t frame_room = 0;  // for PortOptions
  // What an operator should know of it, one sentence each.
  std::vector<std::string> notes;
};

// Errors: NotFound for an interface that is not there, with those that are; PermissionDenied with
// the capability to grant when this process may not capture.
absl::StatusOr<InterfaceDevice> DescribeInterface(const std::string& interface);

// Frames that the kernel lost before they were counted as received: rx_dropped and
// rx_missed_errors, since the interface was made; 0 when unreadable.
uint64_t InterfaceDrops(const std::string& interface);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_INTERFACE_H_
