#include "dataplane/capture/dpdk/captured_interface.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "dataplane/capture/dpdk/interface.h"

namespace borderflow {
namespace {

ifreq Request(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

}  // namespace

CapturedInterface::CapturedInterface(const std::string& name)
    : name_(name),
      control_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      was_promiscuous_((Flags() & IFF_PROMISC) != 0),
      dropped_at_start_(InterfaceDrops(name)),
      foreign_(PacketSockets()) {}

CapturedInterface::~CapturedInterface() {
  if (control_ < 0) return;
  if (const short flags = Flags(); !was_promiscuous_ && (flags & IFF_PROMISC) != 0) {
    ifreq request = Request(name_);
    request.ifr_flags = static_cast<short>(flags & ~IFF_PROMISC);
    ioctl(control_, SIOCSIFFLAGS, &request);
  }
  close(control_);
}

short CapturedInterface::Flags() const {
  ifreq request = Request(name_);
  return ioctl(control_, SIOCGIFFLAGS, &request) == 0 ? request.ifr_flags : short{0};
}

bool CapturedInterface::LinkIsUp() const {
  constexpr int kUp = IFF_UP | IFF_RUNNING;
  return (Flags() & kUp) == kUp;
}

std::vector<int> CapturedInterface::PacketSockets() const {
  const auto index = static_cast<int>(if_nametoindex(name_.c_str()));
  std::vector<int> sockets;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    const int descriptor = std::atoi(entry.path().filename().c_str());
    sockaddr_ll address{};
    socklen_t size = sizeof(address);
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
        address.sll_family == AF_PACKET && address.sll_ifindex == index) {
      sockets.push_back(descriptor);
    }
  }
  return sockets;
}

void CapturedInterface::Opened() {
  for (const int descriptor : PacketSockets()) {
    if (std::find(foreign_.begin(), foreign_.end(), descriptor) == foreign_.end()) {
      sockets_.push_back(descriptor);
    }
  }
}

CapturedInterface::Counts CapturedInterface::Read() {
  for (const int descriptor : sockets_) {
    tpacket_stats stats{};
    socklen_t size = sizeof(stats);
    if (getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0) continue;
    counts_.delivered += stats.tp_packets - stats.tp_drops;  // packets are with drops
    counts_.no_room += stats.tp_drops;
  }
  counts_.before_ring = InterfaceDrops(name_) - dropped_at_start_;
  return counts_;
}

}  // namespace borderflow
