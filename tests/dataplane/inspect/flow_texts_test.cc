#include "dataplane/inspect/flow_texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>

#include "dataplane/inspect/content/carried_text.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
constexpr std::string_view kSecret = "card=4111111111111111";

FlowKey Key(uint32_t flow) {
  FlowKey key;
  key.lo = IpAddress::FromV4(0x0a000000 + flow);
  key.hi = IpAddress::FromV4(0xc0000201);
  key.port_lo = 50000;
  key.port_hi = 80;
  key.protocol = 6;
  key.family = 4;
  return key;
}

void Write(FlowText* text) { text->streams[1].end.Keep(kSecret, {}); }

bool Holds(const FlowTexts& texts, std::string_view secret) {
  return AsText(texts.memory()).find(secret) != std::string_view::npos;
}

TEST(FlowTexts, IsFoundByItsFlowOnly) {
  FlowTexts texts;
  FlowText* const text = texts.Take(Key(1), kSecond);
  Write(text);
  EXPECT_EQ(texts.Find(Key(1), kSecond), text);
  EXPECT_EQ(texts.Find(Key(2), kSecond), nullptr);
  EXPECT_EQ(texts.held(), 1);
}

TEST(FlowTexts, NoByteIsLeftOfWhatIsForgotten) {
  FlowTexts texts;
  for (uint32_t flow = 0; flow < 10; ++flow) Write(texts.Take(Key(flow), kSecond));
  EXPECT_TRUE(Holds(texts, kSecret));
  for (uint32_t flow = 0; flow < 10; ++flow) texts.Forget(Key(flow));
  texts.Forget(Key(77));
  EXPECT_EQ(texts.held(), 0);
  EXPECT_FALSE(Holds(texts, "4111"));
}

TEST(FlowTexts, NoByteIsLeftOfWhatIsOldWhenItIsLookedForOrOtherTextComes) {
  FlowTexts texts;
  Write(texts.Take(Key(1), kSecond));
  EXPECT_NE(texts.Find(Key(1), 3 * kSecond), nullptr);
  EXPECT_EQ(texts.Find(Key(1), 6 * kSecond), nullptr);
  EXPECT_FALSE(Holds(texts, "4111"));
  Write(texts.Take(Key(1), 7 * kSecond));
  texts.Take(Key(2), 10 * kSecond);
  EXPECT_FALSE(Holds(texts, "4111"));
  EXPECT_EQ(texts.held(), 1);
  EXPECT_EQ(texts.exhausted(), 0u);
}

TEST(FlowTexts, WhatWasUsedLongestAgoMakesRoomAndIsCounted) {
  FlowTexts texts(3);
  for (uint32_t flow = 1; flow <= 3; ++flow) texts.Take(Key(flow), kSecond + flow);
  EXPECT_NE(texts.Find(Key(1), kSecond + 4), nullptr);
  texts.Take(Key(4), kSecond + 5);
  EXPECT_EQ(texts.exhausted(), 1u);
  EXPECT_EQ(texts.Find(Key(2), kSecond + 6), nullptr);
  for (const uint32_t flow : {1, 3, 4}) EXPECT_NE(texts.Find(Key(flow), kSecond + 6), nullptr);
}

TEST(FlowTexts, TextThatIsShorterLeavesNothingOfTheLonger) {
  CarriedText text;
  text.bytes.fill('\0');
  const auto written = [&text] {
    return static_cast<size_t>(
        std::count_if(text.bytes.begin(), text.bytes.end(), [](char c) { return c != '\0'; }));
  };
  text.Keep(kSecret, {});
  text.Keep("ab", {});
  EXPECT_EQ(text.text(), "ab");
  EXPECT_EQ(written(), 2u);
  text.Keep(kSecret, {});
  EXPECT_EQ(written(), kSecret.size());
  text.Clear();
  EXPECT_EQ(written(), 0u);
}

// Against a map, over a pool that is often full.
TEST(FlowTexts, EqualsAMapAsLongAsThereIsRoom) {
  FlowTexts texts(64);
  std::map<uint32_t, uint64_t> twin;  // flow -> used
  std::mt19937 random(5);
  uint64_t now = kSecond;
  for (int i = 0; i < 200'000; ++i) {
    now += random() % 40'000'000;
    const auto flow = static_cast<uint32_t>(random() % 200);
    auto found = twin.find(flow);
    if (found != twin.end() && now - found->second > 2 * kSecond) {
      twin.erase(found);
      found = twin.end();
    }
    FlowText* const text = texts.Find(Key(flow), now);
    ASSERT_EQ(text != nullptr, found != twin.end()) << i;
    if (text != nullptr) {
      ASSERT_EQ(text->owner, Key(flow));
      found->second = now;
      if (random() % 4 == 0) {
        texts.Forget(Key(flow));
        twin.erase(flow);
      }
      continue;
    }
    texts.Take(Key(flow), now);
    twin[flow] = now;
    if (twin.size() > 64) {
      std::erase_if(twin, [now](const auto& entry) { return now - entry.second > 2 * kSecond; });
    }
    if (twin.size() > 64) {
      twin.erase(std::min_element(twin.begin(), twin.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      }));
    }
  }
  EXPECT_GT(texts.exhausted(), 0u);
}

}  // namespace
}  // namespace borderflow
