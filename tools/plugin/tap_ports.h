// TapPorts: the ports of the application that the tap was loaded into, and our callbacks on their
// receive queues.
//
// A callback is added as soon as a queue exists, which is before its port is started, so that the
// first frame is seen. Otherwise nothing is asked of a port's driver unless the port is running:
// the application may be setting it up, or taking it down, at the same moment.
//
// Left alone are ports that another driver polls in its own way (their owner shows their frames),
// and bonds, whose members are polled like any other port and show the same frames.
//
// Thread safety: any thread. The callbacks run on the application's.
#ifndef BORDERFLOW_TOOLS_PLUGIN_TAP_PORTS_H_
#define BORDERFLOW_TOOLS_PLUGIN_TAP_PORTS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "collectors/report/report.h"
#include "tools/plugin/hosted_sensor.h"

namespace borderflow {

class TapPorts {
 public:
  using Say = std::function<void(std::string_view)>;

  // `say` gets, as one line, each event that an operator should know of. Everything must live as
  // long as the process: callbacks stay on ports that the application leaves open.
  TapPorts(HostedSensor* sensor, Say say);
  ~TapPorts() = delete;

  // Attaches to every queue that is new; once a second, notes what the drivers count. Returns true
  // if a queue may come or frames may begin at any moment: look again soon.
  bool Look();

  // Adds the ports to a report of the sensor.
  void Describe(Report* report) const;

 private:
  struct Queue;
  struct Port;

  void WatchEvents() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Port* Find(uint16_t number) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Attach(uint16_t number, Port* port) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Probed(uint16_t number);
  void Released(uint16_t number);

  HostedSensor* const sensor_;
  const Say say_;
  const void* const idle_receive_;  // the receive function of a port that does not run
  mutable absl::Mutex mutex_;
  bool watching_events_ ABSL_GUARDED_BY(mutex_) = false;
  // Every device that there was; one that is released and comes back goes on in its lanes.
  std::vector<std::unique_ptr<Port>> devices_ ABSL_GUARDED_BY(mutex_);
  std::map<uint16_t, Port*> ports_ ABSL_GUARDED_BY(mutex_);  // those there are, by number
  std::set<uint16_t> leaving_ ABSL_GUARDED_BY(mutex_);       // being released: hands off
  size_t lanes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::chrono::steady_clock::time_point counters_read_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_PLUGIN_TAP_PORTS_H_
