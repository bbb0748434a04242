#include "dataplane/packet/address.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

namespace borderflow {
namespace {

using testing::Eq;
using testing::Field;
using testing::Optional;

uint64_t Big64(const uint8_t* at) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | at[i];
  return value;
}

// What inet_pton makes of `text`, in either family.
std::optional<IpAddress> BySystem(const std::string& text) {
  uint8_t bytes[16] = {};
  if (inet_pton(AF_INET, text.c_str(), bytes) == 1) {
    return IpAddress::FromV4(static_cast<uint32_t>(Big64(bytes) >> 32));
  }
  if (inet_pton(AF_INET6, text.c_str(), bytes) != 1) return std::nullopt;
  return IpAddress{Big64(bytes), Big64(bytes + 8)};
}

TEST(AddressTest, WritesTheFormsOfRfc5952) {
  const std::pair<const char*, const char*> cases[] = {
      {"2001:0db8::0001", "2001:db8::1"},
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:DB8::ABCD", "2001:db8::abcd"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"::1.2.3.4", "::102:304"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"0:0:0:0:0:ffff:c000:201", "192.0.2.1"},
      {"192.0.2.1", "192.0.2.1"},
      {"255.255.255.255", "255.255.255.255"},
  };
  for (const auto& [text, written] : cases) {
    const auto address = ParseAddress(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(ToString(*address), written) << text;
  }
}

TEST(AddressTest, EveryAddressSurvivesWritingAndParsing) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    // Groups of zeros are what the short form is about, so most bits are cleared group by group.
    uint64_t halves[2] = {random(), random()};
    for (uint64_t& half : halves) {
      for (int group = 0; group < 4; ++group) {
        if (random() % 2 == 0) half &= ~(0xffffULL << (16 * group));
      }
    }
    const IpAddress address = i % 4 == 0 ? IpAddress::FromV4(static_cast<uint32_t>(random()))
                                         : IpAddress{halves[0], halves[1]};
    const std::string text = ToString(address);
    EXPECT_EQ(ParseAddress(text), address) << text;
    EXPECT_EQ(BySystem(text), address) << text;
  }
}

TEST(AddressTest, AcceptsExactlyWhatTheSystemAccepts) {
  std::mt19937 random(2);
  const std::string letters = "0123456789abcdef:::...%/ gA";
  const std::string seeds[] = {"192.0.2.1", "2001:db8::1", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", ""};
  int accepted = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text = seeds[random() % 5];
    for (unsigned edits = random() % 4; edits > 0; --edits) {
      const size_t at = random() % (text.size() + 1);
      const char letter = letters[random() % letters.size()];
      if (random() % 2 == 0) {
        text.insert(at, 1, letter);
      } else if (at < text.size()) {
        text[at] = letter;
      }
    }
    EXPECT_EQ(ParseAddress(text), BySystem(text)) << text;
    accepted += ParseAddress(text).has_value();
  }
  EXPECT_GT(accepted, 20000);
}

TEST(AddressTest, RefusesEmbeddedZeroAndOverlongText) {
  EXPECT_EQ(ParseAddress(std::string_view("1.2.3.4\0", 8)), std::nullopt);
  EXPECT_EQ(ParseAddress(std::string(1000, '1')), std::nullopt);
  EXPECT_EQ(ParseAddress("fe80::1%eth0"), std::nullopt);
}

TEST(AddressTest, ComparesAsNumbers) {
  EXPECT_LT(*ParseAddress("9.255.255.255"), *ParseAddress("10.0.0.0"));
  EXPECT_LT(*ParseAddress("2001:db8::"), *ParseAddress("2001:db8::1"));
  EXPECT_LT(*ParseAddress("::1"), *ParseAddress("1::"));
}

TEST(PrefixTest, CountsLengthFromTheTopOf128Bits) {
  EXPECT_THAT(ParsePrefix("192.0.2.0/24"), Optional(Field(&Prefix::length, 120)));
  EXPECT_THAT(ParsePrefix("0.0.0.0/0"), Optional(Field(&Prefix::length, 96)));
  EXPECT_THAT(ParsePrefix("2001:db8::/32"), Optional(Field(&Prefix::length, 32)));
  EXPECT_THAT(ParsePrefix("::/0"), Optional(Field(&Prefix::length, 0)));
  EXPECT_THAT(ParsePrefix("::ffff:192.0.2.0/120"), Optional(Field(&Prefix::length, 120)));
}

TEST(PrefixTest, BareAddressIsItsOwnHostPrefix) {
  for (const char* text : {"192.0.2.7", "2001:db8::7"}) {
    const auto prefix = ParsePrefix(text);
    ASSERT_TRUE(prefix);
    EXPECT_EQ(prefix->length, 128);
    EXPECT_EQ(prefix->address, *ParseAddress(text));
    EXPECT_EQ(prefix->last(), prefix->address);
  }
}

TEST(PrefixTest, LastAddressHasEveryHostBitSet) {
  EXPECT_EQ(ParsePrefix("192.0.2.0/24")->last(), *ParseAddress("192.0.2.255"));
  EXPECT_EQ(ParsePrefix("0.0.0.0/0")->last(), *ParseAddress("255.255.255.255"));
  EXPECT_EQ(ParsePrefix("192.0.2.1/32")->last(), *ParseAddress("192.0.2.1"));
  EXPECT_EQ(ParsePrefix("2001:db8::/32")->last(),
            *ParseAddress("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_EQ(ParsePrefix("2001:db8::/64")->last(), *ParseAddress("2001:db8::ffff:ffff:ffff:ffff"));
  EXPECT_EQ(ParsePrefix("::/0")->last(), (IpAddress{~0ULL, ~0ULL}));
}

TEST(PrefixTest, RefusesHostBitsAndBadLengths) {
  for (const char* text :
       {"192.0.2.1/24", "2001:db8::1/32", "2001:db8::1/64", "192.0.2.0/33", "2001:db8::/129",
        "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/+8", "192.0.2.0/024", "192.0.2.0/24 ",
        "192.0.2.0/2x", "192.0.2.0/24/8", "/24", "", "x/8", "192.0.2.0/4294967320"}) {
    EXPECT_FALSE(ParsePrefix(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace borderflow
