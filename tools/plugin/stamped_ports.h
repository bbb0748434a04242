// StampedPorts: which ports' buffers carry the time of capture.
//
// Thread safety: a value.
#ifndef BORDERFLOW_TOOLS_PLUGIN_STAMPED_PORTS_H_
#define BORDERFLOW_TOOLS_PLUGIN_STAMPED_PORTS_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace borderflow {

class StampedPorts {
 public:
  // True for net_pcap. What a NIC writes into a buffer is a count of its own clock, not a time.
  static bool AreDrivenBy(std::string_view driver) { return driver == "net_pcap"; }

  // Those of the ports that there are now.
  static StampedPorts Find();

  // Every port, or none.
  explicit StampedPorts(bool all) : all_(all) {}

  bool any() const { return all_ || !ports_.empty(); }
  bool Has(uint16_t port) const { return all_ || (port < ports_.size() && ports_[port]); }

 private:
  bool all_;
  std::vector<bool> ports_;  // by number
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_PLUGIN_STAMPED_PORTS_H_
