#include "tools/command/live.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dataplane/capture/dpdk/eal.h"
#include "dataplane/capture/dpdk/interface.h"
#include "tools/account/account.h"
#include "tools/account/config_file.h"
#include "tools/account/exports.h"
#include "tools/account/located_twice.h"
#include "tools/account/loss_news.h"
#include "tools/account/report_file.h"
#include "tools/account/window_writer.h"
#include "tools/command/exit_codes.h"
#include "tools/command/live_flags.h"
#include "tools/live/cores.h"
#include "tools/live/live_view.h"
#include "tools/live/live_windows.h"
#include "tools/live/sensor.h"
#include "tools/live/watched_files.h"

namespace borderflow {
namespace {

using Clock = std::chrono::steady_clock;

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow live: %s\n", std::string(status.message()));
  return exit_code;
}

double SecondsSince(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

// Signals wait for the controlling thread, which asks for them; no thread is ever interrupted.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  // The next signal within `seconds`, or 0.
  int Wait(double seconds) const {
    const auto whole = static_cast<time_t>(seconds);
    const timespec timeout = {whole,
                              static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
    const int signal = sigtimedwait(&set_, nullptr, &timeout);
    return signal > 0 ? signal : 0;
  }

 private:
  sigset_t set_;
};

double WallSeconds() { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); }

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof(name) - 1) == 0 && name[0] != '\0' ? name : "sensor";
}

// A run from start to end; what is needed again at its end and for a reload.
class LiveRun {
 public:
  // `serving` nullptr: nothing is released, neither to clients nor to a report file.
  LiveRun(const LiveFlags& flags, AccountPlan plan, ExportPlan export_plan, ConfigPlaces places,
          std::unique_ptr<Serving> serving)
      : flags_(flags),
        plan_(std::move(plan)),
        export_plan_(std::move(export_plan)),
        places_(std::move(places)),
        view_(isatty(STDERR_FILENO) == 1 && !flags.account.quiet, flags.LogFormOf(), plan_.zones),
        watched_(Watched(flags, plan_)),
        serving_(std::move(serving)) {}

  int Run(std::unique_ptr<Geography> geography);

 private:
  static std::vector<std::string> Watched(const LiveFlags& flags, const AccountPlan& plan) {
    std::vector<std::string> paths = plan.geography.databases;
    paths.insert(paths.end(), plan.geography.overrides.begin(), plan.geography.overrides.end());
    const ListFlags& lists = flags.account.lists;
    paths.insert(paths.end(), lists.groups.begin(), lists.groups.end());
    for (const std::string& pack : flags.account.policies) {
      if (std::filesystem::is_regular_file(pack)) paths.push_back(pack);
    }
    return paths;
  }

  // Whether anybody looks at windows as they close.
  bool wants_windows() const {
    return writer_ != nullptr || serving_ != nullptr || exports_->any() || timeline_.width() > 0;
  }
  absl::Status OpenStore();
  Report Statement();
  void CloseWindows();
  void Take(std::vector<Engine::Window> windows, const LiveStatement& live);
  void StateExporters(LiveStatement* live) const;
  void TellLosses();
  void Watch(const Signals& signals);
  void Tell();
  void Publish(const Snapshot& snapshot, const LiveStatement& live, Clock::time_point began);
  void RenewReport(const Snapshot& snapshot, const LiveStatement& live);
  absl::Status WriteLastReport(const Report& report);
  void TellLinks(const LiveStatement& live);
  void Reload();

  const LiveFlags& flags_;
  AccountPlan plan_;
  ExportPlan export_plan_;
  ConfigPlaces places_;
  LiveView view_;
  WatchedFiles watched_;
  std::unique_ptr<Serving> serving_;
  std::unique_ptr<Sensor> sensor_;
  // Of databases that were in use before a reload: the report names every one.
  std::vector<GeoFile> earlier_;
  std::set<std::string> links_down_;  // devices, as last told
  Clock::time_point told_ = Clock::now();
  Clock::time_point last_frame_ = Clock::now();
  Clock::time_point published_ = Clock::now();
  Clock::time_point reported_ = Clock::now();
  Timeline timeline_ = WithoutWindows();
  uint64_t frames_ = 0;
  std::optional<LiveWindows> windows_;
  std::unique_ptr<WindowWriter> writer_;  // null without --sqlite
  std::unique_ptr<Exports> exports_;
  uint64_t run_ = 0;  // its start, ns since 1970
  Report statement_;  // what windows state from now on
  LossNews store_news_;
  std::map<std::string, uint64_t> dropped_;  // as of the last window that closed
};

int LiveRun::Run(std::unique_ptr<Geography> geography) {
  const std::vector<int> cores = AllowedCores();
  const Signals signals;
  const std::vector<std::string> arguments =
      EalArguments(flags_.eal, flags_.ports, FreeHugepageBytes());
  if (absl::Status s = StartEal(arguments); !s.ok()) return Fail(s, kExitUsage);
  RunOn(cores);  // DPDK bound this thread to one core, and the workers' would inherit that
  absl::StatusOr<std::unique_ptr<Sensor>> sensor =
      Sensor::Open(flags_.Sensor(), plan_, std::move(geography));
  if (!sensor.ok()) {
    StopEal();
    return Fail(Located(sensor.status(), places_), kExitUsage);
  }
  sensor_ = *std::move(sensor);
  if (plan_.parameters.window_seconds > 0) {
    if (absl::Status s = OpenStore(); !s.ok()) {
      sensor_.reset();
      StopEal();
      return Fail(s, kExitUsage);
    }
  }
  if (!flags_.account.quiet) {
    for (const PortStatement& port : sensor_->Statement().ports) {
      view_.Log(absl::StrCat("port ", port.device, " (", port.driver, "), link ",
                             port.link_up ? "up" : "down"));
      for (const std::string& note : port.notes) view_.Log(note);
    }
  }
  if (serving_ != nullptr) {
    if (absl::Status s = serving_->Start(); !s.ok()) {
      sensor_.reset();
      StopEal();
      return Fail(Located(s, places_), kExitUsage);
    }
    // Said even with --quiet: a port that was left to the system is known from here only.
    for (const std::string& note : serving_->Notes()) view_.Log(note);
  }
  absl::StatusOr<std::unique_ptr<Exports>> exports = Exports::Start(export_plan_);
  if (!exports.ok()) {
    sensor_.reset();
    StopEal();
    return Fail(Located(exports.status(), places_), kExitUsage);
  }
  exports_ = *std::move(exports);
  if (exports_->any() && export_plan_.min_cell <= 1) view_.Log(kUnsuppressedExports);
  statement_ = Statement();
  run_ = static_cast<uint64_t>(
      std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count());
  sensor_->Start();
  Watch(signals);
  if (serving_ != nullptr) serving_->Stop();

  Sensor::Outcome outcome = sensor_->Stop();
  Take(std::move(outcome.windows), outcome.live);
  Report report = Statement();
  report = WithCounts(plan_, sensor_->geography(), std::move(report), std::move(outcome.snapshot));
  report.live = std::move(outcome.live);
  const absl::Status stored = writer_ == nullptr ? absl::OkStatus() : writer_->Finish();
  if (!stored.ok()) Fail(stored, kExitRuntime);
  // Before the report, which states what every receiver has and has not.
  const absl::Status exported =
      exports_->Finish([this](const std::string& note) { view_.Log(note); });
  StateExporters(&*report.live);
  absl::Status written = WriteOutputs(flags_.account, report);
  written.Update(WriteLastReport(report));
  written.Update(exported);
  if (!written.ok()) Fail(written, kExitRuntime);
  sensor_.reset();
  StopEal();
  return stored.ok() && written.ok() ? kExitDone : kExitRuntime;
}

// What the run states beside its counts: every database that was in use.
Report LiveRun::Statement() {
  Report report = MakeReport(plan_, sensor_->geography(), flags_.Command(plan_), Snapshot{});
  report.sensor = flags_.account.sensor;
  if (report.sensor.empty() && writer_ != nullptr) report.sensor = HostName();
  for (const GeoFile& file : earlier_) {
    const bool stated =
        std::any_of(report.geo.begin(), report.geo.end(), [&file](const GeoStatement& other) {
          return other.path == file.path && other.sha256 == file.sha256;
        });
    if (!stated) report.geo.push_back(ToStatement(file));
  }
  return report;
}

absl::Status LiveRun::OpenStore() {
  constexpr uint64_t kNsPerSecond = 1'000'000'000;
  const uint64_t width = plan_.parameters.window_seconds;
  windows_.emplace(width, WallSeconds());
  if (!flags_.account.report.empty() && !flags_.ReportsReleased()) timeline_ = Timeline(width);
  sensor_->OpenWindows(width * kNsPerSecond, windows_->first());
  if (flags_.account.sqlite.empty()) return absl::OkStatus();
  const std::string name = flags_.account.sensor.empty() ? HostName() : flags_.account.sensor;
  absl::StatusOr<std::unique_ptr<WindowWriter>> writer = WindowWriter::Open(
      {flags_.account.sqlite, name, width, WindowWriter::Numbers::kGoOn, plan_.retention});
  if (!writer.ok()) return writer.status();
  writer_ = *std::move(writer);
  writer_->State(Statement());
  return absl::OkStatus();
}

void LiveRun::CloseWindows() {
  if (!windows_.has_value()) return;
  while (const std::optional<uint64_t> next = windows_->Due(WallSeconds())) {
    Take(sensor_->CloseWindows(*next), sensor_->Statement());
  }
  TellLosses();
}

// Losses since the last window count in the first of these.
void LiveRun::Take(std::vector<Engine::Window> windows, const LiveStatement& live) {
  if (!wants_windows()) return;
  for (Engine::Window& closed : windows) {
    Window window;
    window.begin = closed.index * windows_->width();
    window.counts = std::move(closed.counts);
    KeepFirst(sensor_->geography(), &window.counts);
    for (const auto& [reason, frames] : Dropped(live)) {
      uint64_t& before = dropped_[reason];
      if (frames > before) window.dropped[reason] = frames - before;
      before = std::max(before, frames);
    }
    if (window.counts.decode.captured.frames == 0 && window.dropped.empty()) continue;
    window.width = windows_->width();
    if (timeline_.width() > 0) timeline_.Add(window.begin, window.counts.cells, plan_.zones);
    if (serving_ != nullptr) serving_->AddWindow(window, statement_);
    if (exports_->any()) exports_->Offer(window, statement_, plan_.packs, run_);
    if (writer_ != nullptr) writer_->Offer(std::move(window));
  }
}

void LiveRun::StateExporters(LiveStatement* live) const {
  if (writer_ != nullptr) AddExporter(writer_->name(), writer_->Counters(), live);
  exports_->State(live);
}

void LiveRun::TellLosses() {
  for (const std::string& loss : exports_->NewLosses()) view_.Log(loss);
  if (writer_ == nullptr) return;
  const auto news = store_news_.Of(writer_->name(), writer_->Counters(), writer_->FirstError());
  if (news.has_value()) view_.Log(*news);
}

// Until a signal, the end of --duration, or of --until-idle.
void LiveRun::Watch(const Signals& signals) {
  const Clock::time_point start = Clock::now();
  last_frame_ = told_ = start;
  // Often enough to end on time, seldom enough to cost nothing.
  constexpr double kStep = 0.2;
  while (true) {
    const int signal = signals.Wait(kStep);
    if (signal == SIGINT || signal == SIGTERM) break;
    if (signal == SIGHUP) {
      watched_.Accept();
      Reload();
    }
    CloseWindows();
    Tell();
    if (flags_.duration > 0 && SecondsSince(start) >= flags_.duration) break;
    if (flags_.until_idle > 0 && SecondsSince(last_frame_) >= flags_.until_idle) break;
  }
}

void LiveRun::Tell() {
  LiveStatement live = sensor_->Statement();
  StateExporters(&live);
  uint64_t frames = 0;
  for (const LaneStatement& lane : live.lanes) frames += lane.frames;
  if (frames != frames_) last_frame_ = Clock::now();
  frames_ = frames;
  TellLinks(live);
  const double elapsed = SecondsSince(told_);
  const bool show = elapsed >= flags_.every;
  const bool publish = serving_ != nullptr && SecondsSince(published_) >= serving_->every();
  if (!show && !publish) return;
  const Clock::time_point began = Clock::now();
  // Collecting also keeps the clock right and the links watched, so it is done for --quiet as well.
  const Snapshot snapshot = sensor_->Collect();
  if (publish) Publish(snapshot, live, began);
  if (show) RenewReport(snapshot, live);
  if (!show) return;
  told_ = began;
  if (watched_.Changed()) Reload();
  if (!flags_.account.quiet) view_.Show(snapshot, live, elapsed);
}

void LiveRun::Publish(const Snapshot& snapshot, const LiveStatement& live,
                      Clock::time_point began) {
  published_ = began;
  Report report = MakeReport(plan_, sensor_->geography(), flags_.Command(plan_), snapshot);
  report.live = live;
  if (absl::Status s = serving_->Publish(report, plan_.packs, SecondsSince(began)); !s.ok()) {
    view_.Log(absl::StrCat("metric series not remembered: ", std::string(s.message())));
  }
}

absl::Status LiveRun::WriteLastReport(const Report& report) {
  if (!flags_.ReportsReleased()) {
    return WriteReportFile(flags_.account, report, plan_.packs, timeline_, "live");
  }
  return WriteReleasedReport(flags_.account, *serving_->Finish(report, plan_.packs));
}

// So that there is a report should the machine stop; seldom enough to cost nothing.
void LiveRun::RenewReport(const Snapshot& snapshot, const LiveStatement& live) {
  constexpr double kRenewSeconds = 60;
  const std::string& file = flags_.account.report;
  if (file.empty() || file == "-" || SecondsSince(reported_) < kRenewSeconds) return;
  reported_ = Clock::now();
  absl::Status written;
  if (flags_.ReportsReleased()) {
    if (serving_->released() == nullptr) return;
    written = WriteReleasedReport(flags_.account, *serving_->released());
  } else {
    Report report = WithCounts(plan_, sensor_->geography(), Statement(), snapshot);
    report.live = live;
    written =
        WriteReportFile(flags_.account, report, plan_.packs, timeline_, "live", /*running=*/true);
  }
  if (!written.ok()) {
    view_.Log(absl::StrCat("report not renewed: ", std::string(written.message())));
  }
}

// A link that goes or comes is said at once, even with --quiet: silence would look like no traffic.
void LiveRun::TellLinks(const LiveStatement& live) {
  for (const PortStatement& port : live.ports) {
    if (port.link_up && links_down_.erase(port.device) > 0) {
      view_.Log(absl::StrCat("link up again: ", port.device));
    } else if (!port.link_up && links_down_.insert(port.device).second) {
      view_.Log(absl::StrCat("link down: ", port.device, ": no frames until it is up"));
    }
  }
}

// Everything is read before anything is replaced: a broken file changes nothing.
void LiveRun::Reload() {
  if (sensor_->geography().paired()) {
    view_.Log(
        "reload refused, going on as before: with --with-geo, cells refer to the two databases "
        "that were read at the start; start again to use other ones");
    return;
  }
  const absl::StatusOr<AccountPlan> plan = Plan(flags_.account);
  if (!plan.ok()) {
    view_.Log(
        absl::StrCat("reload refused, going on as before: ", std::string(plan.status().message())));
    return;
  }
  absl::StatusOr<Geography> geography = Geography::Load(plan->geography);
  if (!geography.ok()) {
    view_.Log(absl::StrCat("reload refused, going on as before: ",
                           std::string(geography.status().message())));
    return;
  }
  if (plan->lists.entities().digest() != plan_.lists.entities().digest()) {
    view_.Log(
        "reload refused, going on as before: the entity lists changed, and flows that run have "
        "their organisations by the old ones; start again to use them");
    return;
  }
  for (const GeoFile& file : sensor_->geography().files()) earlier_.push_back(file);
  sensor_->Use(std::make_unique<Geography>(*std::move(geography)));
  plan_.lists = plan->lists;
  plan_.packs = plan->packs;
  statement_ = Statement();
  if (writer_ != nullptr) writer_->State(statement_);
  view_.Log("reloaded address databases, overrides and packs; flows that run keep their locations");
}

int Check(const LiveFlags& flags) {
  absl::FPrintF(
      stderr,
      "borderflow live: configuration, database and outputs are usable; %d port(s) not opened\n",
      flags.ports.size() + flags.interfaces.size());
  return kExitDone;
}

int RunLive(CLI::App* command, LiveFlags* flags) {
  ConfigPlaces places;
  if (!flags->config.empty()) {
    if (absl::Status s = ApplyConfig(flags->config, command, &places); !s.ok()) {
      return Fail(s, kExitUsage);
    }
  }
  if (flags->dump) {
    const std::string text = DumpConfig(*command);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kExitDone;
  }
  if (flags->ports.empty() && flags->interfaces.empty()) {
    return Fail(absl::InvalidArgumentError(
                    "no port: name a DPDK device with --port (a PCI address, or "
                    "net_pcap0,rx_pcap=FILE) or a Linux interface with --interface; 'borderflow "
                    "doctor' lists what is there"),
                kExitUsage);
  }
  // A live run has no end to export at.
  if (flags->exports.any() && flags->account.window.empty()) flags->account.window = "60s";
  flags->exports.min_cell = flags->serving.min_cell;
  absl::StatusOr<AccountPlan> plan = Plan(flags->account);
  if (!plan.ok()) return Fail(Located(plan.status(), places), kExitUsage);
  if (absl::Status s = CheckOutputs(flags->account); !s.ok()) return Fail(s, kExitUsage);
  absl::StatusOr<ExportPlan> exports = PlanExports(flags->exports, flags->account.sensor);
  if (!exports.ok()) return Fail(Located(exports.status(), places), kExitUsage);
  absl::StatusOr<Geography> geography = Geography::Load(plan->geography);
  if (!geography.ok()) return Fail(geography.status(), kExitUsage);
  // Before DPDK starts, which has its own words for a lack of rights.
  for (const std::string& interface : flags->interfaces) {
    if (absl::Status s = DescribeInterface(interface).status(); !s.ok()) {
      return Fail(Located(s, places), kExitUsage);
    }
  }
  std::unique_ptr<Serving> serving;
  if (!flags->serving.listen.empty() || flags->ReportsReleased()) {
    absl::StatusOr<std::unique_ptr<Serving>> prepared = Serving::Prepare(flags->serving);
    if (!prepared.ok()) return Fail(Located(prepared.status(), places), kExitUsage);
    serving = *std::move(prepared);
    const bool listens = !flags->serving.listen.empty();
    if (listens && !flags->account.sqlite.empty()) serving->Remember(flags->account.sqlite);
  }
  if (flags->check) return Check(*flags);
  LiveRun run(*flags, *std::move(plan), *std::move(exports), std::move(places), std::move(serving));
  return run.Run(std::make_unique<Geography>(*std::move(geography)));
}

}  // namespace

void AddLiveCommand(CLI::App& app, int* exit_code) {
  CLI::App* command =
      app.add_subcommand("live", "count a mirror port and report what crosses borders");
  const auto flags = std::make_shared<LiveFlags>();
  AddLiveFlags(command, flags.get());
  command->callback([command, flags, exit_code] { *exit_code = RunLive(command, flags.get()); });
}

}  // namespace borderflow
