// What a flow's 16-bit handle stands for: a slot of the pool, or a note that needs no memory at
// all.
//
//   15 .. 12      | 11 .. 8 | 7 .. 0
//   generation    |    slot index         up to 0xdff: SlotPool
//   shown         | 1 1 1 0 | protocol    Turning: decided, but it may turn into something else
//   dir. | shown  | 1 1 1 1 | protocol    ProtocolCandidate: a weak signature fitted once
//
// So neither a storm of one-packet flows that look like something, nor thousands of mail sessions
// that may turn to TLS, take anything from the handshakes that need the pool.
//
// Thread safety: values.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_FLOW_NOTE_H_
#define BORDERFLOW_DATAPLANE_INSPECT_FLOW_NOTE_H_

#include <cstdint>

#include "dataplane/inspect/inspector.h"
#include "rules/category/protocol.h"

namespace borderflow {

static_assert(static_cast<int>(Protocol::kCount) <= 256);

namespace flow_note {
inline constexpr uint16_t kKindMask = 0x0f00;
inline constexpr uint16_t kTurning = 0x0e00;
inline constexpr uint16_t kCandidate = 0x0f00;
inline constexpr int kShownShift = 12;
}  // namespace flow_note

constexpr bool IsSlotHandle(SlotHandle handle) {
  return (handle != 0) & ((handle & flow_note::kKindMask) < flow_note::kTurning);
}

struct ProtocolCandidate {
  static constexpr int kMaxShown = 7;
  Protocol protocol = Protocol::kNone;
  bool from_initiator = false;  // who sent the message that fitted
  int shown = 0;                // packets since, up to kMaxShown

  static constexpr bool Is(SlotHandle handle) {
    return (handle & flow_note::kKindMask) == flow_note::kCandidate;
  }
  static constexpr ProtocolCandidate From(SlotHandle handle) {
    return {static_cast<Protocol>(handle & 0xff), (handle & 0x8000) != 0,
            handle >> flow_note::kShownShift & kMaxShown};
  }
  constexpr SlotHandle handle() const {
    return static_cast<SlotHandle>((from_initiator ? 0x8000 : 0) | shown << flow_note::kShownShift |
                                   flow_note::kCandidate | static_cast<int>(protocol));
  }
};

struct Turning {
  static constexpr int kMaxShown = 15;
  Protocol protocol = Protocol::kNone;
  int shown = 0;  // packets since it was decided, up to kMaxShown

  static constexpr bool Is(SlotHandle handle) {
    return (handle & flow_note::kKindMask) == flow_note::kTurning;
  }
  static constexpr Turning From(SlotHandle handle) {
    return {static_cast<Protocol>(handle & 0xff), handle >> flow_note::kShownShift};
  }
  constexpr SlotHandle handle() const {
    return static_cast<SlotHandle>(shown << flow_note::kShownShift | flow_note::kTurning |
                                   static_cast<int>(protocol));
  }
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_FLOW_NOTE_H_
