// UDP: DNS and its kin, QUIC, DTLS.
#include <algorithm>

#include "dataplane/inspect/inspector_state.h"
#include "dataplane/inspect/tls.h"

namespace borderflow {
namespace {

constexpr uint16_t kDnsPort = 53;
constexpr uint16_t kMdnsPort = 5353;
constexpr uint16_t kLlmnrPort = 5355;
// Same header, other names: RFC 1002 encodes them in 32 letters.
constexpr uint16_t kNetbiosPort = 137;
constexpr int kMaxCoalesced = 16;

bool HasPort(const Packet& packet, uint16_t port) {
  return packet.key.port_lo == port || packet.key.port_hi == port;
}

// Which of the three a packet is by its ports; kNone for other ports.
Protocol DnsByPort(const Packet& packet) {
  if (HasPort(packet, kDnsPort)) return Protocol::kDns;
  if (HasPort(packet, kMdnsPort)) return Protocol::kMdns;
  if (HasPort(packet, kLlmnrPort)) return Protocol::kLlmnr;
  return Protocol::kNone;
}

}  // namespace

Inspection Inspector::State::Datagram(const Subject& subject) {
  const Packet& packet = subject.packet;
  const Bytes datagram(packet.payload, packet.payload_captured);
  Inspection inspection;
  if (const Protocol dns = DnsByPort(packet); dns != Protocol::kNone) {
    if (Dns(datagram, dns, &inspection)) return inspection;
  }
  if (IsQuic(datagram)) return Quic(subject, datagram);
  switch (LookForDtls(datagram)) {
    case DtlsStart::kNot:
      break;
    case DtlsStart::kClientHello:
      return Dtls(subject, datagram);
    case DtlsStart::kOther:
      Note(subject, Protocol::kDtls);
      return Undecided();
  }
  if (IsGoogleQuic(datagram)) {
    std::string_view sni;
    if (ParseChlo(datagram, &sni) == Parse::kDone) {
      return DecidedByName(subject, Protocol::kQuic, sni);
    }
    Note(subject, Protocol::kQuic);
    return Undecided();
  }
  if (!HasPort(packet, kNetbiosPort) && IsConvincingDns(datagram)) {
    Dns(datagram, Protocol::kDns, &inspection);
    return inspection;
  }
  if (auto found = BySignature(subject, datagram, packet.payload_bytes)) return *found;
  if (noted.protocol != Protocol::kNone) return inspection;
  if (auto found = Rtp(subject, datagram, packet.payload_bytes)) return *found;
  return inspection;
}

Inspection Inspector::State::Quic(const Subject& subject, Bytes datagram) {
  const Packet& packet = subject.packet;
  Slot* slot = pool.Find(subject.handle, packet.key, packet.time_ns);
  // The server's packets teach nothing; but who is the server is a guess until keys have opened a
  // client's.
  const bool may_be_client = subject.from_initiator || slot == nullptr || !slot->has_quic_keys;
  size_t at = 0;
  QuicPacket quic_packet;
  Inspection inspection;
  for (int i = 0; may_be_client && i < kMaxCoalesced; ++i) {
    if (!NextQuicPacket(datagram, &at, &quic_packet)) break;
    if (quic_packet.type != QuicType::kInitial || !quic_packet.complete) continue;
    Bytes payload;
    if (!OpenInitial(subject, quic_packet, &slot, &payload)) continue;
    if (QuicHello(subject, payload, &slot, &inspection)) return inspection;
  }
  Note(subject, Protocol::kQuic);
  return inspection;
}

// Opens a client's Initial: with the keys of the flow's first, or with those of its own connection
// id (the first packet, or the one that follows a Retry). On success `pending_keys` holds the keys.
bool Inspector::State::OpenInitial(const Subject& subject, const QuicPacket& packet, Slot** slot,
                                   Bytes* payload) {
  const bool has_keys = *slot != nullptr && (*slot)->has_quic_keys;
  if (has_keys) {
    pending_keys = (*slot)->quic_keys;
    *payload = quic.Open(pending_keys, packet.bytes, packet.number_offset);
    if (!payload->empty()) return true;
  }
  pending_keys = quic.ClientKeys(packet.family, packet.connection_id);
  *payload = quic.Open(pending_keys, packet.bytes, packet.number_offset);
  if (payload->empty()) {
    if (subject.from_initiator) ++quic_undecryptable;
    return false;
  }
  if (has_keys) {
    (*slot)->quic_keys = pending_keys;
    (*slot)->segments.Clear();
    (*slot)->needed = 0;
  }
  return true;
}

// True when the hello is whole, or its name in reach; fills `inspection` then.
bool Inspector::State::QuicHello(const Subject& subject, Bytes payload, Slot** slot,
                                 Inspection* inspection) {
  size_t at = 0;
  CryptoFrame frame;
  if (!NextCryptoFrame(payload, &at, &frame)) return false;
  const bool fresh = *slot == nullptr || !(*slot)->has_quic_keys;
  if (fresh && frame.offset == 0) {
    const Parse parse = QuicMessage(subject, frame.bytes, nullptr, inspection);
    if (parse == Parse::kDone) return true;
    if (parse == Parse::kNot) return false;
  }
  if (fresh) {
    *slot = TakeSlot(subject, SlotKind::kQuic, /*speculative=*/false);
    (*slot)->best = judge.Unnamed(Protocol::kQuic, subject.packet, subject.from_initiator);
    (*slot)->quic_keys = pending_keys;
    (*slot)->has_quic_keys = true;
  }
  do {
    const auto offset = static_cast<int64_t>(std::min<uint64_t>(frame.offset, kLargeBuffer));
    pool.Store(*slot, offset, frame.bytes);
  } while (NextCryptoFrame(payload, &at, &frame));
  const Bytes message = pool.Prefix(**slot);
  if (message.size() < (*slot)->needed) return false;
  return QuicMessage(subject, message, *slot, inspection) == Parse::kDone;
}

Parse Inspector::State::QuicMessage(const Subject& subject, Bytes message, Slot* slot,
                                    Inspection* inspection) {
  constexpr std::string_view kChlo = "CHLO";  // Google's own handshake, in QUIC's packets
  if (AsText(message).substr(0, kChlo.size()) == kChlo) {
    std::string_view sni;
    const Parse parse = ParseChlo(message, &sni);
    if (parse == Parse::kDone) *inspection = DecidedByName(subject, Protocol::kQuic, sni);
    return parse;
  }
  ClientHello hello;
  size_t needed = 0;
  const Parse parse = ParseHandshakeClientHello(message, &hello, &needed);
  if (parse == Parse::kMore && slot != nullptr) slot->needed = static_cast<uint32_t>(needed);
  if (parse == Parse::kDone) {
    if (hello.ech && IsClientFacingName(hello.name)) ++ech_outer;
    *inspection = DecidedByName(subject, Protocol::kQuic, hello.name);
  }
  return parse;
}

Inspection Inspector::State::Dtls(const Subject& subject, Bytes datagram) {
  const Packet& packet = subject.packet;
  size_t at = 0;
  DtlsHelloFragment fragment;
  while (NextDtlsHelloFragment(datagram, &at, &fragment)) {
    ClientHello hello;
    size_t needed = 0;
    if (fragment.offset == 0) {
      const Parse parse = ParseDtlsClientHello(fragment.bytes, fragment.length, &hello, &needed);
      if (parse == Parse::kDone) return DecidedByName(subject, Protocol::kDtls, hello.name);
      if (parse == Parse::kNot) continue;
    }
    Slot* slot = pool.Find(subject.handle, packet.key, packet.time_ns);
    if (slot == nullptr || slot->kind != SlotKind::kDtls ||
        slot->hello_number != fragment.message_sequence || slot->hello_length != fragment.length) {
      slot = TakeSlot(subject, SlotKind::kDtls, /*speculative=*/false);
      slot->best = judge.Unnamed(Protocol::kDtls, packet, subject.from_initiator);
      slot->hello_number = fragment.message_sequence;
      slot->hello_length = fragment.length;
    }
    pool.Store(slot, std::min(fragment.offset, kLargeBuffer), fragment.bytes);
    hello = {};
    const Bytes body = pool.Prefix(*slot);
    if (ParseDtlsClientHello(body, slot->hello_length, &hello, &needed) == Parse::kDone) {
      return DecidedByName(subject, Protocol::kDtls, hello.name);
    }
  }
  Note(subject, Protocol::kDtls);
  return Undecided();
}

}  // namespace borderflow
