// Readable flows: what their bytes show by their own structure (content/), beside what the protocol
// and the name say. The first packets of a readable flow are scanned, with the end of the one
// before (flow_texts.h); when the inspection ends nothing of them is left but counts by kind.
#include <algorithm>

#include "absl/base/attributes.h"
#include "dataplane/inspect/content/begins_as_text.h"
#include "dataplane/inspect/content/file_magic.h"
#include "dataplane/inspect/inspector_state.h"

namespace borderflow {
namespace {

constexpr uint8_t kTcp = 6;

// Packets that are read after the one which settled the protocol: the request's body and the first
// of the answer.
constexpr int kReadPackets = 4;

// Protocols that carry anything, people's messages or records. The others say more themselves than
// a pattern in their bytes would, or hold none.
bool IsWorthReading(Protocol protocol) {
  if (protocol == Protocol::kNone) return true;
  if (DefaultProtection(protocol) != Protection::kCleartext) return false;
  const Category category = DefaultCategory(protocol);
  return category == Category::kUnk || category == Category::kCom || category == Category::kDbx;
}

// Whether all that a packet of `protocol` holds is text as a rule, so that one which begins
// otherwise is not worth a scan: most flows of no known protocol are encrypted or binary, and what
// HTTP carries is often packed.
bool IsTextOrNothing(Protocol protocol) {
  return protocol == Protocol::kNone || protocol == Protocol::kHttp;
}

// A packet that offload made long is read up to a bound.
TextNews BoundedNews(const Packet& packet) {
  constexpr size_t kMostBytes = ContentScanner::kMostJoined;
  const size_t size = std::min<size_t>(packet.payload_captured, kMostBytes);
  return {.bytes = {packet.payload, size}, .joins = false, .last = size < packet.payload_bytes};
}

// The packet's part of the stream that is new: what was read is not read again, and what fills a
// gap is read for itself. Moves `stream` on.
TextNews Joined(const Packet& packet, TextNews news, ReadStream* stream) {
  const uint32_t sequence = packet.tcp_sequence + ((packet.tcp_flags & kTcpSyn) != 0 ? 1 : 0);
  const int32_t offset = stream->begun ? SequenceOffset(sequence, stream->next) : 0;
  if (offset < 0) {
    if (stream->gapped) return news;
    news.bytes.remove_prefix(std::min(news.bytes.size(), size_t{0} - static_cast<size_t>(offset)));
    if (news.bytes.empty()) return news;
  } else if (offset > 0) {
    stream->gapped = true;
    stream->end.Clear();
  }
  news.joins = true;
  stream->begun = true;
  stream->next = sequence + packet.payload_bytes;
  return news;
}

}  // namespace

bool Inspector::State::IsOnlyRead(Protocol protocol) {
  return protocol != Protocol::kNone && IsWorthReading(protocol) && !MayTurn(protocol);
}

// A packet of a flow that is settled but for its content. Keeps the note as long as there is more
// to read.
Inspection Inspector::State::ReadOn(const Subject& subject, Turning turning) {
  if (turning.shown + 1 < kReadPackets) {
    ++turning.shown;
    *subject.handle = turning.handle();
  }
  return Undecided();
}

// After the protocols had their look: whether the packet is of a flow that is readable, as
// `inspection` or the flow's own note has it.
void Inspector::State::Read(const Subject& subject, Protocol settled, Inspection* inspection) {
  using As = Inspection::State;
  if (inspection->state == As::kStaying) return;
  const bool open = inspection->state == As::kMore;
  Protocol protocol = open ? settled : inspection->classification.protocol;
  bool in_head = false;  // of a request that is not whole: it is decided with what ends it
  if (open && settled == Protocol::kNone && IsSlotHandle(*subject.handle)) {
    // What else is being put together to a message holds no content.
    const Slot* const slot = pool.Peek(*subject.handle);
    in_head = slot != nullptr && slot->kind == SlotKind::kHttp;
    if (in_head) protocol = Protocol::kHttp;
    if (slot != nullptr && slot->kind != SlotKind::kHeld && !in_head) return;
  }
  if (!IsWorthReading(protocol)) return;
  if (!open && inspection->classification.protection == Protection::kEncrypted) return;

  const ContentMeaning* const meaning = Content(subject, protocol);
  if (meaning != nullptr && !in_head) {
    DecideByContent(subject, protocol, *meaning, inspection);
    return;
  }
  if (inspection->state == As::kDecided && IsOnlyRead(protocol)) {
    inspection->state = As::kForNow;
    *subject.handle = Turning{protocol}.handle();
  }
}

// Adds what the packet shows to what is remembered of its flow; what that says together, or
// nullptr.
const ContentMeaning* Inspector::State::Content(const Subject& subject, Protocol protocol) {
  const Packet& packet = subject.packet;
  const bool is_stream = packet.key.protocol == kTcp;
  FlowText* const held = is_stream ? texts.Find(packet.key, packet.time_ns) : nullptr;
  TextNews news = BoundedNews(packet);
  const bool text = !IsTextOrNothing(protocol) || BeginsAsText(news.bytes);
  if (held == nullptr && !text && !MagicOf(news.bytes).has_value()) {
    return nullptr;  // as most packets of flows that no protocol knows
  }
  ReadStream fresh;
  ReadStream* const stream = held != nullptr ? &held->streams[subject.from_initiator] : &fresh;
  if (is_stream) news = Joined(packet, news, stream);
  ContentHits hits{};
  Scan(news, text, &stream->end, &hits);
  for (size_t i = 0; i < kContentKinds; ++i) {
    content_hits[i] += hits[i];
    if (held != nullptr) hits[i] += held->found[i];
  }
  if (is_stream) Remember(subject, *stream, hits, held);
  return Decisive(hits, IsClassified(DefaultCategory(protocol)));
}

void Inspector::State::Scan(const TextNews& news, bool text, CarriedText* before,
                            ContentHits* hits) {
  if (!text) {
    const std::optional<ContentKind> file = MagicOf(news.bytes);
    if (file.has_value()) ++(*hits)[static_cast<size_t>(*file)];
    if (news.joins) before->Clear();
    return;
  }
  if (!news.joins) {
    scanner.Scan(news.bytes, hits);
    return;
  }
  scanner.Scan(news.bytes, before, hits);
  if (news.last) before->Clear();
}

// The flow is what its content says, whatever its protocol and its name are.
void Inspector::State::DecideByContent(const Subject& subject, Protocol protocol,
                                       const ContentMeaning& meaning, Inspection* inspection) {
  ReleaseSlot(subject);
  Classification& shown = inspection->classification;
  if (inspection->state == Inspection::State::kMore) {
    shown = protocol != Protocol::kNone ? Judge::Known(protocol, /*named=*/false)
                                        : judge.Fallback(subject.packet, subject.from_initiator);
  }
  inspection->state = Inspection::State::kDecided;
  shown.category = meaning.category;
  shown.evidence = Evidence::kContent;
  shown.confidence =
      static_cast<uint8_t>(std::min<int>(meaning.confidence, ConfidenceCap(Evidence::kContent)));
  shown.protection = Protection::kCleartext;
}

// Until the flow's next packet. `held` is what is remembered of it so far, or nullptr.
void Inspector::State::Remember(const Subject& subject, const ReadStream& stream,
                                const ContentHits& found, FlowText* held) {
  constexpr uint64_t kMostFound = UINT8_MAX;
  const bool any = std::any_of(found.begin(), found.end(), [](uint64_t hits) { return hits > 0; });
  if (held == nullptr) {
    if (stream.end.size == 0 && !any) return;
    held = texts.Take(subject.packet.key, subject.packet.time_ns);
    held->streams[subject.from_initiator] = stream;
  }
  for (size_t i = 0; i < kContentKinds; ++i) {
    held->found[i] = static_cast<uint8_t>(std::min(found[i], kMostFound));
  }
}

}  // namespace borderflow
