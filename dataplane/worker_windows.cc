// Worker, with windows: what waits is added to the cells of its frames' own window.
#include <algorithm>
#include <bit>
#include <utility>

#include "dataplane/flow/expiry.h"
#include "dataplane/worker.h"

namespace borderflow {
namespace {

constexpr size_t kWordBits = 64;
// What adding a flow's waiting frames costs, in looks at a word of waiting_.
constexpr size_t kCostOfFlow = 32;

}  // namespace

// The packet is about to wait: where?
void Worker::NoteWindow(uint32_t flow, const Packet& packet) {
  FlowEntry& entry = table_.entry(flow);
  waiting_[window_][flow / kWordBits] |= uint64_t{1} << flow % kWordBits;
  const bool first = (entry.pending.frames[0] | entry.pending.frames[1]) == 0;
  if (first) {
    entry.flags = static_cast<uint8_t>(entry.flags & ~FlowEntry::kWaitsInSecond);
    if (window_ == 1) entry.flags |= FlowEntry::kWaitsInSecond;
  }
  if (entry.has(FlowEntry::kWaitsInSecond) == (window_ == 1)) return;
  if (!entry.has(FlowEntry::kDivided)) {
    entry.flags |= FlowEntry::kDivided;
    divisions_[flow] = {};
  }
  Waits& other = divisions_[flow].other;
  const int sender = static_cast<int>(packet.sender);
  other.bytes[sender] += packet.bytes;
  other.payload[sender] = static_cast<uint16_t>(other.payload[sender] + packet.payload_bytes);
  ++other.frames[sender];
}

Worker::Waits Worker::WaitingIn(uint32_t flow, int window) const {
  const FlowEntry& entry = table_.entry(flow);
  const bool own = entry.has(FlowEntry::kWaitsInSecond) == (window == 1);
  const bool divided = entry.has(FlowEntry::kDivided);
  if (!own) return divided ? divisions_[flow].other : Waits{};
  Waits waits = {{entry.pending.bytes[0], entry.pending.bytes[1]},
                 {entry.pending.payload[0], entry.pending.payload[1]},
                 {entry.pending.frames[0], entry.pending.frames[1]}};
  if (!divided) return waits;
  const Division& division = divisions_[flow];
  for (int sender = 0; sender < 2; ++sender) {
    for (const Waits* less : {&division.added, &division.other}) {
      waits.bytes[sender] -= less->bytes[sender];
      waits.payload[sender] = static_cast<uint16_t>(waits.payload[sender] - less->payload[sender]);
      waits.frames[sender] = static_cast<uint8_t>(waits.frames[sender] - less->frames[sender]);
    }
  }
  return waits;
}

// The flow is decided: each part of what waits goes to its own window, and the flow counts in that
// of its first frame unless it counted already.
void Worker::AddWaitsOfAll(uint32_t flow) {
  FlowEntry& entry = table_.entry(flow);
  const int in_use = window_;
  const int own = entry.has(FlowEntry::kWaitsInSecond) ? 1 : 0;
  const bool counted = entry.has(FlowEntry::kDivided) && !divisions_[flow].added.empty();
  for (const int window : {own, 1 - own}) {
    const Waits waits = WaitingIn(flow, window);
    const bool count = window == own && !counted;
    if (waits.empty() && !count) continue;
    Use(window);
    AddWaits(flow, entry.cell, waits);
    if (count) CountFlow(flow, entry.cell);
    waiting_[window][flow / kWordBits] &= ~(uint64_t{1} << flow % kWordBits);
  }
  Use(in_use);
  constexpr uint8_t kUndecidedOnly = FlowEntry::kWaitsInSecond | FlowEntry::kDivided;
  entry.flags = static_cast<uint8_t>(entry.flags & ~kUndecidedOnly);
}

bool Worker::AddWaiting(int window, Tick now, size_t limit) {
  const int in_use = window_;
  Use(window);
  const size_t words = table_.high_water() / kWordBits + 1;
  const size_t allowed = std::min(limit, SIZE_MAX / kCostOfFlow) * kCostOfFlow;
  for (size_t spent = 0; closing_at_ < words && spent < allowed; ++spent) {
    uint64_t& word = waiting_[window][closing_at_];
    for (; word != 0 && spent < allowed; word &= word - 1, spent += kCostOfFlow) {
      const size_t flow = closing_at_ * kWordBits + static_cast<size_t>(std::countr_zero(word));
      AddToClosing(static_cast<uint32_t>(flow), window, now);
    }
    if (word != 0) break;
    ++closing_at_;
  }
  Use(in_use);
  if (closing_at_ < words) return false;
  closing_at_ = 0;
  return true;
}

// The flow stays undecided: its later frames may know better.
void Worker::AddToClosing(uint32_t flow, int window, Tick now) {
  FlowEntry& entry = table_.entry(flow);
  const Waits waits = WaitingIn(flow, window);
  PairKey key = cells_.key(entry.cell);
  key.classification = BestSoFar(entry);
  const uint32_t cell = cells_.Intern(key);
  AddWaits(flow, cell, waits);
  if (!entry.has(FlowEntry::kDivided)) {
    entry.flags |= FlowEntry::kDivided;
    divisions_[flow] = {};
  }
  Division& division = divisions_[flow];
  if (division.added.empty()) CountFlow(flow, cell);
  for (int sender = 0; sender < 2; ++sender) {
    division.added.bytes[sender] += waits.bytes[sender];
    division.added.payload[sender] =
        static_cast<uint16_t>(division.added.payload[sender] + waits.payload[sender]);
    division.added.frames[sender] =
        static_cast<uint8_t>(division.added.frames[sender] + waits.frames[sender]);
  }
  // What remains lies in the other window, which is the flow's own from now on.
  division.other = {};
  entry.flags = static_cast<uint8_t>(entry.flags & ~FlowEntry::kWaitsInSecond);
  if (window == 0) entry.flags |= FlowEntry::kWaitsInSecond;
  if (!HasEnded(entry, now)) {
    undecided_[window] +=
        {uint64_t{waits.frames[0]} + waits.frames[1], uint64_t{waits.bytes[0]} + waits.bytes[1]};
  }
}

Snapshot Worker::TakeWindow(int window) {
  Snapshot snapshot;
  snapshot.flows = std::exchange(flows_[window], FlowTotals{});
  snapshot.undecided = std::exchange(undecided_[window], FrameTotals{});
  // Less the two-way ones, which Totals takes off: a later window may find out that a flow is.
  snapshot.artefacts.one_way_flows = snapshot.flows.tcp;
  return snapshot;
}

Snapshot Worker::TakeWindowAndCells(int window) {
  Snapshot snapshot = TakeWindow(window);
  cells_.Take(window, &snapshot.cells);
  return snapshot;
}

}  // namespace borderflow
