// `borderflow rules import`: foreign lists of names -> a list that --rules takes.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "rules/category/rule_import.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/yaml/strict_yaml.h"
#include "tools/command/geo_text.h"
#include "tools/command/rules.h"

namespace borderflow {
namespace {

struct ImportFlags {
  std::vector<std::string> inputs;
  std::string format;
  std::string category;
  int confidence = 50;
  std::string service;
  std::string attribute;
  std::string out;
  std::string json;
};

absl::StatusOr<ImportOptions> OptionsOf(const ImportFlags& flags) {
  ImportOptions options;
  options.format = ListFormatFromName(flags.format).value();  // CLI11 has checked it
  const std::optional<Category> category = CategoryFromCode(flags.category);
  if (!category.has_value() || !IsClassified(*category)) {
    std::vector<std::string_view> codes;
    for (int i = 0; i < kCategories; ++i) {
      if (IsClassified(static_cast<Category>(i))) codes.push_back(Code(static_cast<Category>(i)));
    }
    return absl::InvalidArgumentError(
        absl::StrCat("--category: ", Quoted(flags.category),
                     " is no code that says what data it is, such as ADV or FIN",
                     DidYouMean(flags.category, codes)));
  }
  options.category = *category;
  options.confidence = static_cast<uint8_t>(flags.confidence);
  options.service = flags.service;
  options.attribute = flags.attribute;
  return options;
}

// Nothing is left half written: the file gets its name when it is whole.
absl::Status WriteRules(RuleImport* import, const std::string& path) {
  if (path == "-") {
    import->Write(std::cout);
    std::cout.flush();
    return std::cout ? absl::OkStatus() : absl::UnavailableError("standard output: cannot write");
  }
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  import->Write(file);
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(part, path, error);
  if (file && !error) return absl::OkStatus();
  std::filesystem::remove(part, error);
  return absl::UnavailableError(absl::StrCat(
      path, ": cannot be written; check the folder, its permissions and the space left"));
}

void PrintCounts(const RuleImport& import, const std::string& out_path, std::ostream& out) {
  const ImportCounts& counts = import.counts();
  for (const std::string& told : import.told()) out << told << "\n";
  out << absl::StrFormat("%s lines of %s files: %s names, %s rules written to %s\n",
                         Thousands(counts.lines), Thousands(counts.files), Thousands(counts.names),
                         Thousands(counts.written), out_path);
  const auto line = [&out](uint64_t count, const std::string& what) {
    if (count > 0) out << absl::StrFormat("  %10s  %s\n", Thousands(count), what);
  };
  line(counts.duplicates, "there before");
  line(counts.covered, "below a suffix that says the same");
  line(counts.conflicts, "of which the shipped list says something else: yours stands above it");
  line(counts.shared, "suffixes of many tenants: confidence 50");
  for (size_t i = 0; i < counts.refused.size(); ++i) {
    line(counts.refused[i],
         absl::StrCat("left out: ", std::string(Meaning(static_cast<NameRefusal>(i)))));
  }
}

nlohmann::ordered_json ToJson(const RuleImport& import) {
  const ImportCounts& counts = import.counts();
  nlohmann::ordered_json refused = nlohmann::ordered_json::object();
  for (size_t i = 0; i < counts.refused.size(); ++i) {
    if (counts.refused[i] > 0) {
      refused[std::string(Name(static_cast<NameRefusal>(i)))] = counts.refused[i];
    }
  }
  return {{"files", counts.files},
          {"lines", counts.lines},
          {"names", counts.names},
          {"written", counts.written},
          {"duplicates", counts.duplicates},
          {"covered", counts.covered},
          {"conflicts", counts.conflicts},
          {"shared", counts.shared},
          {"refused", refused},
          {"told", import.told()}};
}

int Run(const ImportFlags& flags) {
  if (flags.out == "-" && flags.json == "-") {
    return Fail(absl::InvalidArgumentError(
        "only one of --out and --json can write to standard output (-)"));
  }
  const absl::StatusOr<ImportOptions> options = OptionsOf(flags);
  if (!options.ok()) return Fail(options.status());
  RuleImport import(*options);
  for (const std::string& input : flags.inputs) {
    if (absl::Status s = import.Read(input); !s.ok()) return Fail(s);
  }
  if (absl::Status s = WriteRules(&import, flags.out); !s.ok()) return Fail(s);
  PrintCounts(import, flags.out, flags.out == "-" ? std::cerr : ForPeople(flags.json));
  if (!flags.json.empty()) {
    if (absl::Status s = WriteJson(ToJson(import), flags.json); !s.ok()) return Fail(s);
  }
  if (import.counts().written > 0) return kExitDone;
  return Fail(absl::InvalidArgumentError("no rule came of it: is --format the right one?"));
}

}  // namespace

void AddRulesImport(CLI::App& rules, int* exit_code) {
  auto flags = std::make_shared<ImportFlags>();
  CLI::App* import =
      rules.add_subcommand("import", "Makes rules of lists of names in other formats");
  import
      ->add_option("INPUT", flags->inputs,
                   "files (- for standard input); for ut1 folders with a file 'domains'")
      ->required();
  import->add_option("--format", flags->format, "hosts, domains, ut1, v2fly or adblock")
      ->required()
      ->check(CLI::IsMember({"hosts", "domains", "ut1", "v2fly", "adblock"}));
  import->add_option("--category", flags->category, "the code that all of these names get")
      ->required();
  import->add_option("--out", flags->out, "the list to write (- for standard output)")->required();
  import
      ->add_option("--confidence", flags->confidence,
                   "percent; 80 only where every name serves this category alone")
      ->check(CLI::Range(1, ConfidenceCap(Evidence::kName)))
      ->capture_default_str();
  import->add_option("--service", flags->service, "what the rules are called (default: the file)");
  import->add_option("--attribute", flags->attribute,
                     "v2fly: only names with this attribute, such as ads");
  import->add_option("--json", flags->json,
                     "write what was counted to FILE (- for standard output)");
  import->callback([flags, exit_code] { *exit_code = Run(*flags);
});
}  // namespace borderflow

}  // namespace borderflow
