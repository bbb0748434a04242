// What of a window leaves, and under which name.
#include <gtest/gtest.h>

#include "tests/collectors/store/windows.h"
#include "tools/account/exports.h"

namespace borderflow {
namespace {

TEST(WindowBatchTest, HoldsTheWholeWindowAndSaysWhichOneItIs) {
  std::mt19937_64 random(1);
  Window window = RandomWindow(&random, 7, kMonday, 300);
  window.dropped = {{"imissed", 5}, {"kernel", 6}};
  const Report statement = MakeStatement("one");
  WindowRelease release(8);
  const ExportBatch batch = BatchOf(window, statement, {}, 42, &release);
  constexpr uint64_t kNsPerSecond = 1'000'000'000;
  EXPECT_EQ(batch.key, (WindowKey{"one", 42, kMonday * kNsPerSecond, 7}));
  EXPECT_EQ(batch.end_ns, (kMonday + 60) * kNsPerSecond);
  EXPECT_EQ(batch.vantage, "testbed");
  EXPECT_EQ(batch.geo_digests, std::vector<std::string>{"d1"});
  EXPECT_EQ(batch.dropped_frames, 11u);
  EXPECT_EQ(batch.captured, window.counts.decode.captured);
  EXPECT_EQ(batch.total.frames, window.counts.decode.ip.frames);
  EXPECT_EQ(batch.total.bytes, window.counts.decode.ip.bytes);
  EXPECT_GT(batch.suppressed.frames, 0u);
  EXPECT_LT(batch.suppressed.frames, batch.total.frames);
}

TEST(WindowBatchTest, AWholeRunBeginsAndEndsWithItsFrames) {
  std::mt19937_64 random(1);
  Window run = RandomWindow(&random, 0, kMonday);
  run.width = 0;
  WindowRelease release(8);
  const ExportBatch batch = BatchOf(run, MakeStatement("one"), {}, 42, &release);
  EXPECT_EQ(batch.key.start_ns, run.counts.decode.first_time_ns);
  EXPECT_EQ(batch.end_ns, run.counts.decode.last_time_ns);
}

TEST(WindowBatchTest, TheSameCapturesInAnyOrderAreTheSameRun) {
  const CaptureStatement a = {"a.pcap", "aa"}, b = {"b.pcap", "bb"}, renamed = {"c.pcap", "aa"};
  EXPECT_EQ(RunOf(std::vector{a, b}), RunOf(std::vector{b, renamed}));
  EXPECT_NE(RunOf(std::vector{a, b}), RunOf(std::vector{a}));
  const CaptureStatement unknown = {"-", ""};
  EXPECT_NE(RunOf(std::vector{unknown}), RunOf(std::vector{unknown}));
}

}  // namespace
}  // namespace borderflow
