#include "tools/command/flow_choice.h"

#include <gtest/gtest.h>

#include <string>

namespace borderflow {
namespace {

TEST(FlowChoiceTest, EitherEndMayStandFirst) {
  const auto one = ParseFlowChoice("10.0.0.2:51234-192.0.2.1:443/tcp");
  const auto other = ParseFlowChoice("192.0.2.1:443-10.0.0.2:51234/tcp");
  ASSERT_TRUE(one.has_value() && other.has_value());
  ASSERT_TRUE(one->key.has_value());
  EXPECT_EQ(one->key, other->key);
  EXPECT_EQ(one->key->port_lo + one->key->port_hi, 51234 + 443);
}

// "06" used to be a protocol without ports, of which no flow is.
TEST(FlowChoiceTest, AProtocolHasItsPortsHoweverItsNumberIsWritten) {
  const auto word = ParseFlowChoice("10.0.0.2:5-192.0.2.1:443/tcp");
  ASSERT_TRUE(word.has_value());
  for (const char* number : {"6", "06", "+6"}) {
    const std::string text = std::string("10.0.0.2:5-192.0.2.1:443/") + number;
    const auto same = ParseFlowChoice(text);
    ASSERT_TRUE(same.has_value()) << text;
    EXPECT_EQ(same->key, word->key) << text;
    EXPECT_FALSE(ParseFlowChoice(std::string("10.0.0.2-192.0.2.1/") + number).has_value());
  }
}

TEST(FlowChoiceTest, WhatIsNoFlowIsNone) {
  for (const char* text :
       {"", "0", "x", "10.0.0.2:5-192.0.2.1:443", "10.0.0.2:5/tcp",
        "10.0.0.2:5-192.0.2.1:65536/tcp", "10.0.0.2:5-[::1]:443/tcp", "10.0.0.2-192.0.2.1/256"}) {
    EXPECT_FALSE(ParseFlowChoice(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace borderflow
