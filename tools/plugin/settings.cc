#include "tools/plugin/settings.h"

#include <vector>

#include "tools/account/config_file.h"

namespace borderflow {

absl::StatusOr<AccountFlags> ReadSettings(const std::string& path,
                                          const std::function<void(CLI::App*)>& more) {
  AccountFlags flags;
  CLI::App command;
  AddAccountFlags(&command, &flags);
  if (more != nullptr) more(&command);
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
