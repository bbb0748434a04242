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
  ProcessWith(frames, &probe);
}

void Pipeline::Process(absl::Span<const Frame> frames, StageCycles* cycles) {
  ProcessWith(frames, cycles);
}

void Pipeline::Swap(Handover* handover) {
  handover->totals = front_.Totals();
  Merge(worker_.Totals(), &handover->totals);
  handover->cells = worker_.Swap();
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
