// --groups and --entities: a user's own lists beside those of the program.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_LIST_FLAGS_H_
#define BORDERFLOW_TOOLS_ACCOUNT_LIST_FLAGS_H_

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rules/policy/lists.h"

namespace borderflow {

// As given.
struct ListFlags {
  std::vector<std::string> groups;
  std::vector<std::string> entities;
};

void AddListFlags(CLI::App* command, ListFlags* flags);

// Errors: those of Lists::Load.
absl::StatusOr<Lists> LoadLists(const ListFlags& flags);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_LIST_FLAGS_H_
