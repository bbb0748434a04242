// `borderflow policy check`: whether a pack's file is sound, and whether its cases hold.
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "rules/policy/cases.h"
#include "rules/policy/lint.h"
#include "rules/policy/pack.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy.h"
#include "tools/command/policy_flags.h"

namespace borderflow {
namespace {

std::optional<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return std::nullopt;
  return text.str();
}

// packs/ID.yaml -> packs/cases/ID.yaml
std::string CasesBeside(const std::string& file) {
  const std::filesystem::path path(file);
  return (path.parent_path() / "cases" / path.filename()).string();
}

int Check(const std::string& file, const std::string& cases_flag, const ListFlags& list_flags) {
  const absl::StatusOr<Lists> lists = LoadLists(list_flags);
  if (!lists.ok()) return PolicyFailure(lists.status());
  const std::optional<std::string> text = ReadText(file);
  if (!text.has_value()) {
    return PolicyFailure(absl::NotFoundError(file + ": cannot be read as a policy pack"));
  }
  const std::string cases_file = cases_flag.empty() ? CasesBeside(file) : cases_flag;
  const std::optional<std::string> cases_text = ReadText(cases_file);
  if (!cases_text.has_value() && !cases_flag.empty()) {
    return PolicyFailure(absl::NotFoundError(cases_file + ": cannot be read"));
  }
  std::map<std::string, std::string> parameters;
  if (cases_text.has_value()) {
    absl::StatusOr<std::map<std::string, std::string>> read =
        CaseParameters(*cases_text, cases_file);
    if (!read.ok()) return PolicyFailure(read.status());
    parameters = *std::move(read);
  }
  const absl::StatusOr<Pack> pack = ParsePack(*text, file, *lists, parameters);
  if (!pack.ok()) return PolicyFailure(pack.status());

  size_t errors = 0;
  size_t warnings = 0;
  for (const PackRemark& remark : Lint(*pack, Today())) {
    ++(remark.error ? errors : warnings);
    absl::PrintF("%s: %s\n", remark.error ? "error" : "warning", Text(*pack, remark));
  }
  size_t cases_run = 0;
  if (cases_text.has_value() && errors == 0) {
    const absl::StatusOr<PackCases> cases =
        ReadCases(*cases_text, cases_file, *pack, lists->entities());
    if (!cases.ok()) return PolicyFailure(cases.status());
    cases_run = cases->cases.size();
    for (const std::string& failure : RunCases(*cases, cases_file, *pack)) {
      ++errors;
      absl::PrintF("error: %s\n", failure);
    }
  }
  absl::PrintF("%s: pack %s, %d tiers, %d rules, %d cases: %s", file, pack->id, pack->tiers.size(),
               pack->rules.size(), cases_run,
               errors == 0 ? "sound" : absl::StrCat(errors, " errors"));
  if (warnings > 0) absl::PrintF(", %d warnings", warnings);
  absl::PrintF("\n");
  return errors == 0 ? kExitDone : kExitUsage;
}

}  // namespace

void AddPolicyCheck(CLI::App& policy, int* exit_code) {
  const auto file = std::make_shared<std::string>();
  const auto cases = std::make_shared<std::string>();
  CLI::App* check = policy.add_subcommand("check", "whether a pack's file is sound");
  check->add_option("FILE", *file, "a YAML file")->required();
  check->add_option("--cases", *cases, "its cases; else cases/FILE beside it, where there is one");
  const auto lists = std::make_shared<ListFlags>();
  AddListFlags(check, lists.get());
  check->callback([file, cases, lists, exit_code] { *exit_code = Check(*file, *cases, *lists); });
}

}  // namespace borderflow
