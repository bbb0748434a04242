#include "tools/command/replay.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collectors/export/rows.h"
#include "collectors/export/table.h"
#include "collectors/report/json_report.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/report.h"
#include "collectors/report/summary.h"
#include "rules/category/names.h"
#include "rules/digest/sha256.h"
#include "tools/command/exit_codes.h"
#include "tools/command/output_file.h"
#include "tools/command/progress.h"
#include "tools/command/replay_options.h"
#include "tools/command/version.h"

namespace borderflow {
namespace {

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow replay: %s\n", std::string(status.message()));
  return exit_code;
}

GeoStatement ToStatement(const GeoFile& file) {
  return {file.path,       file.type,     std::string(Name(file.basis)),
          file.build_time, file.sha256,   file.description,
          file.ranges,     file.odd_codes};
}

// The digest names exactly what was counted. It is computed only for a report that shows it,
// because it costs as much as the replay itself.
std::vector<CaptureStatement> StateCaptures(const ReplayFlags& flags) {
  std::vector<CaptureStatement> statements;
  for (const std::string& path : flags.captures) {
    std::string digest;
    if (!flags.json.empty() && path != "-") {
      const absl::StatusOr<std::string> computed = Sha256OfFile(path);
      if (computed.ok()) digest = *computed;
    }
    statements.push_back({path, std::move(digest)});
  }
  return statements;
}

Report MakeReport(const ReplayFlags& flags, const ReplayPlan& plan, const Geography& geography,
                  const FrameSource& source, Snapshot snapshot) {
  Report report;
  report.version = kVersion;
  report.build = kBuild;
  report.command = Command(flags, plan);
  report.groups_digest = Groups::BuiltIn().digest();
  report.rules_digest = NameRules::BuiltIn().digest();
  report.parameters = plan.parameters;
  for (const GeoFile& file : geography.files()) report.geo.push_back(ToStatement(file));
  report.has_as_numbers = geography.has_as_numbers();
  report.has_registered = geography.has_registered();
  report.captures = StateCaptures(flags);
  for (const Damage& damage : source.damaged()) {
    report.damaged.push_back({damage.file, damage.offset, damage.reason});
  }
  report.snapshot = std::move(snapshot);
  report.zones = plan.zones;
  report.sums = SumUp(report.snapshot.cells, report.zones);
  const std::vector<PolicyCell> cells = ToPolicyCells(report.snapshot.cells);
  for (const Pack& pack : plan.packs) {
    report.policies.push_back(Evaluate(pack, cells));
    report.pack_digests[pack.id] = pack.digest;
  }
  return report;
}

absl::Status WriteOutputs(const ReplayFlags& flags, const Report& report) {
  if (!flags.json.empty()) {
    if (absl::Status s = WriteOutput(flags.json, ToJson(report)); !s.ok()) return s;
  }
  if (flags.csv.empty() && flags.ndjson.empty()) return absl::OkStatus();
  const std::vector<CellRow> rows = Rows(report.snapshot.cells);
  if (!flags.csv.empty()) {
    if (absl::Status s = WriteOutput(flags.csv, ToCsv(rows)); !s.ok()) return s;
  }
  return flags.ndjson.empty() ? absl::OkStatus() : WriteOutput(flags.ndjson, ToNdjson(rows));
}

// An error when not one frame could be read for its link type: an empty report would look like an
// empty network.
absl::Status CheckLinks(const DecodeTotals& decode) {
  uint64_t unknown = 0;
  std::string names;
  for (const auto& [link, frames] : decode.unknown_links) {
    unknown += frames;
    absl::StrAppend(&names, names.empty() ? "" : ", ", std::string(LinkTypeName(link)));
  }
  if (unknown == 0 || unknown < decode.captured.frames) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("nothing readable: all ", unknown, " frames have the link type ", names,
                   ", which borderflow does not know; capture on the Ethernet or IP side"));
}

bool WritesToStandardOutput(const ReplayFlags& flags) {
  return flags.json == "-" || flags.csv == "-" || flags.ndjson == "-";
}

int Run(const ReplayFlags& flags) {
  const absl::StatusOr<ReplayPlan> plan = Plan(flags);
  if (!plan.ok()) return Fail(plan.status(), kExitUsage);
  for (const std::string& path : {flags.json, flags.csv, flags.ndjson}) {
    if (absl::Status s = CheckOutput(path); !s.ok()) return Fail(s, kExitUsage);
  }
  const absl::StatusOr<Geography> geography = Geography::Load(plan->geography);
  if (!geography.ok()) return Fail(geography.status(), kExitUsage);
  absl::StatusOr<std::unique_ptr<FrameSource>> source = OpenCaptures(flags.captures);
  if (!source.ok()) return Fail(source.status(), kExitUsage);

  Snapshot snapshot;
  absl::Status replayed;
  {
    Progress progress(!flags.quiet);
    replayed = Replay(
        source->get(), geography->map(), NameRules::BuiltIn(), plan->replay,
        [&progress](const FrameSource& from, uint64_t frames) {
          progress.Show(from.bytes_read(), from.bytes_total(), frames);
        },
        &snapshot);
  }
  if (!replayed.ok()) Fail(replayed, kExitRuntime);
  const Report report = MakeReport(flags, *plan, *geography, **source, std::move(snapshot));
  const absl::Status written = WriteOutputs(flags, report);
  if (!flags.quiet && !WritesToStandardOutput(flags)) {
    if (absl::Status s = WriteOutput("-", ToSummary(report)); !s.ok()) Fail(s, kExitRuntime);
  }
  if (!written.ok()) return Fail(written, kExitRuntime);
  if (!replayed.ok()) return kExitRuntime;
  if (absl::Status s = CheckLinks(report.snapshot.decode); !s.ok()) return Fail(s, kExitUsage);
  for (const DamageStatement& damage : report.damaged) {
    Fail(absl::DataLossError(absl::StrCat(damage.file, ": damaged at byte ", damage.offset, ": ",
                                          damage.reason, "; everything before it was counted")),
         kExitDamaged);
  }
  return report.damaged.empty() ? kExitDone : kExitDamaged;
}

}  // namespace

void AddReplayCommand(CLI::App& app, int* exit_code) {
  CLI::App* command =
      app.add_subcommand("replay", "count captures and report what crosses borders");
  const auto flags = std::make_shared<ReplayFlags>();
  AddReplayFlags(command, flags.get());
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
