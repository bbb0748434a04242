// Configuration files: a command's own flags, in YAML.
//
//   geo: [/var/lib/borderflow/geo.mmdb]
//   workers: 4
//   dedup: true
//
// A key is a flag's name without its dashes. What stands on the command line as well is taken from
// there. So there is one list of settings, one place that checks values, and one help text.
//
// Thread safety: pure functions but for reading the file.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_CONFIG_FILE_H_
#define BORDERFLOW_TOOLS_ACCOUNT_CONFIG_FILE_H_

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "absl/status/status.h"

namespace borderflow {

// Key -> "file:line:column" of its value, of every flag that a file decided.
using ConfigPlaces = std::map<std::string, std::string>;

// Gives the flags of `command`, which has been parsed, the values of the file, except for those
// that the command line gave. Flags called `config`, `help`, `check` and `dump` have no key.
// Errors: NotFound for the file; InvalidArgument "file:line:column: what was found, what was
// expected" for an unknown key, a wrong value, or what is no YAML.
absl::Status ApplyConfig(const std::string& path, CLI::App* command,
                         ConfigPlaces* places = nullptr);

// A later error about a flag ("--home: ..."), with the flag's place in front if a file decided it.
absl::Status Located(const absl::Status& error, const ConfigPlaces& places);

// The configuration file that has the effect that the parsed flags have, every key with its help.
std::string DumpConfig(const CLI::App& command);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_CONFIG_FILE_H_
