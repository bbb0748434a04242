// From a counted IP header to the Packet: key, ports, TCP fields, payload.
#ifndef BORDERFLOW_DATAPLANE_PACKET_TRANSPORT_H_
#define BORDERFLOW_DATAPLANE_PACKET_TRANSPORT_H_

#include <cstdint>

#include "dataplane/packet/ip.h"
#include "dataplane/packet/packet.h"

namespace borderflow {

// Fills key, sender and everything read from the header on. Leaves hash, time, bytes, outer_ip and
// inner_ip.
void FillPacket(const IpHeader& header, Packet* packet);

// Mixes what all copies of one packet share, wherever on their way they were captured: what
// FingerprintIdentity takes, and the first 16 bytes behind IP.
inline uint32_t Fingerprint(uint64_t identity, uint64_t first, uint64_t second) {
  constexpr uint64_t kOdd = 0x9e37'79b9'7f4a'7c15;  // 2^64 over the golden ratio
  uint64_t mix = (identity ^ first) * kOdd;
  mix = (mix ^ (mix >> 32) ^ second) * kOdd;
  return static_cast<uint32_t>(mix >> 32);
}
// Identification or flow label, length as stated, fragment offset, and the TCP checksum, which lies
// behind the first 16 bytes.
inline uint64_t FingerprintIdentity(uint32_t label, uint32_t length, uint16_t fragment_offset,
                                    uint16_t tcp_checksum) {
  return uint64_t{label} << 44 ^ uint64_t { tcp_checksum } << 29 ^ uint64_t { length } << 13 ^
         fragment_offset;
}

// Canonical order (flow_key.h).
inline void FillKey(const IpAddress& source, const IpAddress& destination, uint16_t source_port,
                    uint16_t destination_port, uint8_t protocol, uint8_t family, Packet* packet) {
  const bool source_is_lo =
      source != destination ? source < destination : source_port <= destination_port;
  FlowKey& key = packet->key;
  key.lo = source_is_lo ? source : destination;
  key.hi = source_is_lo ? destination : source;
  key.port_lo = source_is_lo ? source_port : destination_port;
  key.port_hi = source_is_lo ? destination_port : source_port;
  key.protocol = protocol;
  key.family = family;
  key.zero = 0;
  packet->sender = source_is_lo ? Sender::kLo : Sender::kHi;
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_TRANSPORT_H_
