#include "tools/account/list_flags.h"

#include <CLI/CLI.hpp>

namespace borderflow {

void AddListFlags(CLI::App* command, ListFlags* flags) {
  command
      ->add_option("--groups", flags->groups,
                   "YAML: groups of jurisdictions of your own, beside the shipped ones")
      ->allow_extra_args(false);
  command
      ->add_option("--entities", flags->entities,
                   "YAML: organisations and entity lists of your own, beside the shipped ones")
      ->allow_extra_args(false);
}

absl::StatusOr<Lists> LoadLists(const ListFlags& flags) {
  return Lists::Load(flags.groups, flags.entities);
}

}  // namespace borderflow
