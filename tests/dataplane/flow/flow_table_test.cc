#include "dataplane/flow/flow_table.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "tests/dataplane/flow/flow_keys.h"

namespace borderflow {
namespace {

constexpr uint64_t kSeed = 42;

// Resident memory of this process.
size_t ResidentBytes() {
  long pages = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  const int read = std::fscanf(file, "%*s %ld", &pages);
  std::fclose(file);
  return read == 1 ? static_cast<size_t>(pages) * static_cast<size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

// A table and its slow twin, driven together.
class TwinTable {
 public:
  TwinTable(size_t capacity, uint64_t seed) : hash_(seed), table_(capacity, hash_) {}

  // Inserts the key if it is absent, else erases it.
  void Toggle(const FlowKey& key) {
    const auto known = twin_.find(Ordered(key));
    if (known != twin_.end()) {
      table_.Erase(known->second);
      EXPECT_FALSE(table_.in_use(known->second));
      twin_.erase(known);
      return;
    }
    const bool full = twin_.size() == table_.capacity();
    const uint32_t index = table_.Insert(key, hash_(key));
    ASSERT_EQ(index == FlowTable::kNone, full) << "at " << twin_.size();
    if (full) return;
    EXPECT_TRUE(table_.in_use(index));
    EXPECT_LE(index, table_.high_water());
    twin_.emplace(Ordered(key), index);
  }

  void Check(const FlowKey& key) const {
    const auto known = twin_.find(Ordered(key));
    const uint32_t expected = known == twin_.end() ? FlowTable::kNone : known->second;
    const uint64_t hash = hash_(key);
    ASSERT_EQ(table_.Find(key, hash), expected);
    ASSERT_EQ(table_.size(), twin_.size());
    const FlowTable::Likely likely = table_.Candidate(hash);
    ASSERT_EQ(table_.Confirm(likely.index, key),
              expected != FlowTable::kNone && likely.index == expected);
    if (!likely.doubtful) {
      ASSERT_EQ(likely.index, FlowTable::kNone);
      ASSERT_EQ(expected, FlowTable::kNone);
    }
    if (expected != FlowTable::kNone) {
      ASSERT_EQ(table_.entry(expected).Key(), key);
    }
  }

  void CheckAll() const {
    std::vector<bool> used(table_.capacity() + 1);
    for (const auto& [key, index] : twin_) {
      const auto& [lo, hi, port_lo, port_hi, protocol, family] = key;
      Check({lo, hi, port_lo, port_hi, protocol, family, 0});
      ASSERT_FALSE(used[index]) << "two keys, one entry";
      used[index] = true;
    }
  }

  size_t size() const { return twin_.size(); }
  FlowTable& table() { return table_; }

 private:
  KeyedHash hash_;
  FlowTable table_;
  std::map<OrderedKey, uint32_t> twin_;
};

TEST(FlowTable, AgreesWithMapUnderRandomInsertsAndErases) {
  for (const size_t capacity : {1, 2, 7, 9, 64, 1000}) {
    // From a quarter full on average to always full.
    for (const size_t domain : {capacity / 2 + 1, 2 * capacity, 8 * capacity}) {
      TwinTable twin(capacity, kSeed + capacity);
      std::mt19937_64 random(capacity * 31 + domain);
      for (size_t step = 0; step < 20 * domain + 2000; ++step) {
        twin.Toggle(NumberedKey(random() % domain));
        twin.Check(NumberedKey(random() % (domain + 3)));
        if (HasFatalFailure()) FAIL() << "capacity " << capacity << " domain " << domain;
      }
      twin.CheckAll();
    }
  }
}

// Every sequence of six operations over five keys, in tables that hold one to five of them.
TEST(FlowTable, AgreesWithMapInEverySmallHistory) {
  constexpr size_t kKeys = 5;
  constexpr size_t kHistories = 5 * 5 * 5 * 5 * 5 * 5;
  for (size_t capacity = 1; capacity <= kKeys; ++capacity) {
    TwinTable twin(capacity, kSeed);
    for (size_t history = 0; history < kHistories; ++history) {
      for (size_t left = history, step = 0; step < 6; ++step, left /= kKeys) {
        twin.Toggle(NumberedKey(left % kKeys));
        for (size_t key = 0; key < kKeys; ++key) twin.Check(NumberedKey(key));
        if (HasFatalFailure()) FAIL() << "capacity " << capacity << " history " << history;
      }
    }
  }
}

TEST(FlowTable, RefusesOnlyWhenFull) {
  for (const size_t capacity : {1, 8, 11, 12, 16, 31, 1000, 4096, 65536, 100000, 262144}) {
    const KeyedHash hash(kSeed + capacity);
    FlowTable table(capacity, hash);
    for (size_t i = 0; i < capacity; ++i) {
      const FlowKey key = NumberedKey(i);
      ASSERT_NE(table.Insert(key, hash(key)), FlowTable::kNone)
          << i << " of " << capacity << " flows";
    }
    const FlowKey one_more = NumberedKey(capacity);
    EXPECT_EQ(table.Insert(one_more, hash(one_more)), FlowTable::kNone);
    for (size_t i = 0; i < capacity; ++i) {
      const FlowKey key = NumberedKey(i);
      const uint32_t index = table.Find(key, hash(key));
      ASSERT_NE(index, FlowTable::kNone) << i;
      ASSERT_EQ(table.entry(index).Key(), key);
    }
    EXPECT_EQ(table.Find(one_more, hash(one_more)), FlowTable::kNone);
  }
}

// A full table that churns keeps its room: what is erased can be replaced at once.
TEST(FlowTable, StaysUsableFullThroughLongChurn) {
  constexpr size_t kCapacity = 4096;
  TwinTable twin(kCapacity, kSeed);
  for (size_t i = 0; i < kCapacity; ++i) twin.Toggle(NumberedKey(i));
  for (size_t i = 0; i < 50 * kCapacity; ++i) {
    twin.Toggle(NumberedKey(i));              // the oldest goes
    twin.Toggle(NumberedKey(i + kCapacity));  // a new one takes its place
    if (HasFatalFailure()) FAIL() << "after " << i;
    ASSERT_EQ(twin.size(), kCapacity);
  }
  EXPECT_EQ(twin.table().high_water(), kCapacity);
  twin.CheckAll();
}

// What a flood can vary at will, one member at a time.
TEST(FlowTable, KeysEqualButForOneMemberFillTheTable) {
  constexpr size_t kFlows = 32768;
  const std::vector<std::function<FlowKey(uint32_t)>> floods = {
      [](uint32_t i) {
        FlowKey key = NumberedKey(0);
        key.port_lo = static_cast<uint16_t>(i);
        return key;
      },
      [](uint32_t i) {
        FlowKey key = NumberedKey(0);
        key.port_hi = static_cast<uint16_t>(i);
        return key;
      },
      [](uint32_t i) {
        FlowKey key = NumberedKey(0);
        key.lo = IpAddress::FromV4(i << 12);
        return key;
      },
      [](uint32_t i) {
        FlowKey key = NumberedKey(0);
        key.hi = IpAddress{uint64_t{0x20010db8} << 32, uint64_t{i} << 48};
        return key;
      },
      [](uint32_t i) {
        FlowKey key = NumberedKey(0);
        key.lo = IpAddress{uint64_t{0x20010db8} << 32 | i, 1};
        return key;
      },
  };
  for (size_t flood = 0; flood < floods.size(); ++flood) {
    const KeyedHash hash(kSeed);
    FlowTable table(kFlows, hash);
    for (uint32_t i = 0; i < kFlows; ++i) {
      const FlowKey key = floods[flood](i);
      ASSERT_NE(table.Insert(key, hash(key)), FlowTable::kNone) << "flood " << flood << " at " << i;
    }
  }
}

TEST(FlowTable, NewEntryIsZeroButForItsKey) {
  const KeyedHash hash(kSeed);
  FlowTable table(1, hash);
  const FlowKey first = NumberedKey(1);
  const uint32_t index = table.Insert(first, hash(first));
  FlowEntry& entry = table.entry(index);
  entry.flags = entry.progress = 0xff;
  entry.cell = entry.last_seen = 77;
  entry.tracked = {{1, 2}, {3, 4}};
  table.Erase(index);
  const FlowKey second = NumberedKey(2);
  ASSERT_EQ(table.Insert(second, hash(second)), index);
  EXPECT_EQ(entry.Key(), second);
  EXPECT_EQ(entry.flags, 0);
  EXPECT_EQ(entry.progress, 0);
  EXPECT_EQ(entry.cell, 0u);
  EXPECT_EQ(entry.last_seen, 0u);
  EXPECT_EQ(entry.tracked.gap[1], 0u);
  EXPECT_EQ(entry.tracked.next_sequence[0], 0u);
}

// Each member of a key alone makes another flow, whatever the entry's flags are.
TEST(FlowTable, EveryMemberOfTheKeyIsCompared) {
  const KeyedHash hash(kSeed);
  FlowTable table(16, hash);
  const FlowKey key = NumberedKey(0x123456789a);
  const uint32_t index = table.Insert(key, hash(key));
  table.entry(index).flags = table.entry(index).progress = 0xff;
  EXPECT_TRUE(table.Confirm(index, key));
  std::vector<FlowKey> others(8, key);
  others[0].lo.high ^= 1;
  others[1].lo.low ^= 1;
  others[2].hi.high ^= uint64_t{1} << 63;
  others[3].hi.low ^= 1;
  others[4].port_lo ^= 0x8000;
  others[5].port_hi ^= 1;
  others[6].protocol ^= 1;
  others[7].family = 6;
  for (size_t i = 0; i < others.size(); ++i) {
    EXPECT_FALSE(table.Confirm(index, others[i])) << i;
    EXPECT_EQ(table.Find(others[i], hash(key)), FlowTable::kNone) << i;
  }
}

TEST(FlowTable, UnusedRoomCostsAddressSpaceOnly) {
  const size_t before = ResidentBytes();
  ASSERT_GT(before, 0u);
  const FlowTable table(size_t{1} << 24, KeyedHash(kSeed));  // 1.3 GB when in use
  EXPECT_LT(ResidentBytes(), before + (size_t{8} << 20));
}

TEST(FlowTable, FlowCostsEightyBytes) {
  constexpr size_t kFlows = 262144;
  const size_t before = ResidentBytes();
  const KeyedHash hash(kSeed);
  FlowTable table(kFlows, hash);
  for (size_t i = 0; i < kFlows; ++i) table.Insert(NumberedKey(i), hash(NumberedKey(i)));
  const size_t grown = ResidentBytes() - before;
  EXPECT_LT(grown, kFlows * 80 + (size_t{6} << 20)) << "large pages may round up";
  EXPECT_GT(grown, table.size() * sizeof(FlowEntry) - (size_t{1} << 20));
}

}  // namespace
}  // namespace borderflow
