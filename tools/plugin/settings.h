// Settings: what a plugin is asked to do, by a file of the flags that the commands have.
//
// Thread safety: a pure function but for reading the file.
#ifndef BORDERFLOW_TOOLS_PLUGIN_SETTINGS_H_
#define BORDERFLOW_TOOLS_PLUGIN_SETTINGS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "tools/account/options.h"

namespace borderflow {

// The defaults, and above them the file's settings; no file for an empty path. Always quiet: the
// terminal is the application's. `more` declares what else the file may hold.
// Errors: as ApplyConfig (config_file.h).
absl::StatusOr<AccountFlags> ReadSettings(const std::string& path,
                                          const std::function<void(CLI::App*)>& more = nullptr);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_PLUGIN_SETTINGS_H_
