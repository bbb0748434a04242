// Geography: every source of locations combined into one PrefixMap, with where it came from.
//
// Precedence, strongest first: override, site, home, special-purpose block, anycast flag, database
// (later databases fill only what earlier ones leave open, member by member: location, registered,
// AS number, flags).
//
// Thread safety: immutable after Load; const members from any number of threads.
#ifndef BORDERFLOW_DATAPLANE_GEO_GEOGRAPHY_H_
#define BORDERFLOW_DATAPLANE_GEO_GEOGRAPHY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/packet/address.h"

namespace borderflow {

// How a lens was made; printed beside every number that depends on it.
enum class Basis : uint8_t {
  kMeasured,
  kRegistry,
  kGeofeed,
  kCurated,
  kPlurality,
  kDeclared,
  kVendor
};
std::string_view Name(Basis basis);  // "measured", "registry-derived", ...

struct SitePrefix {
  Prefix prefix;
  Jurisdiction jurisdiction;
};

struct GeographyOptions {
  std::vector<std::string> databases;  // MMDB paths, first wins
  // Asked beside them, for what the choice of databases moves; empty: nothing is.
  std::vector<std::string> other_databases;
  std::map<std::string, std::string> country_paths;  // database path -> "a.b.c" of a custom layout
  std::vector<std::string> overrides;                // CSV or RFC 8805 files, first wins
  std::vector<SitePrefix> sites;                     // longest prefix wins
  std::optional<Jurisdiction> home;
  bool anycast_from_database = false;  // --anycast database
  // GeoFile::sha256 of databases, which takes about a seventh of the time that loading takes; for
  // who states it nowhere.
  bool digests = true;
};

// What a report's "geo" section says of one file.
struct GeoFile {
  std::string path;
  std::string type;  // the MMDB's database_type, or "overrides"
  Basis basis = Basis::kVendor;
  uint64_t build_time = 0;  // seconds since 1970; 0 when the file does not say
  std::string sha256;       // empty for a database without GeographyOptions::digests
  std::string description;  // the file's own, with licence where it states one
  uint64_t ranges = 0;
  std::map<std::string, uint64_t> odd_codes;  // code outside ISO 3166-1 -> ranges that carry it
  std::vector<std::string> warnings;  // lines of an overrides file that say nothing new; at most 20
};

// What either of two sets of databases says of an address, under the same declarations (overrides,
// sites, home).
struct LocatedTwice {
  Location first;
  Location second;
};

// With other databases, the map is that of both: an address's AS number is then the number of a
// pair of locations (PairOf), and everything else is what the first set says. So flows are looked
// up and counted as ever, once, and each of their cells can afterwards be told as either set has
// it: one pass, the same flow on both sides, and nothing on any path where there is no second set.
class Geography {
 public:
  // Errors: NotFound, PermissionDenied; InvalidArgument for files that are not an MMDB, truncated,
  // hostile or of a type without countries and ASes; file:line for overrides. Each names the file
  // and the remedy.
  static absl::StatusOr<Geography> Load(const GeographyOptions& options);

  const PrefixMap& map() const { return map_; }
  const std::vector<GeoFile>& files() const { return files_; }
  const std::vector<GeoFile>& other_files() const { return other_files_; }
  bool paired() const { return !pairs_.empty(); }
  // The pair that the map gives in the place of an AS number; of 0 both are unknown.
  // REQUIRES: paired().
  const LocatedTwice& PairOf(uint32_t number) const {
    return pairs_[number < pairs_.size() ? number : 0];
  }
  // True if any database gives AS numbers or registered countries at all.
  bool has_as_numbers() const { return has_as_numbers_; }
  bool has_registered() const { return has_registered_; }

 private:
  PrefixMap map_;
  std::vector<GeoFile> files_;
  std::vector<GeoFile> other_files_;
  std::vector<LocatedTwice> pairs_;
  bool has_as_numbers_ = false;
  bool has_registered_ = false;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_GEOGRAPHY_H_
