// Frame: one captured link-layer frame, and the block that owns its bytes.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_FRAME_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_FRAME_H_

#include <cstdint>
#include <memory>
#include <vector>

namespace borderflow {

// A frame's stated length above this is a forgery (design section 1): no link carries it, and a few
// captured bytes must not be able to claim gigabytes.
inline constexpr uint32_t kMaxFrameBytes = 262144;

// A burst is the unit of a worker: 32 frames, what DPDK's drivers return and what the prefetches of
// the pipeline are paced for.
inline constexpr int kBurst = 32;

struct Frame {
  const uint8_t* data = nullptr;  // `captured` readable bytes
  uint32_t captured = 0;          // bytes present
  uint32_t bytes = 0;             // original length on the wire, at most kMaxFrameBytes
  uint64_t time_ns = 0;           // since 1970-01-01T00:00:00Z, from the capture or the burst
  uint16_t link_type = 0;         // LINKTYPE_ value (link_types.h)
  bool length_forged = false;     // the stated length was above kMaxFrameBytes and was clamped
};

// Frames and the memory that they point into; reused from read to read so that no memory is
// allocated once it has grown to its working size.
//
// Thread safety: one owner at a time. Frames are valid until the block is refilled or destroyed;
// moving the block keeps them valid.
struct FrameBlock {
  std::vector<Frame> frames;
  std::vector<uint8_t> storage;

  void Clear() { frames.clear(); }
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_FRAME_H_
