#include "tools/command/geo_text.h"

#include "gtest/gtest.h"

namespace borderflow {
namespace {

TEST(GeoTextTest, ThousandsAreSeparated) {
  EXPECT_EQ(Thousands(0), "0");
  EXPECT_EQ(Thousands(999), "999");
  EXPECT_EQ(Thousands(1000), "1,000");
  EXPECT_EQ(Thousands(3695614312), "3,695,614,312");
}

TEST(GeoTextTest, LittleIsNotShownAsNothing) {
  EXPECT_EQ(Percent(1, 3), "33.3 %");
  EXPECT_EQ(Percent(0, 3), "0.0 %");
  EXPECT_EQ(Percent(12, 100'000), "0.012 %");
  EXPECT_EQ(Percent(1, 1'000'000), "under 0.001 %");
  EXPECT_EQ(Percent(0, 0), "-");
}

TEST(GeoTextTest, UnknownDatesHaveNoAge) {
  EXPECT_EQ(DateAndAge(0), "unknown date");
  EXPECT_EQ(DateAndAge(1), "unknown date");  // what `geo build` writes for sources without a date
  EXPECT_EQ(DateAndAge(1782362039).substr(0, 12), "2026-06-25 (");
}

TEST(GeoTextTest, WrappedLinesStayWithinTheTerminal) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "word" + std::to_string(i) + " ";
  const std::string wrapped = Wrap(text, 6);
  size_t words = 0;
  for (size_t begin = 0; begin < wrapped.size();) {
    const size_t end = wrapped.find('\n', begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - begin, 100u);
    EXPECT_EQ(wrapped.compare(begin, 7, "      w"), 0);
    for (size_t i = begin; i < end; ++i) words += wrapped[i] == 'w' ? 1 : 0;
    begin = end + 1;
  }
  EXPECT_EQ(words, 60u);
  EXPECT_EQ(Wrap("", 6), "");
}

}  // namespace
}  // namespace borderflow
