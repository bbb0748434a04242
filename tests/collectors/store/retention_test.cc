#include "collectors/store/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace borderflow {
namespace {

using testing::HasSubstr;

constexpr uint64_t kHour = 3600;
constexpr uint64_t kDay = 86'400;

Retention Parsed(std::string_view text) {
  const absl::StatusOr<Retention> retention = ParseRetention(text);
  EXPECT_TRUE(retention.ok()) << retention.status();
  return retention.value_or(Retention{1, 1, 1});
}

TEST(RetentionTest, EachTierHasItsTime) {
  EXPECT_EQ(Parsed("window=8d,hour=13mo,day=forever"), (Retention{8 * kDay, 13 * 31 * kDay, 0}));
  EXPECT_EQ(Parsed("day=3y,window=90m,hour=2w"), (Retention{90 * 60, 14 * kDay, 3 * 366 * kDay}));
}

TEST(RetentionTest, ATierThatIsNotNamedKeepsItsDefaultWhereThatIsPossible) {
  const Retention defaults;
  EXPECT_EQ(Parsed("window=36h"), (Retention{36 * kHour, defaults.hours, defaults.days}));
  // What is finer is never kept longer than what was asked for, ...
  EXPECT_EQ(Parsed("day=10d"), (Retention{defaults.windows, 10 * kDay, 10 * kDay}));
  EXPECT_EQ(Parsed("day=1h"), (Retention{kHour, kHour, kHour}));
  // ... and what is coarser is there as long as what it is made of.
  EXPECT_EQ(Parsed("window=500d"), (Retention{500 * kDay, 500 * kDay, 500 * kDay}));
  EXPECT_EQ(Parsed("window=forever"), (Retention{0, 0, 0}));
  EXPECT_EQ(Parsed("hour=forever"), (Retention{defaults.windows, 0, 0}));
}

TEST(RetentionTest, WhatIsWrongIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "no tier is called \"\""},
      {"windows=8d", "did you mean \"window\"?"},
      {"window", "\"window\": it has no time"},
      {"window=", "no time from 1m"},
      {"window=0d", "no time from 1m"},
      {"window=8", "a time ends with m, h, d, w, mo or y"},
      {"window=8D", "a time ends with"},
      {"window=99999999999999999999d", "no time from 1m"},
      {"window=-8d", "no time from 1m"},
      {"window=8d,window=9d", "is given twice"},
      {"window=8d,hour=7d", "hour would be kept for less time than window"},
      {"hour=forever,day=1y", "day would be kept for less time than hour"},
      {"window=8d,", "no tier is called \"\""},
  };
  for (const auto& [text, expected] : cases) {
    const absl::StatusOr<Retention> retention = ParseRetention(text);
    ASSERT_FALSE(retention.ok()) << text;
    EXPECT_THAT(std::string(retention.status().message()), HasSubstr(expected)) << text;
  }
}

}  // namespace
}  // namespace borderflow
