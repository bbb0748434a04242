// `borderflow policy`: list, show, check, evaluate, compare, explain and measures. For the contract
// with the main program see geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_H_

#include <CLI/App.hpp>

namespace borderflow {

void AddPolicyCommand(CLI::App& app, int* exit_code);

// Its subcommands, one file each.
void AddPolicyList(CLI::App& policy, int* exit_code);
void AddPolicyShow(CLI::App& policy, int* exit_code);
void AddPolicyCheck(CLI::App& policy, int* exit_code);
void AddPolicyEvaluate(CLI::App& policy, int* exit_code);
void AddPolicyCompare(CLI::App& policy, int* exit_code);
void AddPolicyExplain(CLI::App& policy, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_H_
