#include "dataplane/inspect/inspector.h"

#include <algorithm>

#include "dataplane/inspect/inspector_state.h"
#include "dataplane/inspect/tls.h"

namespace borderflow {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr uint8_t kSctp = 132;

// Of a packet that can teach.
Bytes DnsMessage(const Packet& packet) {
  Bytes message(packet.payload, packet.payload_captured);
  if (packet.key.protocol == kTcp) message.remove_prefix(2);  // the message's length
  return message;
}

// Calls teach(address, ttl) for each address that an answer gives. Aliases lead from the name that
// was asked for to the addresses: all are that name's.
template <typename Teach>
void ForEachTaught(Bytes message, Teach teach) {
  const auto header = ReadDnsHeader(message);
  if (!header || !header->response || header->code != 0 || header->questions != 1) return;
  size_t at = kDnsHeader;
  if (!SkipDnsQuestion(message, &at)) return;
  DnsRecord record;
  for (int i = 0; i < header->answers && ReadDnsRecord(message, &at, &record); ++i) {
    if (record.address) teach(*record.address, record.ttl);
  }
}

}  // namespace

Inspector::Inspector(const NameRules* rules, const Entities* entities)
    : state_(std::make_unique<State>(rules, entities)) {}
Inspector::~Inspector() = default;

void Inspector::LeaveContent() { state_->reads_content = false; }

Inspection Inspector::Inspect(const Packet& packet, bool from_initiator, SlotHandle* slot) {
  const Subject subject{packet, from_initiator, slot};
  state_->dns_questions = 0;
  state_->dns_rest = {};
  state_->candidate = {};
  state_->noted = {};
  state_->around = Protocol::kNone;
  const uint8_t protocol = packet.key.protocol;
  if (protocol != kTcp && protocol != kUdp && protocol != kSctp) {
    return state_->Decided(subject, state_->judge.Fallback(packet, from_initiator));
  }
  if (!packet.inspectable()) {
    return state_->Undecided();
  }
  if (ProtocolCandidate::Is(*slot)) {
    state_->candidate = ProtocolCandidate::From(*slot);
    *slot = 0;
  } else if (Slot* held = state_->pool.Peek(*slot); held != nullptr) {
    state_->candidate = held->candidate;
    held->candidate = {};
  }
  const Protocol settled = Turning::Is(*slot) ? Turning::From(*slot).protocol : Protocol::kNone;
  Inspection inspection = Turning::Is(*slot)  ? state_->Turn(subject)
                          : protocol == kTcp  ? state_->Stream(subject)
                          : protocol == kSctp ? state_->Sctp(subject)
                                              : state_->Datagram(subject);
  if (protocol != kSctp && state_->reads_content) state_->Read(subject, settled, &inspection);
  const bool open = inspection.state == Inspection::State::kMore ||
                    inspection.state == Inspection::State::kForNow;
  if (open && IsSlotHandle(*slot)) state_->ApplyBounds(subject, &inspection);
  if (inspection.state == Inspection::State::kMore && (*slot == 0 || IsSlotHandle(*slot))) {
    state_->KeepCandidate(subject);
  }
  if (inspection.state == Inspection::State::kDecided) state_->texts.Forget(packet.key);
  if (inspection.state == Inspection::State::kDecided ||
      inspection.state == Inspection::State::kForNow) {
    inspection.classification =
        state_->judge.Weighed(inspection.classification, inspection.name, packet, from_initiator);
  }
  return inspection;
}

bool Inspector::NextName(Inspection* inspection) { return state_->NextDnsName(inspection); }

Category Inspector::CategoryOf(std::string_view name) const {
  const NameRule* const rule = state_->judge.RuleOf(name);
  return rule == nullptr ? Category::kUnk : rule->category;
}

Classification Inspector::Guess(const Packet& packet, bool from_initiator) const {
  return state_->judge.Fallback(packet, from_initiator);
}

void Inspector::Prefetch(const IpAddress& client, const IpAddress& server) const {
  state_->dns_names.Prefetch(client, server);
}

void Inspector::Prefetch(SlotHandle slot) const {
  const auto is_slot = static_cast<SlotHandle>(IsSlotHandle(slot));
  state_->pool.Prefetch(static_cast<SlotHandle>(slot * is_slot));  // of the unused one if not
}

std::optional<Classification> Inspector::Recognised(SlotHandle slot) const {
  const Slot* found = state_->pool.Peek(slot);
  if (found == nullptr || found->best.protocol == Protocol::kNone) return std::nullopt;
  return found->best;
}

void Inspector::Release(SlotHandle slot) { state_->pool.Release(slot); }

void Inspector::Forget(const FlowKey& flow) { state_->texts.Forget(flow); }

void Inspector::Foresee(absl::Span<const Packet> burst, absl::Span<const uint16_t> inspected) {
  // Before the answers, which are read while memory brings what the names want.
  if (state_->judge.worth_foreseeing()) state_->ForeseeNames(burst, inspected);
  state_->foreseen_count = 0;
  state_->foreseen_at = 0;
  for (const Packet& packet : burst) {
    if (!CanTeach(packet)) continue;
    const size_t before = state_->foreseen_count;
    bool all = true;
    ForEachTaught(DnsMessage(packet), [&](const IpAddress& server, uint32_t ttl) {
      all = state_->foreseen_count < state_->foreseen.size();
      if (!all) return;
      state_->dns_names.Prefetch(packet.destination(), server);
      state_->foreseen[state_->foreseen_count++] = {&packet, ttl, server};
    });
    if (all) continue;
    state_->foreseen_count = before;  // Learn reads the rest itself
    return;
  }
}

void Inspector::Learn(const Packet& packet) {
  if (!CanTeach(packet)) return;
  const Bytes message = DnsMessage(packet);
  DomainName asked;
  const auto learn = [&](const IpAddress& server, uint32_t ttl) {
    if (asked.text().empty()) {
      size_t at = kDnsHeader;
      asked.Read(message, &at);
    }
    state_->dns_names.Add(packet.destination(), server, asked.text(), packet.time_ns, ttl);
    if (state_->shared != nullptr) {
      state_->shared->Note(packet.destination(), server, asked.text(), packet.time_ns, ttl);
    }
  };
  size_t& next = state_->foreseen_at;
  if (next == state_->foreseen_count || state_->foreseen[next].packet != &packet) {
    ForEachTaught(message, learn);
    return;
  }
  do {
    learn(state_->foreseen[next].server, state_->foreseen[next].ttl);
    ++next;
  } while (next < state_->foreseen_count && state_->foreseen[next].packet == &packet);
}

void Inspector::Share(DnsLessons* lessons) { state_->shared = lessons; }

void Inspector::Learn(const DnsLesson& lesson) {
  state_->dns_names.Add(lesson.client, lesson.server, {lesson.name.data(), lesson.size},
                        lesson.time_ns, lesson.ttl_seconds);
}

const InspectorCounters& Inspector::counters() const {
  const SlotPoolCounters& pool = state_->pool.counters();
  state_->counters = {.slots_exhausted = pool.exhausted + state_->texts.exhausted(),
                      .slots_expired = pool.expired,
                      .overlaps_conflicting = pool.conflicts,
                      .hello_too_long = pool.too_long,
                      .quic_undecryptable = state_->quic_undecryptable,
                      .ech_outer = state_->ech_outer,
                      .content_hits = state_->content_hits};
  return state_->counters;
}

const DnsNamesCounters& Inspector::dns_counters() const { return state_->dns_names.counters(); }

// Those in hellos of TLS: most names come by them, and to read one twice costs a tenth of the wait.
void Inspector::State::ForeseeNames(absl::Span<const Packet> burst,
                                    absl::Span<const uint16_t> inspected) {
  std::array<std::string_view, ForeseenNames::kRoom> names;
  size_t count = 0;
  for (const uint16_t at : inspected) {
    const Packet& packet = burst[at];
    if (packet.key.protocol != kTcp || count == names.size()) continue;
    names[count] = ServerNameInPlace({packet.payload, packet.payload_captured});
    count += static_cast<size_t>(!names[count].empty());
  }
  judge.Foresee(absl::MakeConstSpan(names).first(count));
}

Inspection Inspector::State::Decided(const Subject& subject, const Classification& classification) {
  ReleaseSlot(subject);
  Inspection inspection;
  inspection.state = Inspection::State::kDecided;
  inspection.classification = classification;
  return inspection;
}

Inspection Inspector::State::DecidedByName(const Subject& subject, Protocol protocol,
                                           std::string_view wire_name) {
  Inspection inspection;
  SetName(&inspection, protocol, wire_name);  // before the slot that holds the name is released
  const Classification classification =
      inspection.name.empty() ? judge.Unnamed(protocol, subject.packet, subject.from_initiator)
                              : Judge::Named(protocol, judge.FactsOf(inspection.name));
  ReleaseSlot(subject);
  inspection.state = Inspection::State::kDecided;
  inspection.classification = classification;
  return inspection;
}

void Inspector::State::SetName(Inspection* inspection, Protocol protocol,
                               std::string_view wire_name) {
  if (wire_name.empty() || wire_name.size() > name.size()) return;
  // Not absl::ascii_tolower: what has no table, the compiler does for 16 bytes at once.
  std::transform(wire_name.begin(), wire_name.end(), name.begin(), [](char c) {
    const bool upper = c >= 'A' && c <= 'Z';
    return static_cast<char>(c + (upper ? 'a' - 'A' : 0));
  });
  inspection->name = {name.data(), wire_name.size()};
  inspection->name_protocol = protocol;
}

Slot* Inspector::State::TakeSlot(const Subject& subject, SlotKind kind, bool speculative) {
  const Packet& packet = subject.packet;
  Slot* slot = pool.Find(subject.handle, packet.key, packet.time_ns);
  if (slot == nullptr) {
    slot = pool.Take(subject.handle, packet.key, packet.time_ns, speculative);
  } else if (!speculative) {
    pool.MakeFirm(slot);
  }
  slot->segments.Clear();
  slot->kind = kind;
  slot->from_initiator = subject.from_initiator;
  slot->start = 0;
  slot->needed = 0;
  slot->resume = 0;
  slot->stalled = 0;
  slot->has_start = false;
  slot->overflowed = false;
  slot->around = Protocol::kNone;
  return slot;
}

// Ends what has gone on for too long: bytes that cannot become a message any more, and waiting for
// one that has not begun. A name that this packet carried stays in `inspection`.
void Inspector::State::ApplyBounds(const Subject& subject, Inspection* inspection) {
  // Packets in a row without a new byte of the message: a lost segment comes again within a few
  // round trips, while the other side's data runs on. Also the packets of a stream whose start is
  // not found: a post-quantum hello in segments of 100 bytes, the last one first, takes 17.
  constexpr uint16_t kMaxStalled = 32;
  const Packet& packet = subject.packet;
  Slot* slot = pool.Find(subject.handle, packet.key, packet.time_ns);
  if (slot == nullptr) return;
  ++slot->shown;
  ++slot->stalled;
  bool more = !slot->overflowed;
  if (slot->kind == SlotKind::kNote) {
    more = more && slot->shown < kInspectPackets;
  } else if (slot->kind == SlotKind::kHeld && !slot->has_start) {
    more = more && slot->shown < kMaxStalled;
  } else {
    more = more && slot->stalled < kMaxStalled;
  }
  if (more) return;
  if (slot->best.protocol != Protocol::kNone) {
    inspection->state = Inspection::State::kDecided;
    inspection->classification = slot->best;
  }
  ReleaseSlot(subject);
}

void Inspector::State::Note(const Subject& subject, Protocol protocol) {
  const Packet& packet = subject.packet;
  Slot* slot = pool.Find(subject.handle, packet.key, packet.time_ns);
  if (slot == nullptr) slot = TakeSlot(subject, SlotKind::kNote, /*speculative=*/false);
  pool.MakeFirm(slot);
  if (slot->best.protocol == Protocol::kNone) {
    slot->best = judge.Unnamed(protocol, packet, subject.from_initiator);
  }
}

void Inspector::State::ReleaseSlot(const Subject& subject) {
  pool.Release(*subject.handle);
  *subject.handle = 0;
}

bool Inspector::State::Dns(Bytes message, Protocol protocol, Inspection* inspection) {
  // Opcodes up to DSO (RFC 8490); no real message asks for more than some dozens of names.
  constexpr uint8_t kMaxOpcode = 6;
  constexpr uint16_t kMaxQuestions = 256;
  const auto header = ReadDnsHeader(message);
  if (!header || header->opcode > kMaxOpcode || header->questions > kMaxQuestions) return false;
  dns_message = message;
  dns_at = kDnsHeader;
  dns_questions = header->questions;
  dns_protocol = protocol;
  inspection->state = Inspection::State::kStaying;
  NextDnsName(inspection);
  inspection->classification = Judge::Known(protocol, !inspection->name.empty());
  return true;
}

bool Inspector::State::NextDnsName(Inspection* inspection) {
  inspection->name = {};
  while (dns_questions > 0) {
    --dns_questions;
    // A question whose type is cut off still names something; a name cut short does not.
    if (!dns_name.Read(dns_message, &dns_at)) {
      dns_questions = 0;
      break;
    }
    dns_at += 4;                            // type and class
    if (dns_name.text().empty()) continue;  // the root
    inspection->name = dns_name.text();
    inspection->name_protocol = dns_protocol;
    return true;
  }
  if (dns_rest.empty()) return false;
  const Bytes rest = dns_rest;
  dns_rest = {};
  Inspection next;
  if (DnsTcpMessage(rest, &next) != Parse::kDone) return false;
  inspection->name = next.name;
  inspection->name_protocol = next.name_protocol;
  return !next.name.empty();
}

}  // namespace borderflow
