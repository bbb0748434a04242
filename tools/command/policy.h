// `borderflow policy`: list, show and check of packs. For the contract with the main program see
// geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_H_

#include <CLI/App.hpp>

namespace borderflow {

void AddPolicyCommand(CLI::App& app, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_H_
