#include "tools/live/live_windows.h"

#include <gtest/gtest.h>

namespace borderflow {
namespace {

TEST(LiveWindows, OneClosesWhenTheGraceIsOver) {
  LiveWindows windows(60, 600.5);
  EXPECT_EQ(windows.first(), 10u);
  EXPECT_EQ(windows.Due(661.9), std::nullopt);
  EXPECT_EQ(windows.Due(662.0), 11u);
  EXPECT_EQ(windows.Due(662.0), std::nullopt);
}

TEST(LiveWindows, ShortWindowsHaveAShorterGrace) {
  LiveWindows windows(1, 100.2);
  EXPECT_EQ(windows.Due(101.4), std::nullopt);
  EXPECT_EQ(windows.Due(101.5), 101u);
}

TEST(LiveWindows, AClockThatIsSetBackOrAheadIsFollowed) {
  LiveWindows windows(60, 6000);
  EXPECT_EQ(windows.Due(5941), std::nullopt);  // a step of less than a minute is waited for
  EXPECT_EQ(windows.Due(5000), 83u);
  EXPECT_EQ(windows.Due(5000), std::nullopt);
  EXPECT_EQ(windows.Due(9000), 150u);
  EXPECT_EQ(windows.first(), 150u);
}

}  // namespace
}  // namespace borderflow
