// What the table of signatures says of a packet, and what that makes of its flow.
#include "dataplane/inspect/inspector_state.h"
#include "dataplane/inspect/signatures.h"
#include "dataplane/inspect/socks.h"

namespace borderflow {
namespace {

constexpr uint8_t kUdp = 17;

bool OnItsPort(const Packet& packet, Protocol protocol) {
  return FindPort(packet.key.protocol, packet.key.port_lo).protocol == protocol ||
         FindPort(packet.key.protocol, packet.key.port_hi).protocol == protocol;
}

}  // namespace

// Protocols that may become something else: those with a STARTTLS of their own, negotiations that
// end in another protocol, and probes that share a flow with what they probe for.
bool Inspector::State::MayTurn(Protocol protocol) {
  switch (protocol) {
    case Protocol::kSmtp:
    case Protocol::kImap:
    case Protocol::kPop3:
    case Protocol::kFtp:
    case Protocol::kXmpp:
    case Protocol::kIrc:
    case Protocol::kNntp:
    case Protocol::kManageSieve:
    case Protocol::kLdap:
    case Protocol::kPostgresql:
    case Protocol::kMysql:
    case Protocol::kTds:
    case Protocol::kRdp:
    case Protocol::kVnc:
    case Protocol::kSocks:
    case Protocol::kStun:
      return true;
    default:
      return false;
  }
}

std::optional<Inspection> Inspector::State::BySignature(const Subject& subject, Bytes bytes,
                                                        size_t size) {
  const WireMessage message = {bytes, size, subject.packet.key.protocol == kUdp};
  const Recognition found = FindSignature(message, candidate.protocol);
  if (found.protocol == Protocol::kNone) return std::nullopt;
  if (found.proof == Proof::kOnce) return Settle(subject, found.protocol, /*strong=*/true, bytes);

  const bool again = candidate.protocol == found.protocol;
  const bool confirmed = (again && (found.proof == Proof::kTwice ||
                                    candidate.from_initiator != subject.from_initiator)) ||
                         OnItsPort(subject.packet, found.protocol);
  if (confirmed) return Settle(subject, found.protocol, /*strong=*/false, bytes);

  noted = again ? candidate : ProtocolCandidate{found.protocol, subject.from_initiator};
  if (++noted.shown > ProtocolCandidate::kMaxShown) noted = {};
  return std::nullopt;
}

// What fitted stays with the flow until its next packet: in its slot if it holds one, else in the
// handle itself.
void Inspector::State::KeepCandidate(const Subject& subject) {
  if (noted.protocol == Protocol::kNone) return;
  if (*subject.handle == 0) {
    *subject.handle = noted.handle();
  } else if (Slot* slot = pool.Find(subject.handle, subject.packet.key, subject.packet.time_ns);
             slot != nullptr && slot->kind == SlotKind::kHeld) {
    slot->candidate = noted;
  }
}

// The flow is of `protocol`; `bytes` are the message that settled it.
Inspection Inspector::State::Settle(const Subject& subject, Protocol protocol, bool strong,
                                    Bytes bytes) {
  Inspection inspection =
      Decided(subject, IsClassified(DefaultCategory(protocol))
                           ? Judge::Known(protocol, /*named=*/false, strong)
                           : judge.Unnamed(protocol, subject.packet, subject.from_initiator));
  if (!MayTurn(protocol)) return inspection;
  if (protocol == Protocol::kSocks) SetName(&inspection, protocol, SocksTarget(bytes));
  inspection.state = Inspection::State::kForNow;
  *subject.handle = Turning{protocol}.handle();
  return inspection;
}

}  // namespace borderflow
