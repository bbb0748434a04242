// Packet: what decoding a frame yields, ready for the flow table and inspection.
#ifndef BORDERFLOW_DATAPLANE_PACKET_PACKET_H_
#define BORDERFLOW_DATAPLANE_PACKET_PACKET_H_

#include <cstdint>

#include "dataplane/packet/flow_key.h"

namespace borderflow {

// TCP flag bits as on the wire (RFC 9293 section 3.1).
inline constexpr uint8_t kTcpFin = 0x01;
inline constexpr uint8_t kTcpSyn = 0x02;
inline constexpr uint8_t kTcpRst = 0x04;
inline constexpr uint8_t kTcpPsh = 0x08;
inline constexpr uint8_t kTcpAck = 0x10;

// The payload points into the frame and lives as long as it does.
struct Packet {
  FlowKey key;                        // of the counted header: innermost, or outermost on request
  uint64_t hash = 0;                  // of the key; filled by the flow table's hasher
  uint64_t time_ns = 0;               // the frame's
  const uint8_t* payload = nullptr;   // transport payload; for other protocols, what follows IP
  const uint8_t* outer_ip = nullptr;  // the outermost IP header when another one was counted
  const uint8_t* inner_ip = nullptr;  // the innermost IP header when another one was counted
  uint32_t payload_captured = 0;      // readable bytes at `payload`
  uint32_t payload_bytes = 0;         // payload length by the headers, captured or not
  uint32_t bytes = 0;                 // the frame's original length
  uint32_t tcp_sequence = 0;
  uint32_t tcp_acknowledgement = 0;
  uint32_t tick = 0;         // event time for flows' ends; filled by the front (event_clock.h)
  uint32_t fingerprint = 0;  // of identification, length, checksums and sequence: equal in
                             // copies of one packet, also where link layer or TTL differ
  Sender sender = Sender::kLo;
  uint8_t tcp_flags = 0;
  uint8_t ttl = 0;                  // of the counted header
  bool first_fragment : 1 = false;  // the first of several
  bool later_fragment : 1 = false;  // not the first fragment; ports are the first one's if known
  bool truncated : 1 = false;       // the capture holds less than the headers state
  bool icmp_error : 1 = false;      // payload quotes another packet: neither tunnel nor names
  bool reassembled : 1 = false;     // `payload` is a whole datagram's, outside the frame
  bool teach_only : 1 = false;      // another worker counts it; this one only learns its names

  // Whether inspection can make something of the payload: there is some, it is this flow's own, and
  // it begins where a message may begin. The first fragment of a datagram is left to the packet
  // that completes it, unless the capture cut it; TCP can use every piece.
  bool inspectable() const {
    constexpr uint8_t kTcpProtocol = 6;
    const bool piece =
        later_fragment | (first_fragment & !truncated & (key.protocol != kTcpProtocol));
    return (payload_captured > 0) & !icmp_error & (!piece | reassembled);
  }

  uint16_t source_port() const { return PortOf(sender); }
  uint16_t destination_port() const {
    return PortOf(static_cast<Sender>(1 - static_cast<int>(sender)));
  }
  const IpAddress& source() const { return sender == Sender::kLo ? key.lo : key.hi; }
  const IpAddress& destination() const { return sender == Sender::kLo ? key.hi : key.lo; }

 private:
  // Without a branch: which end sends is a matter of chance.
  uint16_t PortOf(Sender end) const {
    const uint32_t ports = uint32_t{key.port_hi} << 16 | key.port_lo;
    return static_cast<uint16_t>(ports >> 16 * static_cast<int>(end));
  }
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_PACKET_H_
