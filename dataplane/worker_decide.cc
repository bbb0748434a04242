// Worker, while a flow is undecided: its frames wait, inspection looks at them, and what it finds
// decides the cell that they are added to.
#include "dataplane/flow/expiry.h"
#include "dataplane/flow/sequence_gaps.h"
#include "dataplane/worker.h"

namespace borderflow {

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
    if (entry.protocol == kProtocolTcp) NoteGap(TrackSequence(packet, &entry));
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
    const auto role = static_cast<Role>(static_cast<int>(entry.initiator()) != sender);
    cells_.Add(cell, role, waits.frames[sender], waits.bytes[sender], waits.payload[sender]);
  }
}

// In the window in use.
void Worker::CountFlow(uint32_t flow, uint32_t cell) {
  const FlowEntry& entry = table_.entry(flow);
  cells_.AddFlow(cell, entry.initiator() == Sender::kLo ? entry.lo : entry.hi);
  FlowTotals& flows = flows_[window_];
  const bool tcp = entry.protocol == kProtocolTcp;
  const bool udp = entry.protocol == kProtocolUdp;
  ++flows.total;
  flows.tcp += uint64_t{tcp};
  flows.udp += uint64_t{udp};
  flows.other += uint64_t{!tcp} & uint64_t{!udp};
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

}  // namespace borderflow
