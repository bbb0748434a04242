// IpAddress: an IPv4 or IPv6 address as one 128-bit number.
#ifndef BORDERFLOW_DATAPLANE_PACKET_ADDRESS_H_
#define BORDERFLOW_DATAPLANE_PACKET_ADDRESS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace borderflow {

// Host-order halves of the network-order number, so that comparison is numeric. IPv4 is held as
// ::ffff:a.b.c.d; whether a packet was IPv4 is told by its key's family, not by the address.
struct IpAddress {
  uint64_t high = 0;
  uint64_t low = 0;

  static constexpr IpAddress FromV4(uint32_t host_order) {
    return {0, 0x0000'ffff'0000'0000ULL | host_order};
  }
  constexpr bool IsV4Mapped() const { return (high | ((low >> 32) ^ 0xffff)) == 0; }
  constexpr uint32_t v4() const { return static_cast<uint32_t>(low); }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

// "192.0.2.1" or "2001:db8::1" (RFC 5952); v4-mapped addresses are written as IPv4.
std::string ToString(const IpAddress& address);

// Either text form; nullopt for anything else.
std::optional<IpAddress> ParseAddress(std::string_view text);

// "192.0.2.0/24", "2001:db8::/32", or a bare address as its own host prefix. `length` counts from
// the top of the 128-bit number, so an IPv4 /24 is 120.
struct Prefix {
  IpAddress address;  // host bits are zero
  int length = 128;
  IpAddress last() const;  // the highest address of the prefix
};
// nullopt when malformed, or when host bits are set.
std::optional<Prefix> ParsePrefix(std::string_view text);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_ADDRESS_H_
