// QueueSource: one receive queue of a port, polled by one worker.
//
// Thread safety: as BurstSource.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_QUEUE_SOURCE_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_QUEUE_SOURCE_H_

#include <array>

#include "dataplane/burst_source.h"
#include "dataplane/capture/dpdk/mbuf_frames.h"

namespace borderflow {

class QueueSource : public BurstSource {
 public:
  QueueSource(uint16_t port, uint16_t queue, bool stamped);

  // Makes the thread known to DPDK, so that it gets a cache of free buffers of its own.
  void Attach() override;
  size_t Poll(uint64_t now_ns, absl::Span<Frame> frames) override;
  void Release() override;
  void Detach() override;

 private:
  uint16_t port_;
  uint16_t queue_;
  bool registered_ = false;
  MbufFrames reader_;
  std::array<rte_mbuf*, kBurst> mbufs_{};
  unsigned held_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_QUEUE_SOURCE_H_
