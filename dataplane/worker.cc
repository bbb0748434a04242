#include "dataplane/worker.h"

#include <algorithm>
#include <array>

#include "dataplane/flow/expiry.h"

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
      } else {
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
  if (static_cast<int32_t>(now_ - entry.last_seen) > 0) entry.last_seen = now_;
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
    TrackSequence(&entry, packet);
  }
  cells_.Add(entry.cell, role, 1, packet.bytes, packet.payload_bytes);
  if (name_of_flow_.size() > 0 && !entry.has(FlowEntry::kStaying)) {
    names_.Add(name_of_flow_[flow], 0, packet.bytes);
  }
}

// Stage G: the frame waits, or decides.
void Worker::CountUndecided(uint32_t flow, const Packet& packet, Role role) {
  FlowEntry& entry = table_.entry(flow);
  const int sender = static_cast<int>(packet.sender);
  constexpr uint8_t kSynAck = kTcpSyn | kTcpAck;
  if (round_trips_.on() && (packet.tcp_flags & kSynAck) == kSynAck && entry.cell != kNoCell) {
    round_trips_.Answer(flow, packet, cells_.key(entry.cell).responder.location);
  }
  Inspection inspection;
  int inspected = entry.progress & FlowEntry::kInspectedMask;
  if (packet.inspectable()) {
    ++inspected;
    entry.progress =
        static_cast<uint8_t>((entry.progress & ~FlowEntry::kInspectedMask) | inspected);
    SlotHandle slot = entry.pending.slot;
    inspection = inspector_.Inspect(packet, role == Role::kInitiator, &slot);
    entry.pending.slot = slot;
    if (name_of_flow_.size() > 0) RecordNames(flow, packet, role, inspection);
  }
  const bool decided = inspection.state != Inspection::State::kMore;
  const bool for_now = inspection.state == Inspection::State::kForNow;
  if (!decided && entry.cell == kNoCell) {
    // The guess stands for the flow until it is decided, and after that if nothing better is seen.
    // It is made now because what DNS taught may be forgotten later.
    opening_.classification = inspector_.Guess(packet, role == Role::kInitiator);
    TellOrganisation(entry, &opening_.classification);
    entry.cell = cells_.Intern(opening_);
  }
  const uint64_t payload = uint64_t{entry.pending.payload[sender]} + packet.payload_bytes;
  const int frames = entry.pending.frames[0] + entry.pending.frames[1] + 1;
  const bool out_of_bounds =
      inspected >= kInspectPackets || payload >= kInspectBytes || frames >= kInspectFrames;
  if (!decided && !out_of_bounds) {
    Wait(flow, packet);
    return;
  }
  const SlotHandle slot = entry.pending.slot;
  if (decided && !for_now) inspector_.Release(slot);  // one that stays may have had one before
  Decide(flow, decided ? inspection.classification : BestSoFar(entry));
  if (inspection.state == Inspection::State::kStaying) entry.flags |= FlowEntry::kStaying;
  if ((!decided || for_now) && slot != 0) {
    entry.progress |= FlowEntry::kInspecting;
    entry.pending.slot = slot;
  } else {
    inspector_.Forget(packet.key);
    if (entry.protocol == kProtocolTcp) TrackSequence(&entry, packet);
  }
  cells_.Add(entry.cell, role, 1, packet.bytes, packet.payload_bytes);
  if (name_of_flow_.size() > 0 && !entry.has(FlowEntry::kStaying)) {
    names_.Add(name_of_flow_[flow], 0, packet.bytes);
  }
}

// A flow that had to be decided while a handshake was incomplete, or that is decided for now: from
// the frame that tells more, the better cell is used. The flow stays counted in the first.
void Worker::Reinspect(uint32_t flow, const Packet& packet, Role role) {
  FlowEntry& entry = table_.entry(flow);
  if (!packet.inspectable()) return;
  SlotHandle slot = entry.pending.slot;
  const Inspection inspection = inspector_.Inspect(packet, role == Role::kInitiator, &slot);
  entry.pending.slot = slot;
  RecordNames(flow, packet, role, inspection);
  if (inspection.state == Inspection::State::kMore && slot != 0) return;
  if (inspection.state != Inspection::State::kMore) {
    PairKey key = cells_.key(entry.cell);
    const bool named = key.classification.named;  // by what was seen earlier
    key.classification = inspection.classification;
    key.classification.named |= named;
    TellOrganisation(entry, &key.classification);
    entry.cell = cells_.Intern(key);
  }
  if (inspection.state == Inspection::State::kForNow && slot != 0) return;
  inspector_.Forget(packet.key);
  entry.progress = static_cast<uint8_t>(entry.progress & ~FlowEntry::kInspecting);
  entry.tracked = {};
}

void Worker::Wait(uint32_t flow, const Packet& packet) {
  if (divisions_.size() > 0) NoteWindow(flow, packet);
  FlowEntry& entry = table_.entry(flow);
  const int sender = static_cast<int>(packet.sender);
  // Within kInspectFrames frames of at most kMaxFrameBytes, and below kInspectBytes of payload.
  static_assert(uint64_t{kInspectFrames} * kMaxFrameBytes <= UINT32_MAX);
  static_assert(kInspectBytes <= UINT16_MAX && kInspectFrames <= UINT8_MAX);
  entry.pending.bytes[sender] += packet.bytes;
  entry.pending.payload[sender] =
      static_cast<uint16_t>(entry.pending.payload[sender] + packet.payload_bytes);
  ++entry.pending.frames[sender];
}

// By the address of the end that answers, where no name told its organisation. Once or twice a
// flow.
void Worker::TellOrganisation(const FlowEntry& entry, Classification* classification) const {
  if (entities_ == nullptr || classification->entity != kNoEntity) return;
  const IpAddress& answers = entry.initiator() == Sender::kLo ? entry.hi : entry.lo;
  classification->entity = entities_->ByAddress(absl::MakeUint128(answers.high, answers.low));
}

// Adds what waited to the final cell, once; nothing is ever moved between cells.
void Worker::Decide(uint32_t flow, Classification classification) {
  FlowEntry& entry = table_.entry(flow);
  TellOrganisation(entry, &classification);
  const bool first = entry.cell == kNoCell;
  PairKey key = first ? opening_ : cells_.key(entry.cell);
  if (first || key.classification != classification) {
    key.classification = classification;
    entry.cell = cells_.Intern(key);
  }
  const auto pending = entry.pending;
  if (name_of_flow_.size() > 0) {
    names_.Add(name_of_flow_[flow], 0, uint64_t{pending.bytes[0]} + pending.bytes[1]);
  }
  if (divisions_.size() > 0 && (pending.frames[0] | pending.frames[1]) != 0) {
    AddWaitsOfAll(flow);
  } else {
    AddWaits(flow, entry.cell,
             {{pending.bytes[0], pending.bytes[1]},
              {pending.payload[0], pending.payload[1]},
              {pending.frames[0], pending.frames[1]}});
    CountFlow(flow, entry.cell);
  }
  entry.flags |= FlowEntry::kDecided;
  entry.tracked = {};
}

// In the window in use.
void Worker::AddWaits(uint32_t flow, uint32_t cell, const Waits& waits) {
  const FlowEntry& entry = table_.entry(flow);
  for (int sender = 0; sender < 2; ++sender) {
    if (waits.frames[sender] == 0) continue;
    const Role role =
        static_cast<int>(entry.initiator()) == sender ? Role::kInitiator : Role::kResponder;
    cells_.Add(cell, role, waits.frames[sender], waits.bytes[sender], waits.payload[sender]);
  }
}

// In the window in use.
void Worker::CountFlow(uint32_t flow, uint32_t cell) {
  const FlowEntry& entry = table_.entry(flow);
  cells_.AddFlow(cell, entry.initiator() == Sender::kLo ? entry.lo : entry.hi);
  FlowTotals& flows = flows_[window_];
  ++flows.total;
  ++(entry.protocol == kProtocolTcp   ? flows.tcp
     : entry.protocol == kProtocolUdp ? flows.udp
                                      : flows.other);
}

// What inspection recognised without being sure, else the guess made at the start.
Classification Worker::BestSoFar(const FlowEntry& entry) const {
  const Classification& guess = cells_.key(entry.cell).classification;
  if (entry.pending.slot == 0) return guess;  // most flows of a storm
  return inspector_.Recognised(entry.pending.slot).value_or(guess);
}

void Worker::RecordNames(uint32_t flow, const Packet& packet, Role role, Inspection inspection) {
  if (name_of_flow_.size() == 0 || inspection.name.empty()) return;
  const bool staying = inspection.state == Inspection::State::kStaying;
  do {
    const uint32_t name = names_.Intern(
        inspection.name,
        {Evidence::kName, inspector_.CategoryOf(inspection.name), inspection.name_protocol, 0, 0});
    if (staying) {
      names_.Add(name, role == Role::kInitiator ? 1 : 0, packet.bytes);
    } else if (name_of_flow_[flow] != name) {
      name_of_flow_[flow] = name;
      names_.Add(name, 1, 0);
    }
  } while (inspector_.NextName(&inspection));
}

// An estimate of what the mirror lost: bytes that sequence numbers skip, less what fills them
// later.
void Worker::TrackSequence(FlowEntry* entry, const Packet& packet) {
  if (packet.later_fragment || (packet.tcp_flags & kTcpRst) != 0) return;
  const int sender = static_cast<int>(packet.sender);
  const uint8_t known = sender == 0 ? FlowEntry::kTrackedLo : FlowEntry::kTrackedHi;
  const uint32_t end = packet.tcp_sequence + packet.payload_bytes +
                       ((packet.tcp_flags & kTcpSyn) != 0 ? 1 : 0) +
                       ((packet.tcp_flags & kTcpFin) != 0 ? 1 : 0);
  uint32_t& next = entry->tracked.next_sequence[sender];
  if (!entry->has(known)) {
    entry->flags |= known;
    next = end;
    return;
  }
  const auto ahead = static_cast<int32_t>(packet.tcp_sequence - next);
  // A window is at most 2^30 bytes (RFC 7323 section 2.3); a larger jump is another connection.
  constexpr int32_t kMaxWindow = 1 << 30;
  if (ahead > kMaxWindow || ahead < -kMaxWindow) {
    next = end;
    return;
  }
  uint32_t& gap = entry->tracked.gap[sender];
  if (ahead > 0) {
    gap += static_cast<uint32_t>(ahead);
    artefacts_.tcp_gap_bytes += static_cast<uint32_t>(ahead);
  } else if (ahead < 0) {
    const uint32_t filled =
        std::min({gap, packet.payload_bytes, static_cast<uint32_t>(-int64_t{ahead})});
    gap -= filled;
    artefacts_.tcp_gap_bytes -= filled;
  }
  if (static_cast<int32_t>(end - next) > 0) next = end;
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
