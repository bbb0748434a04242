#include "collectors/dashboard/timeline.h"

#include <gtest/gtest.h>

#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

TimelineWindow WindowAt(uint64_t begin, uint64_t bytes) {
  TimelineWindow window;
  window.begin = begin;
  window.total = {1, bytes, 0};
  window.crossing[2] = window.total;
  return window;
}

TEST(TimelineTest, AYearOfMinutesIsStillOnePictureAndNothingIsLost) {
  Timeline timeline(60);
  constexpr uint64_t kWindows = 525'600;
  for (uint64_t i = 0; i < kWindows; ++i) timeline.Add(WindowAt(i * 60, i % 7));
  EXPECT_LE(timeline.windows().size(), Timeline::kMostWindows);
  EXPECT_GT(timeline.windows().size(), Timeline::kMostWindows / 2 - 1);
  PolicySum total;
  PolicySum crossing;
  uint64_t last = 0;
  for (const TimelineWindow& window : timeline.windows()) {
    EXPECT_EQ(window.begin % timeline.width(), 0u);
    EXPECT_TRUE(window.begin > last || window.begin == 0);
    last = window.begin;
    total += window.total;
    crossing += window.crossing[2];
  }
  EXPECT_EQ(total.frames, kWindows);
  EXPECT_EQ(total, crossing);
}

TEST(TimelineTest, WhatComesLateIsAddedToTheLastWindow) {
  Timeline timeline(60);
  timeline.Add(WindowAt(120, 5));
  timeline.Add(WindowAt(60, 7));
  ASSERT_EQ(timeline.windows().size(), 1u);
  EXPECT_EQ(timeline.windows()[0].total.bytes, 12u);
}

TEST(TimelineTest, AClockFarInTheFutureIsOneMoreWindow) {
  Timeline timeline(60);
  timeline.Add(WindowAt(60, 5));
  timeline.Add(WindowAt(uint64_t{1} << 50, 7));
  EXPECT_EQ(timeline.windows().size(), 2u);
}

TEST(TimelineTest, CellsAreSummedByCrossing) {
  Timeline timeline(60);
  timeline.Add(
      0, {MakeCell("DE", "US", 100), MakeCell("DE", "DE", 30), MakeCell("DE", "private", 5)}, {});
  const TimelineWindow& window = timeline.windows().at(0);
  EXPECT_EQ(window.total.bytes, 135u);
  EXPECT_EQ(window.crossing[static_cast<size_t>(Crossing::kCrossBorder)].bytes, 100u);
  EXPECT_EQ(window.crossing[static_cast<size_t>(Crossing::kDomestic)].bytes, 30u);
  EXPECT_EQ(window.crossing[static_cast<size_t>(Crossing::kUndetermined)].bytes, 5u);
}

TEST(TimelineTest, WithoutWindowsItSaysWhy) {
  const Timeline timeline("one window");
  EXPECT_EQ(timeline.reason(), "one window");
  EXPECT_EQ(timeline.width(), 0u);
}

}  // namespace
}  // namespace borderflow
