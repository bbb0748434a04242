// MbufFrames: DPDK's packet buffers as frames.
//
// Thread safety: none; one a polling thread.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_MBUF_FRAMES_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_MBUF_FRAMES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/capture/frame.h"

struct rte_mbuf;

namespace borderflow {

class MbufFrames {
 public:
  // `stamped` says that the port's driver writes microseconds since 1970 into each buffer, as
  // net_pcap does. What a NIC writes there is a count of its own clock, of no use here.
  explicit MbufFrames(bool stamped);

  // One frame a buffer; `frames` must be at least as long. A chain of several segments is copied
  // together, into memory that the next call overwrites; all else stays in the buffers, which must
  // outlive the frames. Allocates nothing.
  void Read(absl::Span<rte_mbuf* const> mbufs, uint64_t now_ns, absl::Span<Frame> frames);

 private:
  // A chain is a jumbo frame, or what segmentation offload made of several: up to 64 KiB of IP, and
  // the link's headers before it.
  static constexpr uint32_t kMaxChain = 65536 + 1024;

  // The chain's bytes, `captured` of them, of the `held` that its segments have.
  const uint8_t* Join(const rte_mbuf& first, size_t place, uint32_t* captured, uint32_t* held);

  int timestamp_offset_ = -1;
  uint64_t timestamp_flag_ = 0;
  std::vector<uint8_t> joined_;  // kMaxChain for each frame of a burst
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_MBUF_FRAMES_H_
