#include "tools/command/replay.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dataplane/replay.h"
#include "rules/category/names.h"
#include "rules/digest/sha256.h"
#include "tools/account/account.h"
#include "tools/account/exports.h"
#include "tools/account/options.h"
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

// The digest names exactly what was counted. It is computed only for a report that shows it,
// because it costs as much as the replay itself.
std::vector<CaptureStatement> StateCaptures(const ReplayFlags& flags) {
  std::vector<CaptureStatement> statements;
  for (const std::string& path : flags.captures) {
    std::string digest;
    if (!flags.account.json.empty() && path != "-") {
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
  absl::StatusOr<ExportPlan> export_plan = PlanExports(flags.exports);
  if (!export_plan.ok()) return Fail(export_plan.status(), kExitUsage);
  const absl::StatusOr<Geography> geography = Geography::Load(plan->geography);
  if (!geography.ok()) return Fail(geography.status(), kExitUsage);
  absl::StatusOr<std::unique_ptr<FrameSource>> source = OpenCaptures(flags.captures);
  if (!source.ok()) return Fail(source.status(), kExitUsage);

  absl::StatusOr<std::unique_ptr<Exports>> exports = Exports::Start(*std::move(export_plan));
  if (!exports.ok()) return Fail(exports.status(), kExitUsage);
  const ReplayOptions options = {flags.account.workers, plan->front, plan->worker};
  Snapshot snapshot;
  absl::Status replayed;
  {
    Progress progress(!flags.account.quiet);
    replayed = Replay(
        source->get(), geography->map(), NameRules::BuiltIn(), options,
        [&progress](const FrameSource& from, uint64_t frames) {
          progress.Show(from.bytes_read(), from.bytes_total(), frames);
        },
        &snapshot);
  }
  if (!replayed.ok()) Fail(replayed, kExitRuntime);
  Report report = MakeReport(*plan, *geography, Command(flags, *plan), std::move(snapshot));
  report.captures = StateCaptures(flags);
  for (const Damage& damage : (*source)->damaged()) {
    report.damaged.push_back({damage.file, damage.offset, damage.reason});
  }
  (*exports)->Offer(report, plan->packs, RunOf(report.snapshot.decode));
  if (absl::Status s = WriteOutputs(flags.account, report); !s.ok()) return Fail(s, kExitRuntime);
  const absl::Status exported = (*exports)->Finish(
      [](const std::string& note) { absl::FPrintF(stderr, "borderflow replay: %s\n", note); });
  if (!exported.ok()) return Fail(exported, kExitRuntime);
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
  command
      ->add_option("CAPTURE", flags->captures,
                   "pcap or pcapng, plain, .gz or .zst; - for standard input; several are "
                   "merged in time order")
      ->required();
  AddAccountFlags(command, &flags->account);
  AddExportFlags(command, &flags->exports);
  command->add_flag("--names", flags->account.names, "list the names that were seen");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
