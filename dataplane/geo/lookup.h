// What every source says of one address, and which of them won: `geo lookup` and `explain`.
//
// Databases are asked through libmaxminddb, not through PrefixMap, so that the answers are also an
// independent check of the compiled map. This is a slow path for people: milliseconds an address.
//
// Thread safety: const members from any number of threads.
#ifndef BORDERFLOW_DATAPLANE_GEO_LOOKUP_H_
#define BORDERFLOW_DATAPLANE_GEO_LOOKUP_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/geo/geography.h"
#include "dataplane/geo/location.h"
#include "dataplane/packet/address.h"

namespace borderflow {

struct SourceAnswer {
  GeoSource layer = GeoSource::kNone;
  // The file's path ("overrides.csv", "country.mmdb"), "--site", "--home", or
  // "IANA special-purpose registry".
  std::string source;
  // What matched: "192.0.2.0/24"; empty when nothing of this source covers the address.
  std::string network;
  // More for a reader: "line 7", "Private-Use (RFC 1918)"; may be empty.
  std::string detail;
  // Members that this source speaks of; nullopt where it is silent. A code outside ISO 3166-1 gives
  // kUnknown here, and its own text in `code`.
  std::optional<Jurisdiction> location;
  std::optional<Jurisdiction> registered;
  std::optional<uint32_t> asn;
  std::string code;     // the country code as the source writes it
  std::string as_name;  // organisation behind the AS, as the source writes it
  uint8_t flags = 0;
  // Of databases made by `geo build`: member ("country", "as") -> the data it came from.
  std::map<std::string, std::string> origins;
  bool won = false;  // this answer decided the address's `location`
};

// Several addresses against the same sources.
class AddressExplainer {
 public:
  // Errors as Geography::Load.
  static absl::StatusOr<AddressExplainer> Open(const GeographyOptions& options);

  AddressExplainer(AddressExplainer&&) noexcept;
  AddressExplainer& operator=(AddressExplainer&&) noexcept;
  ~AddressExplainer();

  // One answer for each source in order of precedence, sources that do not cover the address
  // included (with an empty network). Exactly one answer has `won`, or none where nothing decides.
  // Errors: InvalidArgument where a database's record for this address cannot be read.
  absl::StatusOr<std::vector<SourceAnswer>> Explain(const IpAddress& address) const;

 private:
  struct Sources;
  explicit AddressExplainer(std::unique_ptr<Sources> sources);
  std::unique_ptr<Sources> sources_;
};

// AddressExplainer for a single address.
absl::StatusOr<std::vector<SourceAnswer>> ExplainAddress(const GeographyOptions& options,
                                                         const IpAddress& address);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_LOOKUP_H_
