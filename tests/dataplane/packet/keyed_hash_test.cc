#include "dataplane/packet/keyed_hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <random>
#include <set>
#include <vector>

namespace borderflow {
namespace {

FlowKey SomeKey() {
  return {IpAddress::FromV4(0x0a000001), IpAddress::FromV4(0xc6336407), 443, 50000, 6, 4, 0};
}

// What an attacker or a scan counts up, one member at a time.
const std::vector<std::function<void(uint32_t, FlowKey*)>>& Counters() {
  static const auto* const counters = new std::vector<std::function<void(uint32_t, FlowKey*)>>{
      [](uint32_t i, FlowKey* key) { key->port_lo = static_cast<uint16_t>(i); },
      [](uint32_t i, FlowKey* key) { key->port_hi = static_cast<uint16_t>(i); },
      [](uint32_t i, FlowKey* key) { key->lo.low += i; },
      [](uint32_t i, FlowKey* key) { key->hi.low += uint64_t{i} << 8; },
      [](uint32_t i, FlowKey* key) { key->hi.low += uint64_t{i} << 48; },
      [](uint32_t i, FlowKey* key) { key->lo.high += uint64_t{i} << 32; },
      [](uint32_t i, FlowKey* key) {
        key->port_lo = static_cast<uint16_t>(i);
        key->lo.low += i * 7;
      },
  };
  return *counters;
}

// Chi-square over 4,096 buckets, in standard deviations from what chance gives.
double Unevenness(const std::vector<uint32_t>& buckets, double mean) {
  double sum = 0;
  for (const uint32_t count : buckets) sum += (count - mean) * (count - mean) / mean;
  const auto freedom = static_cast<double>(buckets.size() - 1);
  return (sum - freedom) / std::sqrt(2 * freedom);
}

// The bits that are used: low ones for buckets, middle ones for workers, the top for signatures.
TEST(KeyedHash, KeysThatCountUpSpreadEvenlyInAllBitsThatAreUsed) {
  constexpr uint32_t kKeys = 16384;
  for (size_t counter = 0; counter < Counters().size(); ++counter) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const KeyedHash hash(seed);
      for (const int shift : {0, 32, 52}) {
        std::vector<uint32_t> buckets(4096);
        for (uint32_t i = 0; i < kKeys; ++i) {
          FlowKey key = SomeKey();
          Counters()[counter](i, &key);
          ++buckets[hash(key) >> shift & 4095];
        }
        // Seven deviations: never by chance among the 168 of this test.
        ASSERT_LT(Unevenness(buckets, kKeys / 4096.0), 7)
            << "counter " << counter << " seed " << seed << " shift " << shift;
      }
    }
  }
}

TEST(KeyedHash, EveryBitOfTheKeyChangesHalfOfTheHash) {
  std::mt19937_64 random(1);
  for (size_t bit = 0; bit < 8 * (sizeof(FlowKey) - sizeof(FlowKey::zero)); ++bit) {
    int changed = 0;
    constexpr int kTrials = 200;
    for (int trial = 0; trial < kTrials; ++trial) {
      const KeyedHash hash(random());
      FlowKey key = SomeKey();
      key.lo.low ^= random();
      uint8_t bytes[sizeof(key)];
      std::memcpy(bytes, &key, sizeof(key));
      bytes[bit / 8] = static_cast<uint8_t>(bytes[bit / 8] ^ 1 << bit % 8);
      FlowKey other;
      std::memcpy(&other, bytes, sizeof(key));
      changed += std::popcount(hash(key) ^ hash(other));
    }
    EXPECT_NEAR(changed, 32 * kTrials, 5 * 4 * std::sqrt(kTrials)) << "bit " << bit;
  }
}

TEST(KeyedHash, SecretDecidesWhatCollides) {
  std::set<uint64_t> hashes;
  for (uint64_t seed = 0; seed < 1000; ++seed) hashes.insert(KeyedHash(seed)(SomeKey()));
  EXPECT_EQ(hashes.size(), 1000u);
  EXPECT_EQ(KeyedHash(5)(SomeKey()), KeyedHash(5)(SomeKey()));
  // Keys that fall into one bucket of 4,096 under one secret do not under another.
  const KeyedHash one(1), two(2);
  std::set<uint64_t> elsewhere;
  size_t together = 0;
  for (uint32_t i = 0; together < 50; ++i) {
    FlowKey key = SomeKey();
    key.lo.low += i;
    if ((one(key) & 4095) != 0) continue;
    ++together;
    elsewhere.insert(two(key) & 4095);
  }
  EXPECT_GT(elsewhere.size(), 45u);
}

TEST(KeyedHash, BytesAreHashedWholeWhereverTheyLie) {
  const KeyedHash hash(9);
  std::mt19937_64 random(2);
  std::set<uint64_t> seen;
  size_t inputs = 0;
  for (size_t size = 0; size <= 70; ++size) {
    std::vector<uint8_t> bytes(size + 8);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    const uint64_t whole = hash(bytes.data(), size);
    seen.insert(whole);
    ++inputs;
    for (size_t at = 0; at < size; ++at) {
      bytes[at] ^= 0x20;
      seen.insert(hash(bytes.data(), size));
      ++inputs;
      bytes[at] ^= 0x20;
    }
    bytes[size] ^= 0xff;  // one behind the end
    EXPECT_EQ(hash(bytes.data(), size), whole);
    for (size_t offset = 1; offset < 8; ++offset) {
      std::vector<uint8_t> moved(offset);
      moved.insert(moved.end(), bytes.begin(), bytes.end());
      EXPECT_EQ(hash(moved.data() + offset, size), whole);
    }
  }
  EXPECT_EQ(seen.size(), inputs);
}

TEST(KeyedHash, LengthCountsWhereAllBytesAreZero) {
  const KeyedHash hash(9);
  const std::vector<uint8_t> zeros(100);
  std::set<uint64_t> seen;
  for (size_t size = 0; size <= zeros.size(); ++size) seen.insert(hash(zeros.data(), size));
  EXPECT_EQ(seen.size(), zeros.size() + 1);
}

}  // namespace
}  // namespace borderflow
