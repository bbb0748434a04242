#include "dataplane/capture/dpdk/interface.h"

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
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

// Generic receive offload: the kernel joins segments of a TCP stream before anybody sees them.
bool JoinsSegments(const std::string& interface) {
  ethtool_value answer{ETHTOOL_GGRO, 0};
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&answer);
  const int control = socket(AF_INET, SOCK_DGRAM, 0);
  if (control < 0) return false;
  const bool known = ioctl(control, SIOCETHTOOL, &request) == 0;
  close(control);
  return known && answer.data != 0;
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
    return absl::PermissionDeniedError(absl::StrCat(
        "--interface ", interface,
        ": this user may not capture. Grant the capability to the command: setcap "
        "cap_net_raw,cap_net_admin,cap_ipc_lock=eip $(readlink -f $(command -v borderflow)), or "
        "run it as root"));
  }
  // A ring frame holds a packet of the interface's MTU, Ethernet and two VLAN tags, behind the
  // kernel's own header. Loopback's 64 KiB are left to be cut: buffers for them would take 300 MB.
  constexpr uint64_t kHeaders = 256;
  constexpr uint64_t kLargestFrame = 16384;
  const uint64_t mtu = ReadNumber(kInterfaces / interface / "mtu");
  const uint64_t frame =
      std::min(std::bit_ceil(std::max<uint64_t>(mtu + kHeaders, 2048)), kLargestFrame);
  constexpr uint64_t kRingBytes = uint64_t{32} << 20;
  constexpr uint64_t kBlock = 65536;
  InterfaceDevice device{
      absl::StrCat("net_af_packet_", interface, ",iface=", interface, ",blocksz=", kBlock,
                   ",framesz=", frame, ",framecnt=", kRingBytes / frame, ",qpairs=1"),
      static_cast<uint32_t>(frame),
      {}};
  if (mtu + kHeaders > frame) {
    device.notes.push_back(absl::StrCat("frames above ", frame - kHeaders, " bytes (the MTU is ",
                                        mtu, ") are cut, and their bytes counted short"));
  }
  if (JoinsSegments(interface)) {
    device.notes.push_back(absl::StrCat(
        "generic receive offload is on: the kernel joins TCP segments before they are captured, so "
        "frames are counted too few and long ones cut short; turn it off with: ethtool -K ",
        interface, " gro off"));
  }
  return device;
}

uint64_t InterfaceDrops(const std::string& interface) {
  return Statistic(interface, "rx_dropped") + Statistic(interface, "rx_missed_errors");
}

}  // namespace borderflow
