#include "dataplane/capture/dpdk/port_counters.h"

#include <rte_ethdev.h>

namespace borderflow {

PortCounters ReadPortCounters(uint16_t port) {
  rte_eth_stats stats{};
  PortCounters counters;
  if (rte_eth_stats_get(port, &stats) != 0) return counters;
  counters.received = stats.ipackets;
  counters.missed = stats.imissed;
  counters.errors = stats.ierrors;
  counters.no_mbuf = stats.rx_nombuf;
  return counters;
}

}  // namespace borderflow
