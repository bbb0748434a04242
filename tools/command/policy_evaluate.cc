// `borderflow policy evaluate`: what packs say about a stored report.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_format.h"
#include "collectors/report/policy_json.h"
#include "collectors/report/policy_text.h"
#include "rules/policy/evaluate.h"
#include "tools/account/output_file.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy.h"
#include "tools/command/policy_flags.h"

namespace borderflow {
namespace {

struct EvaluateFlags {
  std::vector<std::string> packs;
  PolicyFlags shared;
};

int Run(const EvaluateFlags& flags) {
  if (absl::Status s = CheckOutput(flags.shared.json); !s.ok()) return PolicyFailure(s);
  const absl::StatusOr<PolicyInput> input = ReadInput(flags.shared);
  if (!input.ok()) return PolicyFailure(input.status());
  const absl::StatusOr<std::vector<PreparedPack>> packs = PreparePacks(flags.packs, input->options);
  if (!packs.ok()) return PolicyFailure(packs.status());
  std::string text;
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const PreparedPack& prepared : *packs) {
    const PolicyResult result = Evaluate(prepared.pack, input->report.cells, prepared.options);
    text += PolicyText(result, PolicyDetail::kFull);
    results.push_back(ToJson(result));
  }
  if (flags.shared.json != "-") {
    absl::PrintF("%s: %d cells\n%s", flags.shared.input, input->report.cells.size(), text);
  }
  if (flags.shared.json.empty()) return kExitDone;
  if (absl::Status s = WriteOutput(flags.shared.json, results.dump(2) + "\n"); !s.ok()) {
    PolicyFailure(s);
    return kExitRuntime;
  }
  return kExitDone;
}

}  // namespace

void AddPolicyEvaluate(CLI::App& policy, int* exit_code) {
  const auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* command = policy.add_subcommand("evaluate", "what packs say about a stored report");
  command->add_option("--policy", flags->packs, "pack, or a file that holds one")
      ->required()
      ->allow_extra_args(false);
  AddPolicyFlags(command, &flags->shared);
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
