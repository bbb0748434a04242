// The inspector as a whole: packets of a few flows, cut from the input.
//
// A packet is a header of four bytes and its payload:
//   flags: bits 0-1 flow, 2 direction, 3 UDP, 4-5 port, 6 time passes,
//   7 foreseen | sequence | length, 2 bytes
#include <cstdlib>
#include <string>

#include "dataplane/inspect/inspector.h"
#include "rules/category/belief.h"

using borderflow::Category;
using borderflow::Classification;
using borderflow::Evidence;
using borderflow::Inspection;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void Check(const Classification& classification) {
  Require(classification.confidence <= borderflow::CombinedCap(classification.evidence));
  if (classification.category == Category::kUnk) {
    Require(classification.evidence == Evidence::kNone);
  } else {
    Require(classification.evidence != Evidence::kNone);
  }
}

// So many that names are read ahead.
const borderflow::NameRules& ManyRules() {
  static const borderflow::NameRules* const rules = [] {
    std::string list(borderflow::NameRules::ShippedText());
    for (int i = 0; i < 40'000; ++i) list += "n" + std::to_string(i) + ".invalid,MED,80,Nobody\n";
    return new borderflow::NameRules(borderflow::NameRules::Parse(list, "many.csv").value());
  }();
  return *rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static borderflow::Inspector* const inspector = new borderflow::Inspector(&ManyRules());
  static constexpr uint16_t kFirst[] = {0};
  static constexpr uint16_t kPorts[] = {443, 53, 5353, 1080};
  borderflow::SlotHandle slots[4] = {};
  bool decided[4] = {};
  borderflow::Packet packet;
  packet.time_ns = 1'000'000'000;
  size_t at = 0;
  while (at + 4 <= size) {
    const uint8_t flags = data[at];
    const int flow = flags & 3;
    const bool from_initiator = (flags & 4) == 0;
    const size_t wanted = size_t{data[at + 2]} << 8 | data[at + 3];
    packet.tcp_sequence = 0xffffff00 + data[at + 1] * 4u;
    at += 4;
    packet.payload = data + at;
    packet.payload_captured = packet.payload_bytes =
        static_cast<uint32_t>(wanted < size - at ? wanted : size - at);
    at += packet.payload_captured;
    packet.key.lo = borderflow::IpAddress::FromV4(0x0a000000 + static_cast<uint32_t>(flow));
    packet.key.hi = borderflow::IpAddress::FromV4(0xc0000201);
    packet.key.protocol = (flags & 8) != 0 ? 17 : 6;
    packet.key.port_lo = 50000;
    packet.key.port_hi = kPorts[flags >> 4 & 3];
    packet.sender = from_initiator ? borderflow::Sender::kLo : borderflow::Sender::kHi;
    if ((flags & 0x40) != 0) packet.time_ns += 3'000'000'000;

    if ((flags & 0x80) != 0) inspector->Foresee(absl::MakeConstSpan(&packet, 1), kFirst);
    inspector->Prefetch(slots[flow]);
    inspector->Learn(packet);
    Check(inspector->Guess(packet, from_initiator));
    if (decided[flow]) continue;
    Inspection inspection = inspector->Inspect(packet, from_initiator, &slots[flow]);
    if (inspection.state != Inspection::State::kMore) Check(inspection.classification);
    if (inspection.state == Inspection::State::kDecided) Require(slots[flow] == 0);
    decided[flow] = inspection.state == Inspection::State::kDecided;
    for (int names = 0; inspector->NextName(&inspection); ++names) {
      Require(!inspection.name.empty() && names < 65536);
    }
    if (const auto recognised = inspector->Recognised(slots[flow])) Check(*recognised);
  }
  for (const borderflow::SlotHandle slot : slots) inspector->Release(slot);
  return 0;
}
