// FlowEntry: everything that is kept of a flow, in one 64-byte line, for IPv4 and IPv6 alike.
#ifndef BORDERFLOW_DATAPLANE_FLOW_FLOW_ENTRY_H_
#define BORDERFLOW_DATAPLANE_FLOW_FLOW_ENTRY_H_

#include <cstdint>
#include <cstring>

#include "dataplane/packet/flow_key.h"

namespace borderflow {

// Event time in steps of 2^26 ns (67 ms), modulo 2^32 (9.1 years): differences are taken as signed,
// so that a time stamp that runs backwards is no silence.
using Tick = uint32_t;
inline constexpr int kTickShift = 26;
constexpr Tick ToTick(uint64_t time_ns) { return static_cast<Tick>(time_ns >> kTickShift); }
constexpr Tick TicksFromSeconds(uint64_t seconds) {
  return static_cast<Tick>((seconds * 1'000'000'000) >> kTickShift);
}

//  0      8      16     24     32      36 37  38    39       40   44         48            64
//  | lo.hi| lo.lo| hi.hi| hi.lo| ports |pr|fam|flags|progress|cell|last_seen |pending/tracked|
//
// `pending` while undecided: what waits for the flow's category. `tracked` afterwards: TCP sequence
// numbers, so that bytes which the mirror lost can be estimated.
struct alignas(64) FlowEntry {
  // `flags`
  static constexpr uint8_t kDecided = 0x01;      // `cell` is final, nothing waits
  static constexpr uint8_t kStaying = 0x02;      // decided, but every message names something
  static constexpr uint8_t kInitiatorHi = 0x04;  // the initiator is the key's hi end
  static constexpr uint8_t kTwoWay = 0x10;       // frames seen in both directions
  static constexpr uint8_t kClosing = 0x20;      // FIN from both ends, or RST
  static constexpr uint8_t kTrackedLo = 0x40;    // tracked.next_sequence[0] is known
  static constexpr uint8_t kTrackedHi = 0x80;    // tracked.next_sequence[1] is known
  // The same bits while undecided, with windows: the one in which the first of what waits lies, and
  // whether what waits lies in both, or was in part added already.
  static constexpr uint8_t kWaitsInSecond = 0x40;
  static constexpr uint8_t kDivided = 0x80;
  // `progress`: bits 0..3 count inspected payload packets; then what ended.
  static constexpr uint8_t kInspectedMask = 0x0f;
  static constexpr uint8_t kFinLo = 0x10;
  static constexpr uint8_t kFinHi = 0x20;
  static constexpr uint8_t kFirstHi = 0x40;     // the first frame came from the hi end
  static constexpr uint8_t kInspecting = 0x80;  // decided for now, but pending.slot is still held

  struct Pending {
    uint32_t bytes[2];  // by sender, as are the next two
    uint16_t payload[2];
    uint8_t frames[2];
    uint16_t slot;  // reassembly slot, 0 for none
  };
  struct Tracked {
    uint32_t next_sequence[2];
    uint32_t gap[2];  // bytes stated by sequence numbers and not seen so far
  };

  IpAddress lo;
  IpAddress hi;
  uint16_t port_lo;
  uint16_t port_hi;
  uint8_t protocol;
  uint8_t family;
  uint8_t flags;
  uint8_t progress;
  uint32_t cell;  // index of the cell pair; of the first guess while undecided
  Tick last_seen;
  union {
    Pending pending;
    Tracked tracked;
  };

  bool Matches(const FlowKey& key) const {
    uint64_t own = 0;
    uint64_t other = 0;
    std::memcpy(&own, &port_lo, 8);
    std::memcpy(&other, &key.port_lo, 8);
    // The top 16 bits are flags and progress here, zero in a key.
    return ((lo.high ^ key.lo.high) | (lo.low ^ key.lo.low) | (hi.high ^ key.hi.high) |
            (hi.low ^ key.hi.low) | ((own ^ other) & 0x0000'ffff'ffff'ffffULL)) == 0;
  }
  FlowKey Key() const { return {lo, hi, port_lo, port_hi, protocol, family, 0}; }
  Sender initiator() const { return static_cast<Sender>((flags & kInitiatorHi) / kInitiatorHi); }
  bool has(uint8_t flag) const { return (flags & flag) != 0; }
};
static_assert(sizeof(FlowEntry) == 64);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FLOW_FLOW_ENTRY_H_
