#include "dataplane/pipeline.h"

#include <algorithm>
#include <utility>

namespace borderflow {

Pipeline::Pipeline(const PrefixMap* map, const NameRules* rules, const KeyedHash& hash,
                   const FrontOptions& front, const WorkerOptions& worker)
    : hash_(hash), front_(map, front), worker_(map, rules, hash, worker) {}

template <typename Probe>
void Pipeline::ProcessWith(absl::Span<const Frame> frames, Probe* probe) {
  probe->Begin();
  size_t filled = 0;
  // Headers a few frames ahead: far enough to arrive in time, near enough to stay.
  constexpr size_t kAhead = 8;
  for (const Frame& frame : frames.first(std::min(frames.size(), kAhead))) {
    __builtin_prefetch(frame.data);
  }
  for (size_t i = 0; i < frames.size(); ++i) {
    if (i + kAhead < frames.size()) __builtin_prefetch(frames[i + kAhead].data);
    Packet& packet = burst_[filled];
    if (!front_.Take(frames[i], &packet)) continue;
    packet.hash = hash_(packet.key);
    if (++filled < burst_.size()) continue;
    probe->End(Stage::kDecode);
    worker_.Process(burst_, probe);
    filled = 0;
  }
  probe->End(Stage::kDecode);
  worker_.Process(absl::MakeConstSpan(burst_).first(filled), probe);
}

void Pipeline::Process(absl::Span<const Frame> frames) {
  NoProbe probe;
  if (window_ns_ == 0) {
    ProcessWith(frames, &probe);
    return;
  }
  while (!frames.empty()) {
    const size_t run = TurnToWindow(frames);
    ProcessWith(frames.first(run), &probe);
    frames.remove_prefix(run);
  }
}

// To the window of the first frame; returns how many lie in the same.
size_t Pipeline::TurnToWindow(absl::Span<const Frame> frames) {
  const uint64_t own = frames.front().time_ns / window_ns_;
  const uint64_t index = std::clamp(own, first_, last_);
  const uint64_t begin = own * window_ns_;
  front_.Use(static_cast<int>(index & 1));
  worker_.Use(static_cast<int>(index & 1));
  size_t run = 0;
  FrameTotals elsewhere;
  for (; run < frames.size(); ++run) {
    const uint64_t next = frames[run].time_ns;
    if (next < begin || next - begin >= window_ns_) break;
    if (own != index) elsewhere += {1, frames[run].bytes};
  }
  if (own < index) front_.NoteLate(elsewhere);
  if (own > index) front_.NoteAhead(elsewhere);
  return run;
}

void Pipeline::OpenWindows(uint64_t width_ns, uint64_t first) {
  window_ns_ = width_ns;
  first_ = first;
  last_ = first + 1;
}

bool Pipeline::CloseWindow(uint64_t next_first, size_t limit) {
  // Of the two that are open only the second is, while what waits in the first is being added.
  if (first_ != last_ && next_first == last_) first_ = last_;
  const Tick now = worker_.now();
  if (first_ == last_ && next_first == first_) {
    if (!worker_.AddWaiting(static_cast<int>((first_ + 1) & 1), now, limit)) return false;
  } else {
    for (const int place : {0, 1}) worker_.AddWaiting(place, now, SIZE_MAX);
  }
  first_ = next_first;
  last_ = first_ + 1;
  return true;
}

void Pipeline::Process(absl::Span<const Frame> frames, StageCycles* cycles) {
  ProcessWith(frames, cycles);
}

void Pipeline::Swap(Handover* handover) {
  handover->totals = front_.Totals();
  Merge(worker_.Totals(), &handover->totals);
  handover->cells = worker_.Swap();
  if (window_ns_ == 0) return;
  handover->totals.decode = {};
  for (const int place : {0, 1}) {
    handover->windows[place] = worker_.TakeWindow(place);
    handover->windows[place].decode = front_.TakeWindow(place);
  }
}

void Pipeline::Use(const PrefixMap* map) {
  front_.Use(map);
  worker_.Use(map);
}

Snapshot Pipeline::Take() {
  Snapshot snapshot;
  Merge(front_.Totals(), &snapshot);
  Merge(worker_.Take(), &snapshot);
  return snapshot;
}

}  // namespace borderflow
