#include "tools/doctor/interfaces.h"

#include <net/if.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace borderflow {
namespace {

const std::string kFolder = "/sys/class/net";

struct Routes {
  std::set<std::string> by_default;
  std::set<std::string> other;
};

std::vector<std::string> Words(const std::string& line) {
  return absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
}

bool Zeros(const std::string& text) { return text.find_first_not_of('0') == std::string::npos; }

Routes ReadRoutes(const SystemFiles& files) {
  Routes routes;
  // Interface, destination, gateway, flags, counters, metric, mask, in hexadecimal.
  for (const std::string& line : files.Lines("/proc/net/route")) {
    const std::vector<std::string> words = Words(line);
    if (words.size() < 8 || words[0] == "Iface") continue;
    (Zeros(words[1]) && Zeros(words[7]) ? routes.by_default : routes.other).insert(words[0]);
  }
  // Destination, its length, source, its length, next hop, metric, counters, flags, interface.
  for (const std::string& line : files.Lines("/proc/net/ipv6_route")) {
    const std::vector<std::string> words = Words(line);
    if (words.size() < 10) continue;
    uint64_t flags = 0;
    // The kernel rejects what nothing else matches by a route over lo.
    if (!absl::SimpleHexAtoi(words[8], &flags) || words[9] == "lo") continue;
    if (Zeros(words[0]) && words[1] == "00") routes.by_default.insert(words[9]);
  }
  return routes;
}

// The interfaces, and those that they stand on: a bond's, a bridge's, a VLAN's.
std::set<std::string> WithLower(const SystemFiles& files, std::set<std::string> names) {
  constexpr std::string_view kLower = "lower_";
  std::vector<std::string> open(names.begin(), names.end());
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    for (const std::string& entry : files.Entries(absl::StrCat(kFolder, "/", name))) {
      if (entry.rfind(kLower, 0) != 0) continue;
      const std::string lower = entry.substr(kLower.size());
      if (names.insert(lower).second) open.push_back(lower);
    }
  }
  return names;
}

std::string Describe(const Interface& interface) {
  std::string text = absl::StrCat(interface.name, ": ", interface.up ? "up" : "down",
                                  interface.up && !interface.carrier ? " without link" : "",
                                  ", MTU ", interface.mtu);
  if (interface.speed > 0) absl::StrAppend(&text, ", ", interface.speed, " Mbit/s");
  if (interface.promiscuous) text += ", promiscuous";
  absl::StrAppend(&text, ", receive queues ", interface.receive_queues);
  if (interface.default_route) text += ", carries the default route";
  return text;
}

// "ethtool -K eth1 gro off lro off".
std::string TurnOff(const Interface& interface) {
  std::string command = absl::StrCat("ethtool -K ", interface.name);
  for (const std::string& feature : interface.merging) {
    absl::StrAppend(&command, " ", feature, " off");
  }
  return command;
}

CheckResult CheckOne(const Interface& interface, bool wanted) {
  const std::string found = Describe(interface);
  if (wanted && !interface.up) {
    return Problem("interface", found + "; nothing arrives",
                   absl::StrCat("ip link set ", interface.name, " up"));
  }
  if (wanted && !interface.carrier && !interface.loopback) {
    return Problem("interface", found + "; nothing arrives: is the cable in, and the mirror on?",
                   absl::StrCat("ethtool ", interface.name, "   # until it says: Link detected"));
  }
  if (!interface.merging.empty() && !interface.loopback && interface.up) {
    const std::string why =
        absl::StrCat(found, "; joins received frames (", absl::StrJoin(interface.merging, ", "),
                     "): fewer and longer ones are counted than arrived");
    return wanted ? Problem("interface", why, TurnOff(interface))
                  : Note("interface", why, "before capturing there: " + TurnOff(interface));
  }
  return Ok("interface", found);
}

}  // namespace

std::vector<Interface> ReadInterfaces(const SystemFiles& files, const MergingFeatures& merging) {
  const Routes routes = ReadRoutes(files);
  const std::set<std::string> by_default = WithLower(files, routes.by_default);
  const std::set<std::string> other = WithLower(files, routes.other);
  std::vector<Interface> interfaces;
  for (const std::string& name : files.Entries(kFolder)) {
    const std::string folder = absl::StrCat(kFolder, "/", name);
    uint64_t flags = 0;
    if (!absl::SimpleHexAtoi(files.Text(folder + "/flags"), &flags)) continue;
    Interface interface;
    interface.name = name;
    interface.loopback = (flags & IFF_LOOPBACK) != 0;
    interface.up = (flags & IFF_UP) != 0;
    interface.promiscuous = (flags & IFF_PROMISC) != 0;
    interface.carrier = files.Number(folder + "/carrier").value_or(0) == 1;
    interface.mtu = files.Number(folder + "/mtu").value_or(0);
    interface.speed = files.Number(folder + "/speed").value_or(0);
    for (const std::string& queue : files.Entries(folder + "/queues")) {
      interface.receive_queues += absl::StartsWith(queue, "rx-") ? 1 : 0;
    }
    interface.default_route = by_default.contains(name);
    interface.routes = other.contains(name);
    interface.merging = merging(name);
    interfaces.push_back(std::move(interface));
  }
  return interfaces;
}

std::vector<CheckResult> CheckInterfaces(const std::vector<Interface>& interfaces,
                                         const Wanted& wanted) {
  std::vector<CheckResult> findings;
  for (const std::string& name : wanted.interfaces) {
    const auto at = std::find_if(interfaces.begin(), interfaces.end(),
                                 [&name](const Interface& i) { return i.name == name; });
    findings.push_back(at != interfaces.end()
                           ? CheckOne(*at, true)
                           : Problem("interface", name + ": there is none of this name",
                                     "ip -brief link   # those that are there"));
  }
  for (const Interface& interface : interfaces) {
    const bool done = std::find(wanted.interfaces.begin(), wanted.interfaces.end(),
                                interface.name) != wanted.interfaces.end();
    if (!done) findings.push_back(CheckOne(interface, false));
  }
  return findings;
}

}  // namespace borderflow
