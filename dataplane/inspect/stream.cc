// TCP: what starts a stream, and bytes held until a message is whole.
#include <algorithm>

#include "dataplane/inspect/http.h"
#include "dataplane/inspect/http_signs.h"
#include "dataplane/inspect/inspector_state.h"
#include "dataplane/inspect/tls.h"

namespace borderflow {
namespace {

constexpr uint16_t kDnsPort = 53;

// Room before the first segment of an unrecognised stream, for those that belong before it.
constexpr uint32_t kSlack = kSmallBuffer / 2;

enum class Start : uint8_t {
  kNot,
  kPrefix,
  kMessage,  // `kind` may carry a name
  kDecided,  // `protocol`, and no name can follow
  kNoted,    // `protocol`, but a name may still follow
};
struct StreamStart {
  Start start = Start::kNot;
  SlotKind kind = SlotKind::kHeld;
  Protocol protocol = Protocol::kNone;
};

bool IsDnsTcp(Bytes segment) {
  Reader reader(segment);
  const uint16_t length = reader.U16();
  const auto header = ReadDnsHeader(reader.rest());
  constexpr uint16_t kShortest = kDnsHeader + 5;  // the root, its type and class
  return header && length >= kShortest && header->opcode <= 5 && header->questions == 1 &&
         !header->reserved_bits;
}

StreamStart Recognise(Bytes segment, const Packet& packet) {
  switch (LookForTls(segment)) {
    case TlsStart::kNot:
      break;
    case TlsStart::kPrefix:
      return {Start::kPrefix};
    case TlsStart::kClientHello:
      return {Start::kMessage, SlotKind::kTls, Protocol::kTls};
    case TlsStart::kServerFlight:
      return {Start::kNoted, SlotKind::kNote, Protocol::kTls};
    case TlsStart::kData:
      return {Start::kDecided, SlotKind::kNote, Protocol::kTls};
  }
  switch (LookForHttp(segment)) {
    case HttpStart::kNot:
      break;
    case HttpStart::kPrefix:
      return {Start::kPrefix};
    case HttpStart::kRequest:
      return {Start::kMessage, SlotKind::kHttp, Protocol::kHttp};
    case HttpStart::kResponse:
      return {Start::kNoted, SlotKind::kNote, Protocol::kHttp};
    case HttpStart::kHttp2:
      return {Start::kMessage, SlotKind::kHttp2, Protocol::kHttp2};
  }
  constexpr std::string_view kSsh = "SSH-";
  const std::string_view text = AsText(segment);
  if (text.substr(0, kSsh.size()) == kSsh)
    return {Start::kDecided, SlotKind::kNote, Protocol::kSsh};
  if (packet.source_port() == kDnsPort || packet.destination_port() == kDnsPort) {
    if (segment.size() < 2 + kDnsHeader) return {Start::kPrefix};
    if (IsDnsTcp(segment)) return {Start::kMessage, SlotKind::kDnsTcp, Protocol::kDns};
  }
  return {};
}

// Bytes of a HAProxy PROXY header that the segment starts with, version 1 (a line of at most 107
// bytes) or 2 (16 bytes and a length); 0 for none.
size_t ProxyHeader(Bytes segment) {
  constexpr std::string_view kVersion1 = "PROXY ";
  constexpr size_t kLongestLine = 107;
  constexpr std::string_view kVersion2("\r\n\r\n\0\r\nQUIT\n", 12);
  const std::string_view text = AsText(segment);
  if (text.substr(0, kVersion1.size()) == kVersion1) {
    const size_t end = text.substr(0, kLongestLine).find("\r\n");
    return end == std::string_view::npos ? 0 : end + 2;
  }
  if (text.substr(0, kVersion2.size()) == kVersion2 && segment.size() >= 16) {
    const size_t size = 16 + (size_t{segment[14]} << 8 | segment[15]);
    return size <= segment.size() ? size : 0;
  }
  return 0;
}

Protocol ProtocolOf(SlotKind kind) {
  switch (kind) {
    case SlotKind::kTls:
      return Protocol::kTls;
    case SlotKind::kHttp:
      return Protocol::kHttp;
    case SlotKind::kHttp2:
      return Protocol::kHttp2;
    default:
      return Protocol::kNone;
  }
}

}  // namespace

Inspection Inspector::State::Stream(const Subject& subject) {
  const Packet& packet = subject.packet;
  Bytes segment(packet.payload, packet.payload_captured);
  // Data on a SYN (RFC 7413) is numbered behind it.
  uint32_t sequence = packet.tcp_sequence + ((packet.tcp_flags & kTcpSyn) != 0 ? 1 : 0);
  const size_t preamble = ProxyHeader(segment);
  segment.remove_prefix(preamble);
  sequence += static_cast<uint32_t>(preamble);
  if (segment.empty()) return Undecided();

  Slot* slot = pool.Find(subject.handle, packet.key, packet.time_ns);
  if (slot != nullptr && slot->kind != SlotKind::kNote &&
      slot->from_initiator == subject.from_initiator) {
    return ContinueStream(subject, segment, sequence, slot);
  }
  return BeginStream(subject, segment, sequence, slot);
}

// The first segment of a direction, or one that nothing is held for. `slot` is the flow's, which
// may be busy with the other direction, or nullptr.
Inspection Inspector::State::BeginStream(const Subject& subject, Bytes segment, uint32_t sequence,
                                         Slot* slot) {
  const StreamStart seen = Recognise(segment, subject.packet);
  const bool other_direction = slot != nullptr && slot->kind != SlotKind::kNote;
  switch (seen.start) {
    case Start::kDecided:
      if (seen.protocol == Protocol::kSsh) {
        return Decided(subject, Judge::Known(seen.protocol, /*named=*/false));
      }
      return DecidedByName(subject, seen.protocol, {});
    case Start::kNoted:
      Note(subject, seen.protocol);
      return Undecided();
    case Start::kMessage: {
      Inspection inspection;
      const Parse parse = Message(subject, seen.kind, segment, nullptr, &inspection);
      if (parse == Parse::kDone) return inspection;
      if (parse == Parse::kMore) {
        if (!other_direction || slot->kind == SlotKind::kHeld) {
          Hold(subject, seen.kind, segment, sequence, slot);
        }
        return Undecided();
      }
      break;
    }
    case Start::kPrefix:
    case Start::kNot:
      break;
  }
  const bool busy =
      slot != nullptr && slot->kind != SlotKind::kHeld && slot->kind != SlotKind::kNote;
  if (seen.start != Start::kPrefix && !busy) {
    const size_t cut = subject.packet.payload_captured - segment.size();
    const auto found = BySignature(subject, segment, subject.packet.payload_bytes - cut);
    if (found) return *found;
  }
  // An unrecognised start is kept only where a client could have sent it out of order.
  if (subject.from_initiator && !other_direction) {
    Hold(subject, SlotKind::kHeld, segment, sequence, slot);
    if (seen.start == Start::kPrefix) {
      slot = pool.Find(subject.handle, subject.packet.key, subject.packet.time_ns);
      slot->has_start = true;
    }
  }
  return Undecided();
}

void Inspector::State::Hold(const Subject& subject, SlotKind kind, Bytes segment, uint32_t sequence,
                            Slot* slot) {
  const bool held = kind == SlotKind::kHeld;
  slot = TakeSlot(subject, kind, /*speculative=*/held);
  const uint32_t slack = held ? kSlack : 0;
  slot->base = sequence - slack;
  slot->start = slack;
  slot->has_start = !held;
  NoteKind(subject, slot);
  pool.Store(slot, slack, segment);
}

// A message that is not whole yet tells its protocol already.
void Inspector::State::NoteKind(const Subject& subject, Slot* slot) {
  const Protocol protocol = ProtocolOf(slot->kind);
  if (protocol == Protocol::kNone) return;
  slot->best = judge.Unnamed(protocol, subject.packet, subject.from_initiator);
}

Inspection Inspector::State::ContinueStream(const Subject& subject, Bytes segment,
                                            uint32_t sequence, Slot* slot) {
  const int64_t offset = SequenceOffset(sequence, slot->base);
  if (slot->kind == SlotKind::kHeld) return ContinueHeld(subject, segment, offset, slot);
  pool.Store(slot, offset, segment);
  const Bytes stream = pool.Prefix(*slot);
  if (stream.size() < slot->needed) return Undecided();
  Inspection inspection;
  Message(subject, slot->kind, stream, slot, &inspection);
  return inspection;
}

// More of a stream whose start is not known. A segment that starts a message settles it, and its
// bytes stand whatever came before under the same sequence numbers: junk on the handshake's ACK
// occupies the place of the hello.
Inspection Inspector::State::ContinueHeld(const Subject& subject, Bytes segment, int64_t offset,
                                          Slot* slot) {
  const StreamStart seen = Recognise(segment, subject.packet);
  if (seen.start == Start::kDecided || seen.start == Start::kNoted) {
    return BeginStream(subject, segment, slot->base + static_cast<uint32_t>(offset), slot);
  }
  if (seen.start == Start::kMessage) {
    Inspection inspection;
    const Parse parse = Message(subject, seen.kind, segment, nullptr, &inspection);
    if (parse == Parse::kDone) return inspection;
    if (parse == Parse::kMore) {
      if (offset < 0 || offset >= kSmallBuffer) {  // nothing that is held can belong to it
        Hold(subject, seen.kind, segment, slot->base + static_cast<uint32_t>(offset), slot);
        return Undecided();
      }
      pool.MakeFirm(slot);
      slot->kind = seen.kind;
      slot->start = static_cast<uint32_t>(offset);
      NoteKind(subject, slot);
      pool.Store(slot, offset, segment, Segments::Keep::kLast);
      Message(subject, slot->kind, pool.Prefix(*slot), slot, &inspection);
      return inspection;
    }
  }
  pool.Store(slot, offset, segment);
  if (seen.start == Start::kPrefix && !slot->has_start && offset >= 0) {
    slot->has_start = true;
    slot->start = static_cast<uint32_t>(offset);
  }
  if (seen.start != Start::kPrefix) {
    // A protocol may send its header and its body apart.
    const size_t cut = subject.packet.payload_captured - segment.size();
    const auto found = BySignature(subject, segment, subject.packet.payload_bytes - cut);
    if (found) return *found;
    const Bytes joined = slot->has_start ? Bytes() : pool.Prefix(*slot);
    if (joined.size() > segment.size()) {
      const auto whole = BySignature(subject, joined, joined.size());
      if (whole) return *whole;
    }
  }
  if (!slot->has_start) return Undecided();
  const Bytes stream = pool.Prefix(*slot);
  const StreamStart now = Recognise(stream, subject.packet);
  if (now.start == Start::kNot) slot->has_start = false;
  if (now.start != Start::kMessage) return Undecided();
  pool.MakeFirm(slot);
  slot->kind = now.kind;
  NoteKind(subject, slot);
  Inspection inspection;
  Message(subject, now.kind, stream, slot, &inspection);
  return inspection;
}

// Reads the message that `stream` starts with. `slot` is where it is held, or nullptr when it is a
// segment in place. kDone fills `inspection`; the slot may then be gone.
Parse Inspector::State::Message(const Subject& subject, SlotKind kind, Bytes stream, Slot* slot,
                                Inspection* inspection) {
  Parse parse = Parse::kNot;
  switch (kind) {
    case SlotKind::kTls:
      parse = TlsMessage(subject, stream, slot, inspection);
      break;
    case SlotKind::kServer:
      parse = ServerFlight(subject, stream, slot, inspection);
      break;
    case SlotKind::kHttp:
      parse = HttpMessage(subject, stream, slot, inspection);
      break;
    case SlotKind::kHttp2:
      parse = Http2Message(subject, stream, slot, inspection);
      break;
    case SlotKind::kDnsTcp:
      parse = DnsTcpMessage(stream, inspection);
      if (parse == Parse::kDone) ReleaseSlot(subject);
      break;
    default:
      break;
  }
  // What turned out to be something else is held no longer.
  if (parse == Parse::kNot && slot != nullptr) {
    slot->kind = SlotKind::kNote;
    slot->best = {};
  }
  return parse;
}

Parse Inspector::State::TlsMessage(const Subject& subject, Bytes stream, Slot* slot,
                                   Inspection* inspection) {
  const Protocol inside = slot != nullptr ? slot->around : around;
  ClientHello hello;
  size_t needed = 0;
  // A segment in place may be longer than any hello.
  const Bytes bounded = stream.subspan(0, std::min(stream.size(), scratch.size()));
  const Parse parse = ParseTlsClientHello(bounded, absl::MakeSpan(scratch), &hello, &needed);
  if (slot != nullptr && parse == Parse::kMore) slot->needed = static_cast<uint32_t>(needed);
  if (parse != Parse::kDone) return parse;
  if (hello.ech && IsClientFacingName(hello.name)) ++ech_outer;
  if (inside != Protocol::kNone) {
    SetName(inspection, Protocol::kTls, hello.name);
    const Classification turned = AroundTls(inside, inspection->name);
    ReleaseSlot(subject);
    inspection->state = Inspection::State::kDecided;
    inspection->classification = turned;
    return parse;
  }
  *inspection = DecidedByName(subject, Protocol::kTls, hello.name);
  if (inspection->name.empty() && !inspection->classification.named) {
    // The server may show whose certificate it has.
    inspection->state = Inspection::State::kForNow;
    *subject.handle = Turning{Protocol::kTls}.handle();
  }
  return parse;
}

Parse Inspector::State::HttpMessage(const Subject& subject, Bytes stream, Slot* slot,
                                    Inspection* inspection) {
  HttpRequestHead request;
  size_t resume = slot != nullptr ? slot->resume : 0;
  const Parse parse = ParseHttpRequest(stream, &resume, &request);
  if (slot != nullptr) slot->resume = static_cast<uint32_t>(resume);
  if (parse != Parse::kDone) return parse;
  if (!request.connect) {
    *inspection = DecidedByRequest(subject, Protocol::kHttp, request.host, AsText(stream));
    return parse;
  }
  // The tunnel's own protocol comes next and may say more.
  SetName(inspection, Protocol::kHttp, request.host);
  slot = TakeSlot(subject, SlotKind::kNote, /*speculative=*/false);
  slot->best = inspection->name.empty()
                   ? Judge::Known(Protocol::kHttp, /*named=*/false)
                   : Judge::Named(Protocol::kHttp, judge.FactsOf(inspection->name));
  return parse;
}

Parse Inspector::State::Http2Message(const Subject& subject, Bytes stream, Slot* slot,
                                     Inspection* inspection) {
  Http2Request request;
  size_t needed = 0;
  const Parse parse = http2.Read(stream, &needed, &request);
  if (slot != nullptr && parse == Parse::kMore) slot->needed = static_cast<uint32_t>(needed);
  if (parse == Parse::kDone) {
    *inspection =
        DecidedByRequest(subject, Protocol::kHttp2, WithoutPort(request.authority), request.head);
  }
  return parse;
}

Inspection Inspector::State::DecidedByRequest(const Subject& subject, Protocol http,
                                              std::string_view host, std::string_view head) {
  const HttpSign sign = FindHttpSign(head);
  Protocol protocol = sign.protocol == Protocol::kNone ? http : sign.protocol;
  if (!sign.strong && judge.Contradicts(host, DefaultCategory(protocol))) protocol = http;
  Inspection inspection = DecidedByName(subject, protocol, host);
  if (IsClassified(DefaultCategory(protocol))) {
    const EntityId organisation = inspection.classification.entity;
    inspection.classification = Judge::Known(protocol, !inspection.name.empty(), sign.strong);
    inspection.classification.entity = organisation;
    inspection.classification.protection = Protection::kCleartext;
  }
  if (!inspection.name.empty()) inspection.name_protocol = http;
  return inspection;
}

Parse Inspector::State::DnsTcpMessage(Bytes stream, Inspection* inspection) {
  if (stream.size() < 2 + kDnsHeader) return Parse::kMore;
  if (!IsDnsTcp(stream)) return Parse::kNot;
  const size_t length = size_t{stream[0]} << 8 | stream[1];
  const Bytes all = stream.subspan(2);
  const Bytes message = all.subspan(0, std::min(length, all.size()));
  size_t at = kDnsHeader;
  DnsQuestion question;
  if (!ReadDnsQuestion(message, &at, &dns_name, &question)) {
    return message.size() < length ? Parse::kMore : Parse::kNot;
  }
  if (!Dns(message, Protocol::kDns, inspection)) return Parse::kNot;
  DnsRest(all.subspan(message.size()));
  return Parse::kDone;
}

}  // namespace borderflow
