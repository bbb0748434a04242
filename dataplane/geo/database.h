// Database: an MMDB compiled to a GeoLayer.
//
// Thread safety: plain data.
#ifndef BORDERFLOW_DATAPLANE_GEO_DATABASE_H_
#define BORDERFLOW_DATAPLANE_GEO_DATABASE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "dataplane/geo/geography.h"
#include "dataplane/geo/layer.h"
#include "dataplane/geo/mmdb.h"

namespace borderflow {

struct Database {
  GeoFile file;
  GeoLayer layer;  // records with source kDatabase; the anycast flag is not yet applied
  bool has_locations = false;
  bool has_as_numbers = false;
  bool has_registered = false;
};

// Walks the whole search tree and reads each record once. About 16 ns a node.
//
// `country_path` names the country code's member in a custom layout ("geo.cc"); empty for the known
// layouts (see mmdb_layout.h).
//
// Errors: InvalidArgument, naming the file and the remedy, for a tree that points at itself, is
// shared beyond reason or leads outside the file; for a record whose country, AS or flags cannot be
// read; and for a database without any country or AS number.
absl::StatusOr<Database> CompileDatabase(const MmdbFile& file, std::string_view country_path);

// What the database_type says of how the file was made.
Basis BasisOf(std::string_view database_type);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_DATABASE_H_
