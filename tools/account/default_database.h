// Where the address database and the data that it is built from lie when nobody says.
//
// Thread safety: reads the environment; call before threads are started.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_DEFAULT_DATABASE_H_
#define BORDERFLOW_TOOLS_ACCOUNT_DEFAULT_DATABASE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace borderflow {

// $BORDERFLOW_GEO, else ${XDG_DATA_HOME:-$HOME/.local/share}/borderflow/geo.mmdb; relative to the
// current folder when not even HOME is set.
std::string DefaultDatabasePath();

// The databases that a command uses: those of its --geo options, or the default one when there is
// none.
// Errors: NotFound when the default one is not there, with the commands that make it.
absl::StatusOr<std::vector<std::string>> DatabasesOrDefault(const std::vector<std::string>& named);

// Where tools/setup/geo_data.sh puts the source data: $BORDERFLOW_CACHE/geo, else
// ${XDG_CACHE_HOME:-$HOME/.cache}/borderflow/geo.
std::string GeoDataFolder();

// Where exports wait for a server: ${XDG_STATE_HOME:-$HOME/.local/state}/borderflow/spool.
std::string DefaultSpoolPath();

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_DEFAULT_DATABASE_H_
