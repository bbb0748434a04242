// Distributor: frames of a port with one receive queue, given to several workers by address pair.
//
// A thread polls the port and puts each buffer into the ring of the worker that the frame's two
// addresses choose, both directions alike. What a full ring does not take is lost, and counted,
// unless the port reads a file, which can wait.
//
// Thread safety: one controlling thread; each source is polled by one thread.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_DISTRIBUTOR_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_DISTRIBUTOR_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/burst_source.h"

struct rte_ring;
struct rte_mbuf;

namespace borderflow {

// What is alike in both directions of a flow, from the frame's first bytes alone: a hash of the
// addresses of the outermost IP header behind at most two VLAN tags; 0 where there is none.
uint32_t AddressPairHash(const uint8_t* frame, uint32_t captured);

class Distributor {
 public:
  static constexpr uint32_t kRing = 8192;  // buffers that a worker may lag behind

  // `file`: the port is a net_pcap, whose frames carry their times and wait until they are read.
  // Errors: ResourceExhausted when there is no memory for the rings.
  static absl::StatusOr<std::unique_ptr<Distributor>> Start(uint16_t port, int workers, bool file);
  ~Distributor();

  std::vector<std::unique_ptr<BurstSource>> TakeSources();

  uint64_t ring_full() const { return ring_full_.load(std::memory_order_relaxed); }

  // Returns when the port is empty, unless it is a file, and everything received stands in the
  // rings. REQUIRES: workers still poll their sources, or what a full ring does not take is lost.
  void Stop();

 private:
  Distributor(uint16_t port, bool file) : port_(port), file_(file) {}
  void Run();
  void Give(absl::Span<rte_mbuf* const> mbufs);

  uint16_t port_;
  bool file_;
  std::vector<rte_ring*> rings_;
  std::atomic<uint64_t> ring_full_{0};
  std::atomic<bool> stop_{false};
  int last_tries_ = 0;  // of the thread
  std::thread thread_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_DISTRIBUTOR_H_
