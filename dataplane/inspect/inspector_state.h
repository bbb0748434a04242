// Inspector::State: the pools and what one call of Inspect works with. Private to this folder.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_INSPECTOR_STATE_H_
#define BORDERFLOW_DATAPLANE_INSPECT_INSPECTOR_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dataplane/inspect/content/content_scanner.h"
#include "dataplane/inspect/dns.h"
#include "dataplane/inspect/dns_names.h"
#include "dataplane/inspect/flow_note.h"
#include "dataplane/inspect/flow_texts.h"
#include "dataplane/inspect/http2.h"
#include "dataplane/inspect/inspector.h"
#include "dataplane/inspect/judge.h"
#include "dataplane/inspect/quic.h"
#include "dataplane/inspect/quic_crypto.h"
#include "dataplane/inspect/slot_pool.h"

namespace borderflow {

// One packet under inspection, and the flow that it belongs to.
struct Subject {
  const Packet& packet;
  bool from_initiator;
  SlotHandle* handle;
};

struct Inspector::State {
  State(const NameRules* rules, const Entities* entities) : judge(rules, &dns_names, entities) {}

  // stream.cc: TCP.
  Inspection Stream(const Subject& subject);
  // datagram.cc: UDP.
  Inspection Datagram(const Subject& subject);
  // sctp.cc
  Inspection Sctp(const Subject& subject);
  // turning.cc: a flow that is decided for now.
  Inspection Turn(const Subject& subject);

  // The answers that the two share.
  Inspection Undecided() const { return {}; }
  Inspection Decided(const Subject& subject, const Classification& classification);
  // A message of `protocol` was read to its end: it carried `name`, or none when that is empty.
  Inspection DecidedByName(const Subject& subject, Protocol protocol, std::string_view name);
  // Returns the name's rule, if there is one.
  void SetName(Inspection* inspection, Protocol protocol, std::string_view name);
  // `protocol` was recognised, but something better may follow.
  void Note(const Subject& subject, Protocol protocol);
  void ApplyBounds(const Subject& subject, Inspection* inspection);
  void ReleaseSlot(const Subject& subject);
  // The slot for bytes of this direction: the flow's own, emptied, or a fresh one.
  Slot* TakeSlot(const Subject& subject, SlotKind kind, bool speculative);

  // DNS in either transport: `message` may be cut short. False when it is not DNS.
  bool Dns(Bytes message, Protocol protocol, Inspection* inspection);
  bool NextDnsName(Inspection* inspection);
  // What follows the current message in a TCP segment.
  void DnsRest(Bytes rest) { dns_rest = rest; }

  // recognise.cc: `bytes` is a message, or the start of what a segment brings, of `size` bytes on
  // the wire. nullopt when no signature fits.
  std::optional<Inspection> BySignature(const Subject& subject, Bytes bytes, size_t size);
  void KeepCandidate(const Subject& subject);
  Inspection Settle(const Subject& subject, Protocol protocol, bool strong, Bytes bytes);
  std::optional<Inspection> Rtp(const Subject& subject, Bytes datagram, size_t size);

  // recognise.cc: a protocol whose flows may become something else (STARTTLS and its kin).
  static bool MayTurn(Protocol protocol);

  // reading.cc
  static bool IsOnlyRead(Protocol protocol);
  Inspection ReadOn(const Subject& subject, Turning turning);
  void Read(const Subject& subject, Protocol settled, Inspection* inspection);
  const ContentMeaning* Content(const Subject& subject, Protocol protocol);
  void DecideByContent(const Subject& subject, Protocol protocol, const ContentMeaning& meaning,
                       Inspection* inspection);
  void Scan(const TextNews& news, bool text, CarriedText* before, ContentHits* hits);
  void Remember(const Subject& subject, const ReadStream& stream, const ContentHits& found,
                FlowText* held);

  // turning.cc
  Inspection TurnStream(const Subject& subject, Protocol was);
  Inspection TurnTls(const Subject& subject, Bytes segment, uint32_t sequence);
  // What a flow of `protocol` is once TLS began inside it.
  Classification AroundTls(Protocol protocol, std::string_view name) const;
  Parse ServerFlight(const Subject& subject, Bytes stream, Slot* slot, Inspection* inspection);

  // stream.cc
  Inspection BeginStream(const Subject& subject, Bytes segment, uint32_t sequence, Slot* slot);
  Inspection ContinueStream(const Subject& subject, Bytes segment, uint32_t sequence, Slot* slot);
  Inspection ContinueHeld(const Subject& subject, Bytes segment, int64_t offset, Slot* slot);
  void Hold(const Subject& subject, SlotKind kind, Bytes segment, uint32_t sequence, Slot* slot);
  void NoteKind(const Subject& subject, Slot* slot);
  Parse Message(const Subject& subject, SlotKind kind, Bytes stream, Slot* slot,
                Inspection* inspection);
  Parse TlsMessage(const Subject& subject, Bytes stream, Slot* slot, Inspection* inspection);
  Parse HttpMessage(const Subject& subject, Bytes stream, Slot* slot, Inspection* inspection);
  Parse Http2Message(const Subject& subject, Bytes stream, Slot* slot, Inspection* inspection);
  // `head` is a request's, as HTTP/1 writes it, and `host` whom it is for.
  Inspection DecidedByRequest(const Subject& subject, Protocol http, std::string_view host,
                              std::string_view head);
  Parse DnsTcpMessage(Bytes stream, Inspection* inspection);

  // datagram.cc
  Inspection Quic(const Subject& subject, Bytes datagram);
  Inspection Dtls(const Subject& subject, Bytes datagram);
  bool OpenInitial(const Subject& subject, const QuicPacket& packet, Slot** slot, Bytes* payload);
  bool QuicHello(const Subject& subject, Bytes payload, Slot** slot, Inspection* inspection);
  Parse QuicMessage(const Subject& subject, Bytes message, Slot* slot, Inspection* inspection);

  void ForeseeNames(absl::Span<const Packet> burst, absl::Span<const uint16_t> inspected);

  DnsNames dns_names;
  // What the packets of a burst teach, in order, as far as Learn has not taken it.
  struct Foreseen {
    const Packet* packet;
    uint32_t ttl;
    IpAddress server;
  };
  std::array<Foreseen, 64> foreseen;
  size_t foreseen_count = 0;
  size_t foreseen_at = 0;
  DnsLessons* shared = nullptr;  // what Learn also notes
  Judge judge;
  SlotPool pool;
  QuicCrypto quic;
  Http2Reader http2;
  ContentScanner scanner;
  FlowTexts texts;
  ContentHits content_hits{};
  bool reads_content = true;
  InspectorCounters counters;
  uint64_t quic_undecryptable = 0;
  uint64_t ech_outer = 0;

  std::array<uint8_t, kLargeBuffer> scratch;
  std::array<char, 1024> name;  // no host name is longer than 255; what is longer than this is none

  // Of the packet under inspection: what an earlier one of its flow may be, and the protocol that
  // TLS is inside.
  ProtocolCandidate candidate;
  ProtocolCandidate noted;  // what this packet may be
  Protocol around = Protocol::kNone;

  // The rest of a DNS message whose first name was given.
  Bytes dns_message;
  Bytes dns_rest;
  size_t dns_at = 0;
  uint16_t dns_questions = 0;
  Protocol dns_protocol = Protocol::kNone;
  DomainName dns_name;
  QuicKeys pending_keys;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_INSPECTOR_STATE_H_
