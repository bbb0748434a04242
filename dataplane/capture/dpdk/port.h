// Port: a DPDK Ethernet device that frames are received from.
//
// Thread safety: one controlling thread; each source of sources() is polled by one thread.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_PORT_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_PORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/burst_source.h"
#include "dataplane/capture/dpdk/port_counters.h"

struct rte_mempool;

namespace borderflow {

class Distributor;

struct PortOptions {
  int workers = 1;             // queues, where the driver has as many
  uint16_t ring = 4096;        // receive descriptors a queue
  uint32_t mbufs = 0;          // buffers of all queues; 0 for what rings and workers can hold
  uint32_t frame_room = 2048;  // bytes of a buffer; longer frames arrive in several
  double link_seconds = 5;     // how long the link may take to come up
};

class Port {
 public:
  // `device` is a port number, a PCI address, the name of a device, or a name with arguments as
  // DPDK writes them ("net_pcap0,rx_pcap=FILE"). The port is started, promiscuous, and its link up
  // or waited for. Errors: NotFound for a device that is not there, with those that are;
  // FailedPrecondition for a driver that refuses, with what it refused; InvalidArgument for too few
  // buffers, or for queues that nobody would read; ResourceExhausted for buffers without memory.
  static absl::StatusOr<std::unique_ptr<Port>> Open(const std::string& device,
                                                    const PortOptions& options);
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  const std::string& device() const { return device_; }
  const std::string& driver() const { return driver_; }
  // What an operator should know of how the port was set up, one sentence each.
  const std::vector<std::string>& notes() const { return notes_; }
  // True if frames carry the time at which they were captured, not that of their burst.
  bool stamped() const { return stamped_; }

  // One source a worker. With a driver of one queue and several workers, a thread of the port's own
  // distributes frames by flow.
  std::vector<std::unique_ptr<BurstSource>> TakeSources();

  PortCounters Counters() const;
  bool LinkIsUp() const;

  // Ends the distribution thread, if any, when everything that was received has been handed on.
  void StopDistributing();

 private:
  Port() = default;
  absl::Status Start(uint16_t queues, const PortOptions& options);
  absl::Status WaitForLink(double seconds);

  std::string device_;
  std::string driver_;
  std::vector<std::string> notes_;
  uint16_t port_ = 0;
  uint16_t queues_ = 0;
  int workers_ = 1;
  bool found_ = false;  // port_ is a port
  bool probed_here_ = false;
  bool started_ = false;
  bool stamped_ = false;
  rte_mempool* pool_ = nullptr;
  std::unique_ptr<Distributor> distributor_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_PORT_H_
