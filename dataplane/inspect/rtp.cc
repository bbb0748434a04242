// RTP: no magic, only continuity. A few packets of one direction whose source stays and whose
// numbers follow each other (RFC 3550 section 5.1; its appendix A.1 asks for the same).
//
//   V=2, P, X, CC | M, payload type | sequence number 2 | time 4 | SSRC 4 | CSRC 4 * CC | ...
#include "dataplane/inspect/inspector_state.h"
#include "dataplane/inspect/wire_message.h"

namespace borderflow {
namespace {

constexpr uint8_t kInRow = 2;      // continuations that are enough
constexpr uint16_t kMaxSkip = 10;  // numbers that loss may take out

bool LooksLikeRtp(const WireMessage& m) {
  constexpr size_t kHeader = 12;
  const uint8_t type = m.At(1) & 0x7f;
  const bool known = type <= 34 || type >= 96;  // RFC 3551 section 6; 72 to 76 are RTCP's
  size_t size = kHeader + size_t{m.At(0) & 0x0fu} * 4;
  if (m.At(0) >> 6 != 2 || !known || !m.Has(kHeader)) return false;
  if ((m.At(0) & 0x10) != 0) size += 4 + m.Big(size + 2, 2) * 4;
  return m.size > size && m.size <= 1500 && m.Big(8, 4) != 0;
}

}  // namespace

std::optional<Inspection> Inspector::State::Rtp(const Subject& subject, Bytes datagram,
                                                size_t size) {
  const WireMessage message = {datagram, size, /*datagram=*/true};
  if (!LooksLikeRtp(message)) return std::nullopt;
  const Packet& packet = subject.packet;
  Slot* slot = pool.Find(subject.handle, packet.key, packet.time_ns);
  if (slot != nullptr && slot->kind != SlotKind::kRtp) return std::nullopt;
  if (slot != nullptr && slot->from_initiator != subject.from_initiator) return Undecided();
  const uint32_t source = message.Big(8, 4);
  const auto number = static_cast<uint16_t>(message.Big(2, 2));
  const bool fresh = slot == nullptr;
  if (fresh) {
    slot = TakeSlot(subject, SlotKind::kRtp, /*speculative=*/true);
  }
  const auto ahead = static_cast<uint16_t>(number - slot->rtp_number);
  const bool continues = !fresh && slot->rtp_source == source && ahead >= 1 && ahead <= kMaxSkip;
  slot->rtp_in_row = continues ? static_cast<uint8_t>(slot->rtp_in_row + 1) : uint8_t{0};
  slot->rtp_source = source;
  slot->rtp_number = number;
  slot->stalled = 0;
  if (slot->rtp_in_row < kInRow) return Undecided();
  return Decided(subject, Judge::Known(Protocol::kRtp, /*named=*/false, /*strong=*/false));
}

}  // namespace borderflow
