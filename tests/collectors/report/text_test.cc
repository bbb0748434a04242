#include "collectors/report/text.h"

#include <gtest/gtest.h>

namespace borderflow {
namespace {

TEST(TextTest, NumbersAreGroupedByThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
}

TEST(TextTest, BytesUsePowersOfThousand) {
  EXPECT_EQ(Bytes(999), "999 B");
  EXPECT_EQ(Bytes(1000), "1.0 kB");
  EXPECT_EQ(Bytes(999999), "1.0 MB");
  EXPECT_EQ(Bytes(2'247'108'045), "2.2 GB");
}

TEST(TextTest, SomethingIsNeverShownAsNothing) {
  EXPECT_EQ(Percent(uint64_t{0}, uint64_t{100}), "0 %");
  EXPECT_EQ(Percent(uint64_t{1}, uint64_t{1000000}), "<0.1 %");
  EXPECT_EQ(Percent(uint64_t{5}, uint64_t{0}), "0 %");
  EXPECT_EQ(Percent(uint64_t{1}, uint64_t{8}), "12.5 %");
}

}  // namespace
}  // namespace borderflow
