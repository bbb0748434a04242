// `borderflow geo`: build, info, lookup and diff of address databases.
//
// Contract with the main program, the same for every command: AddXxxCommand declares its options on
// `app`; when the command line chooses it, it runs within app.parse() and leaves the program's exit
// code in *exit_code (0 done, 2 wrong or unreadable input, 3 runtime failure). Usage errors stay
// CLI11's exceptions. Results go to standard output, messages to standard error.
//
// Thread safety: none; main thread only.
#ifndef BORDERFLOW_TOOLS_COMMAND_GEO_H_
#define BORDERFLOW_TOOLS_COMMAND_GEO_H_

#include <CLI/App.hpp>

namespace borderflow {

// `exit_code` must outlive `app`.
void AddGeoCommand(CLI::App& app, int* exit_code);

// What AddGeoCommand is made of, one file each.
void AddGeoBuild(CLI::App& geo, int* exit_code);
void AddGeoInfo(CLI::App& geo, int* exit_code);
void AddGeoLookup(CLI::App& geo, int* exit_code);
void AddGeoDiff(CLI::App& geo, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_GEO_H_
