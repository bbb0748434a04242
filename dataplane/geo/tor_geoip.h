// Tor's address-to-country text files, geoip and geoip6, as Debian's tor-geoipdb ships them.
//
// IPv4 lines are "first,last,CC" with decimal numbers, IPv6 lines the same with addresses; lines
// that begin with '#' describe the file. The data is converted from IPFire's location database and
// is largely registry-derived: it says where a block is believed to be used, and nothing of where
// it is registered. "??" stands where that database has no country.
//
// Thread safety: pure function. Slow twin in tests: a linear scan of the text.
#ifndef BORDERFLOW_DATAPLANE_GEO_TOR_GEOIP_H_
#define BORDERFLOW_DATAPLANE_GEO_TOR_GEOIP_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/packet/address.h"

namespace borderflow {

// Two characters as the source has them ("DE", "??"); both zero when there is no code.
using CountryCode = std::array<char, 2>;

struct CountryRange {
  IpAddress first;
  IpAddress last;  // included
  CountryCode code{};
};

struct TorGeoip {
  std::string description;  // the '#' lines without their marks
  std::string vendor;       // "IPFire Project"; empty when the header does not say
  std::string licence;      // "CC BY-SA 4.0"; empty when the header does not say
  int64_t build_time = 0;   // seconds since 1970 of "Generated:"; 0 when the header does not say
  std::vector<CountryRange> ranges;  // disjoint, sorted by first address
};

// Parses one file's whole text; `file` is only for messages. About 0.1 s for the 390,000 lines of
// geoip.
// Errors: InvalidArgument with file:line for a line of another form, a range that ends before it
// begins, and ranges that overlap or are out of order; also for a text without any range.
absl::StatusOr<TorGeoip> ParseTorGeoip(std::string_view text, std::string_view file);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_TOR_GEOIP_H_
