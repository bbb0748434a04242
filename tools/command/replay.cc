#include "tools/command/replay.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dataplane/replay.h"
#include "rules/digest/sha256.h"
#include "tools/account/account.h"
#include "tools/account/exports.h"
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

// The digest names exactly what was counted. It is computed only for a report that shows it, or a
// store that tells a second replay by it, because it costs as much as the replay itself.
std::vector<CaptureStatement> StateCaptures(const ReplayFlags& flags) {
  std::vector<CaptureStatement> statements;
  for (const std::string& path : flags.captures) {
    std::string digest;
    const bool wanted = !flags.account.json.empty() || !flags.account.sqlite.empty() ||
                        !flags.account.report.empty();
    if (wanted && path != "-") {
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

// The windows of a replay on their way to the store. The last one is held back, because only the
// end tells whether a capture is damaged.
class ReplayedWindows {
 public:
  // `statement`: a report without counts.
  static absl::StatusOr<std::unique_ptr<ReplayedWindows>> Open(const AccountFlags& flags,
                                                               const Report& statement) {
    absl::StatusOr<std::unique_ptr<WindowWriter>> writer =
        WindowWriter::Open(flags.sqlite, statement.sensor, statement.parameters.window_seconds,
                           WindowWriter::Numbers::kFromZero);
    if (!writer.ok()) return writer.status();
    auto windows = std::make_unique<ReplayedWindows>();
    windows->writer_ = *std::move(writer);
    windows->writer_->State(statement);
    return windows;
  }

  void Take(const CountedWindow& counted) {
    if (held_.has_value()) writer_->Write(*std::move(held_)).IgnoreError();  // Finish tells
    constexpr uint64_t kNsPerSecond = 1'000'000'000;
    held_.emplace();
    held_->begin = counted.begin_ns / kNsPerSecond;
    held_->counts = counted.counts;
  }

  absl::Status Finish(const std::vector<DamageStatement>& damaged) {
    if (held_.has_value()) {
      held_->damaged = damaged;
      writer_->Write(*std::move(held_)).IgnoreError();  // Finish tells
    }
    return writer_->Finish();
  }
  const WindowWriter& writer() const { return *writer_; }

 private:
  std::unique_ptr<WindowWriter> writer_;
  std::optional<Window> held_;
};

// The same captures are the same run whenever, and with whatever options, they are replayed; others
// are not, even where they begin at the same time.
uint64_t RunOf(const DecodeTotals& decode) {
  const std::string held = absl::StrCat(decode.captured.frames, " ", decode.captured.bytes, " ",
                                        decode.first_time_ns, " ", decode.last_time_ns);
  return std::stoull(Sha256Hex(held).substr(0, 16), nullptr, 16);
}

int Run(const ReplayFlags& flags) {
  if (std::count(flags.captures.begin(), flags.captures.end(), "-") > 1) {
    return Fail(absl::InvalidArgumentError("standard input (-) can be read only once"), kExitUsage);
  }
  const absl::StatusOr<AccountPlan> plan = Plan(flags.account);
  if (!plan.ok()) return Fail(plan.status(), kExitUsage);
  if (absl::Status s = CheckOutputs(flags.account); !s.ok()) return Fail(s, kExitUsage);
  absl::StatusOr<ExportPlan> export_plan = PlanExports(flags.exports, flags.account.sensor);
  if (!export_plan.ok()) return Fail(export_plan.status(), kExitUsage);
  const absl::StatusOr<Geography> geography = Geography::Load(plan->geography);
  if (!geography.ok()) return Fail(geography.status(), kExitUsage);
  absl::StatusOr<std::unique_ptr<FrameSource>> source = OpenCaptures(flags.captures);
  if (!source.ok()) return Fail(source.status(), kExitUsage);

  absl::StatusOr<std::unique_ptr<Exports>> exports = Exports::Start(*std::move(export_plan));
  if (!exports.ok()) return Fail(exports.status(), kExitUsage);
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
  std::unique_ptr<ReplayedWindows> windows;
  if (!flags.account.sqlite.empty()) {
    statement.sensor = ReplaySensor(flags.account.sensor, statement);
    absl::StatusOr<std::unique_ptr<ReplayedWindows>> opened =
        ReplayedWindows::Open(flags.account, statement);
    if (!opened.ok()) return Fail(opened.status(), kExitUsage);
    windows = *std::move(opened);
  }
  if (windows != nullptr || drawn) {
    options.on_window = [&](const CountedWindow& window) {
      if (drawn) timeline.Add(window.begin_ns / kNsPerSecond, window.counts.cells, plan->zones);
      if (windows != nullptr) windows->Take(window);
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
  Report report = WithCounts(*plan, std::move(statement), std::move(snapshot));
  for (const Damage& damage : (*source)->damaged()) {
    report.damaged.push_back({damage.file, damage.offset, damage.reason});
  }
  const absl::Status stored =
      windows != nullptr ? windows->Finish(report.damaged) : absl::OkStatus();
  if (!stored.ok()) Fail(stored, kExitRuntime);
  if (windows != nullptr && windows->writer().already_there() > 0 && !flags.account.quiet) {
    absl::FPrintF(stderr, "%s: %d windows were there already, %d are new\n", flags.account.sqlite,
                  windows->writer().already_there(), windows->writer().stored());
  }
  (*exports)->Offer(report, plan->packs, RunOf(report.snapshot.decode));
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
  command->add_flag("--names", flags->account.names, "list the names that were seen");
  command->add_option("--place", flags->account.place,
                      "LATITUDE,LONGITUDE of the sensor: hold round trips against locations");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
