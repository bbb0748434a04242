#include "tools/plugin/settings.h"

#include <CLI/CLI.hpp>
#include <vector>

#include "tools/account/config_file.h"

namespace borderflow {

absl::StatusOr<AccountFlags> ReadSettings(const std::string& path) {
  AccountFlags flags;
  CLI::App command;
  AddAccountFlags(&command, &flags);
  command.remove_option(command.get_option("--quiet"));
  std::vector<std::string> no_arguments;
  command.parse(no_arguments);
  if (!path.empty()) {
    if (absl::Status s = ApplyConfig(path, &command); !s.ok()) return s;
  }
  flags.quiet = true;
  return flags;
}

}  // namespace borderflow
