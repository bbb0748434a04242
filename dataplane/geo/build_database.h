// The address database that borderflow builds from open data: country from Tor's text files, AS
// numbers, AS names and flags from libloc, in one MMDB.
//
// Each record holds what its address has, and nothing else:
//
//   {"country":{"iso_code":"DE"}, "autonomous_system_number":3320,
//    "autonomous_system_organization":"...",
//    "traits":{"is_anycast":true,"is_satellite_provider":true,"is_anonymous_proxy":true},
//    "sources":{"country":"tor-geoipdb 2026-06-25","autonomous_system":"libloc 2022-10-29"}}
//
// Countries stand as the source has them, codes outside ISO 3166-1 included: the reader normalises
// and counts. There is no registered_country: neither source says where a block is registered.
// When both sources are given, a country comes from Tor's files alone, since libloc's are of an
// earlier date; with libloc alone, from libloc.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_GEO_BUILD_DATABASE_H_
#define BORDERFLOW_DATAPLANE_GEO_BUILD_DATABASE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/geo/libloc.h"
#include "dataplane/geo/tor_geoip.h"

namespace borderflow {

struct DatabaseSources {
  std::vector<TorGeoip> tor;  // one for each file; their ranges must not overlap
  std::optional<Libloc> libloc;
};

struct BuiltDatabase {
  std::string bytes;        // the MMDB
  std::string description;  // what its description says: sources, dates, licence, limits
  int64_t build_epoch = 0;  // date of the newest source, so that equal sources give equal bytes
  uint64_t ranges = 0;      // after merging neighbours with the same answer
  uint64_t records = 0;     // distinct answers
  uint64_t countries = 0;   // distinct codes, as the source has them
  uint64_t as_numbers = 0;  // distinct
  uint64_t anycast_ranges = 0;
  uint64_t satellite_ranges = 0;
  uint64_t proxy_ranges = 0;
  uint64_t ipv4_with_country = 0;  // addresses
  uint64_t ipv4_with_as = 0;
  std::map<std::string, uint64_t> odd_codes;  // code outside ISO 3166-1 -> ranges that carry it
};

// About 2 s and 500 MB for the 660,000 and 1,100,000 ranges of 2026.
// Errors: InvalidArgument when neither source is given or Tor's ranges overlap; those of WriteMmdb.
absl::StatusOr<BuiltDatabase> BuildDatabase(const DatabaseSources& sources);

// "2026-06-25" for seconds since 1970, in UTC; "unknown" for 0.
std::string DataDate(int64_t seconds);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_BUILD_DATABASE_H_
