#include "tools/plugin/stamped_ports.h"

#include <rte_ethdev.h>

namespace borderflow {

StampedPorts StampedPorts::Find() {
  StampedPorts stamped(/*all=*/false);
  for (uint16_t port = 0; port < RTE_MAX_ETHPORTS; ++port) {
    rte_eth_dev_info info{};
    if (rte_eth_dev_is_valid_port(port) == 0 || rte_eth_dev_info_get(port, &info) != 0) continue;
    if (info.driver_name == nullptr || !AreDrivenBy(info.driver_name)) continue;
    stamped.ports_.resize(size_t{port} + 1);
    stamped.ports_[port] = true;
  }
  return stamped;
}

}  // namespace borderflow
