// Readable flows: what their bytes show by their own structure (content/), beside what the protocol
// and the name say. The first packets of a readable flow are scanned, each for itself; nothing of
// them is kept but counts by kind.
#include <algorithm>

#include "dataplane/inspect/content/begins_as_text.h"
#include "dataplane/inspect/content/file_magic.h"
#include "dataplane/inspect/inspector_state.h"

namespace borderflow {
namespace {

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

// After the protocols had their look: what the packet shows of a flow that is readable, as
// `inspection` or the flow's own note has it.
void Inspector::State::Read(const Subject& subject, Protocol settled, Inspection* inspection) {
  using As = Inspection::State;
  if (inspection->state == As::kStaying) return;
  const bool open = inspection->state == As::kMore;
  if (open && settled == Protocol::kNone && IsSlotHandle(*subject.handle)) {
    // What is being put together to a message is known already, and read from its last packet on.
    const Slot* const slot = pool.Peek(*subject.handle);
    if (slot != nullptr && slot->kind != SlotKind::kHeld) return;
  }
  const Protocol protocol = open ? settled : inspection->classification.protocol;
  if (!IsWorthReading(protocol)) return;
  if (!open && inspection->classification.protection == Protection::kEncrypted) return;

  constexpr size_t kMostBytes = 2048;  // of a packet that offload made long
  const Packet& packet = subject.packet;
  const Bytes payload(packet.payload, std::min<size_t>(packet.payload_captured, kMostBytes));
  ContentHits hits{};
  if (!IsTextOrNothing(protocol) || BeginsAsText(payload)) {
    scanner.Scan(payload, &hits);
  } else if (const std::optional<ContentKind> file = MagicOf(payload); file.has_value()) {
    ++hits[static_cast<size_t>(*file)];
  }
  for (size_t i = 0; i < kContentKinds; ++i) content_hits[i] += hits[i];
  const ContentMeaning* const meaning = Decisive(hits, IsClassified(DefaultCategory(protocol)));
  if (meaning != nullptr) {
    ReleaseSlot(subject);
    if (open) {
      inspection->classification = protocol != Protocol::kNone
                                       ? Judge::Known(protocol, /*named=*/false)
                                       : judge.Fallback(packet, subject.from_initiator);
    }
    inspection->state = As::kDecided;
    Classification& shown = inspection->classification;
    shown.category = meaning->category;
    shown.evidence = Evidence::kContent;
    shown.confidence =
        static_cast<uint8_t>(std::min<int>(meaning->confidence, ConfidenceCap(Evidence::kContent)));
    shown.protection = Protection::kCleartext;
    return;
  }
  if (inspection->state == As::kDecided && IsOnlyRead(protocol)) {
    inspection->state = As::kForNow;
    *subject.handle = Turning{protocol}.handle();
  }
}

}  // namespace borderflow
