#include "tools/command/report.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "tools/account/account.h"
#include "tools/account/report_file.h"
#include "tools/command/exit_codes.h"
#include "tools/command/report_compare.h"
#include "tools/command/stored_report.h"

namespace borderflow {
namespace {

struct Flags {
  std::vector<std::string> stores;
  StoredFlags stored;
  AccountFlags outputs;  // --json, --csv, --ndjson and --quiet of these
};

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow report: %s\n", std::string(status.message()));
  return exit_code;
}

int Run(const Flags& flags) {
  if (absl::Status s = CheckOutputs(flags.outputs); !s.ok()) return Fail(s, kExitUsage);
  const absl::StatusOr<Report> report = ReportOf(flags.stores, flags.stored);
  if (!report.ok()) return Fail(report.status(), kExitUsage);
  absl::Status written = WriteOutputs(flags.outputs, *report);
  if (!flags.outputs.report.empty()) {
    const bool windows = std::none_of(flags.stores.begin(), flags.stores.end(), HoldsJson);
    const absl::StatusOr<Timeline> timeline =
        windows ? TimelineOf(flags.stores, flags.stored, *report)
                : Timeline("a JSON report holds no windows; merge stores to see time");
    if (!timeline.ok()) return Fail(timeline.status(), kExitUsage);
    const absl::StatusOr<Lists> lists = LoadLists(flags.stored.lists);
    if (!lists.ok()) return Fail(lists.status(), kExitUsage);
    const absl::StatusOr<std::vector<Pack>> packs = LoadPacks(flags.stored.policies, *lists);
    if (!packs.ok()) return Fail(packs.status(), kExitUsage);
    written.Update(WriteReportFile(flags.outputs, *report, *packs, *timeline, "store"));
  }
  return written.ok() ? kExitDone : Fail(written, kExitRuntime);
}

// The packs that both were judged by when they were made, as far as this program has them
// unchanged.
absl::StatusOr<std::vector<std::string>> CommonPacks(const ListFlags& list_flags, const Report& one,
                                                     const Report& other) {
  const absl::StatusOr<Lists> lists = LoadLists(list_flags);
  if (!lists.ok()) return lists.status();
  std::vector<std::string> common;
  for (const auto& [id, digest] : one.pack_digests) {
    const auto at = other.pack_digests.find(id);
    if (at == other.pack_digests.end() || at->second != digest) continue;
    const absl::StatusOr<Pack> pack = LoadPack(id, *lists);
    if (pack.ok() && pack->digest == digest) common.push_back(id);
  }
  return common;
}

int Compare(const Flags& flags) {
  StoredFlags stored = flags.stored;
  // Each side for itself; whether the sides are alike is said, unless it was asked for.
  absl::StatusOr<Report> one = ReportOf({flags.stores[0]}, stored);
  if (!one.ok()) return Fail(one.status(), kExitUsage);
  absl::StatusOr<Report> other = ReportOf({flags.stores[1]}, stored);
  if (!other.ok()) return Fail(other.status(), kExitUsage);
  if (stored.policies.empty()) {
    absl::StatusOr<std::vector<std::string>> common = CommonPacks(stored.lists, *one, *other);
    if (!common.ok()) return Fail(common.status(), kExitUsage);
    stored.policies = *std::move(common);
    if (!stored.policies.empty()) {
      one = ReportOf({flags.stores[0]}, stored);
      if (!one.ok()) return Fail(one.status(), kExitUsage);
      other = ReportOf({flags.stores[1]}, stored);
      if (!other.ok()) return Fail(other.status(), kExitUsage);
    }
  }
  const absl::StatusOr<Comparison> comparison = CompareReports(*one, *other, flags.stored.mixed);
  if (!comparison.ok()) return Fail(comparison.status(), kExitUsage);
  const absl::Status written =
      WriteComparison(*comparison, flags.stores[0], flags.stores[1], flags.outputs);
  return written.ok() ? kExitDone : Fail(written, kExitRuntime);
}

void AddOutputs(CLI::App* command, Flags* flags) {
  command->add_option("--policy", flags->stored.policies, "pack, or a file that holds one")
      ->allow_extra_args(false);
  AddListFlags(command, &flags->stored.lists);
  command->add_option("--json", flags->outputs.json,
                      "write the report to FILE (- for standard output)");
  command->add_option("--csv", flags->outputs.csv, "write the cells to FILE");
  command->add_option("--ndjson", flags->outputs.ndjson,
                      "write the cells to FILE, one object a line");
  AddReportFlag(command, &flags->outputs);
  command->add_flag("--quiet", flags->outputs.quiet, "no summary");
}

}  // namespace

void AddReportCommand(CLI::App& app, int* exit_code) {
  CLI::App* command = app.add_subcommand("report", "what a store of windows holds");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--sqlite", flags->stores, "the store")->allow_extra_args(false);
  AddStoredFlags(command, &flags->stored);
  AddOutputs(command, flags.get());
  command->require_subcommand(0, 1);

  CLI::App* merge = command->add_subcommand(
      "merge", "one report over the stores or JSON reports of several sites");
  const auto merge_flags = std::make_shared<Flags>();
  merge->add_option("INPUT", merge_flags->stores, "stores or JSON reports, two or more")
      ->required()
      ->expected(2, 1000);
  AddStoredFlags(merge, &merge_flags->stored);
  AddOutputs(merge, merge_flags.get());
  merge->callback([merge_flags, exit_code] { *exit_code = Run(*merge_flags); });

  CLI::App* compare = command->add_subcommand(
      "compare",
      "what changed between two stores or JSON reports, by location, category and verdict");
  const auto compare_flags = std::make_shared<Flags>();
  compare->add_option("INPUT", compare_flags->stores, "two stores or JSON reports")
      ->required()
      ->expected(2);
  AddStoredFlags(compare, &compare_flags->stored);
  compare->add_option("--json", compare_flags->outputs.json,
                      "write the comparison to FILE (- for standard output)");
  compare->add_option("--csv", compare_flags->outputs.csv, "write every row of it to FILE");
  compare
      ->add_option("--policy", compare_flags->stored.policies,
                   "pack, or a file that holds one; those of both, unless said")
      ->allow_extra_args(false);
  AddListFlags(compare, &compare_flags->stored.lists);
  compare->callback([compare_flags, exit_code] { *exit_code = Compare(*compare_flags); });

  command->callback([command, flags, exit_code] {
    if (!command->get_subcommands().empty()) return;
    if (flags->stores.empty()) {
      *exit_code = Fail(absl::InvalidArgumentError(
                            "no store: name one with --sqlite; 'borderflow replay --sqlite FILE' "
                            "or 'borderflow live --sqlite FILE' makes it"),
                        kExitUsage);
      return;
    }
    *exit_code = Run(*flags);
  });
}

}  // namespace borderflow
