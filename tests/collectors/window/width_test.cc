#include "collectors/window/width.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace borderflow {
namespace {

TEST(WindowWidth, DividesAnHour) {
  EXPECT_EQ(*ParseWindowWidth("60s"), 60u);
  EXPECT_EQ(*ParseWindowWidth("90"), 90u);
  EXPECT_EQ(*ParseWindowWidth("5m"), 300u);
  EXPECT_EQ(*ParseWindowWidth("1h"), 3600u);
  EXPECT_EQ(*ParseWindowWidth("1s"), 1u);
}

TEST(WindowWidth, AnyOtherIsRefusedWithTheNearestRightOnes) {
  const auto refused = [](std::string_view text) {
    return std::string(ParseWindowWidth(text).status().message());
  };
  EXPECT_THAT(refused("7m"), testing::HasSubstr("use 400s or 450s"));
  EXPECT_THAT(refused("2h"), testing::HasSubstr("use 3600s"));
  EXPECT_THAT(refused("0"), testing::HasSubstr("use 1s"));
  for (const char* text : {"", "s", "-5s", "1.5m", "60 seconds", "99999999999999999999"}) {
    EXPECT_THAT(refused(text), testing::HasSubstr("is no width such as 60s")) << text;
  }
}

}  // namespace
}  // namespace borderflow
