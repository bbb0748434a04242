// The IANA special-purpose address registries (RFC 6890, RFC 8190 and their updates), and
// multicast.
//
// Private and link-local space belongs to whoever runs the network; other blocks that are not
// globally reachable are nobody's place; multicast (RFC 5771, RFC 4291) is a group. Blocks that are
// globally reachable, or where the registry does not say (6to4, Teredo), follow the database.
//
// Thread safety: constant data.
#ifndef BORDERFLOW_DATAPLANE_GEO_SPECIAL_PURPOSE_H_
#define BORDERFLOW_DATAPLANE_GEO_SPECIAL_PURPOSE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "dataplane/geo/layer.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

enum class Reach : uint8_t {
  kPrivate,    // private or link-local: `home` where it is declared, else Jurisdiction::kPrivate
  kReserved,   // not globally reachable
  kMulticast,  // a group
  kGlobal,     // globally reachable or not applicable: follows the database
};

struct SpecialBlock {
  std::string_view prefix;
  std::string_view name;    // the registry's
  std::string_view source;  // "RFC 1918"
  Reach reach = Reach::kReserved;
};

// Blocks may lie within each other; the longest prefix decides.
absl::Span<const SpecialBlock> SpecialBlocks();

// The longest block around `address`; nullptr when there is none. A linear search.
const SpecialBlock* FindSpecialBlock(const IpAddress& address);

// What a block says by itself: source kHome where `home` answers for private space, kSpecial
// elsewhere, kNone where the block follows the database.
Location SpecialLocation(const SpecialBlock& block, std::optional<Jurisdiction> home);

// The blocks as a layer: SpecialLocation of each.
GeoLayer SpecialPurposeLayer(std::optional<Jurisdiction> home);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_SPECIAL_PURPOSE_H_
