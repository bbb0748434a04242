#include "tests/dataplane/reference_worker.h"

#include <algorithm>

namespace borderflow {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr double kTicksPerSecond = 1e9 / (1 << 26);

Role RoleOf(Sender sender, Sender initiator) {
  return sender == initiator ? Role::kInitiator : Role::kResponder;
}

bool HasMessage(const Packet& packet) { return packet.payload_captured > 0 && !packet.icmp_error; }

}  // namespace

void ReferenceWorker::Process(const Packet& packet) {
  if (Inspector::CanTeach(packet)) inspector_.Learn(packet);
  if (packet.teach_only) return;
  const OrderedKey key = Ordered(packet.key);
  auto found = table_.find(key);
  if (found != table_.end() && HasEnded(found->second, packet)) {
    End(&found->second);
    table_.erase(found);
    found = table_.end();
  }
  if (found == table_.end()) found = table_.emplace(key, Begin(packet)).first;
  Flow& flow = found->second;
  flow.seen = packet.tick;
  flow.senders.insert(packet.sender);
  Inspect(&flow, packet);
  if (packet.tcp_flags & kTcpFin) flow.fins.insert(packet.sender);
  if (packet.tcp_flags & kTcpRst) flow.reset = true;
}

bool ReferenceWorker::HasEnded(const Flow& flow, const Packet& packet) const {
  const bool opens = (packet.tcp_flags & kTcpSyn) && !(packet.tcp_flags & kTcpAck);
  if (flow.closing() && opens) return true;
  const double idle_seconds = flow.closing() ? 10 : flow.protocol == kTcp ? 300 : 120;
  return packet.tick - flow.seen > static_cast<uint32_t>(idle_seconds * kTicksPerSecond);
}

ReferenceWorker::Flow ReferenceWorker::Begin(const Packet& packet) {
  Flow flow;
  flow.protocol = packet.key.protocol;
  flow.key = packet.key;
  const bool syn_ack =
      flow.protocol == kTcp && (packet.tcp_flags & kTcpSyn) && (packet.tcp_flags & kTcpAck);
  const Sender other = packet.sender == Sender::kLo ? Sender::kHi : Sender::kLo;
  flow.initiator = syn_ack ? other : packet.sender;
  flow.client = flow.initiator == Sender::kLo ? packet.key.lo : packet.key.hi;
  const IpAddress server = flow.initiator == Sender::kLo ? packet.key.hi : packet.key.lo;
  for (const auto& [end, address] : {std::pair(0, flow.client), std::pair(1, server)}) {
    const Location location = map_->Find(address);
    flow.ends[end] = {location.asn, location.location, location.registered};
  }
  flow.classification = inspector_.Guess(packet, packet.sender == flow.initiator);
  return flow;
}

void ReferenceWorker::Inspect(Flow* flow, const Packet& packet) {
  const Role role = RoleOf(packet.sender, flow->initiator);
  const bool from_initiator = role == Role::kInitiator;
  Inspection inspection;
  switch (flow->phase) {
    case Phase::kDecided:
      Track(flow, packet);
      break;
    case Phase::kStaying:
      if (HasMessage(packet)) {
        SlotHandle slot = 0;
        inspection = inspector_.Inspect(packet, from_initiator, &slot);
        NamePacket(flow, packet, role, inspection);
        inspector_.Release(slot);
      }
      break;
    case Phase::kInspecting:
      if (!HasMessage(packet)) break;
      inspection = inspector_.Inspect(packet, from_initiator, &flow->slot);
      NamePacket(flow, packet, role, inspection);
      if (inspection.state != Inspection::State::kMore) {
        const bool named = flow->classification.named;
        flow->classification = inspection.classification;
        flow->classification.named |= named;
      }
      if (flow->slot == 0 || (inspection.state != Inspection::State::kMore &&
                              inspection.state != Inspection::State::kForNow)) {
        inspector_.Forget(packet.key);
        flow->phase = Phase::kDecided;
      }
      break;
    case Phase::kUndecided: {
      if (HasMessage(packet)) {
        ++flow->inspected;
        inspection = inspector_.Inspect(packet, from_initiator, &flow->slot);
        NamePacket(flow, packet, role, inspection);
      }
      uint64_t payload = packet.payload_bytes;
      for (const Packet& waiting : flow->waiting) {
        if (waiting.sender == packet.sender) payload += waiting.payload_bytes;
      }
      const bool too_long =
          flow->inspected >= 8 || payload >= 16 * 1024 || flow->waiting.size() + 1 >= 64;
      if (inspection.state == Inspection::State::kForNow) {
        Decide(flow, inspection.classification);
        if (flow->slot != 0) flow->phase = Phase::kInspecting;
      } else if (inspection.state != Inspection::State::kMore) {
        inspector_.Release(flow->slot);
        flow->slot = 0;
        Decide(flow, inspection.classification);
        if (inspection.state == Inspection::State::kStaying) flow->phase = Phase::kStaying;
      } else if (too_long) {
        Decide(flow, inspector_.Recognised(flow->slot).value_or(flow->classification));
        if (flow->slot != 0) flow->phase = Phase::kInspecting;
      } else {
        flow->waiting.push_back(packet);
        return;
      }
      if (flow->phase != Phase::kInspecting) {
        inspector_.Forget(packet.key);
        Track(flow, packet);
      }
      break;
    }
  }
  Count(*flow, packet);
}

void ReferenceWorker::Decide(Flow* flow, const Classification& classification) {
  flow->classification = classification;
  flow->phase = Phase::kDecided;
  for (const Packet& packet : flow->waiting) Count(*flow, packet);
  flow->waiting.clear();
  CountedCell& cell =
      cells_[{flow->ends[0], flow->ends[1], Role::kInitiator, flow->classification}];
  ++cell.counters.flows;
  cell.clients.insert(flow->client);
  ++totals_.total;
  if (flow->protocol == kTcp) {
    ++totals_.tcp;
  } else if (flow->protocol == kUdp) {
    ++totals_.udp;
  } else {
    ++totals_.other;
  }
}

void ReferenceWorker::Count(const Flow& flow, const Packet& packet) {
  const Role role = RoleOf(packet.sender, flow.initiator);
  const int source = role == Role::kInitiator ? 0 : 1;
  const CellKey key = {flow.ends[source], flow.ends[1 - source], role, flow.classification};
  cells_[key].counters += {1, packet.bytes, packet.payload_bytes, 0};
  if (!flow.name.empty() && flow.phase != Phase::kStaying) {
    names_[flow.name].bytes += packet.bytes;
  }
}

void ReferenceWorker::NamePacket(Flow* flow, const Packet& packet, Role role,
                                 Inspection inspection) {
  if (!with_names_) return;
  for (bool more = !inspection.name.empty(); more; more = inspector_.NextName(&inspection)) {
    const std::string name(inspection.name);
    const NameCounters kind = {Evidence::kName, inspector_.CategoryOf(name),
                               inspection.name_protocol, 0, 0};
    NameCounters& counters = names_.try_emplace(name, kind).first->second;
    counters.protocol = std::min(counters.protocol, kind.protocol);
    if (inspection.state == Inspection::State::kStaying) {
      counters.flows += role == Role::kInitiator ? 1 : 0;
      counters.bytes += packet.bytes;
    } else if (flow->name != name) {
      flow->name = name;
      ++counters.flows;
    }
  }
}

void ReferenceWorker::Track(Flow* flow, const Packet& packet) {
  if (flow->protocol != kTcp || packet.later_fragment || (packet.tcp_flags & kTcpRst)) return;
  Stream& stream = flow->streams[static_cast<size_t>(packet.sender)];
  int64_t length = packet.payload_bytes;
  if (packet.tcp_flags & kTcpSyn) ++length;
  if (packet.tcp_flags & kTcpFin) ++length;
  if (!stream.next) {
    stream.next = packet.tcp_sequence + length;
    return;
  }
  // The number nearest to the expected one that equals the packet's modulo 2^32.
  constexpr int64_t kModulus = int64_t{1} << 32;
  int64_t ahead = (packet.tcp_sequence - *stream.next) % kModulus;
  if (ahead < -kModulus / 2) ahead += kModulus;
  if (ahead >= kModulus / 2) ahead -= kModulus;
  const int64_t sequence = *stream.next + ahead;
  if (std::abs(ahead) > (1 << 30)) {
    stream.next = sequence + length;
    return;
  }
  if (ahead > 0) {
    stream.gap += static_cast<uint64_t>(ahead);
    gap_bytes_ += ahead;
  }
  if (ahead < 0) {
    const int64_t below = std::min<int64_t>(packet.payload_bytes, -ahead);
    const auto filled = std::min<int64_t>(below, static_cast<int64_t>(stream.gap));
    stream.gap -= static_cast<uint64_t>(filled);
    gap_bytes_ -= filled;
  }
  stream.next = std::max(*stream.next, sequence + length);
}

void ReferenceWorker::End(Flow* flow) {
  inspector_.Forget(flow->key);
  if (flow->phase == Phase::kUndecided) {
    Decide(flow, inspector_.Recognised(flow->slot).value_or(flow->classification));
  }
  inspector_.Release(flow->slot);
  if (flow->protocol == kTcp && flow->senders.size() == 1) ++one_way_;
}

void ReferenceWorker::Finish() {
  for (auto& [key, flow] : table_) End(&flow);
  table_.clear();
}

Snapshot ReferenceWorker::Take() const {
  Snapshot snapshot;
  snapshot.flows = totals_;
  snapshot.artefacts.one_way_flows = one_way_;
  snapshot.artefacts.tcp_gap_bytes = static_cast<uint64_t>(gap_bytes_);
  snapshot.overflows.reassembly_slots = inspector_.counters().slots_exhausted;
  snapshot.overflows.dns_names = inspector_.dns_counters().replaced_unexpired;
  for (const auto& [key, counted] : cells_) {
    Cell cell = {key, counted.counters, {}};
    for (const IpAddress& client : counted.clients) cell.clients.Add(client);
    snapshot.cells.push_back(cell);
  }
  snapshot.names = names_;
  return snapshot;
}

}  // namespace borderflow
