#include "dataplane/capture/dpdk/rss.h"

#include <rte_ethdev.h>
#include <rte_thash.h>

#include <array>

namespace borderflow {
namespace {

constexpr size_t kUsualKey = 40;  // bytes; enough for two IPv6 addresses and two ports

// Input of the hash as 32-bit words in host order: addresses, then source and destination port.
std::vector<uint32_t> Tuple(const std::vector<uint32_t>& source,
                            const std::vector<uint32_t>& destination, uint16_t source_port,
                            uint16_t destination_port) {
  std::vector<uint32_t> words = source;
  words.insert(words.end(), destination.begin(), destination.end());
  words.push_back(uint32_t{source_port} << 16 | destination_port);
  return words;
}

}  // namespace

std::vector<uint8_t> SymmetricKey(size_t bytes) {
  std::vector<uint8_t> key(bytes);
  for (size_t i = 0; i < bytes; ++i) key[i] = i % 2 == 0 ? 0x6d : 0x5a;
  return key;
}

bool IsSymmetric(const std::vector<uint8_t>& key) {
  if (key.size() < kUsualKey) return false;
  const auto hash = [&key](std::vector<uint32_t> words) {
    return rte_softrss(words.data(), static_cast<uint32_t>(words.size()), key.data());
  };
  const std::vector<uint32_t> a4 = {0xc0000201};
  const std::vector<uint32_t> b4 = {0x0a1b2c3d};
  const std::vector<uint32_t> a6 = {0x20010db8, 0x00010002, 0x00030004, 0x00050006};
  const std::vector<uint32_t> b6 = {0x20010db8, 0xfffefdfc, 0x12345678, 0x9abcdef1};
  return hash(Tuple(a4, b4, 443, 50123)) == hash(Tuple(b4, a4, 50123, 443)) &&
         hash(Tuple(a6, b6, 53, 40001)) == hash(Tuple(b6, a6, 40001, 53));
}

bool RequestSymmetricRss(const rte_eth_dev_info& info, rte_eth_conf* conf,
                         std::vector<uint8_t>* key) {
  uint64_t fields = info.flow_type_rss_offloads & RTE_ETH_RSS_IP;
  if (fields == 0) {
    fields = info.flow_type_rss_offloads & (RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_SCTP);
  }
  if (fields == 0) return false;
  *key = SymmetricKey(info.hash_key_size > 0 ? info.hash_key_size : kUsualKey);
  conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
  conf->rx_adv_conf.rss_conf.rss_key = key->data();
  conf->rx_adv_conf.rss_conf.rss_key_len = static_cast<uint8_t>(key->size());
  conf->rx_adv_conf.rss_conf.rss_hf = fields;
  return true;
}

RssState VerifyRss(uint16_t port, const rte_eth_dev_info& info,
                   const std::vector<uint8_t>& wanted) {
  std::vector<uint8_t> key(wanted.size());
  rte_eth_rss_conf conf{};
  conf.rss_key = key.data();
  conf.rss_key_len = static_cast<uint8_t>(key.size());
  if (rte_eth_dev_rss_hash_conf_get(port, &conf) != 0) {
    return {false, std::string("the driver ") + info.driver_name +
                       " does not tell its RSS key: the two directions of a flow may be counted by "
                       "different workers, as two one-way flows"};
  }
  if (!IsSymmetric(key)) {
    return {false, std::string("the driver ") + info.driver_name +
                       " did not take the symmetric RSS key: the two directions of a flow may be "
                       "counted by different workers, as two one-way flows"};
  }
  return {true, std::string("RSS of ") + info.driver_name +
                    " is symmetric: both directions of a flow reach one worker"};
}

}  // namespace borderflow
