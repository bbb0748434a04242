// Flows that are decided for now: STARTTLS and its kin turn them to TLS, a proxy's client says whom
// it wants to reach, a server's certificate names what its client's hello did not.
#include <algorithm>

#include "dataplane/inspect/certificate.h"
#include "dataplane/inspect/inspector_state.h"
#include "dataplane/inspect/socks.h"
#include "dataplane/inspect/tls.h"

namespace borderflow {
namespace {

constexpr uint8_t kTcp = 6;
constexpr size_t kServerHelloAt = 5;
constexpr uint8_t kServerHelloType = 2;

// TDS carries the handshake in its own packets: type 12 (18), header of 8 bytes ([MS-TDS] 2.2.6.5).
size_t TdsHeader(Protocol was, Bytes segment) {
  constexpr uint8_t kPrelogin = 0x12;
  constexpr size_t kHeader = 8;
  const bool wrapped = was == Protocol::kTds && segment.size() > kHeader && segment[0] == kPrelogin;
  return wrapped ? kHeader : 0;
}

}  // namespace

Inspection Inspector::State::Turn(const Subject& subject) {
  Turning turning = Turning::From(*subject.handle);
  *subject.handle = 0;
  if (IsOnlyRead(turning.protocol)) return ReadOn(subject, turning);
  Inspection next = subject.packet.key.protocol == kTcp ? TurnStream(subject, turning.protocol)
                                                        : Datagram(subject);
  const bool same = next.state == Inspection::State::kForNow &&
                    next.classification.protocol == turning.protocol &&
                    Turning::Is(*subject.handle);
  if (same) {
    next.state = Inspection::State::kMore;
    *subject.handle = 0;
  }
  if (next.state == Inspection::State::kMore && *subject.handle == 0 &&
      turning.shown < Turning::kMaxShown) {
    ++turning.shown;
    *subject.handle = turning.handle();
  }
  return next;
}

// A segment of a flow that is `was` so far.
Inspection Inspector::State::TurnStream(const Subject& subject, Protocol was) {
  const Packet& packet = subject.packet;
  Bytes segment(packet.payload, packet.payload_captured);
  uint32_t sequence = packet.tcp_sequence;
  if (was == Protocol::kTls) {
    const bool flight = !subject.from_initiator && LookForTls(segment) == TlsStart::kServerFlight &&
                        segment.size() > kServerHelloAt &&
                        segment[kServerHelloAt] == kServerHelloType;
    if (!flight) return Undecided();
    Inspection inspection;
    if (ServerFlight(subject, segment, nullptr, &inspection) == Parse::kMore) {
      Hold(subject, SlotKind::kServer, segment, sequence, nullptr);
    }
    return inspection;
  }
  if (was == Protocol::kSocks) {
    Inspection inspection;
    SetName(&inspection, was, SocksTarget(segment));
    if (!inspection.name.empty()) return inspection;
  }
  const size_t header = TdsHeader(was, segment);
  around = was == Protocol::kSocks ? Protocol::kNone : was;
  return TurnTls(subject, segment.subspan(header), sequence + static_cast<uint32_t>(header));
}

Inspection Inspector::State::TurnTls(const Subject& subject, Bytes segment, uint32_t sequence) {
  Inspection inspection;
  switch (LookForTls(segment)) {
    case TlsStart::kNot:
    case TlsStart::kPrefix:
      return inspection;
    case TlsStart::kServerFlight:
    case TlsStart::kData:
      return Decided(subject, AroundTls(around, {}));
    case TlsStart::kClientHello:
      break;
  }
  const Protocol inside = around;
  const Parse parse = Message(subject, SlotKind::kTls, segment, nullptr, &inspection);
  if (parse != Parse::kMore) return inspection;
  Hold(subject, SlotKind::kTls, segment, sequence, nullptr);
  Slot* slot = pool.Find(subject.handle, subject.packet.key, subject.packet.time_ns);
  slot->around = inside;
  slot->best = AroundTls(inside, {});
  inspection.state = Inspection::State::kForNow;
  inspection.classification = slot->best;
  return inspection;
}

Classification Inspector::State::AroundTls(Protocol protocol, std::string_view host) const {
  const NameFacts facts = host.empty() ? NameFacts{} : judge.FactsOf(host);
  if (protocol == Protocol::kNone) {
    return host.empty() ? Judge::Known(Protocol::kTls, false) : Judge::Named(Protocol::kTls, facts);
  }
  Classification turned = IsClassified(DefaultCategory(protocol))
                              ? Judge::Known(protocol, !host.empty())
                              : Judge::Named(protocol, facts);
  turned.named = !host.empty();
  turned.entity = facts.organisation;
  turned.protection = Protection::kEncrypted;
  if (turned.category == Category::kUnk) {
    const Classification unknown = Judge::Known(Protocol::kTls, false);
    turned.category = unknown.category;
    turned.evidence = unknown.evidence;
    turned.confidence = unknown.confidence;
  }
  return turned;
}

// The server's first flight: its certificate may name what the client did not (TLS 1.2 and below).
Parse Inspector::State::ServerFlight(const Subject& subject, Bytes stream, Slot* slot,
                                     Inspection* inspection) {
  std::string_view host;
  size_t needed = 0;
  const Bytes bounded = stream.subspan(0, std::min(stream.size(), scratch.size()));
  const Parse parse = ParseServerFlight(bounded, absl::MakeSpan(scratch), &host, &needed);
  if (parse == Parse::kMore) {
    if (slot != nullptr) slot->needed = static_cast<uint32_t>(needed);
    return parse;
  }
  ReleaseSlot(subject);
  SetName(inspection, Protocol::kTlsCertificate, host);
  if (!inspection->name.empty()) {
    inspection->state = Inspection::State::kDecided;
    inspection->classification =
        Judge::NamedByCertificate(Protocol::kTls, judge.FactsOf(inspection->name));
  }
  return Parse::kDone;
}

}  // namespace borderflow
