// IPv4 addresses that stand in IPv6 addresses behind a prefix of 0 to 96 bits: ::/96, 2002::/16
// (6to4), 2001::/32 (Teredo).
#ifndef BORDERFLOW_DATAPLANE_GEO_EMBEDDED_H_
#define BORDERFLOW_DATAPLANE_GEO_EMBEDDED_H_

#include <cstdint>

#include "dataplane/packet/address.h"

namespace borderflow {

// The lowest address with `v4` behind the `depth` bits of `prefix`.
constexpr IpAddress Embed(const IpAddress& prefix, int depth, uint32_t v4) {
  const int shift = 96 - depth;  // bits behind the embedded address
  IpAddress address = prefix;
  if (shift >= 64) {
    address.high |= uint64_t{v4} << (shift - 64);
  } else {
    address.low |= uint64_t{v4} << shift;
    if (shift > 32) address.high |= uint64_t{v4} >> (64 - shift);
  }
  return address;
}

// The 32 bits behind the first `depth`.
constexpr uint32_t EmbeddedV4(const IpAddress& address, int depth) {
  const int shift = 96 - depth;
  if (shift >= 64) return static_cast<uint32_t>(address.high >> (shift - 64));
  const uint64_t above = shift == 0 ? 0 : address.high << (64 - shift);
  return static_cast<uint32_t>(above | address.low >> shift);
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_EMBEDDED_H_
