#include "tools/doctor/hardware.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace borderflow {

std::vector<CheckResult> CheckHardware(const std::vector<Interface>& interfaces,
                                       const Wanted& wanted) {
  std::vector<std::string> queues;
  for (const Interface& interface : interfaces) {
    if (interface.loopback || interface.receive_queues == 0) continue;
    queues.push_back(absl::StrCat(interface.name, " ", interface.receive_queues));
  }
  return {
      Note("rss", absl::StrCat("RSS symmetry: checked when the port is opened, with ",
                               wanted.workers, " worker(s) a port; queues that the kernel uses: ",
                               queues.empty() ? "no interface" : absl::StrJoin(queues, ", "))),
      Note("hardware", "untested on hardware: RSS of each driver (which key, which fields)"),
      Note("hardware", "untested on hardware: time stamps of a NIC; the time is that of the burst"),
      Note("hardware", "untested on hardware: rte_flow; no rule is installed")};
}

}  // namespace borderflow
