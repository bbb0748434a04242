#include "tools/command/replay.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "dataplane/replay.h"
#include "rules/digest/sha256.h"
#include "rules/policy/pack.h"
#include "tools/account/account.h"
#include "tools/account/exports.h"
#include "tools/account/located_twice.h"
#include "tools/account/options.h"
#include "tools/account/report_file.h"
#include "tools/account/window_writer.h"
#include "tools/command/exit_codes.h"
#include "tools/command/progress.h"

namespace borderflow {
namespace {

struct ReplayFlags {
  std::vector<std::string> captures;
  AccountFlags account;
  ExportFlags exports;
};

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow replay: %s\n", std::string(status.message()));
  return exit_code;
}

// Whether anything is written that names captures by their digests.
bool StatesCaptures(const ReplayFlags& flags) {
  return !flags.account.json.empty() || !flags.account.sqlite.empty() ||
         !flags.account.report.empty() || !flags.exports.clickhouse.empty();
}

// The digest names exactly what was counted. It is computed only for a report that shows it, or a
// store that tells a second replay by it, because it costs as much as the replay itself.
std::vector<CaptureStatement> StateCaptures(const ReplayFlags& flags) {
  std::vector<CaptureStatement> statements;
  for (const std::string& path : flags.captures) {
    std::string digest;
    if (StatesCaptures(flags) && path != "-") {
      const absl::StatusOr<std::string> computed = Sha256OfFile(path);
      if (computed.ok()) digest = *computed;
    }
    statements.push_back({path, std::move(digest)});
  }
  return statements;
}

std::string Command(const ReplayFlags& flags, const AccountPlan& plan) {
  std::string command = "borderflow replay" + FlagsText(flags.account, plan);
  for (const std::string& capture : flags.captures) absl::StrAppend(&command, " ", capture);
  return command;
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

// The windows of a replay on their way to store and exporters. The last one is held back, because
// only the end tells whether a capture is damaged. A replay waits for whoever takes windows slowly:
// captures do not run away.
class ReplayedWindows {
 public:
  // `statement`: a report without counts. `exports` and `packs` must outlive this.
  ReplayedWindows(const Report& statement, absl::Span<const Pack> packs, Exports* exports)
      : statement_(statement), packs_(packs), exports_(exports), run_(RunOf(statement.captures)) {}

  absl::Status OpenStore(const AccountFlags& flags, const Retention& retention) {
    absl::StatusOr<std::unique_ptr<WindowWriter>> writer = WindowWriter::Open(
        {flags.sqlite, statement_.sensor, width(), WindowWriter::Numbers::kFromZero, retention});
    if (!writer.ok()) return writer.status();
    writer_ = *std::move(writer);
    writer_->State(statement_);
    return absl::OkStatus();
  }

  void Take(const CountedWindow& counted) {
    GiveHeld();
    held_.emplace();
    held_->begin = counted.begin_ns / kNsPerSecond;
    held_->counts = counted.counts;
  }

  // `all` is exported as one window where there are no others.
  absl::Status Finish(const Report& all) {
    if (held_.has_value()) held_->damaged = all.damaged;
    GiveHeld();
    if (width() == 0 && exports_->any()) {
      Window window;
      window.counts = all.snapshot;
      exports_->OfferPatiently(std::move(window), statement_, packs_, run_);
    }
    return writer_ == nullptr ? absl::OkStatus() : writer_->Finish();
  }
  // nullptr without --sqlite.
  const WindowWriter* writer() const { return writer_.get(); }

 private:
  static constexpr uint64_t kNsPerSecond = 1'000'000'000;

  uint64_t width() const { return statement_.parameters.window_seconds; }

  void GiveHeld() {
    if (!held_.has_value()) return;
    if (exports_->any()) {
      Window window = *held_;
      window.width = width();
      exports_->OfferPatiently(std::move(window), statement_, packs_, run_);
    }
    if (writer_ != nullptr) writer_->OfferPatiently(*std::move(held_));
    held_.reset();
  }

  const Report statement_;
  const absl::Span<const Pack> packs_;
  Exports* const exports_;
  const uint64_t run_;
  std::unique_ptr<WindowWriter> writer_;
  std::optional<Window> held_;
};

int Run(const ReplayFlags& flags) {
  if (std::count(flags.captures.begin(), flags.captures.end(), "-") > 1) {
    return Fail(absl::InvalidArgumentError("standard input (-) can be read only once"), kExitUsage);
  }
  const absl::StatusOr<AccountPlan> plan = Plan(flags.account);
  if (!plan.ok()) return Fail(plan.status(), kExitUsage);
  if (absl::Status s = CheckOutputs(flags.account); !s.ok()) return Fail(s, kExitUsage);
  absl::StatusOr<ExportPlan> export_plan = PlanExports(flags.exports, flags.account.sensor);
  if (!export_plan.ok()) return Fail(export_plan.status(), kExitUsage);
  GeographyOptions sources = plan->geography;
  sources.digests = StatesCaptures(flags) || flags.exports.any();
  const absl::StatusOr<Geography> geography = Geography::Load(sources);
  if (!geography.ok()) return Fail(geography.status(), kExitUsage);
  absl::StatusOr<std::unique_ptr<FrameSource>> source = OpenCaptures(flags.captures);
  if (!source.ok()) return Fail(source.status(), kExitUsage);

  absl::StatusOr<std::unique_ptr<Exports>> exports = Exports::Start(*std::move(export_plan));
  if (!exports.ok()) return Fail(exports.status(), kExitUsage);
  if ((*exports)->any() && flags.exports.min_cell <= 1) {
    absl::FPrintF(stderr, "borderflow replay: %s\n", kUnsuppressedExports);
  }
  // All that the report states but for its counts.
  Report statement = MakeReport(*plan, *geography, Command(flags, *plan), Snapshot{});
  statement.captures = StateCaptures(flags);
  ReplayOptions options;
  options.workers = flags.account.workers;
  options.front = plan->front;
  options.worker = plan->worker;
  constexpr uint64_t kNsPerSecond = 1'000'000'000;
  options.window_ns = plan->parameters.window_seconds * kNsPerSecond;
  Timeline timeline = WithoutWindows();
  const bool drawn = !flags.account.report.empty() && options.window_ns > 0;
  if (drawn) timeline = Timeline(plan->parameters.window_seconds);
  if (!flags.account.sqlite.empty()) {
    statement.sensor = ReplaySensor(flags.account.sensor, statement);
  }
  ReplayedWindows windows(statement, plan->packs, exports->get());
  if (!flags.account.sqlite.empty()) {
    const absl::Status opened = windows.OpenStore(flags.account, plan->retention);
    if (!opened.ok()) return Fail(opened, kExitUsage);
  }
  const bool wanted = windows.writer() != nullptr || (*exports)->any();
  if ((wanted || drawn) && options.window_ns > 0) {
    options.on_window = [&](const CountedWindow& counted) {
      CountedWindow window = counted;
      KeepFirst(*geography, &window.counts);
      if (drawn) timeline.Add(window.begin_ns / kNsPerSecond, window.counts.cells, plan->zones);
      if (wanted) windows.Take(window);
    };
  }
  Snapshot snapshot;
  absl::Status replayed;
  {
    Progress progress(!flags.account.quiet);
    replayed = Replay(
        source->get(), geography->map(), *plan->rules, options,
        [&progress](const FrameSource& from, uint64_t frames) {
          progress.Show(from.bytes_read(), from.bytes_total(), frames);
        },
        &snapshot);
  }
  if (!replayed.ok()) Fail(replayed, kExitRuntime);
  Report report = WithCounts(*plan, *geography, std::move(statement), std::move(snapshot));
  for (const Damage& damage : (*source)->damaged()) {
    report.damaged.push_back({damage.file, damage.offset, damage.reason});
  }
  const absl::Status stored = windows.Finish(report);
  if (!stored.ok()) Fail(stored, kExitRuntime);
  const WindowWriter* writer = windows.writer();
  if (writer != nullptr && writer->already_there() > 0 && !flags.account.quiet) {
    absl::FPrintF(stderr, "%s: %d windows were there already, %d are new\n", flags.account.sqlite,
                  writer->already_there(), writer->stored());
  }
  absl::Status written = WriteOutputs(flags.account, report);
  written.Update(WriteReportFile(flags.account, report, plan->packs, timeline, "replay"));
  if (!written.ok()) return Fail(written, kExitRuntime);
  const absl::Status exported = (*exports)->Finish(
      [](const std::string& note) { absl::FPrintF(stderr, "borderflow replay: %s\n", note); });
  if (!exported.ok()) return Fail(exported, kExitRuntime);
  if (!replayed.ok() || !stored.ok()) return kExitRuntime;
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
  command
      ->add_option("CAPTURE", flags->captures,
                   "pcap or pcapng, plain, .gz or .zst; - for standard input; several are "
                   "merged in time order")
      ->required();
  AddAccountFlags(command, &flags->account);
  AddReportFlag(command, &flags->account);
  AddWindowFlags(command, &flags->account);
  AddExportFlags(command, &flags->exports);
  command
      ->add_option("--min-cell", flags->exports.min_cell,
                   "clients and flows that an exported cell needs; 1: unsuppressed")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000}))
      ->capture_default_str();
  command->add_flag("--names", flags->account.names, "list the names that were seen");
  command->add_option("--place", flags->account.place,
                      "LATITUDE,LONGITUDE of the sensor: hold round trips against locations");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
