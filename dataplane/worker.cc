#include "dataplane/worker.h"

#include <algorithm>
#include <array>
#include <bit>

#include "dataplane/flow/expiry.h"
#include "dataplane/flow/sequence_gaps.h"

namespace borderflow {
namespace {

// Flow entries looked at by the sweep for each burst; new flows add two each, so that the sweep
// outruns any storm.
constexpr size_t kSweepSlice = 4;
// Entries that the sweep asks memory for ahead, half of a slice: with 8 a storm waits for them
// (sweep stage of bench pipeline: 59 ns a frame, 55 with 32).
constexpr uint32_t kSweepAhead = 32;
constexpr int kCacheLine = 64;
constexpr size_t kWordBits = 64;

Endpoint ToEndpoint(const Location& location) {
  return {location.asn, location.location, location.registered};
}

// The SYN's sender, a SYN-ACK's receiver, otherwise the first frame's sender.
Sender InitiatorOf(const Packet& packet) {
  const bool answers = (packet.key.protocol == kProtocolTcp) &
                       ((packet.tcp_flags & (kTcpSyn | kTcpAck)) == (kTcpSyn | kTcpAck));
  return static_cast<Sender>(static_cast<int>(packet.sender) ^ static_cast<int>(answers));
}

}  // namespace

Worker::Worker(const PrefixMap* map, const NameRules* rules, const KeyedHash& hash,
               const WorkerOptions& options)
    : map_(map),
      table_(options.flows, hash),
      cells_(options.cells, options.windows ? 2 : 1),
      entities_(options.entities),
      inspector_(rules, options.entities.get()),
      names_(options.max_names),
      name_of_flow_(options.names ? options.flows + 1 : 0),
      round_trips_(options.place, options.flows),
      divisions_(options.windows ? options.flows + 1 : 0) {
  if (!options.content) inspector_.LeaveContent();
  for (Arena<uint64_t>& waiting : waiting_) {
    if (options.windows) waiting = Arena<uint64_t>(options.flows / kWordBits + 1);
  }
}

void Worker::Process(absl::Span<const Packet> burst) {
  NoProbe probe;
  Process(burst, &probe);
}

template <typename Probe>
void Worker::Process(absl::Span<const Packet> burst, Probe* probe) {
  for (const Packet& packet : burst) table_.PrefetchBucket(packet.hash);
  FindEntries(burst);
  PrefetchInspection(burst);
  probe->End(Stage::kFind);
  LocateNew(burst);
  probe->End(Stage::kLocate);
  inspector_.Foresee(burst, absl::MakeConstSpan(inspected_at_).first(inspected_));
  for (size_t i = 0; i < burst.size(); ++i) {
    const Packet& packet = burst[i];
    if (Inspector::CanTeach(packet)) inspector_.Learn(packet);
    if (packet.teach_only) continue;
    now_ = packet.tick;
    const uint32_t flow = Resolve(packet, i);
    if (flow == FlowTable::kNone) {
      CountStateless(packet, ends_[i]);
    } else {
      Count(flow, packet);
    }
  }
  cells_.Settle();
  probe->End(Stage::kCount);
  Sweep(kSweepSlice + 2 * new_flows_);
  probe->End(Stage::kSweep);
}

template void Worker::Process(absl::Span<const Packet> burst, NoProbe* probe);
template void Worker::Process(absl::Span<const Packet> burst, StageCycles* probe);

// Stages C and D: the likely entry of each packet, then whether it is the one. A packet's flow is
// new, undecided or decided as chance has it, and a branch foretold wrongly costs as much as twenty
// instructions: positions are listed without one, and each list has its loop.
void Worker::FindEntries(absl::Span<const Packet> burst) {
  bool doubtful[kMaxBurst];
  for (size_t i = 0; i < burst.size(); ++i) {
    const FlowTable::Likely likely = table_.Candidate(burst[i].hash);
    entries_[i] = likely.index;
    doubtful[i] = likely.doubtful;
    table_.PrefetchEntry(likely.index);
  }
  size_t inspected = 0;
  size_t fresh = 0;
  for (size_t i = 0; i < burst.size(); ++i) {
    const Packet& packet = burst[i];
    const bool confirmed = table_.Confirm(entries_[i], packet.key);
    if (static_cast<int>(confirmed) < static_cast<int>(doubtful[i])) {
      entries_[i] = table_.Find(packet.key, packet.hash);
    }
    const bool found = entries_[i] != FlowTable::kNone;
    const FlowEntry& entry = table_.entry(entries_[i]);  // undecided if none
    const bool decided = entry.has(FlowEntry::kDecided);
    const bool inspecting = (entry.progress & FlowEntry::kInspecting) != 0;
    cells_.Prefetch(entry.cell & -uint32_t{decided});
    new_at_[fresh] = inspected_at_[inspected] = static_cast<uint16_t>(i);
    fresh += static_cast<size_t>(!found & !packet.teach_only);
    inspected += static_cast<size_t>((!decided | inspecting) & packet.inspectable());
  }
  new_flows_ = fresh;
  inspected_ = inspected;
}

// What inspection will read of these packets.
void Worker::PrefetchInspection(absl::Span<const Packet> burst) {
  for (size_t n = 0; n < inspected_; ++n) {
    const uint16_t i = inspected_at_[n];
    // A frame that another core decoded lies in that core's cache.
    __builtin_prefetch(burst[i].payload);
    __builtin_prefetch(burst[i].payload + kCacheLine);
    const FlowEntry& entry = table_.entry(entries_[i]);  // of cell 0 and no slot if none
    const PairKey& guess = cells_.key(entry.cell);       // it may be decided
    cells_.PrefetchIndex(guess.initiator, guess.responder);
    inspector_.Prefetch(entry.pending.slot);
  }
}

// Stage E: both ends of every packet without a flow, in one batch.
void Worker::LocateNew(absl::Span<const Packet> burst) {
  if (new_flows_ == 0) return;
  for (size_t n = 0; n < new_flows_; ++n) {
    const FlowKey& key = burst[new_at_[n]].key;
    new_ends_[2 * n] = key.lo;
    new_ends_[2 * n + 1] = key.hi;
  }
  map_->Find(absl::MakeConstSpan(new_ends_).first(2 * new_flows_),
             absl::MakeSpan(new_locations_).first(2 * new_flows_));
  for (size_t n = 0; n < new_flows_; ++n) {
    const size_t at = new_at_[n];
    ends_[at] = {{new_locations_[2 * n], new_locations_[2 * n + 1]}};
    const auto client = static_cast<size_t>(InitiatorOf(burst[at]));
    const size_t server = 1 - client;
    cells_.PrefetchIndex(ToEndpoint(ends_[at].of[client]), ToEndpoint(ends_[at].of[server]));
    inspector_.Prefetch(new_ends_[2 * n + client], new_ends_[2 * n + server]);
  }
}

// The packet's flow: found, made, or begun anew where the old one had ended; kNone when the table
// is full, with ends_[at] filled.
uint32_t Worker::Resolve(const Packet& packet, size_t at) {
  uint32_t flow = entries_[at];
  if (flow == FlowTable::kNone) {
    flow = table_.Find(packet.key, packet.hash);  // an earlier packet of the burst may have made it
    if (flow == FlowTable::kNone) {
      flow = table_.Insert(packet.key, packet.hash);
      if (flow != FlowTable::kNone) Start(flow, packet, ends_[at]);
      return flow;
    }
  }
  FlowEntry& entry = table_.entry(flow);
  // One branch for both.
  const int ended = HasEnded(entry, now_);
  const int reopens = Reopens(entry, packet.tcp_flags);
  if ((ended | reopens) != 0) {
    End(flow);
    Start(flow, packet, {{map_->Find(packet.key.lo), map_->Find(packet.key.hi)}});
  } else {
    entry.last_seen = now_;  // event time never runs backwards
  }
  return flow;
}

void Worker::Start(uint32_t flow, const Packet& packet, const Ends& ends) {
  FlowEntry& entry = table_.entry(flow);
  const auto initiator = static_cast<size_t>(InitiatorOf(packet));
  entry.flags = static_cast<uint8_t>(initiator * FlowEntry::kInitiatorHi);
  entry.progress = static_cast<uint8_t>(static_cast<int>(packet.sender) * FlowEntry::kFirstHi);
  entry.last_seen = now_;
  entry.pending = {};
  entry.cell = kNoCell;
  opening_ = {ToEndpoint(ends.of[initiator]), ToEndpoint(ends.of[1 - initiator]), {}};
  if (name_of_flow_.size() > 0) name_of_flow_[flow] = NameTable::kNone;
  if (round_trips_.on()) round_trips_.Open(flow, packet);
}

void Worker::Count(uint32_t flow, const Packet& packet) {
  FlowEntry& entry = table_.entry(flow);
  const auto from_hi = static_cast<uint8_t>(packet.sender);
  const uint8_t before = entry.flags;
  constexpr int kFirstHi = std::countr_zero(FlowEntry::kFirstHi);
  constexpr int kTwoWay = std::countr_zero(FlowEntry::kTwoWay);
  entry.flags |= static_cast<uint8_t>(((entry.progress >> kFirstHi & 1) ^ from_hi) << kTwoWay);
  const int answered = (entry.flags ^ before) >> kTwoWay;
  two_way_tcp_flows_ += static_cast<uint64_t>(answered & int{entry.protocol == kProtocolTcp});
  const auto role = static_cast<Role>(packet.sender != entry.initiator());
  if (entry.has(FlowEntry::kDecided)) {
    CountDecided(flow, packet, role);
  } else {
    CountUndecided(flow, packet, role);
  }
  if ((packet.tcp_flags & (kTcpFin | kTcpRst)) == 0) return;
  if ((packet.tcp_flags & kTcpFin) != 0) {
    entry.progress |= packet.sender == Sender::kHi ? FlowEntry::kFinHi : FlowEntry::kFinLo;
  }
  constexpr uint8_t kBothFins = FlowEntry::kFinLo | FlowEntry::kFinHi;
  if ((packet.tcp_flags & kTcpRst) != 0 || (entry.progress & kBothFins) == kBothFins) {
    entry.flags |= FlowEntry::kClosing;
  }
}

// Stage F, the path of nearly every frame: payload is not touched.
void Worker::CountDecided(uint32_t flow, const Packet& packet, Role role) {
  FlowEntry& entry = table_.entry(flow);
  if ((entry.progress & FlowEntry::kInspecting) != 0) {
    Reinspect(flow, packet, role);
  } else if (entry.has(FlowEntry::kStaying)) {
    if (name_of_flow_.size() > 0 && packet.inspectable()) {
      SlotHandle slot = 0;  // for this packet only: every message stands for itself
      RecordNames(flow, packet, role, inspector_.Inspect(packet, role == Role::kInitiator, &slot));
      inspector_.Release(slot);
    }
  } else if (entry.protocol == kProtocolTcp) {
    NoteGap(TrackSequence(packet, &entry));
  }
  cells_.Add(entry.cell, role, 1, packet.bytes, packet.payload_bytes);
  if (name_of_flow_.size() > 0 && !entry.has(FlowEntry::kStaying)) {
    names_.Add(name_of_flow_[flow], 0, packet.bytes);
  }
}

// The flow table is full: jurisdictions stay exact, the flow itself is not known.
void Worker::CountStateless(const Packet& packet, const Ends& ends) {
  ++overflows_.stateless_frames;
  const auto initiator = static_cast<size_t>(InitiatorOf(packet));
  const uint32_t cell =
      cells_.Intern({ToEndpoint(ends.of[initiator]), ToEndpoint(ends.of[1 - initiator]), {}});
  const auto role = static_cast<Role>(static_cast<size_t>(packet.sender) != initiator);
  cells_.Add(cell, role, 1, packet.bytes, packet.payload_bytes);
}

void Worker::End(uint32_t flow) {
  FlowEntry& entry = table_.entry(flow);
  const bool decided = entry.has(FlowEntry::kDecided);
  const bool holds_slot = !decided || (entry.progress & FlowEntry::kInspecting) != 0;
  const SlotHandle slot = holds_slot ? entry.pending.slot : SlotHandle{0};
  if (holds_slot) inspector_.Forget(entry.Key());
  if (!decided) Decide(flow, BestSoFar(entry));
  inspector_.Release(slot);
}

void Worker::Sweep(size_t slice) {
  struct Ended {
    uint32_t flow;
    uint64_t hash;
  };
  std::array<Ended, kSweepSlice + 2 * kMaxBurst> ended;
  size_t count = 0;
  for (size_t i = 0; i < slice && table_.size() > 0; ++i) {
    sweep_at_ = sweep_at_ >= table_.high_water() ? 1 : sweep_at_ + 1;
    table_.PrefetchEntry(sweep_at_ + kSweepAhead);
    if (!table_.in_use(sweep_at_) || !HasEnded(table_.entry(sweep_at_), now_)) continue;
    // A small table comes round within one slice.
    if (count > 0 && ended[0].flow == sweep_at_) break;
    ended[count++] = {sweep_at_, table_.PrefetchBucketOf(sweep_at_)};
  }
  for (size_t i = 0; i < count; ++i) {
    End(ended[i].flow);
    table_.Erase(ended[i].flow, ended[i].hash);
  }
}

void Worker::Finish() {
  for (uint32_t flow = 1; flow <= table_.high_water(); ++flow) {
    if (table_.in_use(flow)) End(flow);
  }
}

Snapshot Worker::Totals() const {
  Snapshot snapshot;
  snapshot.artefacts = artefacts_;
  snapshot.round_trips = round_trips_.totals();
  if (divisions_.size() == 0) {
    snapshot.flows = flows_[0];
    // Every TCP flow that is counted was two-way or not; those that still wait are in neither.
    snapshot.artefacts.one_way_flows = flows_[0].tcp - std::min(two_way_tcp_flows_, flows_[0].tcp);
  } else {
    // Modulo 2^64, to be taken off what TakeWindow gives.
    snapshot.artefacts.one_way_flows = -two_way_tcp_flows_;
  }
  snapshot.overflows = overflows_;
  snapshot.overflows.as_numbers_dropped = cells_.as_numbers_dropped();
  snapshot.overflows.cells_folded = cells_.folded();
  snapshot.overflows.reassembly_slots = inspector_.counters().slots_exhausted;
  snapshot.content_hits = inspector_.counters().content_hits;
  snapshot.overflows.dns_names = inspector_.dns_counters().replaced_unexpired;
  snapshot.overflows.names = names_.unlisted();
  return snapshot;
}

Snapshot Worker::Take() {
  Snapshot snapshot = Totals();
  cells_.AppendTo(&snapshot.cells);
  SortAndFold(&snapshot.cells);
  if (name_of_flow_.size() > 0) snapshot.names = names_.Names();
  return snapshot;
}

}  // namespace borderflow
