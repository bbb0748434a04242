#include "dataplane/flow/sequence_gaps.h"

#include <algorithm>

namespace borderflow {

int64_t TrackSequence(const Packet& packet, FlowEntry* entry) {
  if (packet.later_fragment || (packet.tcp_flags & kTcpRst) != 0) return 0;
  const int sender = static_cast<int>(packet.sender);
  const uint8_t known = sender == 0 ? FlowEntry::kTrackedLo : FlowEntry::kTrackedHi;
  const uint32_t end = packet.tcp_sequence + packet.payload_bytes +
                       ((packet.tcp_flags & kTcpSyn) != 0 ? 1 : 0) +
                       ((packet.tcp_flags & kTcpFin) != 0 ? 1 : 0);
  uint32_t& next = entry->tracked.next_sequence[sender];
  if (!entry->has(known)) {
    entry->flags |= known;
    next = end;
    return 0;
  }
  const auto ahead = static_cast<int32_t>(packet.tcp_sequence - next);
  // A window is at most 2^30 bytes (RFC 7323 section 2.3); a larger jump is another connection.
  constexpr int32_t kMaxWindow = 1 << 30;
  if (ahead > kMaxWindow || ahead < -kMaxWindow) {
    next = end;
    return 0;
  }
  if (static_cast<int32_t>(end - next) > 0) next = end;
  uint32_t& gap = entry->tracked.gap[sender];
  if (ahead > 0) {
    gap += static_cast<uint32_t>(ahead);
    return ahead;
  }
  const uint32_t filled =
      std::min({gap, packet.payload_bytes, static_cast<uint32_t>(-int64_t{ahead})});
  gap -= filled;
  return -int64_t{filled};
}

}  // namespace borderflow
