// Flow keys for tests: by number, and in an order that std::map can use.
#ifndef BORDERFLOW_TESTS_DATAPLANE_FLOW_FLOW_KEYS_H_
#define BORDERFLOW_TESTS_DATAPLANE_FLOW_FLOW_KEYS_H_

#include <cstdint>
#include <tuple>

#include "dataplane/packet/flow_key.h"

namespace borderflow {

using OrderedKey = std::tuple<IpAddress, IpAddress, uint16_t, uint16_t, uint8_t, uint8_t>;

inline OrderedKey Ordered(const FlowKey& key) {
  return {key.lo, key.hi, key.port_lo, key.port_hi, key.protocol, key.family};
}

// A different key for every number below 2^48: an IPv4 TCP flow of one server.
inline FlowKey NumberedKey(uint64_t number) {
  FlowKey key;
  key.lo = IpAddress::FromV4(static_cast<uint32_t>(number >> 16));
  key.hi = IpAddress::FromV4(0xffffffff);
  key.port_lo = static_cast<uint16_t>(number);
  key.port_hi = 443;
  key.protocol = 6;
  key.family = 4;
  return key;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_FLOW_FLOW_KEYS_H_
