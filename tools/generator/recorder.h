// Recorder: takes frames in any order within reason, writes them in order of time.
//
// A flow hands over all its frames when it is opened; frames wait here until every flow that
// starts earlier has been opened, so memory follows the flows that are open at once and not the
// length of the capture. Frames of equal time keep the order in which they came.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_RECORDER_H_
#define BORDERFLOW_TOOLS_GENERATOR_RECORDER_H_

#include <cstdint>
#include <queue>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "tools/generator/frames.h"
#include "tools/generator/pcap_writer.h"
#include "tools/generator/random.h"
#include "tools/generator/truth.h"

namespace borderflow::generator {

class Recorder {
 public:
  // `writer` is open and outlives the recorder.
  Recorder(PcapWriter* writer, uint64_t seed) : writer_(writer), random_(seed) {}

  // Keeps a copy of `captured` until its time. REQUIRES: time_ns is not before the last Flush.
  void Add(uint64_t time_ns, absl::Span<const uint8_t> captured, uint32_t original_length);

  // Writes everything before `time_ns`. Costs about 150 ns a frame that waited.
  void FlushBefore(uint64_t time_ns);
  void FlushAll() { FlushBefore(UINT64_MAX); }

  Truth& truth() { return truth_; }
  Random& random() { return random_; }
  // Scratch for the one frame that is being built.
  FrameBuffer& frame() { return frame_; }

 private:
  struct Slot {
    std::vector<uint8_t> captured;  // keeps its capacity from frame to frame
    uint32_t original_length = 0;
  };
  struct Waiting {
    uint64_t time_ns;
    uint64_t order;
    uint32_t slot;
    // For a queue whose top is the earliest.
    friend bool operator<(const Waiting& a, const Waiting& b) {
      return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.order > b.order;
    }
  };

  PcapWriter* writer_;
  Random random_;
  Truth truth_;
  FrameBuffer frame_;
  std::priority_queue<Waiting> waiting_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  uint64_t order_ = 0;
};

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_RECORDER_H_
