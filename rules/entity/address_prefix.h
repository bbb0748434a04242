// AddressPrefix: a block of addresses as an entity list states it.
//
// Addresses are one 128-bit number; IPv4 is ::ffff:a.b.c.d, as everywhere in the program.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_ENTITY_ADDRESS_PREFIX_H_
#define BORDERFLOW_RULES_ENTITY_ADDRESS_PREFIX_H_

#include <string>
#include <string_view>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"

namespace borderflow {

struct AddressPrefix {
  absl::uint128 first = 0;
  int length = 128;  // from the top of the 128-bit number: an IPv4 /24 is 120

  absl::uint128 last() const;
};

// "192.0.2.0/24" or "2001:db8::/32".
// Errors: InvalidArgument, without a place, with what is wrong and what to write instead: no
// address, no length, a length out of range, bits behind the prefix, or a block wider than an IPv4
// /8 or an IPv6 /16, which no one organisation holds.
absl::StatusOr<AddressPrefix> ParseAddressPrefix(std::string_view text);

// The form that ParseAddressPrefix reads.
std::string PrefixToText(const AddressPrefix& prefix);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_ENTITY_ADDRESS_PREFIX_H_
