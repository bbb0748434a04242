#include "tools/plugin/tap_ports.h"

#include <rte_errno.h>
#include <rte_ethdev.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dataplane/capture/dpdk/port_counters.h"

namespace borderflow {
namespace {

constexpr auto kReadCountersEvery = std::chrono::seconds(1);

// DPDK puts a function of its own in the place of a driver's while a port does not run; reading
// which it is touches no memory that a port or DPDK itself could give back.
const void* ReceiveFunction(uint16_t port) {
  return reinterpret_cast<const void*>(
      __atomic_load_n(&rte_eth_fp_ops[port].rx_pkt_burst, __ATOMIC_RELAXED));
}

const void* IdleReceiveFunction() {
  uint16_t port = 0;
  while (port < RTE_MAX_ETHPORTS - 1 && rte_eth_dev_is_valid_port(port) != 0) ++port;
  return ReceiveFunction(port);
}

bool IsOwned(uint16_t port) {
  rte_eth_dev_owner owner{};
  return rte_eth_dev_owner_get(port, &owner) == 0 && owner.id != RTE_ETH_DEV_NO_OWNER;
}

// What `counter` has grown by since `before`; the application may have reset it.
uint64_t Growth(uint64_t before, uint64_t counter) {
  return counter >= before ? counter - before : counter;
}

}  // namespace

struct TapPorts::Queue {
  const rte_eth_rxtx_callback* callback = nullptr;
  std::atomic<Lane*> lane{nullptr};
  size_t lane_index = 0;
  // Frames that came in the moment between callback and lane. Written by the receiving thread.
  std::atomic<uint64_t> early{0};

  static uint16_t Receive(uint16_t, uint16_t, rte_mbuf** mbufs, uint16_t count, uint16_t,
                          void* context) {
    auto* queue = static_cast<Queue*>(context);
    Lane* const lane = queue->lane.load(std::memory_order_acquire);
    if (lane != nullptr) {
      lane->Inspect(absl::MakeConstSpan(mbufs, count));
    } else {
      queue->early.store(queue->early.load(std::memory_order_relaxed) + count,
                         std::memory_order_relaxed);
    }
    return count;
  }
};

struct TapPorts::Port {
  std::string device;
  std::string driver;
  bool left_alone = false;
  bool attached_running = false;               // so there may have been frames before
  bool settled = false;                        // it runs, and every queue has its callback
  std::string refusal;                         // why a queue has none
  std::vector<std::unique_ptr<Queue>> queues;  // the last one may not exist yet
  std::optional<PortCounters> last;            // as the driver told them
  PortCounters sum;                            // since we attached
  uint64_t received_before = 0;
  bool link_up = false;
  uint64_t link_losses = 0;

  std::string Title(uint16_t number) const {
    return absl::StrCat("port ", number, " (", device, ", ", driver, ")");
  }
  size_t attached() const {
    return static_cast<size_t>(std::count_if(queues.begin(), queues.end(), [](const auto& queue) {
      return queue->callback != nullptr;
    }));
  }
  void ReadCounters(uint16_t number);
};

void TapPorts::Port::ReadCounters(uint16_t number) {
  const PortCounters now = ReadPortCounters(number);
  if (!last.has_value()) {
    last = attached_running ? now : PortCounters{};
    received_before += last->received;
  }
  sum.missed += Growth(last->missed, now.missed);
  sum.errors += Growth(last->errors, now.errors);
  sum.no_mbuf += Growth(last->no_mbuf, now.no_mbuf);
  last = now;
  rte_eth_link link{};
  const bool up =
      rte_eth_link_get_nowait(number, &link) == 0 && link.link_status == RTE_ETH_LINK_UP;
  if (link_up && !up) ++link_losses;
  link_up = up;
}

TapPorts::TapPorts(HostedSensor* sensor, Say say)
    : sensor_(sensor), say_(std::move(say)), idle_receive_(IdleReceiveFunction()) {}

bool TapPorts::Look() {
  const absl::MutexLock lock(&mutex_);
  const auto now = std::chrono::steady_clock::now();
  const bool read_counters = now - counters_read_ >= kReadCountersEvery;
  if (read_counters) counters_read_ = now;
  bool soon = ports_.empty();
  for (uint16_t number = 0; number < RTE_MAX_ETHPORTS; ++number) {
    if (rte_eth_dev_is_valid_port(number) == 0 || leaving_.count(number) > 0) continue;
    Port* const port = Find(number);
    if (port->left_alone) continue;
    const bool running = ReceiveFunction(number) != idle_receive_;
    if (!running || !port->settled) Attach(number, port);
    if (running && (read_counters || !port->settled)) port->ReadCounters(number);
    port->settled = running;
    soon = soon || !running;
  }
  sensor_->ConnectLanes();
  return soon;
}

// The first port shows that DPDK's memory is there, which events need.
void TapPorts::WatchEvents() {
  if (std::exchange(watching_events_, true)) return;
  const auto probed = [](uint16_t port, rte_eth_event_type, void* context, void*) {
    static_cast<TapPorts*>(context)->Probed(port);
    return 0;
  };
  const auto released = [](uint16_t port, rte_eth_event_type, void* context, void*) {
    static_cast<TapPorts*>(context)->Released(port);
    return 0;
  };
  if (rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_NEW, probed, this) != 0 ||
      rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_DESTROY, released, this) != 0) {
    say_(
        "DPDK does not tell of ports that come and go: one that is closed and opened again may "
        "not be counted");
  }
}

TapPorts::Port* TapPorts::Find(uint16_t number) {
  Port*& port = ports_[number];
  if (port != nullptr) return port;
  WatchEvents();
  char name[RTE_ETH_NAME_MAX_LEN] = "";
  rte_eth_dev_get_name_by_port(number, name);
  rte_eth_dev_info info{};
  rte_eth_dev_info_get(number, &info);
  const std::string driver = info.driver_name == nullptr ? "unknown" : info.driver_name;
  for (const auto& known : devices_) {
    if (known->device == name && known->driver == driver) return port = known.get();
  }
  devices_.push_back(std::make_unique<Port>());
  port = devices_.back().get();
  port->device = name;
  port->driver = driver;
  port->left_alone = driver == "net_bonding";
  port->attached_running = ReceiveFunction(number) != idle_receive_;
  return port;
}

void TapPorts::Attach(uint16_t number, Port* port) {
  if (IsOwned(number)) {
    port->left_alone = true;
    return;
  }
  const size_t before = port->attached();
  for (uint16_t number_of_queue = 0;; ++number_of_queue) {
    if (number_of_queue == port->queues.size()) port->queues.push_back(std::make_unique<Queue>());
    Queue& queue = *port->queues[number_of_queue];
    if (queue.callback != nullptr) continue;
    queue.callback = rte_eth_add_rx_callback(number, number_of_queue, Queue::Receive, &queue);
    if (queue.callback == nullptr) break;
    if (queue.lane.load(std::memory_order_relaxed) != nullptr) continue;  // it came back
    queue.lane_index = lanes_++;
    const StampedPorts stamped(StampedPorts::AreDrivenBy(port->driver));
    queue.lane.store(sensor_->AddLane(stamped), std::memory_order_release);
  }
  // EINVAL: there is no such queue, or not yet.
  if (rte_errno != EINVAL && port->refusal.empty()) {
    port->refusal =
        absl::StrCat("queue ", port->attached(),
                     " is not counted: DPDK refuses the callback: ", rte_strerror(rte_errno));
    say_(absl::StrCat(port->Title(number), ": ", port->refusal));
  }
  const size_t queues = port->attached();
  if (queues > before) {
    say_(absl::StrCat(port->Title(number), ": counting ", queues, " receive queue",
                      queues == 1 ? "" : "s"));
  }
}

void TapPorts::Probed(uint16_t number) {
  const absl::MutexLock lock(&mutex_);
  leaving_.erase(number);
}

// On the application's thread, while the port is still whole: whoever gets its number next must not
// find our callbacks.
void TapPorts::Released(uint16_t number) {
  const absl::MutexLock lock(&mutex_);
  leaving_.insert(number);
  const auto found = ports_.find(number);
  if (found == ports_.end()) return;
  Port* const port = found->second;
  for (size_t i = 0; i < port->queues.size(); ++i) {
    Queue& queue = *port->queues[i];
    if (queue.callback == nullptr) continue;
    rte_eth_remove_rx_callback(number, static_cast<uint16_t>(i), queue.callback);
    queue.callback = nullptr;
  }
  port->settled = false;
  port->attached_running = false;
  port->last.reset();
  ports_.erase(found);
}

void TapPorts::Describe(Report* report) const {
  const absl::MutexLock lock(&mutex_);
  for (const auto& port : devices_) {
    if (port->left_alone) continue;
    PortStatement statement;
    statement.device = port->device;
    statement.driver = port->driver;
    statement.link_up = port->link_up;
    statement.link_losses = port->link_losses;
    statement.no_mbuf = port->sum.no_mbuf;
    uint64_t early = 0;
    for (const auto& queue : port->queues) {
      early += queue->early.load(std::memory_order_relaxed);
      if (queue->lane.load(std::memory_order_relaxed) == nullptr) continue;
      if (queue->lane_index >= report->live->lanes.size()) continue;  // newer than the report
      statement.wire_frames += report->live->lanes[queue->lane_index].frames;
    }
    const std::pair<const char*, uint64_t> drops[] = {{"imissed", port->sum.missed},
                                                      {"ierrors", port->sum.errors},
                                                      {"before_the_lane_was_ready", early}};
    for (const auto& [reason, frames] : drops) {
      if (frames == 0) continue;
      statement.dropped[reason] = frames;
      statement.wire_frames += frames;
    }
    if (port->received_before > 0) {
      statement.notes.push_back(absl::StrCat("the application had received ", port->received_before,
                                             " frames before the tap was loaded; they are not "
                                             "counted"));
    }
    if (!port->refusal.empty()) statement.notes.push_back(port->refusal);
    report->live->ports.push_back(std::move(statement));
  }
}

}  // namespace borderflow
