// FlowKey: what makes two frames the same flow, the same for both directions.
#ifndef BORDERFLOW_DATAPLANE_PACKET_FLOW_KEY_H_
#define BORDERFLOW_DATAPLANE_PACKET_FLOW_KEY_H_

#include <cstdint>

#include "dataplane/packet/address.h"

namespace borderflow {

// Canonical: (lo, port_lo) < (hi, port_hi) as numbers, so that both directions give one key. Ports
// are 0 outside TCP, UDP, UDP-Lite, SCTP and DCCP.
struct FlowKey {
  IpAddress lo;
  IpAddress hi;
  uint16_t port_lo = 0;
  uint16_t port_hi = 0;
  uint8_t protocol = 0;  // IANA IP protocol number after all extension headers
  uint8_t family = 0;    // 4 or 6: an IPv6 packet with mapped addresses is another flow
  uint16_t zero = 0;     // so that a key is five whole words

  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};
static_assert(sizeof(FlowKey) == 40);

// Which end sent a frame.
enum class Sender : uint8_t { kLo = 0, kHi = 1 };

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_FLOW_KEY_H_
