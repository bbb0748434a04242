#include "tools/account/account.h"

#include <utility>

#include "collectors/export/rows.h"
#include "collectors/export/table.h"
#include "collectors/report/json_report.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/report_rows.h"
#include "collectors/report/summary.h"
#include "tools/account/located_twice.h"
#include "tools/account/output_file.h"
#include "tools/account/version.h"

namespace borderflow {
GeoStatement ToStatement(const GeoFile& file) {
  return {file.path,       file.type,     std::string(Name(file.basis)),
          file.build_time, file.sha256,   file.description,
          file.ranges,     file.odd_codes};
}

Report MakeReport(const AccountPlan& plan, const Geography& geography, std::string command,
                  Snapshot snapshot) {
  Report report;
  report.version = kVersion;
  report.build = kBuild;
  report.command = std::move(command);
  report.groups_digest = plan.lists.groups_digest();
  report.entities_digest = plan.lists.entities().digest();
  report.rules_digest = plan.rules->digest();
  report.parameters = plan.parameters;
  for (const GeoFile& file : geography.files()) report.geo.push_back(ToStatement(file));
  for (const GeoFile& file : geography.other_files()) {
    report.other_geo.push_back(ToStatement(file));
  }
  report.has_as_numbers = geography.has_as_numbers();
  report.has_registered = geography.has_registered();
  return WithCounts(plan, geography, std::move(report), std::move(snapshot));
}

Report WithCounts(const AccountPlan& plan, const Geography& geography, Report report,
                  Snapshot snapshot) {
  report.snapshot = std::move(snapshot);
  CellsTwice twice;
  if (geography.paired()) {
    twice = TellTwice(report.snapshot.cells, geography);
    report.snapshot.cells = twice.first;
    SortAndFold(&report.snapshot.cells);
  }
  report.zones = plan.zones;
  report.entities = plan.lists.shared_entities();
  report.policies.clear();
  report.sums = SumUp(report.snapshot.cells, report.zones);
  const std::vector<PolicyCell> cells = ToPolicyCells(report.snapshot.cells, plan.lists.entities());
  const DecodeTotals& decode = report.snapshot.decode;
  const EvaluateOptions options =
      OptionsOf(plan.parameters.vantage, decode.first_time_ns, decode.last_time_ns);
  for (const Pack& pack : plan.packs) {
    report.policies.push_back(Evaluate(pack, cells, options));
    report.pack_digests[pack.id] = pack.digest;
  }
  report.geo_choice.reset();
  if (geography.paired()) {
    report.geo_choice = CompareLocated(twice.first, twice.second, report.zones, plan.packs, options,
                                       plan.lists.entities());
  }
  return report;
}

absl::Status CheckOutputs(const AccountFlags& flags) {
  for (const std::string& path : {flags.json, flags.csv, flags.ndjson, flags.report}) {
    if (absl::Status s = CheckOutput(path); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status WriteOutputs(const AccountFlags& flags, const Report& report) {
  absl::Status status;
  if (!flags.json.empty()) status.Update(WriteOutput(flags.json, ToJson(report)));
  if (!flags.csv.empty() || !flags.ndjson.empty()) {
    const std::vector<CellRow> rows = RowsOf(report);
    if (!flags.csv.empty()) status.Update(WriteOutput(flags.csv, ToCsv(rows)));
    if (!flags.ndjson.empty()) status.Update(WriteOutput(flags.ndjson, ToNdjson(rows)));
  }
  const bool taken =
      flags.json == "-" || flags.csv == "-" || flags.ndjson == "-" || flags.report == "-";
  if (!flags.quiet && !taken) status.Update(WriteOutput("-", ToSummary(report)));
  return status;
}

}  // namespace borderflow
