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

  // Counts frames, in order, kBurst at a time. Their bytes are read during the call only.
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
  };
  // By the pipeline's own thread. REQUIRES: the last hand-over was drained. Allocates nothing as
  // long as every link type is known.
  void Swap(Handover* handover);
  // By any one thread, until the next Swap.
  void Drain(const Handover& handover, std::vector<Cell>* cells) {
    worker_.Drain(handover.cells, cells);
  }

  // Notes what DNS answers teach for other pipelines as well; takes over what they learned.
  void Share(DnsLessons* lessons) { worker_.Share(lessons); }
  void Learn(const DnsLesson& lesson) { worker_.Learn(lesson); }

  // Locates new flows by another map from the next call of Process on.
  void Use(const PrefixMap* map);

 private:
  template <typename Probe>
  void ProcessWith(absl::Span<const Frame> frames, Probe* probe);

  KeyedHash hash_;
  Front front_;
  Worker worker_;
  std::array<Packet, kBurst> burst_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PIPELINE_H_
