#include "dataplane/capture/dpdk/interface.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace borderflow {
namespace {

const std::filesystem::path kInterfaces = "/sys/class/net";

uint64_t ReadNumber(const std::filesystem::path& file) {
  uint64_t number = 0;
  std::ifstream(file) >> number;
  return number;
}

uint64_t Statistic(const std::string& interface, const char* name) {
  return ReadNumber(kInterfaces / interface / "statistics" / name);
}

bool MayCapture() {
  const int probe = socket(AF_PACKET, SOCK_RAW, 0);
  if (probe < 0) return false;
  close(probe);
  return true;
}

}  // namespace

absl::StatusOr<InterfaceDevice> DescribeInterface(const std::string& interface) {
  if (interface.empty() || interface.size() >= IFNAMSIZ || if_nametoindex(interface.c_str()) == 0) {
    std::vector<std::string> known;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(kInterfaces, ignored)) {
      known.push_back(entry.path().filename().string());
    }
    std::sort(known.begin(), known.end());
    return absl::NotFoundError(absl::StrCat("--interface: there is no '", interface,
                                            "'; this machine has ", absl::StrJoin(known, ", ")));
  }
  if (!MayCapture()) {
    return absl::PermissionDeniedError(
        absl::StrCat("--interface ", interface,
                     ": this user may not capture. Grant the capability to the command: setcap "
                     "cap_net_raw,cap_net_admin=eip $(readlink -f $(command -v borderflow)), or "
                     "run it as root"));
  }
  // A ring frame holds a packet of the interface's MTU, Ethernet and two VLAN tags, behind the
  // kernel's own header; loopback's 64 KiB are left to be cut, which the report then counts.
  constexpr uint64_t kHeaders = 256;
  constexpr uint64_t kLargestFrame = 16384;
  const uint64_t mtu = ReadNumber(kInterfaces / interface / "mtu");
  const uint64_t frame =
      std::min(std::bit_ceil(std::max<uint64_t>(mtu + kHeaders, 2048)), kLargestFrame);
  constexpr uint64_t kRingBytes = uint64_t{32} << 20;
  constexpr uint64_t kBlock = 65536;
  return InterfaceDevice{
      absl::StrCat("net_af_packet_", interface, ",iface=", interface, ",blocksz=", kBlock,
                   ",framesz=", frame, ",framecnt=", kRingBytes / frame, ",qpairs=1"),
      static_cast<uint32_t>(frame)};
}

uint64_t InterfaceFrames(const std::string& interface) {
  return Statistic(interface, "rx_packets");
}

uint64_t InterfaceDrops(const std::string& interface) {
  return Statistic(interface, "rx_dropped") + Statistic(interface, "rx_missed_errors");
}

}  // namespace borderflow
