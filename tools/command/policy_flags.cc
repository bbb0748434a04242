#include "tools/command/policy_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "collectors/report/policy_cells.h"
#include "rules/jurisdiction/suggest.h"
#include "tools/command/exit_codes.h"

namespace borderflow {

void AddPolicyFlags(CLI::App* command, PolicyFlags* flags) {
  AddPolicySource(command, &flags->source);
  command->add_flag("--flip-default", flags->flip_default,
                    "with the burden of proof on the other side");
  command->add_option("--ablate", flags->ablate, "origin: without what rules ask of places")
      ->check(CLI::IsMember({"origin"}))
      ->allow_extra_args(false);
  command->add_flag("--mirror", flags->mirror, "with sender and receiver of everything exchanged");
  command->add_option("--tiers", flags->tiers, "any, all or a variant: how tiers are computed");
  command->add_option("--treatment", flags->treatment, "of the non-aligned")
      ->check(CLI::IsMember({"open", "by_category", "review", "closed"}));
  const absl::Span<const std::string_view> vantages = VantageNames();
  command->add_option("--vantage", flags->vantage, "where the sensor sat; else as the report says")
      ->check(CLI::IsMember(std::vector<std::string>(vantages.begin(), vantages.end())));
  command->add_option("--fact", flags->facts, "a need that is declared as confirmed")
      ->allow_extra_args(false);
  command->add_option("--json", flags->json, "write the result to FILE (- for standard output)");
}

absl::StatusOr<PolicyInput> ReadInput(const PolicyFlags& flags) {
  absl::StatusOr<Lists> lists = LoadLists(flags.source.stored.lists);
  if (!lists.ok()) return lists.status();
  absl::StatusOr<StoredReport> report = ReadPolicySource(flags.source, *lists);
  if (!report.ok()) return report.status();
  if (!report->note.empty()) absl::FPrintF(stderr, "borderflow policy: %s\n", report->note);
  PolicyInput input;
  input.lists = std::make_unique<const Lists>(*std::move(lists));
  input.options = OptionsOf(flags.vantage.empty() ? report->vantage : flags.vantage,
                            report->first_time_ns, report->last_time_ns);
  input.report = *std::move(report);
  input.by_time = ReadPolicyTimes(flags.source, input.report, *input.lists);
  input.options.by_time = input.by_time.get();
  input.options.flip_default = flags.flip_default;
  input.options.ablate_origin = !flags.ablate.empty();
  input.options.mirror = flags.mirror;
  input.options.tiers = flags.tiers;
  if (!flags.treatment.empty()) input.options.treatment = TreatmentFromName(flags.treatment);
  input.options.facts = flags.facts;
  return input;
}

absl::StatusOr<std::vector<PreparedPack>> PreparePacks(const std::vector<std::string>& names,
                                                       const PolicyInput& input) {
  const EvaluateOptions& options = input.options;
  std::vector<PreparedPack> prepared;
  std::set<std::string> unknown(options.facts.begin(), options.facts.end());
  std::vector<std::string> facts;
  bool tiers_known = options.tiers.empty();
  for (const std::string& name : names) {
    absl::StatusOr<Pack> pack = LoadPack(name, *input.lists);
    if (!pack.ok()) return pack.status();
    EvaluateOptions own = options;
    // Packs are asked about together: each takes what concerns it.
    own.facts.clear();
    for (const std::string& fact : options.facts) {
      if (pack->facts.find(fact) == pack->facts.end()) continue;
      own.facts.push_back(fact);
      unknown.erase(fact);
    }
    for (const auto& [fact, sentence] : pack->facts) facts.push_back(fact);
    if (pack->tiers.empty()) {
      own.tiers.clear();
    } else {
      tiers_known = true;
    }
    if (absl::Status s = CheckOptions(*pack, own); !s.ok()) return s;
    prepared.push_back({*std::move(pack), std::move(own)});
  }
  if (!unknown.empty()) {
    const std::vector<std::string_view> known(facts.begin(), facts.end());
    return absl::InvalidArgumentError(absl::StrCat("--fact: no pack here knows ",
                                                   Quoted(*unknown.begin()),
                                                   DidYouMean(*unknown.begin(), known)));
  }
  if (!tiers_known) return absl::InvalidArgumentError("--tiers: no pack here has tiers");
  return prepared;
}

std::string Today() { return absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone()); }

int PolicyFailure(const absl::Status& status) {
  absl::FPrintF(stderr, "borderflow policy: %s\n", std::string(status.message()));
  return kExitUsage;
}

}  // namespace borderflow
