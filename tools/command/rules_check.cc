// `borderflow rules check`: what is wrong, contradictory or without effect in lists of name rules.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "absl/strings/str_format.h"
#include "rules/category/names.h"
#include "rules/category/rule_check.h"
#include "tools/command/geo_text.h"
#include "tools/command/rules.h"

namespace borderflow {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  bool with_shipped = false;
  std::string json;
};

constexpr RemarkKind kKinds[] = {RemarkKind::kFault, RemarkKind::kConflict, RemarkKind::kDead,
                                 RemarkKind::kNote};

void PrintRemarks(const RuleCheck& check, std::ostream& out) {
  uint64_t all = 0;
  for (const RemarkKind kind : kKinds) all += check.count(kind);
  for (const Remark& remark : check.remarks()) {
    out << absl::StrFormat("%s:%d:%d: %s: %s\n", remark.file, remark.line, remark.column,
                           std::string(Name(remark.kind)), remark.text);
  }
  if (all > check.remarks().size()) {
    out << absl::StrFormat("... and %s more\n", Thousands(all - check.remarks().size()));
  }
  out << absl::StrFormat(
      "%s rules: %s faults, %s conflicts, %s dead, %s notes\n", Thousands(check.suffixes()),
      Thousands(check.count(RemarkKind::kFault)), Thousands(check.count(RemarkKind::kConflict)),
      Thousands(check.count(RemarkKind::kDead)), Thousands(check.count(RemarkKind::kNote)));
}

nlohmann::ordered_json ToJson(const RuleCheck& check) {
  nlohmann::ordered_json json = {{"rules", check.suffixes()}};
  for (const RemarkKind kind : kKinds) json["counts"][std::string(Name(kind))] = check.count(kind);
  json["remarks"] = nlohmann::ordered_json::array();
  for (const Remark& remark : check.remarks()) {
    json["remarks"].push_back({{"kind", Name(remark.kind)},
                               {"file", remark.file},
                               {"line", remark.line},
                               {"column", remark.column},
                               {"text", remark.text}});
  }
  return json;
}

int Run(const CheckOptions& options) {
  RuleCheck check;
  for (const std::string& file : options.files) {
    if (absl::Status s = check.Read(file); !s.ok()) return Fail(s);
  }
  if (options.files.empty() || options.with_shipped) {
    check.ReadText(NameRules::ShippedText(), std::string(kShippedList));
  }
  check.Finish();
  PrintRemarks(check, ForPeople(options.json));
  if (!options.json.empty()) {
    if (absl::Status s = WriteJson(ToJson(check), options.json); !s.ok()) return Fail(s);
  }
  const bool sound = check.count(RemarkKind::kFault) + check.count(RemarkKind::kConflict) +
                         check.count(RemarkKind::kDead) ==
                     0;
  return sound ? kExitDone : kExitUsage;
}

}  // namespace

void AddRulesCheck(CLI::App& rules, int* exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* check = rules.add_subcommand(
      "check", "Faults, conflicts and dead entries of lists; exit code 2 when there are any");
  check->add_option("FILE", options->files,
                    "lists as --rules takes them, the strongest first; none: the shipped one");
  check->add_flag("--with-shipped", options->with_shipped,
                  "compare with the shipped list too, which stands below yours");
  check->add_option("--json", options->json, "write JSON to FILE (- for standard output)");
  check->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace borderflow
