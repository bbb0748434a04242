// EventWindows: which window of event time each frame of a replay counts in, and when a window
// closes.
//
// Two windows may be open: the newest, and the one before it until frames have come whose time is
// kLatenessNs past its end. A later frame of a closed window counts, as late, in the older of those
// that are open. A time stamp that steps back by more than EventClock::kDisorderNs is a clock that
// was set: everything closes, and time goes on from there, so that a span of time may have two
// windows.
//
// Nothing depends on where blocks of frames end. Thread safety: none.
// Slow twin in tests: one frame at a time over a list of windows.
#ifndef BORDERFLOW_DATAPLANE_EVENT_WINDOWS_H_
#define BORDERFLOW_DATAPLANE_EVENT_WINDOWS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/capture/frame.h"

namespace borderflow {

class EventWindows {
 public:
  // Merged files and several queues are out of order by less.
  static constexpr uint64_t kLatenessNs = 10'000'000'000;

  // REQUIRES: width_ns > 0.
  explicit EventWindows(uint64_t width_ns)
      : width_(width_ns), lateness_(std::min(width_ns, kLatenessNs)) {}

  struct Run {
    std::vector<uint64_t> closes;  // indices of windows to be closed first, in this order
    size_t frames = 0;             // how many, from the front, count in the same window
    uint64_t index = 0;            // that window: it begins at index * width
    bool late = false;
  };
  // REQUIRES: `frames` is not empty.
  Run Next(absl::Span<const Frame> frames);

  // What is open at the end, in the order of closing.
  std::vector<uint64_t> Finish();

  // Two windows that are open at once have different places.
  static int PlaceOf(uint64_t index) { return static_cast<int>(index & 1); }

 private:
  // The older window: may yet be opened by a frame of it, is open, or is closed for good.
  enum class Older : uint8_t { kPossible, kOpen, kClosed };

  void CloseAll(Run* run);
  void GoTo(uint64_t index, Run* run);

  uint64_t width_;
  uint64_t lateness_;
  bool any_ = false;
  uint64_t newest_ = 0;
  Older older_ = Older::kClosed;
  uint64_t latest_ns_ = 0;  // the time that the capture has reached
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_EVENT_WINDOWS_H_
