#include "tools/command/geo.h"

namespace borderflow {

void AddGeoCommand(CLI::App& app, int* exit_code) {
  CLI::App* geo = app.add_subcommand(
      "geo", "Address databases: build one from open data, inspect, ask and compare them");
  geo->require_subcommand(1);
  AddGeoBuild(*geo, exit_code);
  AddGeoInfo(*geo, exit_code);
  AddGeoLookup(*geo, exit_code);
  AddGeoDiff(*geo, exit_code);
}

}  // namespace borderflow
