// NetworkNamespace: a network of a test's own: two Ethernet interfaces with a cable between them,
// and silence on it. What goes into "out0" comes out of "in0". Gone when the object is.
//
// Needs root and iproute2.
#ifndef BORDERFLOW_TESTS_END_TO_END_NETWORK_NAMESPACE_H_
#define BORDERFLOW_TESTS_END_TO_END_NETWORK_NAMESPACE_H_

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace borderflow {

class NetworkNamespace {
 public:
  NetworkNamespace() : name_("borderflow" + std::to_string(getpid())) {
    if (geteuid() != 0) {
      problem_ = "a network namespace needs root";
    } else if (!Shell("command -v ip")) {
      problem_ = "no ip command (iproute2)";
    } else if (RemoveOrphans(); !Shell("ip netns add " + name_)) {
      problem_ = "this system lets nobody make a network namespace";
    } else if (!Shell("ip -n " + name_ + " link add in0 type veth peer name out0")) {
      problem_ = "no veth devices in this kernel";
    } else {
      // No address, no ARP and no IPv6: nobody says anything that the test did not send.
      Run("sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'");
      Run("sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'");
      for (const char* end : {"in0", "out0"}) {
        Run("ip link set " + std::string(end) + " arp off multicast off");
        Run("ip link set " + std::string(end) + " up");
      }
    }
  }
  ~NetworkNamespace() { Shell("ip netns del " + name_); }
  NetworkNamespace(const NetworkNamespace&) = delete;
  NetworkNamespace& operator=(const NetworkNamespace&) = delete;

  // Why there is none; empty when there is.
  const std::string& problem() const { return problem_; }

  // Runs a shell's words in it, silently; true if they succeed.
  bool Run(const std::string& command) const { return Shell(Prefix() + command); }
  // The same, with standard output in `file`.
  bool RunInto(const std::string& file, const std::string& command) const {
    return std::system((Prefix() + command + " >'" + file + "' 2>&1").c_str()) == 0;
  }
  // The words before a program that is to run in it.
  std::vector<std::string> Before() const { return {"ip", "netns", "exec", name_}; }

 private:
  // Of tests that were killed: their process is gone, their network is not.
  static void RemoveOrphans() {
    Shell(
        "sh -c 'for n in $(ip netns list | grep -o \"^borderflow[0-9]*\"); do "
        "[ -e /proc/${n#borderflow} ] || ip netns del $n; done'");
  }

  std::string Prefix() const { return "ip netns exec " + name_ + " "; }
  static bool Shell(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
  }

  std::string name_;
  std::string problem_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_END_TO_END_NETWORK_NAMESPACE_H_
