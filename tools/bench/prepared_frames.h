// PreparedFrames: an endless source of frames in memory, in the place of a NIC's receive ring.
//
// Frames are written into a ring of buffers outside the measured part, and then counted from there.
// The ring is larger than the second-level cache, so that headers come from the last level, as they
// do where a NIC writes into it.
//
// A flow that exists was opened by a SYN and decided by an HTTP request (Opening). What follows in
// Next is what a link carries most of the time: frames of decided flows, drawn at random, in both
// directions, with sequence numbers that go on. A share of the frames may open flows never seen
// before: each is a SYN, 64 bytes whatever the size of the others, and the flow's only frame.
//
// Sizes are named as Ethernet does, with the four bytes of the frame check sequence. No NIC hands
// those over and nobody counts them: a frame of 64 bytes has 60. A frame of the smallest size has
// no payload; an IPv6 frame is never shorter than its headers (78).
//
// Everything is drawn from a seed: the same options give the same frames.
//
// Thread safety: none; one a worker.
#ifndef BORDERFLOW_TOOLS_BENCH_PREPARED_FRAMES_H_
#define BORDERFLOW_TOOLS_BENCH_PREPARED_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/capture/frame.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/flow/arena.h"
#include "dataplane/packet/address.h"
#include "tools/bench/places.h"

namespace borderflow {

inline constexpr uint32_t kSmallestFrame = 64;
inline constexpr uint32_t kLargestFrame = 1518;
inline constexpr uint32_t kFrameCheckSequence = 4;

struct PreparedOptions {
  // Drawn with equal chances, so that a size named twice comes twice as often.
  std::vector<uint32_t> sizes = {kSmallestFrame};
  uint64_t flows = 1'000'000;
  double new_flows = 0;    // share of frames that open a flow
  bool syn_flood = false;  // these come from random sources to one destination
  double ipv6 = 0;         // share of flows
  // Pairs of countries that flows run between, each pair two cells; 2 x countries() to
  // 2 x countries() squared.
  uint32_t cells = 10'000;
  uint64_t frame_interval_ns = 67;  // of event time: 10 GbE at 64 bytes
  size_t buffers = 16'384;
  uint64_t seed = 1;
};

class PreparedFrames {
 public:
  // `places` must outlive this.
  PreparedFrames(const Places* places, const PreparedOptions& options);

  // The next frames that open and decide the flows, as many as the ring holds; none when all flows
  // are open. Frames live until the next call of any of these.
  absl::Span<const Frame> Opening();
  // Frames that each open a flow never seen before; at most buffers().
  absl::Span<const Frame> NewFlows(size_t count);
  // Frames of open flows and new ones, in their shares; at most buffers().
  absl::Span<const Frame> Next(size_t count);

  // Lets event time pass.
  void Pause(uint64_t ns) { time_ns_ += ns; }

  size_t buffers() const { return frames_.size(); }
  uint64_t flows() const { return options_.flows; }
  // Handed out so far, as a link that loses nothing would have to count it.
  const FrameTotals& offered() const { return offered_; }

 private:
  struct Flow {
    IpAddress client;
    IpAddress server;
    uint16_t client_port;
    uint16_t server_port;
    bool v6;
    uint32_t sequence;  // of the client's SYN; the server's is the same
  };
  struct Segment {
    bool from_client;
    uint8_t flags;
    uint32_t sequence;
    uint32_t frame_bytes;  // without payload at the smallest size
  };

  Flow FlowOf(uint64_t number) const;
  void Write(size_t at, const Flow& flow, const Segment& segment);
  void WriteNew(size_t at);
  void WriteOpen(size_t at, uint64_t random);
  uint8_t* Buffer(size_t at) { return &memory_[at * kStride]; }
  absl::Span<const Frame> Ready(size_t count) { return absl::MakeConstSpan(frames_).first(count); }

  // A mempool's element with DPDK's default data room is 2,368 bytes: an odd number of cache lines,
  // so that the first lines of frames do not share a few sets of the cache.
  static constexpr size_t kStride = size_t{37} * 64;

  const Places* places_;
  PreparedOptions options_;
  bool payload_ = false;    // some frames have payload, and sequence numbers go on
  uint64_t new_below_ = 0;  // of 2^32: frames that open a flow
  uint64_t v6_below_ = 0;   // of 2^32: flows
  IpAddress victim_;

  Arena<uint8_t> memory_;
  std::vector<Frame> frames_;
  std::vector<uint32_t> sent_;  // payload bytes by flow and end, when payload_
  uint64_t opened_ = 0;         // flows that Opening has handed out
  uint64_t fresh_;              // number of the next flow never seen
  uint64_t draws_ = 0;
  uint64_t time_ns_;
  FrameTotals offered_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_BENCH_PREPARED_FRAMES_H_
