// Pipeline: one core's whole way from frames to cells: a Front, the hash and a Worker. Replay with
// one worker, every queue of a live port and the plugin run it.
//
// Thread safety: none; one a core.
#ifndef BORDERFLOW_DATAPLANE_PIPELINE_H_
#define BORDERFLOW_DATAPLANE_PIPELINE_H_

#include <array>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/capture/frame.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/front.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/packet/keyed_hash.h"
#include "dataplane/stage_probe.h"
#include "dataplane/worker.h"
#include "rules/category/names.h"

namespace borderflow {

class Pipeline {
 public:
  // `map` and `rules` must outlive the pipeline. Several pipelines that share the work of one link
  // may have different hashes.
  Pipeline(const PrefixMap* map, const NameRules* rules, const KeyedHash& hash,
           const FrontOptions& front, const WorkerOptions& worker);

  // Counts frames, in order, a worker's burst at a time. Their bytes are read during the call only.
  void Process(absl::Span<const Frame> frames);
  // The same, and adds what each stage took.
  void Process(absl::Span<const Frame> frames, StageCycles* cycles);

  // Ends every flow: what waits is added to its cell. Nothing may be processed afterwards.
  void Finish() { worker_.Finish(); }

  // What was counted so far, without what waits; of the cells, since the last Swap.
  Snapshot Take();

  // A hand-over at a burst boundary: `totals` (without cells) since the start, and the cells since
  // the last one, which stay where they are until another thread drains them.
  struct Handover {
    Snapshot totals;
    CellTable::Filled cells;
    // With windows: what was counted in each since the last hand-over, without cells.
    Snapshot windows[2];
  };
  // By the pipeline's own thread. REQUIRES: the last hand-over was drained. Allocates nothing as
  // long as every link type is known.
  void Swap(Handover* handover);
  // By any one thread, until the next Swap.
  void Drain(const Handover& handover, std::vector<Cell>* cells, int window = 0) {
    worker_.Drain(handover.cells, cells, window);
  }

  // Notes what DNS answers teach for other pipelines as well; takes over what they learned.
  void Share(DnsLessons* lessons) { worker_.Share(lessons); }
  void Learn(const DnsLesson& lesson) { worker_.Learn(lesson); }

  // Live windows (REQUIRES: WorkerOptions::windows): a frame counts in the window of its own time
  // if that is one of the two that are open, `first` and the one after it; earlier frames count in
  // the first, later ones in the second, and are noted as such. Before the first Process.
  void OpenWindows(uint64_t width_ns, uint64_t first);
  // Closes what lies before `next_first`, which is the first that is open then. To the next window
  // it goes in steps: adds what waits in the first, of at most `limit` flows, and returns false
  // when there is more; until then, frames count in the second. Anywhere else, also back, it closes
  // both at once. When it has returned true, Swap must be called before the next Process.
  bool CloseWindow(uint64_t next_first, size_t limit);

  // Locates new flows by another map from the next call of Process on.
  void Use(const PrefixMap* map);

  // For who turns windows himself (replay).
  Front& front() { return front_; }
  Worker& worker() { return worker_; }

 private:
  template <typename Probe>
  void ProcessWith(absl::Span<const Frame> frames, Probe* probe);
  size_t TurnToWindow(absl::Span<const Frame> frames);

  KeyedHash hash_;
  Front front_;
  Worker worker_;
  std::array<Packet, Worker::kMaxBurst> burst_;
  uint64_t window_ns_ = 0;  // 0: all is one window
  uint64_t first_ = 0;      // the first that is open
  uint64_t last_ = 0;       // and the last
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PIPELINE_H_
