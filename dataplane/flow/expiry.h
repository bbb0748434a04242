// Expiry: when a flow has ended, judged by its own silence or closing, in event time.
//
// A flow that is looked up after it ended starts anew; the sweep only frees what such a look-up
// would reject, so when it comes by makes no difference to any number. There is no active timeout:
// frames are added to cells as they come, so a long flow hides nothing and must not count twice.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_FLOW_EXPIRY_H_
#define BORDERFLOW_DATAPLANE_FLOW_EXPIRY_H_

#include "dataplane/flow/flow_entry.h"
#include "dataplane/packet/packet.h"

namespace borderflow {

// RFC 5382 section 5 lets a NAT forget an idle TCP connection after 2 h 4 min; monitors take
// minutes (nfdump 5, ntopng 2 to 5), since the table is what bounds memory.
inline constexpr Tick kTcpIdle = TicksFromSeconds(300);
// RFC 4787 section 4.3: a UDP mapping must last two minutes at least.
inline constexpr Tick kOtherIdle = TicksFromSeconds(120);
// After FIN both ways or RST: retransmissions of the last segments still belong to the flow.
inline constexpr Tick kClosingIdle = TicksFromSeconds(10);

inline constexpr uint8_t kProtocolTcp = 6;
inline constexpr uint8_t kProtocolUdp = 17;

// True if at time `now` the flow has already ended.
inline bool HasEnded(const FlowEntry& flow, Tick now) {
  // Looked up, not branched on: flows of all kinds follow each other.
  static constexpr Tick kIdle[2][2] = {{kOtherIdle, kTcpIdle}, {kClosingIdle, kClosingIdle}};
  const Tick idle = kIdle[flow.has(FlowEntry::kClosing)][flow.protocol == kProtocolTcp];
  return static_cast<int32_t>(now - flow.last_seen) > static_cast<int32_t>(idle);
}

// True if this packet opens a new connection over the ports of one that was closing.
inline bool Reopens(const FlowEntry& flow, uint8_t tcp_flags) {
  return flow.has(FlowEntry::kClosing) & ((tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn);
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FLOW_EXPIRY_H_
