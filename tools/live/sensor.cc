#include "tools/live/sensor.h"

#include <algorithm>
#include <utility>

#include "dataplane/capture/dpdk/captured_interface.h"
#include "dataplane/capture/dpdk/interface.h"
#include "tools/live/cores.h"
#include "tools/live/device_lock.h"

namespace borderflow {

struct Sensor::PortRun {
  explicit PortRun(DeviceLock taken) : lock(std::move(taken)) {}

  // Frames that reached the port, and those lost on the way to the workers, which have counted
  // `captured` of them; `ended` when no more will be counted.
  PortStatement Statement(uint64_t captured, bool ended);
  bool LinkIsUp() const { return interface != nullptr ? interface->LinkIsUp() : port->LinkIsUp(); }

  DeviceLock lock;
  std::unique_ptr<CapturedInterface> interface;  // null for a DPDK device
  std::vector<std::string> interface_notes;
  std::unique_ptr<Port> port;
  size_t first_lane = 0;
  size_t lanes = 0;
  bool link_up = true;
  uint64_t link_losses = 0;
};

PortStatement Sensor::PortRun::Statement(uint64_t captured, bool ended) {
  PortStatement statement;
  statement.device = interface == nullptr ? port->device() : interface->name();
  statement.driver = port->driver();
  statement.link_up = link_up;
  statement.link_losses = link_losses;
  statement.notes = interface_notes;
  statement.notes.insert(statement.notes.end(), port->notes().begin(), port->notes().end());
  const PortCounters counters = port->Counters();
  statement.no_mbuf = counters.no_mbuf;
  const auto drop = [&statement](const char* reason, uint64_t frames) {
    if (frames > 0) statement.dropped[reason] += frames;
  };
  drop("imissed", counters.missed);
  drop("ierrors", counters.errors);
  drop("ring_full", counters.ring_full);
  uint64_t received = counters.received;
  if (interface != nullptr) {
    // net_af_packet counts what it read; the kernel what it had for it.
    const CapturedInterface::Counts counts = interface->Read();
    received = counts.delivered;
    drop("kernel", counts.no_room);
    drop("interface", counts.before_ring);
  }
  const uint64_t reached = captured + counters.ring_full;
  if (ended && received > reached) drop("unread_at_stop", received - reached);
  statement.wire_frames = captured;
  for (const auto& [unused, frames] : statement.dropped) statement.wire_frames += frames;
  if (ended && reached > received) statement.wire_frames -= reached - received;
  return statement;
}

absl::StatusOr<std::unique_ptr<Sensor>> Sensor::Open(const SensorOptions& options,
                                                     const AccountPlan& plan,
                                                     std::unique_ptr<Geography> geography) {
  std::unique_ptr<Sensor> sensor(new Sensor());
  sensor->geography_ = std::move(geography);
  const auto open = [&sensor](const std::string& device, const std::string& interface,
                              const PortOptions& port_options,
                              std::vector<std::string> notes) -> absl::Status {
    absl::StatusOr<DeviceLock> lock = DeviceLock::Take(interface.empty() ? device : interface);
    if (!lock.ok()) return lock.status();
    auto run = std::make_unique<PortRun>(*std::move(lock));
    if (!interface.empty()) run->interface = std::make_unique<CapturedInterface>(interface);
    run->interface_notes = std::move(notes);
    absl::StatusOr<std::unique_ptr<Port>> port = Port::Open(device, port_options);
    if (!port.ok()) return port.status();
    run->port = *std::move(port);
    if (run->interface != nullptr) run->interface->Opened();
    run->first_lane = sensor->sources_.size();
    run->link_up = run->LinkIsUp();
    for (auto& source : run->port->TakeSources()) sensor->sources_.push_back(std::move(source));
    run->lanes = sensor->sources_.size() - run->first_lane;
    sensor->ports_.push_back(std::move(run));
    return absl::OkStatus();
  };
  for (const std::string& device : options.ports) {
    if (absl::Status s = open(device, "", options.port, {}); !s.ok()) return s;
  }
  for (const std::string& interface : options.interfaces) {
    const absl::StatusOr<InterfaceDevice> device = DescribeInterface(interface);
    if (!device.ok()) return device.status();
    PortOptions port_options = options.port;
    port_options.frame_room = std::max(port_options.frame_room, device->frame_room);
    if (absl::Status s = open(device->device, interface, port_options, device->notes); !s.ok())
      return s;
  }
  sensor->cores_ = CoresOfWorkers(AllowedCores(), options.cores, sensor->sources_.size());
  sensor->engine_ = std::make_unique<Engine>(sensor->sources_.size(), &sensor->geography_->map(),
                                             plan.rules.get(), plan.front, plan.worker);
  return sensor;
}

Sensor::~Sensor() {
  if (engine_ != nullptr && !stopped_) Stop();
}

void Sensor::Start() {
  for (size_t lane = 0; lane < sources_.size(); ++lane) {
    threads_.emplace_back([this, lane] {
      if (lane < cores_.size()) RunOn({cores_[lane]});
      engine_->Run(lane, sources_[lane].get());
    });
  }
}

void Sensor::WatchLinks() {
  for (const auto& run : ports_) {
    const bool up = run->LinkIsUp();
    if (run->link_up && !up) ++run->link_losses;
    run->link_up = up;
  }
}

Snapshot Sensor::Collect() {
  WatchLinks();
  return engine_->Collect();
}

LiveStatement Sensor::Statement() {
  LiveStatement live;
  live.reloads = reloads_;
  const std::vector<LaneLoad> loads = engine_->Load();
  for (const LaneLoad& load : loads) {
    const double time = load.busy_seconds + load.idle_seconds;
    const auto polls = static_cast<double>(load.polls);
    uint64_t longest_gap_ns = 0;
    for (size_t n = 0; n < load.gaps.size(); ++n) {
      if (load.gaps[n] > 0) longest_gap_ns = uint64_t{2} << n;
    }
    live.lanes.push_back({load.frames, time > 0 ? load.busy_seconds / time : 0,
                          polls > 0 ? static_cast<double>(load.full_polls) / polls : 0,
                          longest_gap_ns});
  }
  for (const auto& run : ports_) {
    uint64_t captured = 0;
    for (size_t lane = run->first_lane; lane < run->first_lane + run->lanes; ++lane) {
      captured += loads[lane].frames;
    }
    live.ports.push_back(run->Statement(captured, stopped_));
    live.burst_clock = live.burst_clock || !run->port->stamped();
  }
  return live;
}

void Sensor::Use(std::unique_ptr<Geography> geography) {
  engine_->Use(&geography->map());
  geography_ = std::move(geography);
  ++reloads_;
}

Sensor::Outcome Sensor::Stop() {
  for (const auto& run : ports_) run->port->StopDistributing();
  engine_->Stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  stopped_ = true;
  Outcome outcome;
  if (engine_->has_windows()) outcome.windows = engine_->CloseWindows(engine_->first_window() + 2);
  outcome.snapshot = engine_->Collect();
  outcome.live = Statement();
  return outcome;
}

}  // namespace borderflow
