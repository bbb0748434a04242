// Compares the locations of two databases: over all IPv4 addresses, and over IPv6's global unicast
// space (2000::/3) without Teredo (2001::/32) and 6to4 (2002::/16), where some databases repeat
// their IPv4 answers, which would count twice.
//
// Slow twin in tests: counting by hand.
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_GEO_COMPARE_H_
#define BORDERFLOW_TOOLS_COMMAND_GEO_COMPARE_H_

#include <cstdint>
#include <vector>

#include "dataplane/geo/layer.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

// A part of one family's address space. Units are addresses of IPv4 and /48s of IPv6, where a
// smaller block counts as the fraction that it is.
struct SpaceCount {
  double units = 0;
  uint64_t ranges = 0;  // stretches on which both locations stay the same

  uint64_t Units() const { return static_cast<uint64_t>(units + 0.5); }
  friend SpaceCount operator+(const SpaceCount& x, const SpaceCount& y) {
    return {x.units + y.units, x.ranges + y.ranges};
  }
};

struct PairDiff {
  Jurisdiction a = Jurisdiction::kUnknown;
  Jurisdiction b = Jurisdiction::kUnknown;
  SpaceCount count;
};

// Addresses that neither database locates are in none of the counts.
struct FamilyDiff {
  SpaceCount agree;
  SpaceCount disagree;  // both locate it, differently
  SpaceCount only_a;
  SpaceCount only_b;
  std::vector<PairDiff> pairs;  // of `disagree`; by units descending, then by code
};

struct DatabaseDiff {
  FamilyDiff v4;
  FamilyDiff v6;
};

// Codes outside ISO 3166-1 are unknown to both sides and so count as not located.
DatabaseDiff CompareLocations(const GeoLayer& a, const GeoLayer& b);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_GEO_COMPARE_H_
