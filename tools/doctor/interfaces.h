// Interfaces: the network interfaces of Linux, and how the machine itself uses them.
//
// Thread safety: values and pure functions, but for Read, which reads the system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_INTERFACES_H_
#define BORDERFLOW_TOOLS_DOCTOR_INTERFACES_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/system_files.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

struct Interface {
  std::string name;
  bool loopback = false;
  bool up = false;       // by its administrator
  bool carrier = false;  // and its link
  bool promiscuous = false;
  uint64_t mtu = 0;
  uint64_t speed = 0;  // Mbit/s; 0 when it does not say
  size_t receive_queues = 0;
  bool default_route = false;     // it, or what stands on it, is the machine's way to the network
  bool routes = false;            // some other route goes through it
  std::set<std::string> merging;  // features in force that join received frames: "gro", "lro" ...
};

// By name, the features of an interface that join received frames into longer ones.
using MergingFeatures = std::function<std::set<std::string>(const std::string&)>;

std::vector<Interface> ReadInterfaces(const SystemFiles& files, const MergingFeatures& merging);

// One "interface" each; the wanted ones first. Names those that are wanted and not there.
std::vector<CheckResult> CheckInterfaces(const std::vector<Interface>& interfaces,
                                         const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_INTERFACES_H_
