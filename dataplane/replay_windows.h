// ReplayWindows: the windows of a replay, with any number of workers.
//
// The reader turns to another window at a frame, once for all (Turn); every worker follows when it
// has come to that place among its own packets (Take). So each closes a window after exactly the
// packets that came before in file order, whatever the number of workers.
//
// Thread safety: Take by each worker's thread for itself; everything else by the reader.
#ifndef BORDERFLOW_DATAPLANE_REPLAY_WINDOWS_H_
#define BORDERFLOW_DATAPLANE_REPLAY_WINDOWS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/event_windows.h"
#include "dataplane/front.h"
#include "dataplane/parcel.h"
#include "dataplane/window_gatherer.h"
#include "dataplane/worker.h"

namespace borderflow {

class ReplayWindows {
 public:
  // `front` and `workers` must outlive this.
  ReplayWindows(uint64_t width_ns, WindowSink sink, Front* front,
                absl::Span<Worker* const> workers);

  // Turns the front to the window of the next frames, and tells how many of them lie in the same.
  // `step` is for the workers.
  size_t Turn(absl::Span<const Frame> frames, WindowStep* step);

  // Closes windows, and turns to another, as far as worker `w` goes.
  void Take(size_t w, const WindowStep& step);

  // Gives complete windows to the sink, and adds them to `total`.
  void Emit(Snapshot* total) { gatherer_.Emit(total); }

  // After every worker has finished: the last windows.
  void Finish(Snapshot* total);

 private:
  // Totals that only grow -> what came since the last call.
  class SinceLast {
   public:
    Snapshot operator()(Snapshot totals);

   private:
    Snapshot last_;
  };
  struct Part {
    Worker* worker;
    SinceLast since_last;
  };

  uint64_t CloseFront(absl::Span<const uint64_t> indices);

  EventWindows windows_;
  WindowGatherer gatherer_;
  Front* front_;
  SinceLast since_last_;     // of the front
  std::vector<Part> parts_;  // by worker
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_REPLAY_WINDOWS_H_
