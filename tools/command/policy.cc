#include "tools/command/policy.h"

#include "tools/command/policy_measures.h"

namespace borderflow {

void AddPolicyCommand(CLI::App& app, int* exit_code) {
  CLI::App* policy =
      app.add_subcommand("policy", "packs: what they say, and what they say about a report");
  policy->require_subcommand(1);
  AddPolicyList(*policy, exit_code);
  AddPolicyShow(*policy, exit_code);
  AddPolicyCheck(*policy, exit_code);
  AddPolicyEvaluate(*policy, exit_code);
  AddPolicyCompare(*policy, exit_code);
  AddPolicyExplain(*policy, exit_code);
  AddPolicyMeasures(*policy, exit_code);
}

}  // namespace borderflow
