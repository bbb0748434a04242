#include "dataplane/inspect/slot_pool.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

FlowKey KeyOf(uint16_t port) {
  FlowKey key;
  key.port_lo = port;
  key.protocol = 6;
  key.family = 4;
  return key;
}

bool IsWiped(const SlotPool& pool) {
  const Bytes memory = pool.memory();
  return std::all_of(memory.begin(), memory.end(), [](uint8_t byte) { return byte == 0; });
}

TEST(SlotPool, WhatIsGivenBackIsWiped) {
  SlotPool pool(4, 2);
  SlotHandle handle = 0;
  Slot* const slot = pool.Take(&handle, KeyOf(1), kSecond, /*speculative=*/false);
  const Buffer hello(700, 0x5a);
  pool.Store(slot, 2048, hello);
  pool.Store(slot, 100, hello);
  EXPECT_FALSE(IsWiped(pool));
  pool.Release(handle);
  EXPECT_TRUE(IsWiped(pool));
}

TEST(SlotPool, WhatMovedToALargeBufferIsWipedInBoth) {
  SlotPool pool(4, 2);
  SlotHandle handle = 0;
  Slot* const slot = pool.Take(&handle, KeyOf(1), kSecond, /*speculative=*/false);
  const Buffer first(kSmallBuffer, 0x5a);
  const Buffer second(kLargeBuffer - kSmallBuffer, 0x5b);
  pool.Store(slot, 0, first);
  pool.Store(slot, kSmallBuffer, second);
  Buffer whole = first;
  whole.insert(whole.end(), second.begin(), second.end());
  EXPECT_EQ(pool.Prefix(*slot), Bytes(whole));
  const Bytes small = pool.memory().subspan(0, pool.memory().size() - 2 * size_t{kLargeBuffer});
  EXPECT_EQ(std::count(small.begin(), small.end(), 0x5a), 0);
  pool.Release(handle);
  EXPECT_TRUE(IsWiped(pool));
}

// Other bytes begin anew in the slot, those of the message before are still there.
TEST(SlotPool, WhatAnEarlierMessageLeftIsWipedAsWell) {
  SlotPool pool(4, 2);
  SlotHandle handle = 0;
  Slot* const slot = pool.Take(&handle, KeyOf(1), kSecond, /*speculative=*/false);
  pool.Store(slot, 3000, Buffer(500, 0x5a));
  slot->segments.Clear();
  pool.Store(slot, 0, Buffer(20, 0x5a));
  pool.Release(handle);
  EXPECT_TRUE(IsWiped(pool));
}

TEST(SlotPool, WhatAgedOrWasTakenAwayIsWiped) {
  SlotPool pool(1, 2);
  SlotHandle handle = 0;
  Slot* const slot = pool.Take(&handle, KeyOf(1), kSecond, /*speculative=*/false);
  slot->kind = SlotKind::kTls;
  pool.Store(slot, 5, Buffer(500, 0x5a));
  Slot* const aged = pool.Find(&handle, KeyOf(1), 100 * kSecond);
  ASSERT_NE(aged, nullptr);
  EXPECT_TRUE(IsWiped(pool));
  pool.Store(aged, 7, Buffer(500, 0x5a));
  SlotHandle other = 0;
  pool.Take(&other, KeyOf(2), 101 * kSecond, /*speculative=*/true);
  EXPECT_EQ(pool.counters().exhausted, 1u);
  EXPECT_TRUE(IsWiped(pool));
}

}  // namespace
}  // namespace borderflow
