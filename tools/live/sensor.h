// Sensor: ports, their workers' threads, and the geography that these use: one running borderflow.
//
// Thread safety: one controlling thread. DPDK's environment must run for as long as a sensor lives.
#ifndef BORDERFLOW_TOOLS_LIVE_SENSOR_H_
#define BORDERFLOW_TOOLS_LIVE_SENSOR_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/report/live_statement.h"
#include "dataplane/capture/dpdk/port.h"
#include "dataplane/engine.h"
#include "dataplane/geo/geography.h"
#include "tools/account/options.h"

namespace borderflow {

struct SensorOptions {
  std::vector<std::string> ports;       // DPDK devices
  std::vector<std::string> interfaces;  // Linux interfaces
  PortOptions port;                     // of each; `workers` a port
  std::vector<int> cores;               // for the workers; empty: the allowed ones
};

class Sensor {
 public:
  // Opens every port; nothing is counted yet. The plan's rules must outlive the sensor.
  // Errors: those of Port::Open and DescribeInterface.
  static absl::StatusOr<std::unique_ptr<Sensor>> Open(const SensorOptions& options,
                                                      const AccountPlan& plan,
                                                      std::unique_ptr<Geography> geography);
  ~Sensor();

  // Windows from here on (Engine::OpenWindows). Before Start.
  void OpenWindows(uint64_t width_ns, uint64_t first) { engine_->OpenWindows(width_ns, first); }
  // Engine::CloseWindows; not after Stop, which closes what is open.
  std::vector<Engine::Window> CloseWindows(uint64_t next_first) {
    return engine_->CloseWindows(next_first);
  }

  void Start();

  // What was counted so far, and how the ports fare. Not after Stop.
  Snapshot Collect();
  LiveStatement Statement();

  // Goes on with another geography; no frame is lost, and flows keep the locations they began with.
  void Use(std::unique_ptr<Geography> geography);
  const Geography& geography() const { return *geography_; }

  struct Outcome {
    Snapshot snapshot;
    LiveStatement live;
    std::vector<Engine::Window> windows;  // that were open
  };
  // Ends the workers when they have counted what they had received.
  Outcome Stop();

 private:
  struct PortRun;
  Sensor() = default;

  void WatchLinks();

  std::unique_ptr<Geography> geography_;
  std::vector<std::unique_ptr<PortRun>> ports_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::unique_ptr<BurstSource>> sources_;  // by lane
  std::vector<int> cores_;                             // by lane
  std::vector<std::thread> threads_;
  uint64_t reloads_ = 0;
  bool stopped_ = false;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_SENSOR_H_
