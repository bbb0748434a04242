// ReadAddresses: the two addresses of an IP header that was found sound before.
#ifndef BORDERFLOW_DATAPLANE_PACKET_IP_ADDRESSES_H_
#define BORDERFLOW_DATAPLANE_PACKET_IP_ADDRESSES_H_

#include <cstdint>

#include "dataplane/packet/address.h"

namespace borderflow {

struct IpAddressPair {
  IpAddress source;
  IpAddress destination;
};

// REQUIRES: `header` is an IPv4 header of 20 readable bytes or an IPv6 header of 40, as the decoder
// guarantees for Packet::outer_ip and inner_ip.
inline IpAddressPair ReadAddresses(const uint8_t* header) {
  const auto word = [header](int at) {
    return uint32_t{header[at]} << 24 | uint32_t{header[at + 1]} << 16 |
           uint32_t{header[at + 2]} << 8 | header[at + 3];
  };
  if (header[0] >> 4 == 4) return {IpAddress::FromV4(word(12)), IpAddress::FromV4(word(16))};
  const auto address = [&word](int at) {
    return IpAddress{uint64_t{word(at)} << 32 | word(at + 4),
                     uint64_t{word(at + 8)} << 32 | word(at + 12)};
  };
  return {address(8), address(24)};
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_IP_ADDRESSES_H_
