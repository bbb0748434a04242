// `borderflow policy list`: the shipped packs, and what the data of a report say to each.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/report/policy_text.h"
#include "collectors/report/text.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy.h"
#include "tools/command/policy_flags.h"

namespace borderflow {
namespace {

constexpr size_t kIndent = 21;  // behind the ids

// What the data at hand can say to a pack.
void PrintAnswer(const Pack& pack, const PolicyInput& input) {
  const PolicyResult result = Evaluate(pack, input.report.cells, input.options);
  if (!result.missing_parameter.empty()) {
    absl::PrintF("%20s these data: not asked, it is a template\n", "");
    return;
  }
  if (!result.unfit_vantage.empty()) {
    absl::PrintF("%20s these data: undetermined, %s\n", "", result.unfit_vantage);
    return;
  }
  absl::PrintF("%s\n", Wrapped("these data: " + VerdictLine(result.verdicts), kIndent));
}

int List(const PolicyFlags& flags) {
  absl::StatusOr<Lists> lists = LoadLists(flags.source.stored.lists);
  if (!lists.ok()) return PolicyFailure(lists.status());
  std::optional<PolicyInput> input;
  if (flags.source.given()) {
    absl::StatusOr<PolicyInput> read = ReadInput(flags);
    if (!read.ok()) return PolicyFailure(read.status());
    input = *std::move(read);
  }
  for (const std::string& id : ShippedPacks()) {
    const absl::StatusOr<Pack> pack = LoadPack(id, *lists);
    if (!pack.ok()) return PolicyFailure(pack.status());
    // The title begins on the line of the name, in the place of the indent.
    const std::string title = Wrapped(pack->title, kIndent);
    absl::PrintF("%-20s %s\n%20s version %s, as of %s, %d rules", id,
                 title.substr(std::min<size_t>(kIndent, title.size())), "", pack->version,
                 pack->as_of, pack->rules.size());
    if (!pack->vantage.empty()) {
      absl::PrintF("\n%s",
                   Wrapped("needs --vantage " + absl::StrJoin(pack->vantage, " or "), kIndent));
    }
    if (!pack->parameters.empty()) {
      const auto append = [](std::string* out, const PackParameter& parameter) {
        absl::StrAppend(out, parameter.id, "=...");
      };
      absl::PrintF("\n%21sa template: --policy %s:%s", "", id,
                   absl::StrJoin(pack->parameters, ",", append));
    }
    absl::PrintF("\n");
    if (input.has_value()) PrintAnswer(*pack, *input);
  }
  return kExitDone;
}

}  // namespace

void AddPolicyList(CLI::App& policy, int* exit_code) {
  const auto flags = std::make_shared<PolicyFlags>();
  CLI::App* list = policy.add_subcommand(
      "list", "the shipped packs; with a report or a store, what its data say to each");
  AddPolicySource(list, &flags->source);
  list->callback([flags, exit_code] { *exit_code = List(*flags); });
}

}  // namespace borderflow
