// `borderflow policy list`: the shipped packs, one line each.
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "rules/policy/pack.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy.h"
#include "tools/command/policy_flags.h"

namespace borderflow {
namespace {

int List() {
  for (const std::string& id : ShippedPacks()) {
    const absl::StatusOr<Pack> pack = LoadPack(id, Groups::BuiltIn());
    if (!pack.ok()) return PolicyFailure(pack.status());
    absl::PrintF("%-20s %s\n%20s version %s, as of %s, %d rules", id, pack->title, "",
                 pack->version, pack->as_of, pack->rules.size());
    if (!pack->vantage.empty()) {
      absl::PrintF("; needs --vantage %s", absl::StrJoin(pack->vantage, " or "));
    }
    if (!pack->parameters.empty()) {
      const auto append = [](std::string* out, const PackParameter& parameter) {
        absl::StrAppend(out, parameter.id, "=...");
      };
      absl::PrintF("; a template: %s:%s", id, absl::StrJoin(pack->parameters, ",", append));
    }
    absl::PrintF("\n");
  }
  return kExitDone;
}

}  // namespace

void AddPolicyList(CLI::App& policy, int* exit_code) {
  policy.add_subcommand("list", "the shipped packs")->callback([exit_code] {
    *exit_code = List();
  });
}

}  // namespace borderflow
