// Worker: one core's loop over bursts of packets. Run to completion, nothing shared.
//
// The stages of the journey of a frame (README, "How it works") follow each other in Process: every
// loop does one kind of memory access, so that the next loop's lines are on their way. The last
// loop goes packet by packet in order, so that results never depend on where a burst ends.
//
// Thread safety: none. `map` and `rules` are shared and only read.
// Slow twin in tests: ReferenceWorker, one packet at a time over std::map.
#ifndef BORDERFLOW_DATAPLANE_WORKER_H_
#define BORDERFLOW_DATAPLANE_WORKER_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "absl/types/span.h"
#include "dataplane/capture/frame.h"
#include "dataplane/count/cell_table.h"
#include "dataplane/count/name_table.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/flow/flow_table.h"
#include "dataplane/flow/round_trips.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/inspect/inspector.h"
#include "dataplane/packet/packet.h"
#include "dataplane/stage_probe.h"
#include "rules/category/names.h"
#include "rules/entity/entities.h"

namespace borderflow {

struct WorkerOptions {
  size_t flows = size_t{1} << 20;  // 80 MB when in use
  size_t cells = size_t{1} << 18;  // pairs; about 130 bytes each when in use
  bool names = false;              // --names
  bool content = true;             // false: payload is not searched for content patterns
  // The sensor's: round trips are held against distances from it.
  std::optional<Place> place = std::nullopt;
  size_t max_names = size_t{1} << 20;
  // Tell the organisation of the end that answers, by name or address; nullptr: nobody does.
  std::shared_ptr<const Entities> entities = nullptr;
  bool windows = false;  // two are open at a time; about 32 bytes more a flow that spans both
};

class Worker {
 public:
  // Every packet's `hash` must come from `hash`, and its `tick` from one EventClock, which has seen
  // the packets of all workers. `map` and `rules` must outlive the worker.
  Worker(const PrefixMap* map, const NameRules* rules, const KeyedHash& hash,
         const WorkerOptions& options);

  // Packets at a time. A poll brings half as many; a replay, which has more at hand, waits less for
  // memory with all of them (0.98 of the time on the flow-heavy mix).
  static constexpr size_t kMaxBurst = size_t{2} * kBurst;

  // Counts up to kMaxBurst packets, in order. A packet marked teach_only is learned from, not
  // counted.
  void Process(absl::Span<const Packet> burst);
  // The same, with `probe` told where a stage ends (stage_probe.h).
  template <typename Probe>
  void Process(absl::Span<const Packet> burst, Probe* probe);

  // Ends every flow: what waits is added to its cell. Nothing may be processed afterwards.
  void Finish();

  // What was counted so far, without what waits; of the cells, what was counted since the last
  // Swap.
  Snapshot Take();

  // Live, at a burst boundary: the totals since the start, without cells or names, and with windows
  // without what TakeWindow gives; and the cells
  // since the last Swap, which another thread may drain from now on. Allocates nothing.
  Snapshot Totals() const;
  CellTable::Filled Swap() { return cells_.Swap(); }
  void Drain(const CellTable::Filled& filled, std::vector<Cell>* cells, int window = 0) {
    cells_.Drain(filled, cells, window);
  }

  // Notes what DNS answers teach for other workers as well; Inspector::Share.
  void Share(DnsLessons* lessons) { inspector_.Share(lessons); }
  void Learn(const DnsLesson& lesson) { inspector_.Learn(lesson); }

  // Windows. A frame counts in the one that is in use, 0 or 1; what waits stays in its frames' own
  // until the flow is decided, or the window closes.
  void Use(int window) {
    window_ = window;
    cells_.Use(window);
  }
  // Before a window closes: adds what waits in it, of at most `limit` flows; false when there is
  // more. `now`: flows that have ended by then are counted as decided. REQUIRES: no frame is
  // counted in the window until this returned true.
  bool AddWaiting(int window, Tick now, size_t limit);
  Tick now() const { return now_; }
  // Flows and undecided frames of a window, which begin anew; no cells.
  Snapshot TakeWindow(int window);
  // The same with its cells, since the last Swap.
  Snapshot TakeWindowAndCells(int window);

  // Locates new flows by another map from the next burst on.
  void Use(const PrefixMap* map) { map_ = map; }

 private:
  struct Ends {
    Location of[2];  // by Sender
  };

  void FindEntries(absl::Span<const Packet> burst);
  void PrefetchInspection(absl::Span<const Packet> burst);
  void LocateNew(absl::Span<const Packet> burst);
  uint32_t Resolve(const Packet& packet, size_t at);

  void Start(uint32_t flow, const Packet& packet, const Ends& ends);
  void Count(uint32_t flow, const Packet& packet);
  void CountDecided(uint32_t flow, const Packet& packet, Role role);
  void CountUndecided(uint32_t flow, const Packet& packet, Role role);
  void Reinspect(uint32_t flow, const Packet& packet, Role role);
  void CountStateless(const Packet& packet, const Ends& ends);

  // What waits of a flow, by sender.
  struct Waits {
    uint32_t bytes[2];
    uint16_t payload[2];
    uint8_t frames[2];
    bool empty() const { return frames[0] == 0 && frames[1] == 0; }
  };
  // Of a flow that is kDivided: what was added to windows that closed, and what waits in the window
  // that is not the entry's. The rest of entry.pending waits in the entry's.
  struct Division {
    Waits added;
    Waits other;
  };

  void Wait(uint32_t flow, const Packet& packet);
  void NoteWindow(uint32_t flow, const Packet& packet);
  Waits WaitingIn(uint32_t flow, int window) const;
  void AddWaits(uint32_t flow, uint32_t cell, const Waits& waits);
  void AddWaitsOfAll(uint32_t flow);
  void AddToClosing(uint32_t flow, int window, Tick now);
  void CountFlow(uint32_t flow, uint32_t cell);
  void TellOrganisation(const FlowEntry& entry, Classification* classification) const;
  void Decide(uint32_t flow, Classification classification);
  Classification BestSoFar(const FlowEntry& entry) const;
  void RecordNames(uint32_t flow, const Packet& packet, Role role, Inspection inspection);
  void NoteGap(int64_t bytes) { artefacts_.tcp_gap_bytes += static_cast<uint64_t>(bytes); }
  void End(uint32_t flow);
  void Sweep(size_t slice);

  // The cell of a flow between Start and the end of its first packet's count.
  static constexpr uint32_t kNoCell = UINT32_MAX;

  const PrefixMap* map_;
  FlowTable table_;
  CellTable cells_;
  const std::shared_ptr<const Entities> entities_;
  Inspector inspector_;
  NameTable names_;
  Arena<uint32_t> name_of_flow_;  // by flow index; only with --names
  RoundTrips round_trips_;
  Arena<Division> divisions_;   // by flow index; only with windows, as the next
  Arena<uint64_t> waiting_[2];  // by window: a bit for each flow that waits in it
  size_t closing_at_ = 0;       // in waiting_, of the window that is about to close
  int window_ = 0;              // the one in use
  FlowTotals flows_[2];         // by window, as the next
  FrameTotals undecided_[2];
  Artefacts artefacts_;
  Overflows overflows_;
  uint64_t two_way_tcp_flows_ = 0;
  uint32_t sweep_at_ = 0;
  Tick now_ = 0;

  // Scratch of one burst, by position in it.
  uint32_t entries_[kMaxBurst] = {};
  Ends ends_[kMaxBurst];
  size_t new_flows_ = 0;  // packets without an entry before the burst
  uint16_t new_at_[kMaxBurst] = {};
  size_t inspected_ = 0;  // packets that inspection may want to see
  uint16_t inspected_at_[kMaxBurst] = {};
  IpAddress new_ends_[2 * kMaxBurst];
  Location new_locations_[2 * kMaxBurst];
  PairKey opening_;  // the two ends of the flow that was started last
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_WORKER_H_
