// Location: what the databases, and the user above them, say of an address.
#ifndef BORDERFLOW_DATAPLANE_GEO_LOCATION_H_
#define BORDERFLOW_DATAPLANE_GEO_LOCATION_H_

#include <cstdint>

#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

// Which layer decided `location`, strongest first (design section 3).
enum class GeoSource : uint8_t {
  kOverride,  // a line of an overrides file (CSV or RFC 8805)
  kSite,      // --site CIDR=CC
  kHome,      // --home, for private and link-local space
  kSpecial,   // IANA special-purpose block that is not globally reachable, or multicast
  kAnycast,   // the database flags the block as anycast
  kDatabase,  // the database's location
  kNone,      // nothing covers the address
};

inline constexpr uint8_t kFlagAnycast = 1;
inline constexpr uint8_t kFlagSatellite = 2;
inline constexpr uint8_t kFlagProxy = 4;

struct Location {
  Jurisdiction location = Jurisdiction::kUnknown;
  Jurisdiction registered = Jurisdiction::kUnknown;  // kUnknown when no database says
  uint8_t flags = 0;
  GeoSource source = GeoSource::kNone;
  uint32_t asn = 0;  // 0 when unknown

  friend bool operator==(const Location&, const Location&) = default;
};
static_assert(sizeof(Location) == 8);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_LOCATION_H_
