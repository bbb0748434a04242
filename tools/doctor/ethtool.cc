#include "tools/doctor/ethtool.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

namespace borderflow {
namespace {

// By the kernel's name of a feature, the one that ethtool shows for it.
const std::map<std::string, std::string>& Merging() {
  static const auto* names =
      new std::map<std::string, std::string>{{"rx-gro", "gro"},
                                             {"rx-lro", "lro"},
                                             {"rx-gro-hw", "rx-gro-hw"},
                                             {"rx-gro-list", "rx-gro-list"},
                                             {"rx-udp-gro-forwarding", "rx-udp-gro-forwarding"}};
  return *names;
}

// The structures end in arrays whose length the kernel tells: they live in words.
bool Ask(int descriptor, const std::string& interface, std::vector<uint32_t>* words) {
  ifreq request{};
  std::memcpy(request.ifr_name, interface.data(), interface.size());
  request.ifr_data = reinterpret_cast<char*>(words->data());
  return ioctl(descriptor, SIOCETHTOOL, &request) == 0;
}

// How many features this kernel knows; 0 when it does not say.
uint32_t CountFeatures(int descriptor, const std::string& interface) {
  // ethtool_sset_info: command, reserved, a 64-bit mask of sets, a length each.
  std::vector<uint32_t> info = {ETHTOOL_GSSET_INFO, 0, 1u << ETH_SS_FEATURES, 0, 0};
  return Ask(descriptor, interface, &info) && info[2] != 0 ? info[4] : 0;
}

}  // namespace

std::set<std::string> EthtoolMerging(const std::string& interface) {
  std::set<std::string> merging;
  if (interface.size() >= IFNAMSIZ) return merging;
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return merging;
  const uint32_t features = CountFeatures(descriptor, interface);
  constexpr size_t kWordsAName = ETH_GSTRING_LEN / sizeof(uint32_t);
  // ethtool_gstrings: command, set, length, names.
  std::vector<uint32_t> names(3 + features * kWordsAName);
  names[0] = ETHTOOL_GSTRINGS;
  names[1] = ETH_SS_FEATURES;
  names[2] = features;
  // ethtool_gfeatures: command, blocks of 32, and of each: available, requested, active, fixed.
  const uint32_t blocks = (features + 31) / 32;
  std::vector<uint32_t> states(2 + blocks * 4);
  states[0] = ETHTOOL_GFEATURES;
  states[1] = blocks;
  if (features > 0 && Ask(descriptor, interface, &names) && Ask(descriptor, interface, &states)) {
    for (uint32_t i = 0; i < features; ++i) {
      const uint32_t active = states[2 + i / 32 * 4 + 2];
      if ((active >> i % 32 & 1) == 0) continue;
      char name[ETH_GSTRING_LEN + 1] = {};
      std::memcpy(name, &names[3 + i * kWordsAName], ETH_GSTRING_LEN);
      const auto known = Merging().find(name);
      if (known != Merging().end()) merging.insert(known->second);
    }
  }
  close(descriptor);
  return merging;
}

}  // namespace borderflow
