// Replay: captures -> Snapshot, with one worker or many.
//
// Reading, decoding and counting take turns in the calling thread. With more workers, that thread
// is the first of them: it gives each flow to one worker by its hash, fewer to itself, and shows
// packets that can teach DNS names to all, in file order. The result is the same for any number of
// workers as long as no fixed pool overflowed (Snapshot::overflows).
//
// Time is the frames' own; no clock is read. With windows (event_windows.h), what is counted in one
// is given away when it closes, in order, and the sum over all is what is counted without.
#ifndef BORDERFLOW_DATAPLANE_REPLAY_H_
#define BORDERFLOW_DATAPLANE_REPLAY_H_

#include <functional>

#include "absl/status/statusor.h"
#include "dataplane/capture/source.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/front.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/window_gatherer.h"
#include "dataplane/worker.h"
#include "rules/category/names.h"

namespace borderflow {

struct ReplayOptions {
  int workers = 1;
  FrontOptions front;
  WorkerOptions worker;
  uint64_t window_ns = 0;     // 0: all is one window
  WindowSink on_window = {};  // may be empty
};

// Called from the calling thread after every block, four times a MiB, with what was read so far.
using ReplayProgress = std::function<void(const FrameSource& source, uint64_t frames)>;

// Counts every frame of `source`. `map` and `rules` are only read.
// Errors: those of FrameSource::Read; what was counted until then is in `*snapshot` all the same.
absl::Status Replay(FrameSource* source, const PrefixMap& map, const NameRules& rules,
                    const ReplayOptions& options, const ReplayProgress& progress,
                    Snapshot* snapshot);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_REPLAY_H_
