#include "tools/command/rules.h"

namespace borderflow {

void AddRulesCommand(CLI::App& app, int* exit_code) {
  CLI::App* rules = app.add_subcommand(
      "rules", "Lists that say what names mean: check your own, import those of others");
  rules->require_subcommand(1);
  AddRulesCheck(*rules, exit_code);
  AddRulesImport(*rules, exit_code);
}

}  // namespace borderflow
