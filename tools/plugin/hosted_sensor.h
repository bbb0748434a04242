// HostedSensor: a sensor inside somebody else's application: its settings, its geography, its lanes
// and the report of what they counted. What libborderflow and the tap have in common.
//
// Thread safety: each lane's Inspect by one thread; everything else from any thread.
#ifndef BORDERFLOW_TOOLS_PLUGIN_HOSTED_SENSOR_H_
#define BORDERFLOW_TOOLS_PLUGIN_HOSTED_SENSOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "collectors/report/report.h"
#include "dataplane/cycle_clock.h"
#include "dataplane/geo/geography.h"
#include "dataplane/lesson_exchange.h"
#include "tools/account/options.h"
#include "tools/plugin/lane.h"

namespace borderflow {

class HostedSensor {
 public:
  // `name` is what a report calls the program: "libborderflow".
  // Errors: those of Plan, Geography::Load and CheckOutputs.
  static absl::StatusOr<std::unique_ptr<HostedSensor>> Create(std::string name, AccountFlags flags);

  const AccountFlags& flags() const { return flags_; }
  // Those in force.
  std::vector<Pack> packs() const {
    const absl::MutexLock lock(&mutex_);
    return plan_.packs;
  }

  // Another lane, which lives as long as the sensor.
  Lane* AddLane(StampedPorts stamped);

  // Lets the lanes that there are now pass on to each other what DNS answers teach. A client's
  // answers and its flows have different address pairs, and so, often, different queues.
  void ConnectLanes();

  // What all lanes have counted so far. `live` holds the lanes, in order of AddLane, and no ports.
  Report Collect();

  // Reads again what the settings name. Errors leave all as it was.
  absl::Status Reload();

  // Closes the lanes; what waited in flows is counted, and every later report is the final one.
  void Finish();

  // Follows the system's clock again; also done by Collect. To be called about once a second.
  void CorrectClock() { clock_.Correct(); }

 private:
  HostedSensor(std::string name, AccountFlags flags, AccountPlan plan, Geography geography);

  Snapshot HandOver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  LiveStatement Live() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string name_;
  const AccountFlags flags_;
  CycleClock clock_;
  mutable absl::Mutex mutex_;
  AccountPlan plan_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Geography> geography_ ABSL_GUARDED_BY(mutex_);
  // Of databases that were in use before a reload: the report names every one.
  std::vector<GeoFile> earlier_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Lane>> lanes_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<LessonExchange> lessons_ ABSL_GUARDED_BY(mutex_);
  size_t connected_ ABSL_GUARDED_BY(mutex_) = 0;       // lanes of lessons_
  uint64_t lessons_lost_ ABSL_GUARDED_BY(mutex_) = 0;  // of earlier ones
  std::vector<Cell> cells_ ABSL_GUARDED_BY(mutex_);    // drained so far, sorted, each key once
  std::vector<FrameTotals> captured_ ABSL_GUARDED_BY(mutex_);  // by lane, as of the last hand-over
  uint64_t reloads_ ABSL_GUARDED_BY(mutex_) = 0;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_PLUGIN_HOSTED_SENSOR_H_
