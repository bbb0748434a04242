// PortCounters: what a driver says of the frames that it did not deliver.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_PORT_COUNTERS_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_PORT_COUNTERS_H_

#include <cstdint>

namespace borderflow {

// Since the port was started. Frames unless stated.
struct PortCounters {
  uint64_t received = 0;   // handed to us, by the driver's own count
  uint64_t missed = 0;     // imissed: the receive ring was full, the frame is lost
  uint64_t errors = 0;     // ierrors: the frame was damaged and not delivered
  uint64_t no_mbuf = 0;    // rx_nombuf: times that no buffer was free; some drivers count retries
  uint64_t ring_full = 0;  // lost between distributor and workers: ours, not the driver's
};

// Errors leave all zero: a driver without statistics says nothing.
PortCounters ReadPortCounters(uint16_t port);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_PORT_COUNTERS_H_
