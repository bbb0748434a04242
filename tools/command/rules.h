// `borderflow rules`: check and import of lists of name rules. For the contract with the main
// program see geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_RULES_H_
#define BORDERFLOW_TOOLS_COMMAND_RULES_H_

#include <CLI/App.hpp>

namespace borderflow {

// `exit_code` must outlive `app`.
void AddRulesCommand(CLI::App& app, int* exit_code);

// What AddRulesCommand is made of, one file each.
void AddRulesCheck(CLI::App& rules, int* exit_code);
void AddRulesImport(CLI::App& rules, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_RULES_H_
