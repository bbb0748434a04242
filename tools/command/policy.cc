#include "tools/command/policy.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "rules/policy/pack.h"
#include "tools/command/exit_codes.h"

namespace borderflow {
namespace {

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "borderflow policy: %s\n", std::string(status.message()));
  return kExitUsage;
}

int List() {
  for (const std::string& id : ShippedPacks()) {
    const absl::StatusOr<Pack> pack = LoadPack(id, Groups::BuiltIn());
    if (!pack.ok()) return Fail(pack.status());
    absl::PrintF("%-20s %s (version %s, as of %s)\n", id, pack->title, pack->version, pack->as_of);
  }
  return kExitDone;
}

// The pack in plain words: what it says, on whose authority, and what it cannot see.
int Show(const std::string& name) {
  const absl::StatusOr<Pack> pack = LoadPack(name, Groups::BuiltIn());
  if (!pack.ok()) return Fail(pack.status());
  absl::PrintF("%s\n%s\n\nAuthority: %s\nVersion %s, as of %s, stale after %d days\n", pack->id,
               pack->title, pack->authority, pack->version, pack->as_of, pack->stale_after_days);
  absl::PrintF("Default: %s; the burden of proof lies with the %s\nSources:\n",
               std::string(Name(pack->default_verdict)), pack->burden);
  for (const std::string& source : pack->sources) absl::PrintF("  %s\n", source);
  absl::PrintF("\nTiers, by location, computed from criteria:\n");
  for (const Tier& tier : pack->tiers) {
    absl::PrintF("  %-14s %3d jurisdictions: %s\n", tier.id, tier.members.count(),
                 tier.criteria.empty() ? "all others"
                                       : absl::StrJoin(tier.criteria, tier.all ? " and " : " or "));
  }
  absl::PrintF("\nRules, the first that holds decides:\n");
  for (const Rule& rule : pack->rules) {
    absl::PrintF("  %-34s %s\n    %s\n", rule.id, std::string(Name(rule.verdict)), rule.cite);
    if (!rule.needs.empty()) {
      absl::PrintF("    the network cannot show: %s\n", absl::StrJoin(rule.needs, ", "));
    }
  }
  absl::PrintF(
      "\nTraffic that stays in one jurisdiction is out of scope. Where an end is no jurisdiction, "
      "or\nthe verdict hangs on a category or protection that is not known, it is undetermined.\n"
      "Every verdict is indicative, not a finding of law.\n");
  return kExitDone;
}

int Check(const std::string& file) {
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  const absl::StatusOr<Pack> pack = LoadPack(path, Groups::BuiltIn());
  if (!pack.ok()) return Fail(pack.status());
  absl::PrintF("%s: pack %s, %d tiers, %d rules: sound\n", file, pack->id, pack->tiers.size(),
               pack->rules.size());
  return kExitDone;
}

}  // namespace

void AddPolicyCommand(CLI::App& app, int* exit_code) {
  CLI::App* policy = app.add_subcommand("policy", "the packs that --policy knows");
  policy->require_subcommand(1);
  policy->add_subcommand("list", "the shipped packs")->callback([exit_code] {
    *exit_code = List();
  });
  const auto name = std::make_shared<std::string>();
  CLI::App* show = policy->add_subcommand("show", "a pack in plain words");
  show->add_option("PACK", *name, "its id, or a file")->required();
  show->callback([name, exit_code] { *exit_code = Show(*name); });
  const auto file = std::make_shared<std::string>();
  CLI::App* check = policy->add_subcommand("check", "whether a pack's file is sound");
  check->add_option("FILE", *file, "a YAML file")->required();
  check->callback([file, exit_code] { *exit_code = Check(*file); });
}

}  // namespace borderflow
