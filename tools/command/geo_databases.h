// The databases of a geo command, opened one by one and summed up.
#ifndef BORDERFLOW_TOOLS_COMMAND_GEO_DATABASES_H_
#define BORDERFLOW_TOOLS_COMMAND_GEO_DATABASES_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "dataplane/geo/database.h"
#include "dataplane/geo/geography.h"

namespace borderflow {

// What a database holds, counted over its whole address space.
struct DatabaseCounts {
  uint64_t countries = 0;        // distinct locations, after normalisation
  uint64_t registered = 0;       // distinct registered jurisdictions
  uint64_t as_numbers = 0;       // distinct
  uint64_t ipv4_located = 0;     // addresses with a location
  uint64_t ipv4_registered = 0;  // addresses with a registered jurisdiction
  uint64_t ipv4_with_as = 0;
  uint64_t ipv4_anycast = 0;
};

// Errors: those of MmdbFile::Open and CompileDatabase, which name the file.
absl::StatusOr<Database> OpenDatabase(const std::string& path);

DatabaseCounts CountDatabase(const Database& database);

// One line: type, basis, build date and age.
std::string LensLine(const GeoFile& file);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_GEO_DATABASES_H_
