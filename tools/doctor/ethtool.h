// Ethtool: what a network interface says of its offloads (linux/ethtool.h, SIOCETHTOOL).
//
// Asks only; needs no right.
#ifndef BORDERFLOW_TOOLS_DOCTOR_ETHTOOL_H_
#define BORDERFLOW_TOOLS_DOCTOR_ETHTOOL_H_

#include <set>
#include <string>

namespace borderflow {

// The features in force that join received frames into longer ones, by the names that `ethtool -K`
// takes: "gro", "lro", "rx-gro-hw", "rx-gro-list", "rx-udp-gro-forwarding". Empty where the
// interface does not say.
std::set<std::string> EthtoolMerging(const std::string& interface);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_ETHTOOL_H_
