#include "dataplane/flow/event_clock.h"

#include <gtest/gtest.h>

#include <random>

#include "dataplane/flow/expiry.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t kStart = 1'700'000'000 * kSecond;

TEST(EventClock, GoesWithTimeStampsThatAscend) {
  EventClock clock;
  const Tick start = clock.Advance(kStart);
  for (uint64_t seconds = 1; seconds < 100'000; seconds += 7) {
    const Tick elapsed = clock.Advance(kStart + seconds * kSecond) - start;
    const Tick expected = TicksFromSeconds(seconds);
    EXPECT_TRUE(elapsed == expected || elapsed == expected + 1) << seconds;
  }
}

TEST(EventClock, StandsStillWhereFramesAreOutOfOrder) {
  EventClock clock;
  const Tick start = clock.Advance(kStart);
  // Two interfaces whose clocks differ by half a minute, frame by frame in turn.
  for (uint64_t second = 0; second <= 600; ++second) {
    clock.Advance(kStart + second * kSecond);
    clock.Advance(kStart + second * kSecond - 30 * kSecond);
  }
  const Tick elapsed = clock.Advance(kStart + 600 * kSecond) - start;
  EXPECT_NEAR(elapsed, TicksFromSeconds(600), 1);
}

TEST(EventClock, GoesOnAfterAClockThatWasSetBack) {
  EventClock clock;
  const Tick before = clock.Advance(kStart);
  const Tick after = clock.Advance(kStart - 86'400 * kSecond);
  EXPECT_EQ(after, before) << "never backwards";
  EXPECT_NEAR(clock.Advance(kStart - 86'390 * kSecond) - after, TicksFromSeconds(10), 1);
}

// Whatever the time stamps are: a flow that has ended by the clock stays ended.
TEST(EventClock, NeverRunsBackwardsNorNearTheWrap) {
  EventClock clock;
  std::mt19937_64 random(7);
  Tick before = clock.Advance(random());
  for (int i = 0; i < 100'000; ++i) {
    const Tick now = clock.Advance(i % 3 == 0 ? random() : random() >> (random() % 64));
    const auto step = static_cast<int32_t>(now - before);
    ASSERT_GE(step, 0);
    ASSERT_LE(step, static_cast<int32_t>(ToTick(EventClock::kLongestSilenceNs)) + 1);
    before = now;
  }
  EXPECT_GT(ToTick(EventClock::kLongestSilenceNs), kTcpIdle) << "so that the bound ends any flow";
}

}  // namespace
}  // namespace borderflow
