#include "dataplane/capture/dpdk/rss.h"

#include <rte_ethdev.h>
#include <rte_thash.h>

#include <bit>

namespace borderflow {
namespace {

constexpr size_t kUsualKey = 40;  // bytes; enough for two IPv6 addresses and two ports

// Whether the hash of two addresses of so many 32-bit words each, and two ports, is that of the
// other direction. The hash is linear: it is enough that each single bit of the input gives the
// same hash at its place and where the other direction has it.
bool IsSymmetricFor(size_t address_words, const std::vector<uint8_t>& key) {
  const size_t count = 2 * address_words + 1;
  const auto hash_of_bit = [&key, count](size_t word, uint32_t bit) {
    std::vector<uint32_t> input(count);  // in host order: addresses, source and destination port
    input[word] = bit;
    return rte_softrss(input.data(), static_cast<uint32_t>(count), key.data());
  };
  for (size_t word = 0; word < count; ++word) {
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
      const bool ports = word == 2 * address_words;
      const size_t back = ports ? word : (word + address_words) % (2 * address_words);
      if (hash_of_bit(word, bit) != hash_of_bit(back, ports ? std::rotl(bit, 16) : bit)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

std::vector<uint8_t> SymmetricKey(size_t bytes) {
  std::vector<uint8_t> key(bytes);
  for (size_t i = 0; i < bytes; ++i) key[i] = i % 2 == 0 ? 0x6d : 0x5a;
  return key;
}

bool IsSymmetric(const std::vector<uint8_t>& key) {
  return key.size() >= kUsualKey && IsSymmetricFor(1, key) && IsSymmetricFor(4, key);
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
