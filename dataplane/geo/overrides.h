// Overrides: the user's own knowledge of where prefixes are, stronger than any database.
//
// Two forms, one prefix a line; blank lines, and anything from a '#' that begins a line or follows
// a blank, are ignored:
//
//   prefix,location[,registered[,asn]]       ours. Codes as the design has them, specials included
//                                            ("unknown", "anycast"); the header line is optional
//   prefix,country,region,city,postal        RFC 8805 geofeed; an empty country, or ZZ, means that
//                                            the publisher does not say: unknown
//
// A file is a geofeed if any of its lines has five fields or more, or a third field like "US-AL"
// (ISO 3166-2); otherwise it is ours. The longest prefix of a file wins.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_GEO_OVERRIDES_H_
#define BORDERFLOW_DATAPLANE_GEO_OVERRIDES_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/geo/layer.h"

namespace borderflow {

struct Override {
  LocatedPrefix located;  // source kOverride; members that the line leaves out are unknown
  uint32_t line = 0;      // from 1
};

struct Overrides {
  bool geofeed = false;
  std::vector<Override> lines;                // in the order of the file
  std::map<std::string, uint64_t> odd_codes;  // of geofeeds: code outside ISO 3166-1 -> lines
  std::vector<std::string> warnings;          // repeated lines, at most kMostWarnings
};

inline constexpr size_t kMostWarnings = 20;
inline constexpr uint64_t kLargestOverrides = uint64_t{256} << 20;  // bytes of a file

// Reads the text of a file; `name` stands for it in messages.
// Errors: InvalidArgument with file:line:column for what is not a prefix, code or AS number, with
// the nearest valid code; and for two lines that give one prefix different answers.
absl::StatusOr<Overrides> ParseOverrides(std::string_view text, std::string_view name);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_OVERRIDES_H_
