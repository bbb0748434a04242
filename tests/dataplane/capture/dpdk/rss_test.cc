#include "dataplane/capture/dpdk/rss.h"

#include <gtest/gtest.h>
#include <rte_ethdev.h>
#include <rte_thash.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace borderflow {
namespace {

using Words = std::vector<uint32_t>;  // of the input, in host order
using Key = std::vector<uint8_t>;

// Slow twin: the definition, bit by bit. Each set bit of the input adds the 32 bits of the key that
// begin at its place.
uint32_t SlowToeplitz(const Words& words, const Key& key) {
  const auto key_bit = [&key](size_t at) { return uint32_t{key[at / 8]} >> (7 - at % 8) & 1; };
  uint32_t hash = 0;
  for (size_t bit = 0; bit < words.size() * 32; ++bit) {
    if ((words[bit / 32] >> (31 - bit % 32) & 1) == 0) continue;
    for (size_t i = 0; i < 32; ++i) hash ^= key_bit(bit + i) << (31 - i);
  }
  return hash;
}

Key RandomKey(size_t bytes, std::mt19937* random) {
  Key key(bytes);
  std::generate(key.begin(), key.end(), [random] { return static_cast<uint8_t>((*random)()); });
  return key;
}

Words RandomWords(size_t count, std::mt19937* random) {
  Words words(count);
  std::generate(words.begin(), words.end(),
                [random] { return static_cast<uint32_t>((*random)()); });
  return words;
}

// Addresses of `words` words each, then both ports, in both directions.
std::pair<Words, Words> BothDirections(size_t words, bool ports, std::mt19937* random) {
  const Words a = RandomWords(words, random), b = RandomWords(words, random);
  Words there = a, back = b;
  there.insert(there.end(), b.begin(), b.end());
  back.insert(back.end(), a.begin(), a.end());
  if (ports) {
    const auto pair = static_cast<uint32_t>((*random)());
    there.push_back(pair);
    back.push_back(pair << 16 | pair >> 16);
  }
  return {there, back};
}

TEST(Rss, TheTwinAgreesWithTheLibrary) {
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    const Key key = RandomKey(40, &random);
    Words words = RandomWords(1 + random() % 9, &random);
    ASSERT_EQ(rte_softrss(words.data(), static_cast<uint32_t>(words.size()), key.data()),
              SlowToeplitz(words, key));
  }
}

TEST(Rss, BothDirectionsOfAnyFlowHaveOneHashUnderTheSymmetricKey) {
  std::mt19937 random(2);
  for (const size_t bytes : {40u, 52u}) {
    const Key key = SymmetricKey(bytes);
    EXPECT_EQ(key.size(), bytes);
    EXPECT_TRUE(IsSymmetric(key));
    for (int i = 0; i < 3000; ++i) {
      const auto [there, back] =
          BothDirections(random() % 2 == 0 ? 1 : 4, random() % 2 == 0, &random);
      ASSERT_EQ(SlowToeplitz(there, key), SlowToeplitz(back, key));
    }
  }
}

TEST(Rss, OtherKeysAreNotTakenForSymmetric) {
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(IsSymmetric(RandomKey(40, &random)));
  EXPECT_FALSE(IsSymmetric({}));
  EXPECT_FALSE(IsSymmetric(SymmetricKey(39))) << "too short for IPv6 with ports";
}

// One wrong bit anywhere makes some flow's directions differ, and is seen; the last bit of 40 bytes
// is beyond what any input reaches.
TEST(Rss, AKeyIsSymmetricIfNoFlowShowsOtherwise) {
  std::mt19937 random(5);
  for (size_t bit = 0; bit < 320; ++bit) {
    Key key = SymmetricKey(40);
    key[bit / 8] ^= static_cast<uint8_t>(0x80 >> bit % 8);
    bool differs = false;
    for (int i = 0; i < 200 && !differs; ++i) {
      const auto [there, back] = BothDirections(i % 2 == 0 ? 1 : 4, true, &random);
      differs = SlowToeplitz(there, key) != SlowToeplitz(back, key);
    }
    EXPECT_EQ(IsSymmetric(key), !differs) << "bit " << bit;
    EXPECT_EQ(differs, bit < 319) << "bit " << bit;
  }
  for (int i = 0; i < 100; ++i) {
    Key key(40);
    const Key two = RandomKey(2, &random);
    for (size_t at = 0; at < key.size(); ++at) key[at] = two[at % 2];
    EXPECT_TRUE(IsSymmetric(key)) << "any two bytes over and over";
  }
}

// The key's few distinct hashes are enough to choose among workers.
TEST(Rss, TheSymmetricKeySpreadsFlowsOverQueues) {
  std::mt19937 random(4);
  const Key key = SymmetricKey(40);
  std::vector<int> queues(3);
  for (int i = 0; i < 3000; ++i) {
    ++queues[SlowToeplitz(BothDirections(1, true, &random).first, key) % queues.size()];
  }
  for (const int flows : queues) EXPECT_GT(flows, 700);
}

TEST(Rss, AsksForAddressesAloneWhereTheDriverCan) {
  rte_eth_dev_info info{};
  rte_eth_conf conf{};
  Key key;
  EXPECT_FALSE(RequestSymmetricRss(info, &conf, &key)) << "no hashing at all";
  EXPECT_EQ(conf.rxmode.mq_mode, RTE_ETH_MQ_RX_NONE);

  info.flow_type_rss_offloads = RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_IPV6 | RTE_ETH_RSS_NONFRAG_IPV4_TCP;
  info.hash_key_size = 52;
  EXPECT_TRUE(RequestSymmetricRss(info, &conf, &key));
  EXPECT_EQ(conf.rx_adv_conf.rss_conf.rss_hf, RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_IPV6);
  EXPECT_EQ(key, SymmetricKey(52));
  EXPECT_EQ(conf.rx_adv_conf.rss_conf.rss_key, key.data());
  EXPECT_EQ(conf.rx_adv_conf.rss_conf.rss_key_len, 52);
  EXPECT_EQ(conf.rxmode.mq_mode, RTE_ETH_MQ_RX_RSS);

  info.flow_type_rss_offloads = RTE_ETH_RSS_NONFRAG_IPV4_TCP;
  info.hash_key_size = 0;  // the driver does not say
  EXPECT_TRUE(RequestSymmetricRss(info, &conf, &key));
  EXPECT_EQ(conf.rx_adv_conf.rss_conf.rss_hf, RTE_ETH_RSS_NONFRAG_IPV4_TCP);
  EXPECT_EQ(key.size(), 40u);
}

}  // namespace
}  // namespace borderflow
