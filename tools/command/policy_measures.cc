#include "tools/command/policy_measures.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/report/decided_pack.h"
#include "collectors/report/policy_cells.h"
#include "rules/measures/catalogue.h"
#include "rules/measures/statement.h"
#include "rules/policy/pack.h"
#include "tools/command/geo_text.h"
#include "tools/command/policy_input.h"
#include "tools/command/policy_measures_output.h"

namespace borderflow {
namespace {

struct MeasuresOptions {
  PolicySource source;
  std::string baseline;
  std::string baseline_from;
  std::string baseline_to;
  std::string json;
  std::vector<std::string> packs = {"data-allies"};
  std::vector<double> levels;
  std::string levels_source;
  size_t subjects = 3;
  bool list = false;
  bool markdown = false;
};

constexpr double kNanosecondsPerSecond = 1e9;

double SecondsOf(const StoredReport& report) {
  return static_cast<double>(report.last_time_ns - report.first_time_ns) / kNanosecondsPerSecond;
}

absl::StatusOr<std::optional<ThresholdLevels>> LevelsOf(const MeasuresOptions& options) {
  if (options.levels.empty() && options.levels_source.empty()) return std::nullopt;
  if (options.levels.size() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("--levels has ", options.levels.size(),
                                                   " numbers; expected three, for reach, access "
                                                   "and dependence, such as --levels 0.2,0.2,0.2"));
  }
  for (const double level : options.levels) {
    if (!(level >= 0 && level <= 1)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--levels: ", level, " is no share; expected 0 to 1"));
    }
  }
  if (options.levels_source.empty()) {
    return absl::InvalidArgumentError(
        "--levels without --levels-source: a threshold without provenance is an opinion; say who "
        "set it and where it is written");
  }
  return ThresholdLevels{options.levels[0], options.levels[1], options.levels[2],
                         options.levels_source};
}

// Measures add up counters of cells, and sums that wrap would be wrong without a sign of it.
absl::StatusOr<StoredReport> ReadSummable(const PolicySource& source, const Lists& lists) {
  const std::string file = source.name();
  absl::StatusOr<StoredReport> report = ReadPolicySource(source, lists);
  if (!report.ok()) return report;
  using Counter = uint64_t PolicyCell::*;
  for (const Counter counter : {&PolicyCell::frames, &PolicyCell::bytes, &PolicyCell::payload_bytes,
                                &PolicyCell::flows, &PolicyCell::clients_high}) {
    uint64_t sum = 0;
    for (const PolicyCell& cell : report->cells) {
      if (__builtin_add_overflow(sum, cell.*counter, &sum)) {
        return absl::InvalidArgumentError(
            absl::StrCat(file,
                         ": the counters of its cells add up to more than 64 bits hold; no "
                         "traffic does that, so the report was damaged or made up"));
      }
    }
  }
  return report;
}

absl::Status Measures(const MeasuresOptions& options) {
  const absl::StatusOr<std::optional<ThresholdLevels>> levels = LevelsOf(options);
  if (!levels.ok()) return levels.status();
  const absl::StatusOr<Lists> lists = LoadLists(options.source.stored.lists);
  if (!lists.ok()) return lists.status();
  std::vector<Pack> packs;
  for (const std::string& name : options.packs) {
    absl::StatusOr<Pack> pack = LoadPack(name, *lists);
    if (!pack.ok()) return pack.status();
    packs.push_back(*std::move(pack));
  }
  const absl::StatusOr<StoredReport> report = ReadSummable(options.source, *lists);
  if (!report.ok()) return report.status();
  std::optional<StoredReport> baseline;
  if (!options.baseline.empty()) {
    PolicySource before;
    before.input = options.baseline;
    before.stored = options.source.stored;
    before.stored.from = options.baseline_from;
    before.stored.to = options.baseline_to;
    absl::StatusOr<StoredReport> earlier = ReadSummable(before, *lists);
    if (!earlier.ok()) return earlier.status();
    baseline = *std::move(earlier);
  }

  std::vector<DecidedPack> decided;
  const std::unique_ptr<const CellsByTime> by_time =
      ReadPolicyTimes(options.source, *report, *lists);
  EvaluateOptions evaluate =
      OptionsOf(report->vantage, report->first_time_ns, report->last_time_ns);
  evaluate.by_time = by_time.get();
  for (const Pack& pack : packs) decided.push_back(DecidePack(pack, report->cells, evaluate));
  StatementInput input;
  input.cells = report->cells;
  input.seconds = SecondsOf(*report);
  input.packs = decided;
  if (baseline.has_value()) input.baseline = baseline->cells;
  const absl::StatusOr<std::vector<PolicyWindow>> windows =
      ReadPolicyWindows(options.source, report->cells);
  if (!windows.ok()) return windows.status();
  std::vector<RateWindow> rates;
  for (const PolicyWindow& window : *windows) {
    rates.push_back({window.seconds, window.cells, window.whole});
  }
  input.windows = rates;
  StatementOptions how;
  how.subjects = options.subjects;
  how.levels = *levels;
  const MeasureStatement statement = StateMeasures(input, lists->groups(), how);

  MeasuredReport about = {options.source.name(), report->command,      report->vantage,
                          report->first_time_ns, report->last_time_ns, {}};
  for (const PolicyCell& cell : report->cells) {
    about.sum += {cell.frames, cell.bytes, cell.flows};
  }
  ForPeople(options.json) << MeasuresAsText(statement, about, *levels);
  if (options.json.empty()) return absl::OkStatus();
  return WriteJson(MeasuresAsJson(statement, about, *levels), options.json);
}

}  // namespace

void AddPolicyMeasures(CLI::App& policy, int* exit_code) {
  auto options = std::make_shared<MeasuresOptions>();
  CLI::App* measures = policy.add_subcommand(
      "measures",
      "Exposure and cost of what a report holds, side by side; dependence, balance, "
      "concentration, four questions");
  AddPolicySource(measures, &options->source);
  measures->add_option("--baseline", options->baseline,
                       "An earlier period's report or store: what changed hands since");
  measures->add_option("--baseline-from", options->baseline_from,
                       "With a store as baseline: from this time on, as --from");
  measures->add_option("--baseline-to", options->baseline_to, "Up to this time");
  measures
      ->add_option("--policy", options->packs,
                   "A pack by id or file, whose rules' cost is stated; again for more")
      ->allow_extra_args(false)
      ->capture_default_str();
  measures
      ->add_option(
          "--levels", options->levels,
          "Reach, access and dependence from which on an organisation is called a concern; "
          "there is no default")
      ->delimiter(',')
      ->allow_extra_args(false);
  measures->add_option("--levels-source", options->levels_source,
                       "Who set the levels, and where that is written");
  measures
      ->add_option("--subjects", options->subjects,
                   "How many jurisdictions and pairs to ask about, by bytes")
      ->capture_default_str()
      ->check(CLI::Range(1, 250));
  measures->add_option("--json", options->json, "Write JSON to a file ('-': standard output)");
  CLI::Option* list = measures->add_flag("--list", options->list,
                                         "Every measure with question, formula and source");
  measures->add_flag("--markdown", options->markdown, "With --list: as a table for a document")
      ->needs(list);
  measures->callback([options, exit_code] {
    if (options->list) {
      std::cout << (options->markdown ? CatalogueAsMarkdown() : CatalogueAsText());
      *exit_code = kExitDone;
      return;
    }
    const absl::Status status = Measures(*options);
    *exit_code = status.ok() ? kExitDone : Fail(status);
  });
}

}  // namespace borderflow
