// Places: a world of our own for benchmarks. Its countries take turns over the public address
// space, block by block, so that each is everywhere and the map is as large as a real one.
//
// An IPv4 block is a /20, an IPv6 block a /19 of 2000::/3; blocks that hold special-purpose space
// are nobody's.
//
// Thread safety: immutable after construction.
#ifndef BORDERFLOW_TOOLS_BENCH_PLACES_H_
#define BORDERFLOW_TOOLS_BENCH_PLACES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/packet/address.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

class Places {
 public:
  static constexpr uint32_t kMostCountries = kJurisdictions - kSpecialJurisdictions;

  // REQUIRES: 1 <= countries <= kMostCountries.
  explicit Places(uint32_t countries);

  uint32_t countries() const { return countries_; }

  // An address of the country, by random bits. REQUIRES: country < countries().
  IpAddress V4(uint32_t country, uint64_t random) const;
  IpAddress V6(uint32_t country, uint64_t random) const;

  // Address -> country, with an AS of its own for each. About 1 M ranges.
  absl::StatusOr<PrefixMap> Map() const;

 private:
  uint32_t countries_;
  std::vector<bool> public_v4_;  // by number of the block
  std::vector<bool> public_v6_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_BENCH_PLACES_H_
