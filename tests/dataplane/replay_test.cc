#include "dataplane/replay.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/dataplane/count/describe.h"
#include "tests/dataplane/demo_frames.h"
#include "tests/dataplane/memory_source.h"
#include "tests/dataplane/traffic.h"

namespace borderflow {
namespace {

constexpr size_t kBlock = 700;  // frames
constexpr int kWorkers[] = {2, 3, 5};

ReplayOptions WithWorkers(int workers) {
  ReplayOptions options;
  options.workers = workers;
  options.worker.names = true;
  return options;
}

Snapshot Replayed(FrameSource* source, const ReplayOptions& options) {
  const PrefixMap map = SixteenPlaces();
  Snapshot snapshot;
  EXPECT_TRUE(Replay(source, map, NameRules::BuiltIn(), options, nullptr, &snapshot).ok());
  return snapshot;
}
Snapshot Replayed(const std::vector<OwnedBytes>& frames, const ReplayOptions& options,
                  size_t per_block = kBlock) {
  MemorySource source(&frames, per_block);
  return Replayed(&source, options);
}

void ExpectConserved(const Snapshot& snapshot) {
  const DecodeTotals& decode = snapshot.decode;
  FrameTotals classes = decode.ip;
  classes += decode.non_ip;
  classes += decode.malformed;
  classes += decode.duplicates;
  EXPECT_EQ(decode.captured, classes);
  FrameTotals cells;
  uint64_t flows = 0;
  for (const Cell& cell : snapshot.cells) {
    cells += {cell.counters.frames, cell.counters.bytes};
    flows += cell.counters.flows;
  }
  EXPECT_EQ(decode.ip, cells);
  EXPECT_EQ(snapshot.flows.total, flows);
}

TEST(Replay, AnyNumberOfWorkersCountsTheSame) {
  const Snapshot alone = Replayed(DemoFrames(), WithWorkers(1));
  ExpectConserved(alone);
  EXPECT_EQ(alone.decode.captured.frames, DemoFrames().size());
  EXPECT_GT(alone.flows.total, 1000u);
  EXPECT_GT(alone.names.size(), 10u);
  EXPECT_FALSE(alone.overflows.any());
  for (const int workers : kWorkers) {
    SCOPED_TRACE(workers);
    ExpectSame(Replayed(DemoFrames(), WithWorkers(workers)), alone);
  }
}

TEST(Replay, OptionsOfTheFrontHoldForAnyNumberOfWorkers) {
  for (const TunnelMode tunnel : {TunnelMode::kInner, TunnelMode::kOuter}) {
    ReplayOptions options = WithWorkers(1);
    options.front = {.tunnel = tunnel, .remove_copies = true};
    const Snapshot alone = Replayed(DemoFrames(), options);
    ExpectConserved(alone);
    EXPECT_GT(alone.decode.duplicates.frames, 0u);
    options.workers = 3;
    ExpectSame(Replayed(DemoFrames(), options), alone);
  }
}

// Clocks that are set back and forth, and stamps that are forged: silence is judged alike.
TEST(Replay, TimeStampsThatLeapMakeNoDifferenceToWorkers) {
  std::vector<OwnedBytes> frames = DemoFrames();
  std::mt19937_64 random(1);
  int64_t shift = 0;
  for (OwnedBytes& owned : frames) {
    constexpr int64_t kSecond = 1'000'000'000;
    if (random() % 300 == 0)
      shift = static_cast<int64_t>(random() % 2000) * kSecond - 900 * kSecond;
    owned.frame.time_ns += static_cast<uint64_t>(shift);
    if (random() % 1000 == 0) owned.frame.time_ns = random();
  }
  const Snapshot alone = Replayed(frames, WithWorkers(1));
  ExpectConserved(alone);
  for (const int workers : kWorkers) {
    SCOPED_TRACE(workers);
    ExpectSame(Replayed(frames, WithWorkers(workers)), alone);
  }
}

TEST(Replay, BlocksMayEndAnywhere) {
  const Snapshot expected = Replayed(DemoFrames(), WithWorkers(1));
  for (const int workers : {1, 3}) {
    for (const size_t per_block : {1, 31, 33, 100'000}) {
      SCOPED_TRACE(per_block);
      ExpectSame(Replayed(DemoFrames(), WithWorkers(workers), per_block), expected);
    }
  }
}

TEST(Replay, FullFlowTableLosesNoFrame) {
  for (const int workers : {1, 3}) {
    ReplayOptions options = WithWorkers(workers);
    options.worker.flows = 50;
    const Snapshot counted = Replayed(DemoFrames(), options);
    ExpectConserved(counted);
    EXPECT_GT(counted.overflows.stateless_frames, 0u);
  }
}

TEST(Replay, FailureInTheMiddleIsReturnedAndAllBeforeItCounted) {
  const std::vector<OwnedBytes> before(DemoFrames().begin(), DemoFrames().begin() + 1000);
  const Snapshot expected = Replayed(before, WithWorkers(1));
  const PrefixMap map = SixteenPlaces();
  for (const int workers : {1, 3}) {
    MemorySource source(&DemoFrames(), 150, before.size());
    Snapshot counted;
    const absl::Status status =
        Replay(&source, map, NameRules::BuiltIn(), WithWorkers(workers), nullptr, &counted);
    EXPECT_EQ(status, absl::DataLossError("memory: the disk is gone"));
    ExpectSame(counted, expected);
  }
}

TEST(Replay, FailureAtOnceCountsNothing) {
  const PrefixMap map;
  for (const int workers : {1, 3}) {
    MemorySource source(&DemoFrames(), 150, 0);
    Snapshot counted;
    EXPECT_FALSE(
        Replay(&source, map, NameRules::BuiltIn(), WithWorkers(workers), nullptr, &counted).ok());
    ExpectSame(counted, Snapshot{});
  }
}

TEST(Replay, NoFramesGiveNothing) {
  const std::vector<OwnedBytes> none;
  for (const int workers : {1, 2, 5}) ExpectSame(Replayed(none, WithWorkers(workers)), Snapshot{});
}

TEST(Replay, ProgressCountsFramesToTheLast) {
  const PrefixMap map;
  for (const int workers : {1, 2}) {
    MemorySource source(&DemoFrames(), kBlock);
    uint64_t last = 0, calls = 0;
    Snapshot snapshot;
    const auto progress = [&](const FrameSource& read, uint64_t frames) {
      EXPECT_EQ(&read, &source);
      EXPECT_GT(frames, last);
      last = frames;
      ++calls;
    };
    ASSERT_TRUE(
        Replay(&source, map, NameRules::BuiltIn(), WithWorkers(workers), progress, &snapshot).ok());
    EXPECT_EQ(last, DemoFrames().size());
    EXPECT_EQ(calls, (DemoFrames().size() + kBlock - 1) / kBlock);
  }
}

}  // namespace
}  // namespace borderflow
