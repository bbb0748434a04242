// Rss: both directions of a flow on one queue.
//
// Thread safety: pure functions, but for those that take a port.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_RSS_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_RSS_H_

#include <cstdint>
#include <string>
#include <vector>

struct rte_eth_conf;
struct rte_eth_dev_info;

namespace borderflow {

// The two bytes 6D 5A over and over: the Toeplitz hash of (a, b) then equals that of (b, a)
// ("Scalable TCP Session Monitoring with Symmetric Receive-side Scaling", KAIST 2012). It yields
// few distinct hashes, which is enough to choose a queue and far too few for a flow table.
std::vector<uint8_t> SymmetricKey(size_t bytes);

// True if `key` gives one Toeplitz hash to both directions of every flow of either family.
bool IsSymmetric(const std::vector<uint8_t>& key);

// Asks for symmetric hashing in `conf`, by addresses alone where the driver can: a fragment has no
// ports and must reach the queue of its flow. Returns false if the driver has no hashing at all.
bool RequestSymmetricRss(const rte_eth_dev_info& info, rte_eth_conf* conf,
                         std::vector<uint8_t>* key);

// After the port was started: what became of the request, read back from the driver. `symmetric` is
// false also when the driver does not tell.
struct RssState {
  bool symmetric = false;
  std::string words;  // what an operator should know
};
RssState VerifyRss(uint16_t port, const rte_eth_dev_info& info, const std::vector<uint8_t>& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_RSS_H_
