// Windows of a replay: each frame in its own, the same for any number of workers, and nothing lost.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "dataplane/replay.h"
#include "tests/dataplane/count/describe.h"
#include "tests/dataplane/demo_frames.h"
#include "tests/dataplane/memory_source.h"
#include "tests/dataplane/traffic.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

struct Counted {
  Snapshot total;
  std::vector<CountedWindow> windows;
};

Counted Replayed(const std::vector<OwnedBytes>& frames, uint64_t width_ns, int workers,
                 size_t per_block = 700) {
  const PrefixMap map = SixteenPlaces();
  MemorySource source(&frames, per_block);
  Counted counted;
  ReplayOptions options;
  options.workers = workers;
  options.window_ns = width_ns;
  options.on_window = [&counted](const CountedWindow& window) {
    counted.windows.push_back(window);
  };
  EXPECT_TRUE(Replay(&source, map, NameRules::BuiltIn(), options, nullptr, &counted.total).ok());
  return counted;
}

void ExpectSameWindows(const Counted& actual, const Counted& expected) {
  ASSERT_EQ(actual.windows.size(), expected.windows.size());
  for (size_t i = 0; i < actual.windows.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(actual.windows[i].begin_ns, expected.windows[i].begin_ns);
    ExpectSame(actual.windows[i].counts, expected.windows[i].counts);
  }
  ExpectSame(actual.total, expected.total);
}

Snapshot SumOf(const std::vector<CountedWindow>& windows) {
  Snapshot sum;
  for (const CountedWindow& window : windows) AddWindow(window.counts, &sum);
  return sum;
}

// Without what differs where a flow was undecided when its window closed, and without what only
// windows have.
Snapshot WithoutKind(Snapshot snapshot) {
  for (Cell& cell : snapshot.cells) cell.key.classification = {};
  SortAndFold(&snapshot.cells);
  snapshot.undecided = {};
  snapshot.decode.late = {};
  return snapshot;
}

// Every time stamp is moved by up to `jitter`, either way.
std::vector<OwnedBytes> Jittered(uint64_t seed, uint64_t jitter) {
  std::vector<OwnedBytes> frames = DemoFrames();
  std::mt19937_64 random(seed);
  for (OwnedBytes& owned : frames) {
    owned.frame.time_ns = owned.frame.time_ns - jitter + random() % (2 * jitter);
  }
  return frames;
}

// Clocks that are set, and stamps that are forged.
std::vector<OwnedBytes> Leaping(uint64_t seed) {
  std::vector<OwnedBytes> frames = DemoFrames();
  std::mt19937_64 random(seed);
  uint64_t shift = 0;
  for (OwnedBytes& owned : frames) {
    if (random() % 300 == 0) shift = random() % (2000 * kSecond);
    owned.frame.time_ns += shift;
    if (random() % 1000 == 0) owned.frame.time_ns = random();
  }
  return frames;
}

TEST(ReplayWindows, EachFrameCountsInTheWindowOfItsOwnTime) {
  const std::vector<OwnedBytes> frames = Jittered(1, 2 * kSecond);
  for (const uint64_t width : {10 * kSecond, 60 * kSecond}) {
    std::map<uint64_t, FrameTotals> expected;
    for (const OwnedBytes& owned : frames) {
      expected[owned.frame.time_ns / width * width] += {1, owned.frame.bytes};
    }
    const Counted counted = Replayed(frames, width, 1);
    ASSERT_EQ(counted.windows.size(), expected.size());
    for (const CountedWindow& window : counted.windows) {
      EXPECT_EQ(window.counts.decode.captured, expected[window.begin_ns]);
      EXPECT_EQ(window.counts.decode.late, FrameTotals{});
      EXPECT_GE(window.counts.decode.first_time_ns, window.begin_ns);
      EXPECT_LT(window.counts.decode.last_time_ns, window.end_ns);
    }
  }
}

TEST(ReplayWindows, EachWindowConserves) {
  for (const std::vector<OwnedBytes>& frames : {DemoFrames(), Leaping(2)}) {
    for (const CountedWindow& window : Replayed(frames, 7 * kSecond, 1).windows) {
      const DecodeTotals& decode = window.counts.decode;
      FrameTotals classes = decode.ip;
      classes += decode.non_ip;
      classes += decode.malformed;
      EXPECT_EQ(decode.captured, classes);
      FrameTotals cells;
      uint64_t flows = 0;
      for (const Cell& cell : window.counts.cells) {
        cells += {cell.counters.frames, cell.counters.bytes};
        flows += cell.counters.flows;
      }
      EXPECT_EQ(decode.ip, cells);
      EXPECT_EQ(window.counts.flows.total, flows);
    }
  }
}

TEST(ReplayWindows, TheSumIsWhatIsCountedWithoutWindows) {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    const std::vector<OwnedBytes> frames =
        seed < 4 ? Jittered(seed, (1 + 9 * (seed % 2)) * kSecond) : Leaping(seed);
    const Snapshot whole = Replayed(frames, 0, 1).total;
    for (const uint64_t width : {1 * kSecond, 13 * kSecond, 60 * kSecond, 3600 * kSecond}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", width " << width / kSecond);
      const Counted counted = Replayed(frames, width, 1);
      ExpectSame(SumOf(counted.windows), counted.total);
      ExpectSame(WithoutKind(counted.total), WithoutKind(whole));
      // And the kind differs by no more than what says so of itself.
      if (counted.total.undecided.frames == 0) {
        Snapshot total = counted.total;
        total.decode.late = {};
        ExpectSame(total, whole);
      }
    }
  }
}

// By cell, how many bytes more `one` has than `other`.
uint64_t BytesElsewhere(const Snapshot& one, const Snapshot& other) {
  std::map<CellKey, int64_t> difference;
  for (const Cell& cell : one.cells) {
    difference[cell.key] += static_cast<int64_t>(cell.counters.bytes);
  }
  for (const Cell& cell : other.cells) {
    difference[cell.key] -= static_cast<int64_t>(cell.counters.bytes);
  }
  int64_t more = 0;
  for (const auto& [key, bytes] : difference) more += std::max<int64_t>(bytes, 0);
  return static_cast<uint64_t>(more);
}

TEST(ReplayWindows, KindsDifferByNoMoreThanWhatIsSaidToBeUndecided) {
  const Snapshot whole = Replayed(DemoFrames(), 0, 1).total;
  for (const uint64_t width : {1 * kSecond, 10 * kSecond, 60 * kSecond}) {
    const Snapshot total = Replayed(DemoFrames(), width, 1).total;
    EXPECT_LE(BytesElsewhere(total, whole), total.undecided.bytes);
    // Of ordinary traffic nothing differs: what is guessed at closing is what is known in the end.
    EXPECT_EQ(BytesElsewhere(total, whole), 0u);
  }
}

TEST(ReplayWindows, AnyNumberOfWorkersGivesTheSameWindows) {
  for (const std::vector<OwnedBytes>& frames :
       {DemoFrames(), Jittered(3, 20 * kSecond), Leaping(4)}) {
    for (const uint64_t width : {2 * kSecond, 60 * kSecond, 900 * kSecond}) {
      const Counted alone = Replayed(frames, width, 1);
      for (const int workers : {2, 3, 5}) {
        SCOPED_TRACE(testing::Message() << workers << " workers, width " << width / kSecond);
        ExpectSameWindows(Replayed(frames, width, workers), alone);
      }
    }
  }
}

TEST(ReplayWindows, BlocksMayEndAnywhere) {
  const Counted expected = Replayed(Jittered(5, 5 * kSecond), 30 * kSecond, 1);
  for (const int workers : {1, 3}) {
    for (const size_t per_block : {1, 31, 100'000}) {
      ExpectSameWindows(Replayed(Jittered(5, 5 * kSecond), 30 * kSecond, workers, per_block),
                        expected);
    }
  }
}

TEST(ReplayWindows, LateFramesAreCountedAndSaidToBeLate) {
  std::vector<OwnedBytes> frames = DemoFrames();
  // The 1,000th frame is 50 s late: its window closed 40 s before.
  frames[1000].frame.time_ns -= 50 * kSecond;
  const Counted counted = Replayed(frames, kSecond, 1);
  EXPECT_EQ(counted.total.decode.late, (FrameTotals{1, frames[1000].frame.bytes}));
  EXPECT_EQ(counted.total.decode.captured.frames, frames.size());
}

}  // namespace
}  // namespace borderflow
