// The record layouts of the databases in use, read into a Location.
//
//   country.iso_code, registered_country.iso_code     GeoLite2 and GeoIP2 Country, City,
//   Enterprise;
//                                                     DB-IP; databases of `geo build`
//   country_code, else country, as plain strings      IPinfo (weaker than country.iso_code)
//   autonomous_system_number, at the top or in traits GeoLite2 ASN, GeoIP2 ISP and Enterprise,
//   DB-IP asn, a number or "AS64500"                        IPinfo is_anycast,
//   is_satellite_provider (is_satellite), is_anonymous_proxy; at the top or in traits
//
// A country path given by the user replaces the first two rows for `location`.
#ifndef BORDERFLOW_DATAPLANE_GEO_MMDB_LAYOUT_H_
#define BORDERFLOW_DATAPLANE_GEO_MMDB_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "dataplane/geo/location.h"
#include "dataplane/geo/mmdb_data.h"

namespace borderflow {

// The members of one record as the file writes them; strings lie in the file.
struct MmdbRecord {
  std::string_view country;     // empty when the record has none
  std::string_view registered;  // the same
  uint32_t asn = 0;             // 0 when the record has none
  uint8_t flags = 0;
};

// Errors: InvalidArgument where damage hides one of the members above.
absl::StatusOr<MmdbRecord> ReadRecord(const MmdbData& data, uint32_t offset,
                                      std::string_view country_path, MmdbData::Budget& budget);

// "AS64500", "as64500" or "64500"; nullopt for anything else.
std::optional<uint32_t> ParseAsNumber(std::string_view text);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_MMDB_LAYOUT_H_
