#include "dataplane/worker.h"

#include <algorithm>
#include <array>

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
  const bool answers = packet.key.protocol == kProtocolTcp &&
                       (packet.tcp_flags & (kTcpSyn | kTcpAck)) == (kTcpSyn | kTcpAck);
  const bool from_lo = (packet.sender == Sender::kLo) != answers;
  return from_lo ? Sender::kLo : Sender::kHi;
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
  probe->End(Stage::kFind);
  LocateNew(burst);
  probe->End(Stage::kLocate);
  inspector_.Foresee(burst);
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

// Stages C and D: the likely entry of each packet, then whether it is the one.
void Worker::FindEntries(absl::Span<const Packet> burst) {
  for (size_t i = 0; i < burst.size(); ++i) {
    entries_[i] = table_.Candidate(burst[i].hash);
    table_.PrefetchEntry(entries_[i]);
  }
  for (size_t i = 0; i < burst.size(); ++i) {
    if (!table_.Confirm(entries_[i], burst[i].key)) {
      entries_[i] = table_.Find(burst[i].key, burst[i].hash);
    }
    bool inspected = true;
    if (entries_[i] != FlowTable::kNone) {
      const FlowEntry& entry = table_.entry(entries_[i]);
      if (entry.has(FlowEntry::kDecided)) {
        cells_.Prefetch(entry.cell);
        inspected = (entry.progress & FlowEntry::kInspecting) != 0;
      } else if (burst[i].inspectable()) {  // it may decide
        const PairKey& guess = cells_.key(entry.cell);
        cells_.PrefetchIndex(guess.initiator, guess.responder);
        inspector_.Prefetch(entry.pending.slot);
      }
    }
    if (inspected) {
      // A frame that another core decoded lies in that core's cache.
      __builtin_prefetch(burst[i].payload);
      __builtin_prefetch(burst[i].payload + kCacheLine);
    }
  }
}

// Stage E: both ends of every packet without a flow, in one batch.
void Worker::LocateNew(absl::Span<const Packet> burst) {
  std::array<size_t, kBurst> positions;
  new_flows_ = 0;
  for (size_t i = 0; i < burst.size(); ++i) {
    if (entries_[i] == FlowTable::kNone && !burst[i].teach_only) positions[new_flows_++] = i;
  }
  if (new_flows_ > 0) LocateNewAt(burst, absl::MakeConstSpan(positions).first(new_flows_));
}

void Worker::LocateNewAt(absl::Span<const Packet> burst, absl::Span<const size_t> positions) {
  std::array<IpAddress, 2 * kBurst> addresses;
  std::array<Location, 2 * kBurst> found;
  for (size_t n = 0; n < positions.size(); ++n) {
    const size_t i = positions[n];
    addresses[2 * n] = burst[i].source();
    addresses[2 * n + 1] = burst[i].destination();
  }
  map_->Find(absl::MakeConstSpan(addresses.data(), 2 * new_flows_),
             absl::MakeSpan(found.data(), 2 * new_flows_));
  for (size_t n = 0; n < new_flows_; ++n) {
    const size_t at = positions[n];
    ends_[at] = {found[2 * n], found[2 * n + 1]};
    const Packet& packet = burst[at];
    const bool forward = packet.sender == InitiatorOf(packet);
    const size_t client = forward ? 2 * n : 2 * n + 1;
    const size_t server = forward ? 2 * n + 1 : 2 * n;
    cells_.PrefetchIndex(ToEndpoint(found[client]), ToEndpoint(found[server]));
    inspector_.Prefetch(addresses[client], addresses[server]);
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
  if (HasEnded(entry, now_) || Reopens(entry, packet.tcp_flags)) {
    End(flow);
    const Ends ends = {map_->Find(packet.source()), map_->Find(packet.destination())};
    Start(flow, packet, ends);
  } else if (static_cast<int32_t>(now_ - entry.last_seen) > 0) {
    entry.last_seen = now_;
  }
  return flow;
}

void Worker::Start(uint32_t flow, const Packet& packet, const Ends& ends) {
  FlowEntry& entry = table_.entry(flow);
  const Sender initiator = InitiatorOf(packet);
  const bool from_initiator = packet.sender == initiator;
  entry.flags = initiator == Sender::kHi ? FlowEntry::kInitiatorHi : 0;
  entry.progress = packet.sender == Sender::kHi ? FlowEntry::kFirstHi : 0;
  entry.last_seen = now_;
  entry.pending = {};
  entry.cell = kNoCell;
  opening_ = {ToEndpoint(from_initiator ? ends.source : ends.destination),
              ToEndpoint(from_initiator ? ends.destination : ends.source),
              {}};
  if (name_of_flow_.size() > 0) name_of_flow_[flow] = NameTable::kNone;
  if (round_trips_.on()) round_trips_.Open(flow, packet);
}

void Worker::Count(uint32_t flow, const Packet& packet) {
  FlowEntry& entry = table_.entry(flow);
  const bool from_hi = packet.sender == Sender::kHi;
  if (!entry.has(FlowEntry::kTwoWay) && from_hi != ((entry.progress & FlowEntry::kFirstHi) != 0)) {
    entry.flags |= FlowEntry::kTwoWay;
    two_way_tcp_flows_ += entry.protocol == kProtocolTcp ? 1 : 0;
  }
  const Role role = packet.sender == entry.initiator() ? Role::kInitiator : Role::kResponder;
  if (entry.has(FlowEntry::kDecided)) {
    CountDecided(flow, packet, role);
  } else {
    CountUndecided(flow, packet, role);
  }
  if ((packet.tcp_flags & (kTcpFin | kTcpRst)) == 0) return;
  if ((packet.tcp_flags & kTcpFin) != 0) {
    entry.progress |= from_hi ? FlowEntry::kFinHi : FlowEntry::kFinLo;
  }
  constexpr uint8_t kBothFins = FlowEntry::kFinLo | FlowEntry::kFinHi;
  if ((packet.tcp_flags & kTcpRst) != 0 || (entry.progress & kBothFins) == kBothFins) {
    entry.flags |= FlowEntry::kClosing;
  }
}

// Stage F, the path of nearly every frame: payload is not touched.
void Worker::CountDecided(uint32_t flow, const Packet& packet, Role role) {
  FlowEntry& entry = table_.entry(flow);
  constexpr uint8_t kInspecting = FlowEntry::kInspecting;
  if ((entry.progress & kInspecting) != 0) {
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
  const bool from_initiator = packet.sender == InitiatorOf(packet);
  const uint32_t cell = cells_.Intern({ToEndpoint(from_initiator ? ends.source : ends.destination),
                                       ToEndpoint(from_initiator ? ends.destination : ends.source),
                                       {}});
  cells_.Add(cell, from_initiator ? Role::kInitiator : Role::kResponder, 1, packet.bytes,
             packet.payload_bytes);
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
  std::array<Ended, kSweepSlice + 2 * kBurst> ended;
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
