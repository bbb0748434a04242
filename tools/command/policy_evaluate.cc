// `borderflow policy evaluate`: what packs say about a stored report.
#include <CLI/CLI.hpp>
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
#include "tools/command/policy_sweep.h"

namespace borderflow {
namespace {

struct EvaluateFlags {
  std::vector<std::string> packs;
  std::string sweep;
  std::string sweep_period;
  PolicyFlags shared;
};

// Of the packs, those that have the rule.
absl::Status SweepAll(const EvaluateFlags& flags, absl::Span<const PreparedPack> packs,
                      absl::Span<const PolicyCell> cells, std::string* text,
                      nlohmann::ordered_json* results) {
  const absl::StatusOr<SweepRequest> request = ParseSweep(flags.sweep);
  if (!request.ok()) return request.status();
  absl::Status none;
  for (const PreparedPack& prepared : packs) {
    const absl::StatusOr<PolicySweep> sweep =
        Sweep(prepared, cells, *request, flags.sweep_period == "whole");
    if (!sweep.ok()) {
      none = sweep.status();
      continue;
    }
    text->append(SweepText(*sweep));
    results->push_back(SweepJson(*sweep));
  }
  return results->empty() ? none : absl::OkStatus();
}

int Run(const EvaluateFlags& flags) {
  if (absl::Status s = CheckOutput(flags.shared.json); !s.ok()) return PolicyFailure(s);
  const absl::StatusOr<PolicyInput> input = ReadInput(flags.shared);
  if (!input.ok()) return PolicyFailure(input.status());
  const absl::StatusOr<std::vector<PreparedPack>> packs = PreparePacks(flags.packs, *input);
  if (!packs.ok()) return PolicyFailure(packs.status());
  std::string text;
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  if (!flags.sweep.empty()) {
    if (absl::Status s = SweepAll(flags, *packs, input->report.cells, &text, &results); !s.ok()) {
      return PolicyFailure(s);
    }
  }
  for (const PreparedPack& prepared : *packs) {
    if (!flags.sweep.empty()) break;
    const PolicyResult result = Evaluate(prepared.pack, input->report.cells, prepared.options);
    text += PolicyText(result, PolicyDetail::kFull);
    results.push_back(ToJson(result));
  }
  if (flags.shared.json != "-") {
    absl::PrintF("%s: %d cells\n%s", flags.shared.source.name(), input->report.cells.size(), text);
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
  CLI::Option* sweep = command->add_option(
      "--sweep", flags->sweep,
      "RULE=FROM:TO:COUNT[:log]: the verdicts with the rule's threshold at these values instead");
  command
      ->add_option("--sweep-period", flags->sweep_period,
                   "whole: as if the threshold's period were what the data cover")
      ->check(CLI::IsMember({"whole"}))
      ->needs(sweep);
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
