// SlowDecode: the slow twin of Decoder for the common subset, written to be obviously right.
//
// It sees the frame as a list of bytes some of which are unknown (sent, but not captured), cuts
// that list into smaller ones with every header, and calls itself for whatever is inside. It knows
// Ethernet, VLAN, IPv4, IPv6 with extension headers, TCP, UDP, ICMP, IP-in-IP, GRE without options
// and VXLAN, and says so when a frame needs more.
#ifndef BORDERFLOW_TESTS_DATAPLANE_PACKET_SLOW_DECODER_H_
#define BORDERFLOW_TESTS_DATAPLANE_PACKET_SLOW_DECODER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "dataplane/packet/address.h"
#include "dataplane/packet/decode.h"

namespace borderflow {

// One IP header and what followed it.
struct SlowLayer {
  IpAddress source;
  IpAddress destination;
  int family = 0;
  int protocol = 0;
  int ttl = 0;
  int source_port = 0;
  int destination_port = 0;
  uint32_t tcp_sequence = 0;
  uint32_t tcp_acknowledgement = 0;
  int tcp_flags = 0;
  bool later_fragment = false;
  bool icmp_error = false;
  bool truncated = false;
  std::vector<uint8_t> payload;  // as far as captured
  size_t payload_bytes = 0;
};

struct SlowResult {
  bool outside_subset = false;  // nothing else holds
  FrameClass frame_class = FrameClass::kNonIp;
  std::vector<SlowLayer> layers;  // outermost first
};

// Decodes an Ethernet frame of `wire` bytes of which `captured` are known.
SlowResult SlowDecode(const std::vector<uint8_t>& captured, size_t wire);

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_PACKET_SLOW_DECODER_H_
