// From a counted IP header to the Packet: key, ports, TCP fields, payload.
#ifndef BORDERFLOW_DATAPLANE_PACKET_TRANSPORT_H_
#define BORDERFLOW_DATAPLANE_PACKET_TRANSPORT_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

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

// Canonical order (flow_key.h). Which end is the lower one is a matter of chance, so the ends
// change places without a branch.
inline void FillKey(const IpAddress& source, const IpAddress& destination, uint16_t source_port,
                    uint16_t destination_port, uint8_t protocol, uint8_t family, Packet* packet) {
  __extension__ using Wide = unsigned __int128;
  const Wide from = Wide{source.high} << 64 | source.low;
  const Wide to = Wide{destination.high} << 64 | destination.low;
  const bool source_is_lo = (from < to) | ((from == to) & (source_port <= destination_port));
  const uint64_t change = uint64_t{source_is_lo} - 1;  // all ones, or zero
  const uint64_t high = (source.high ^ destination.high) & change;
  const uint64_t low = (source.low ^ destination.low) & change;
  const uint32_t ports = uint32_t{destination_port} << 16 | source_port;
  FlowKey& key = packet->key;
  key.lo = {source.high ^ high, source.low ^ low};
  key.hi = {destination.high ^ high, destination.low ^ low};
  // In one piece: the hash reads it in one right after, and would wait for several to be stored.
  static_assert(std::endian::native == std::endian::little);
  const uint64_t tail = std::rotl(ports, static_cast<int>(change & 16)) | uint64_t{protocol} << 32 |
                        uint64_t{family} << 40;
  std::memcpy(reinterpret_cast<char*>(&key) + offsetof(FlowKey, port_lo), &tail, sizeof(tail));
  packet->sender = static_cast<Sender>(change & 1);
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_TRANSPORT_H_
