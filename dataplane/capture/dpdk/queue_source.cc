#include "dataplane/capture/dpdk/queue_source.h"

#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

namespace borderflow {

QueueSource::QueueSource(uint16_t port, uint16_t queue, bool stamped)
    : port_(port), queue_(queue), reader_(stamped) {}

void QueueSource::Attach() {
  // Fails only when all of DPDK's 128 thread numbers are taken; then there is just no cache.
  if (rte_lcore_id() == LCORE_ID_ANY) registered_ = rte_thread_register() == 0;
}

void QueueSource::Detach() {
  if (registered_) rte_thread_unregister();
  registered_ = false;
}

size_t QueueSource::Poll(uint64_t now_ns, absl::Span<Frame> frames) {
  const auto room = static_cast<uint16_t>(std::min<size_t>(frames.size(), mbufs_.size()));
  held_ = rte_eth_rx_burst(port_, queue_, mbufs_.data(), room);
  // The buffers' own lines first: what they say is needed to reach the frames.
  for (unsigned i = 0; i < held_; ++i) {
    __builtin_prefetch(rte_pktmbuf_mtod(mbufs_[i], const void*));
  }
  reader_.Read(absl::MakeConstSpan(mbufs_).first(held_), now_ns, frames);
  return held_;
}

void QueueSource::Release() {
  rte_pktmbuf_free_bulk(mbufs_.data(), held_);
  held_ = 0;
}

}  // namespace borderflow
