// `borderflow policy measures`: harm and cost of what a report holds, side by side.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_MEASURES_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_MEASURES_H_

#include <CLI/App.hpp>

namespace borderflow {

// Adds `measures` to `policy`; its callback writes the exit code.
void AddPolicyMeasures(CLI::App& policy, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_MEASURES_H_
