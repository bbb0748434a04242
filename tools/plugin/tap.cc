// borderflow_tap.so: counts what an unmodified DPDK application receives. Loaded with DPDK's -d.
//
//   BORDERFLOW_TAP_CONFIG  YAML file of settings (borderflow.h); the variables below stand above it
//   BORDERFLOW_TAP_GEO     address database
//   BORDERFLOW_TAP_JSON    where the report is written when the application ends
//   BORDERFLOW_TAP_LISTEN  ADDRESS:PORT of metrics and API, as --listen of `borderflow live`, whose
//                          other options about serving the file may hold
//
// Settings are read while DPDK loads this object; a thread then watches for ports, away from the
// cores that receive. Whatever is wrong is said on standard error, and the application runs on
// uncounted: nothing here may end it or keep it waiting.
//
// The application may take down its ports and DPDK itself before it ends, and we cannot ask whether
// it did. So the end touches neither: lanes are closed, and a callback that still comes finds that.
#include <pthread.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/account/account.h"
#include "tools/plugin/hosted_sensor.h"
#include "tools/plugin/settings.h"
#include "tools/plugin/tap_ports.h"
#include "tools/plugin/tap_serving.h"

namespace borderflow {
namespace {

// While a port may start: frames that come before its callback would be missed.
constexpr auto kLookSoon = std::chrono::milliseconds(1);
constexpr auto kLookLater = std::chrono::milliseconds(20);
constexpr auto kCorrectClockEvery = std::chrono::seconds(1);

void Say(std::string_view what) { absl::FPrintF(stderr, "borderflow_tap: %s\n", what); }

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

absl::StatusOr<AccountFlags> SettingsFromEnvironment(ServingFlags* serving) {
  absl::StatusOr<AccountFlags> flags =
      ReadSettings(Variable("BORDERFLOW_TAP_CONFIG"),
                   [serving](CLI::App* command) { AddServingFlags(command, serving); });
  if (!flags.ok()) return flags.status();
  if (const std::string geo = Variable("BORDERFLOW_TAP_GEO"); !geo.empty()) flags->geo = {geo};
  if (const std::string json = Variable("BORDERFLOW_TAP_JSON"); !json.empty()) flags->json = json;
  if (const std::string listen = Variable("BORDERFLOW_TAP_LISTEN"); !listen.empty()) {
    serving->listen = listen;
  }
  if (flags->json.empty() && flags->csv.empty() && flags->ndjson.empty()) {
    return absl::InvalidArgumentError(
        "there is nowhere to report to: set BORDERFLOW_TAP_JSON to a file, or name one with json, "
        "csv or ndjson in the file of BORDERFLOW_TAP_CONFIG");
  }
  // The application may go elsewhere meanwhile, as a daemon does.
  for (std::string* path : {&flags->json, &flags->csv, &flags->ndjson}) {
    if (!path->empty() && *path != "-") *path = std::filesystem::absolute(*path);
  }
  return flags;
}

void Remove(const rte_cpuset_t& cores, cpu_set_t* from) {
  cpu_set_t both;
  CPU_AND(&both, from, &cores);
  CPU_XOR(from, from, &both);
}

// Leaves the application's cores to it, as far as there are others; at least those of its workers.
void LeaveReceivingCores() {
  cpu_set_t allowed;
  if (pthread_getaffinity_np(pthread_self(), sizeof(allowed), &allowed) != 0) return;
  cpu_set_t rest = allowed;
  unsigned lcore = 0;
  RTE_LCORE_FOREACH(lcore) Remove(rte_lcore_cpuset(lcore), &rest);
  if (CPU_COUNT(&rest) == 0) {
    rest = allowed;
    RTE_LCORE_FOREACH_WORKER(lcore) Remove(rte_lcore_cpuset(lcore), &rest);
  }
  if (CPU_COUNT(&rest) > 0) pthread_setaffinity_np(pthread_self(), sizeof(rest), &rest);
}

// One a process, never destroyed: callbacks may come until the last moment.
class Tap {
 public:
  // `serving` nullptr: nothing is served.
  Tap(std::unique_ptr<HostedSensor> sensor, std::unique_ptr<TapServing> serving)
      : sensor_(std::move(sensor)),
        ports_(new TapPorts(sensor_.get(), Say)),
        serving_(std::move(serving)),
        process_(getpid()),
        watcher_([this] { Watch(); }) {}

  void End();

 private:
  void Watch();
  Report Collect() const;

  const std::unique_ptr<HostedSensor> sensor_;
  TapPorts* const ports_;
  std::unique_ptr<TapServing> serving_;
  const pid_t process_;
  std::atomic<bool> stop_{false};
  std::thread watcher_;
};

Tap* tap = nullptr;

void Tap::Watch() {
  bool found = false;
  auto corrected = std::chrono::steady_clock::now();
  while (!stop_.load(std::memory_order_acquire)) {
    const bool soon = ports_->Look();
    if (!found && rte_eth_dev_count_avail() > 0) {
      found = true;
      LeaveReceivingCores();
      // Its threads stay where this one is now.
      if (serving_ != nullptr) serving_->Start([this] { return Collect(); });
    }
    const auto now = std::chrono::steady_clock::now();
    if (now - corrected >= kCorrectClockEvery) {
      corrected = now;
      sensor_->CorrectClock();
    }
    std::this_thread::sleep_for(soon ? kLookSoon : kLookLater);
  }
}

Report Tap::Collect() const {
  Report report = sensor_->Collect();
  ports_->Describe(&report);
  return report;
}

void Tap::End() {
  if (getpid() != process_) return;  // a child of the application: it has no watcher, and no frames
  stop_.store(true, std::memory_order_release);
  watcher_.join();
  serving_.reset();
  sensor_->Finish();
  const Report report = Collect();
  const std::string counted =
      absl::StrCat(report.snapshot.decode.captured.frames, " frames of ", report.live->ports.size(),
                   " port(s) and ", report.live->lanes.size(), " receive queue(s)");
  if (const absl::Status s = WriteOutputs(sensor_->flags(), report); !s.ok()) {
    Say(absl::StrCat(counted, " were counted, but: ", std::string(s.message())));
  } else {
    Say(absl::StrCat("reported ", counted));
  }
}

// What was asked for, or nothing; what cannot be served is counted and reported all the same.
std::unique_ptr<TapServing> PrepareServing(const ServingFlags& flags, const HostedSensor& sensor) {
  if (flags.listen.empty()) return nullptr;
  absl::StatusOr<std::unique_ptr<Serving>> serving = Serving::Prepare(flags);
  if (serving.ok()) return std::make_unique<TapServing>(*std::move(serving), sensor.packs(), Say);
  Say(absl::StrCat("not serving: ", std::string(serving.status().message())));
  return nullptr;
}

void Start() {
  ServingFlags serving;
  absl::StatusOr<AccountFlags> flags = SettingsFromEnvironment(&serving);
  if (!flags.ok()) {
    Say(absl::StrCat("not counting: ", std::string(flags.status().message())));
    return;
  }
  if (flags->workers != AccountFlags().workers) {
    Say("the setting 'workers' has no effect here: each receive queue has a lane of its own");
  }
  auto sensor = HostedSensor::Create("borderflow_tap.so", *std::move(flags));
  if (!sensor.ok()) {
    Say(absl::StrCat("not counting: ", std::string(sensor.status().message())));
    return;
  }
  std::unique_ptr<TapServing> served = PrepareServing(serving, **sensor);
  tap = new Tap(*std::move(sensor), std::move(served));
  // Last, so that it runs before the end of anything that a report needs.
  std::atexit([] { tap->End(); });
}

__attribute__((constructor)) void Load() {
  // Only libraries throw, when memory or threads run out; it must not be the application's end.
  try {
    Start();
  } catch (const std::exception& error) {
    Say(absl::StrCat("not counting: ", error.what()));
  }
}

}  // namespace
}  // namespace borderflow
