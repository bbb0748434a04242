// Packet buffers and a port that a test fills: DPDK's own, with the sender's count known.
#ifndef BORDERFLOW_TESTS_DATAPLANE_CAPTURE_DPDK_MBUFS_H_
#define BORDERFLOW_TESTS_DATAPLANE_CAPTURE_DPDK_MBUFS_H_

#include <gtest/gtest.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace borderflow {

class MbufPool {
 public:
  explicit MbufPool(const std::string& name, unsigned mbufs = 4095)
      : size_(mbufs),
        pool_(rte_pktmbuf_pool_create(name.c_str(), mbufs, /*cache_size=*/0, 0,
                                      RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY)) {
    if (pool_ == nullptr) ADD_FAILURE() << "no memory for the pool " << name;
  }
  ~MbufPool() {
    EXPECT_EQ(rte_mempool_avail_count(pool_), size_) << "buffers were not given back";
    rte_mempool_free(pool_);
  }
  MbufPool(const MbufPool&) = delete;
  MbufPool& operator=(const MbufPool&) = delete;

  // One buffer that holds `bytes`; waits for one.
  rte_mbuf* Make(const std::vector<uint8_t>& bytes) { return Chain({bytes}); }

  // A segment for each of `parts`, of at least one.
  rte_mbuf* Chain(const std::vector<std::vector<uint8_t>>& parts) {
    rte_mbuf* first = nullptr;
    rte_mbuf* last = nullptr;
    for (const std::vector<uint8_t>& part : parts) {
      rte_mbuf* segment = rte_pktmbuf_alloc(pool_);
      while (segment == nullptr) {
        std::this_thread::yield();
        segment = rte_pktmbuf_alloc(pool_);
      }
      std::copy(part.begin(), part.end(), rte_pktmbuf_mtod(segment, uint8_t*));
      segment->data_len = static_cast<uint16_t>(part.size());
      if (first == nullptr) {
        first = segment;
        first->pkt_len = 0;
      } else {
        last->next = segment;
        ++first->nb_segs;
      }
      first->pkt_len += static_cast<uint32_t>(part.size());
      last = segment;
    }
    return first;
  }

 private:
  unsigned size_;
  rte_mempool* pool_;
};

// A net_ring port: what the test puts in is what it receives. To be declared before the Port that
// opens it, which closes the device.
class RingPort {
 public:
  explicit RingPort(const std::string& name, unsigned size = 65536)
      : device_("net_ring_" + name),
        ring_(rte_ring_create(name.c_str(), size, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ)) {
    // The driver does not start without a transmit ring; nothing is ever sent.
    if (ring_ == nullptr ||
        rte_eth_from_rings(name.c_str(), &ring_, 1, &ring_, 1, /*numa_node=*/0) < 0) {
      ADD_FAILURE() << "no port over the ring " << name << ": " << rte_strerror(rte_errno);
    }
  }
  ~RingPort() {
    rte_eal_hotplug_remove("vdev", device_.c_str());
    void* left = nullptr;
    while (rte_ring_dequeue(ring_, &left) == 0) rte_pktmbuf_free(static_cast<rte_mbuf*>(left));
    rte_ring_free(ring_);
  }
  RingPort(const RingPort&) = delete;
  RingPort& operator=(const RingPort&) = delete;

  const std::string& device() const { return device_; }

  // Waits while the ring is full.
  void Send(rte_mbuf* mbuf) {
    while (rte_ring_enqueue(ring_, mbuf) != 0) std::this_thread::yield();
  }

 private:
  std::string device_;
  rte_ring* ring_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_CAPTURE_DPDK_MBUFS_H_
