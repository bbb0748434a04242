// WindowGatherer: what each of several threads counted in a window -> the window, complete, in
// order.
//
// The thread that closes windows numbers them from 0. Each part may arrive from any thread at any
// time after that; a window is given to the sink by Emit, once all of its parts are there.
//
// Thread safety: Add by any thread; everything else by one.
#ifndef BORDERFLOW_DATAPLANE_WINDOW_GATHERER_H_
#define BORDERFLOW_DATAPLANE_WINDOW_GATHERER_H_

#include <cstdint>
#include <deque>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dataplane/count/snapshot.h"

namespace borderflow {

// What was counted in a window: of frames with begin <= time < end, and of those that are late.
struct CountedWindow {
  uint64_t begin_ns = 0;
  uint64_t end_ns = 0;
  Snapshot counts;
};
using WindowSink = std::function<void(const CountedWindow& window)>;

class WindowGatherer {
 public:
  // Every window has `parts` parts, counted by workers 0 to parts - 1. `sink` may be empty.
  WindowGatherer(size_t parts, uint64_t width_ns, WindowSink sink)
      : parts_(parts), width_(width_ns), sink_(std::move(sink)) {}

  // Closes the window that begins at index * width. Returns its number.
  uint64_t Close(uint64_t index);

  void Add(uint64_t number, Snapshot part);

  // Gives every complete window to the sink, then adds it to `total`. A window in which nothing was
  // counted is left out.
  void Emit(Snapshot* total);

 private:
  struct Gathered {
    uint64_t index = 0;
    size_t missing = 0;
    Snapshot counts;
  };

  size_t parts_;
  uint64_t width_;
  WindowSink sink_;
  absl::Mutex mutex_;
  std::deque<Gathered> windows_ ABSL_GUARDED_BY(mutex_);
  uint64_t first_number_ ABSL_GUARDED_BY(mutex_) = 0;  // of windows_.front()
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_WINDOW_GATHERER_H_
