#include "dataplane/capture/dpdk/port.h"

#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dataplane/capture/dpdk/distributor.h"
#include "dataplane/capture/dpdk/queue_source.h"
#include "dataplane/capture/dpdk/rss.h"

namespace borderflow {
namespace {

constexpr uint16_t kMinRing = 64;  // two bursts: fewer descriptors cannot bridge a worker's burst
constexpr uint32_t kCache = 256;   // buffers that a thread keeps for itself

std::string NamePart(const std::string& device) { return device.substr(0, device.find(',')); }

std::vector<std::string> KnownPorts() {
  std::vector<std::string> names;
  for (uint16_t port = 0; port < RTE_MAX_ETHPORTS; ++port) {
    char name[RTE_ETH_NAME_MAX_LEN];
    if (rte_eth_dev_is_valid_port(port) != 0 && rte_eth_dev_get_name_by_port(port, name) == 0) {
      names.emplace_back(name);
    }
  }
  return names;
}

absl::Status NoSuchPort(const std::string& device, const std::string& why) {
  const std::vector<std::string> known = KnownPorts();
  return absl::NotFoundError(absl::StrCat(
      "port '", device, "': ", why, "; ",
      known.empty() ? "DPDK sees no port at all (bind the NIC to vfio-pci with dpdk-devbind.py, or "
                      "use --interface)"
                    : absl::StrCat("DPDK sees ", absl::StrJoin(known, ", "))));
}

// The port's number; sets `probed` when the device was made or attached for this.
absl::StatusOr<uint16_t> FindPort(const std::string& device, bool* probed) {
  uint16_t port = 0;
  uint32_t number = 0;
  if (absl::SimpleAtoi(device, &number)) {
    if (number < RTE_MAX_ETHPORTS && rte_eth_dev_is_valid_port(static_cast<uint16_t>(number))) {
      return static_cast<uint16_t>(number);
    }
    return NoSuchPort(device, "no port has this number");
  }
  if (rte_eth_dev_get_port_by_name(NamePart(device).c_str(), &port) == 0) return port;
  if (const int error = rte_dev_probe(device.c_str()); error != 0) {
    return NoSuchPort(device, absl::StrCat("cannot be opened (", rte_strerror(-error),
                                           "); is the name right, its driver installed and the "
                                           "device bound to it?"));
  }
  *probed = true;
  if (rte_eth_dev_get_port_by_name(NamePart(device).c_str(), &port) == 0) return port;
  return NoSuchPort(device, "opened, but is no Ethernet port");
}

absl::Status Refused(const std::string& device, const std::string& what, int error) {
  return absl::FailedPreconditionError(
      absl::StrCat("port '", device, "': the driver refuses ", what, ": ", rte_strerror(-error)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Port>> Port::Open(const std::string& device,
                                                 const PortOptions& options) {
  std::unique_ptr<Port> port(new Port());
  port->device_ = device;
  port->workers_ = options.workers;
  const absl::StatusOr<uint16_t> number = FindPort(device, &port->probed_here_);
  if (!number.ok()) return number.status();
  port->port_ = *number;
  port->found_ = true;
  rte_eth_dev_info info{};
  if (const int error = rte_eth_dev_info_get(*number, &info); error != 0) {
    return Refused(device, "to describe itself", error);
  }
  port->driver_ = info.driver_name;
  port->stamped_ = port->driver_ == "net_pcap";
  // These two give a part of the traffic to each queue that they were told to have.
  const bool fixed_queues = port->driver_ == "net_pcap" || port->driver_ == "net_af_packet";
  if (fixed_queues && info.max_rx_queues > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "port '", device, "': ", info.max_rx_queues, " receive queues, of which borderflow would ",
        "read one: ", port->driver_, " cannot keep a flow on one queue. Give it one (a single ",
        "rx_pcap=, qpairs=1), name another --port for each more, and choose --workers freely"));
  }
  const bool several = options.workers > 1 && info.max_rx_queues >= options.workers &&
                       (info.flow_type_rss_offloads & (RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP)) != 0;
  const auto queues = static_cast<uint16_t>(several ? options.workers : 1);
  if (absl::Status s = port->Start(queues, options); !s.ok()) return s;
  if (absl::Status s = port->WaitForLink(options.link_seconds); !s.ok()) return s;
  if (queues == 1 && options.workers > 1) {
    absl::StatusOr<std::unique_ptr<Distributor>> distributor =
        Distributor::Start(*number, options.workers, port->stamped_);
    if (!distributor.ok()) return distributor.status();
    port->distributor_ = *std::move(distributor);
    port->notes_.push_back(absl::StrCat(port->driver_,
                                        " has no receive-side scaling: one more thread distributes "
                                        "its frames to ",
                                        options.workers, " workers by address pair"));
  }
  return port;
}

absl::Status Port::Start(uint16_t queues, const PortOptions& options) {
  rte_eth_dev_info info{};
  rte_eth_dev_info_get(port_, &info);
  queues_ = queues;
  rte_eth_conf conf{};
  std::vector<uint8_t> key;
  if (queues > 1) RequestSymmetricRss(info, &conf, &key);
  // Frames longer than a buffer arrive in several, where the driver has to be told so.
  conf.rxmode.offloads = info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
  int error = rte_eth_dev_configure(port_, queues, 0, &conf);
  // Some drivers want a transmit queue, even if nothing is ever sent.
  const bool wants_transmit = error != 0;
  if (wants_transmit) error = rte_eth_dev_configure(port_, queues, 1, &conf);
  if (error != 0) return Refused(device_, absl::StrCat(queues, " receive queues"), error);

  uint16_t ring = std::max(options.ring, kMinRing);
  uint16_t transmit_ring = kMinRing;
  error = rte_eth_dev_adjust_nb_rx_tx_desc(port_, &ring, &transmit_ring);
  if (error != 0) return Refused(device_, absl::StrCat(ring, " receive descriptors"), error);
  if (ring != options.ring) {
    notes_.push_back(absl::StrCat("the driver takes ", ring,
                                  " receive descriptors a queue instead of ", options.ring));
  }
  // Every descriptor may hold a buffer while every worker holds a burst and fills a cache; with a
  // distributor, its rings as well. A smaller pool starves the ring: frames are lost without need.
  const uint32_t workers = static_cast<uint32_t>(options.workers);
  const uint32_t least = queues * ring + workers * (kBurst + kCache * 3 / 2) +
                         (queues == 1 && workers > 1 ? workers * Distributor::kRing : 0);
  const uint32_t mbufs = options.mbufs == 0 ? least * 5 / 4 : options.mbufs;
  if (mbufs < least) {
    return absl::InvalidArgumentError(absl::StrCat(
        "port '", device_, "': ", mbufs, " buffers are too few for ", queues, " queues of ", ring,
        " descriptors and ", workers, " workers, which can hold ", least, " at once"));
  }
  const std::string pool_name = absl::StrCat("borderflow_", port_);
  const int socket = rte_eth_dev_socket_id(port_);
  pool_ = rte_pktmbuf_pool_create(pool_name.c_str(), mbufs, kCache, 0,
                                  static_cast<uint16_t>(options.frame_room + RTE_PKTMBUF_HEADROOM),
                                  socket);
  if (pool_ == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat("port '", device_, "': no memory for ", mbufs, " buffers of ",
                     options.frame_room, " bytes (", rte_strerror(rte_errno),
                     "); reserve hugepages, raise -m behind --, or lower the ring"));
  }
  for (uint16_t queue = 0; queue < queues; ++queue) {
    error =
        rte_eth_rx_queue_setup(port_, queue, ring, static_cast<unsigned>(socket), nullptr, pool_);
    if (error != 0) return Refused(device_, absl::StrCat("receive queue ", queue), error);
  }
  if (wants_transmit) {
    error = rte_eth_tx_queue_setup(port_, 0, transmit_ring, static_cast<unsigned>(socket), nullptr);
    if (error != 0) return Refused(device_, "a transmit queue", error);
  }
  if (error = rte_eth_dev_start(port_); error != 0) return Refused(device_, "to start", error);
  started_ = true;
  if (error = rte_eth_promiscuous_enable(port_); error != 0 && error != -ENOTSUP) {
    notes_.push_back(absl::StrCat("promiscuous mode is refused (", rte_strerror(-error),
                                  "): only frames for the port's own address may arrive"));
  }
  rte_eth_stats_reset(port_);
  if (queues > 1) notes_.push_back(VerifyRss(port_, info, key).words);
  return absl::OkStatus();
}

absl::Status Port::WaitForLink(double seconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!LinkIsUp()) {
    if (std::chrono::steady_clock::now() >= until) {
      notes_.push_back(absl::StrCat("the link is still down after ", seconds,
                                    " s: nothing arrives until it is up"));
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return absl::OkStatus();
}

Port::~Port() {
  distributor_.reset();
  if (started_) rte_eth_dev_stop(port_);
  if (found_) {
    rte_eth_dev_info info{};
    rte_device* device = rte_eth_dev_info_get(port_, &info) == 0 ? info.device : nullptr;
    rte_eth_dev_close(port_);
    if (probed_here_ && device != nullptr) rte_dev_remove(device);
  }
  rte_mempool_free(pool_);
}

std::vector<std::unique_ptr<BurstSource>> Port::TakeSources() {
  if (distributor_ != nullptr) return distributor_->TakeSources();
  std::vector<std::unique_ptr<BurstSource>> sources;
  for (uint16_t queue = 0; queue < queues_; ++queue) {
    sources.push_back(std::make_unique<QueueSource>(port_, queue, stamped_));
  }
  return sources;
}

PortCounters Port::Counters() const {
  PortCounters counters = ReadPortCounters(port_);
  if (distributor_ != nullptr) counters.ring_full = distributor_->ring_full();
  return counters;
}

bool Port::LinkIsUp() const {
  rte_eth_link link{};
  return rte_eth_link_get_nowait(port_, &link) == 0 && link.link_status == RTE_ETH_LINK_UP;
}

void Port::StopDistributing() {
  if (distributor_ != nullptr) distributor_->Stop();
}

}  // namespace borderflow
