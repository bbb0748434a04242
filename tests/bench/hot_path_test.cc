// No allocation, lock or clock read on the way from a frame's bytes to its cell: counted, not
// timed.
#include <gtest/gtest.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "dataplane/flow/arena.h"
#include "dataplane/pipeline.h"
#include "rules/category/names.h"
#include "tests/bench/counted_calls.h"
#include "tools/bench/places.h"
#include "tools/bench/prepared_frames.h"

namespace borderflow {
namespace {

constexpr const char* kWhyOnlyNew =
    "the address sanitizer has its own malloc and watches the same functions: only operator new is "
    "counted in this build";

// ---- the counters count

template <typename Work>
CountedCalls CallsOf(Work work) {
  CallCounter counter;
  work();
  return counter.Stop();
}

// Keeps the compiler from seeing that a result is not used.
template <typename T>
void Use(T value) {
  asm volatile("" : : "g"(value) : "memory");
}

TEST(CallCounterTest, OperatorNewIsAnAllocation) {
  EXPECT_GE(CallsOf([] { Use(std::make_unique<int>(7).get()); }).allocations, 1u);
}

TEST(CallCounterTest, EveryWayToMemoryIsAnAllocation) {
  if (kOnlyOperatorNew) GTEST_SKIP() << kWhyOnlyNew;
  void* memory = nullptr;
  EXPECT_EQ(CallsOf([&] { memory = std::malloc(10); }).allocations, 1u);
  EXPECT_EQ(CallsOf([&] { memory = std::realloc(memory, 1000); }).allocations, 1u);
  EXPECT_EQ(CallsOf([&] { std::free(memory); }).allocations, 1u);
  EXPECT_EQ(CallsOf([&] { memory = std::calloc(10, 10); }).allocations, 1u);
  std::free(memory);
  EXPECT_EQ(CallsOf([&] { memory = std::aligned_alloc(64, 640); }).allocations, 1u);
  std::free(memory);
  EXPECT_EQ(CallsOf([&] { Use(posix_memalign(&memory, 64, 640)); }).allocations, 1u);
  std::free(memory);
  EXPECT_EQ(CallsOf([] { Use(Arena<int>(10).data()); }).allocations, 1u);
}

TEST(CallCounterTest, EveryMutexIsALock) {
  if (kOnlyOperatorNew) GTEST_SKIP() << kWhyOnlyNew;
  std::mutex mutex;
  EXPECT_EQ(CallsOf([&] { const std::lock_guard<std::mutex> lock(mutex); }).locks, 1u);
  EXPECT_EQ(CallsOf([&] {
              Use(mutex.try_lock());
              mutex.unlock();
            }).locks,
            1u);
  std::shared_mutex shared;
  EXPECT_EQ(CallsOf([&] { const std::shared_lock<std::shared_mutex> lock(shared); }).locks, 1u);
  EXPECT_EQ(CallsOf([&] { const std::unique_lock<std::shared_mutex> lock(shared); }).locks, 1u);
}

TEST(CallCounterTest, AnAbslMutexIsALock) {
  if (kOnlyOperatorNew) GTEST_SKIP() << kWhyOnlyNew;
  if (!kWatchesAbslMutex) GTEST_SKIP() << "Abseil is linked statically: its mutex is not watched";
  absl::Mutex mutex;
  EXPECT_EQ(CallsOf([&] { const absl::MutexLock lock(&mutex); }).locks, 1u);
  EXPECT_EQ(CallsOf([&] { const absl::ReaderMutexLock lock(&mutex); }).locks, 1u);
}

TEST(CallCounterTest, EveryClockIsAClockRead) {
  if (kOnlyOperatorNew) GTEST_SKIP() << kWhyOnlyNew;
  EXPECT_GE(CallsOf([] { Use(absl::GetCurrentTimeNanos()); }).clock_reads, 1u);
  EXPECT_GE(CallsOf([] { Use(std::chrono::steady_clock::now()); }).clock_reads, 1u);
  EXPECT_GE(CallsOf([] { Use(std::chrono::system_clock::now()); }).clock_reads, 1u);
  EXPECT_GE(CallsOf([] { Use(std::time(nullptr)); }).clock_reads, 1u);
  timeval now;
  EXPECT_GE(CallsOf([&now] { Use(gettimeofday(&now, nullptr)); }).clock_reads, 1u);
}

TEST(CallCounterTest, TheCycleCounterIsAClockRead) {
  if (kOnlyOperatorNew) GTEST_SKIP() << kWhyOnlyNew;
  if (!CallCounter::WatchesCycles()) GTEST_SKIP() << "this system cannot refuse the instruction";
  EXPECT_EQ(CallsOf([] { Use(ReadCycles()); }).clock_reads, 1u);
  const uint64_t before = ReadCycles();
  EXPECT_GT(ReadCycles() - before, 0u) << "afterwards it must count on";
}

TEST(CallCounterTest, NothingIsCountedWhereNothingIsAsked) {
  EXPECT_EQ(CallsOf([] { Use(1 + 1); }), CountedCalls{});
}

// ---- the hot path

struct Course {
  PreparedOptions frames;
  WorkerOptions worker;
  bool open = true;  // flows exist before
  uint64_t count = 100'000;
};

class HotPathTest : public testing::Test {
 protected:
  // Drives a pipeline over the frames, burst by burst, and counts calls during Process only.
  CountedCalls Drive(const Course& course) {
    const absl::StatusOr<PrefixMap> map = places_.Map();
    if (!map.ok()) ADD_FAILURE() << map.status();
    Pipeline pipeline(&*map, &NameRules::BuiltIn(), KeyedHash(7), {}, course.worker);
    PreparedFrames frames(&places_, course.frames);
    CountedCalls calls;
    if (course.open) {
      for (auto part = frames.Opening(); !part.empty(); part = frames.Opening()) {
        calls += Count(part, &pipeline);
      }
    }
    for (uint64_t left = course.count; left > 0;) {
      const absl::Span<const Frame> part = frames.Next(std::min(left, frames.buffers()));
      calls += Count(part, &pipeline);
      left -= part.size();
    }
    calls += CallsOf([&pipeline] { pipeline.Finish(); });
    snapshot_ = pipeline.Take();
    EXPECT_EQ(snapshot_.decode.ip, frames.offered());
    return calls;
  }

  Places places_{250};
  Snapshot snapshot_;

 private:
  static CountedCalls Count(absl::Span<const Frame> frames, Pipeline* pipeline) {
    CallCounter counter;
    for (size_t at = 0; at < frames.size(); at += kBurst) {
      pipeline->Process(frames.subspan(at, kBurst));
    }
    return counter.Stop();
  }
};

TEST_F(HotPathTest, FlowsThatAreOpenedAndDecidedAskNothing) {
  EXPECT_EQ(Drive({.frames = {.sizes = {64, 594, 1518}, .flows = 20'000, .ipv6 = 0.3},
                   .worker = {.flows = 40'000}}),
            CountedCalls{});
  EXPECT_EQ(snapshot_.flows.total, 20'000u);
  EXPECT_EQ(snapshot_.overflows.stateless_frames, 0u);
}

TEST_F(HotPathTest, NewFlowsAmongOldOnesAskNothing) {
  EXPECT_EQ(Drive({.frames = {.sizes = {64, 850}, .flows = 10'000, .new_flows = 0.2, .ipv6 = 0.3},
                   .worker = {.flows = 100'000}}),
            CountedCalls{});
  EXPECT_GT(snapshot_.flows.total, 25'000u);
}

// At 5 ms a frame, a flow of one SYN has ended after 60,000 frames.
TEST_F(HotPathTest, FlowsThatEndAskNothing) {
  EXPECT_EQ(Drive({.frames = {.flows = 1000, .new_flows = 0.5, .frame_interval_ns = 5'000'000},
                   .worker = {.flows = 60'000},
                   .count = 200'000}),
            CountedCalls{});
  EXPECT_GT(snapshot_.flows.total, 90'000u) << "more than the table holds at a time";
  EXPECT_EQ(snapshot_.overflows.stateless_frames, 0u);
}

TEST_F(HotPathTest, ASynFloodOverASmallTableAsksNothing) {
  EXPECT_EQ(Drive({.frames = {.flows = 1000, .new_flows = 1, .syn_flood = true},
                   .worker = {.flows = 1000, .cells = 100},
                   .open = false}),
            CountedCalls{});
  EXPECT_EQ(snapshot_.overflows.stateless_frames, 99'000u);
  EXPECT_GT(snapshot_.overflows.as_numbers_dropped, 0u) << "the cells are full as well";
}

}  // namespace
}  // namespace borderflow
