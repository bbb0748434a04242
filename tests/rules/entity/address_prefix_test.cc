#include "rules/entity/address_prefix.h"

#include <gtest/gtest.h>

#include <string>

namespace borderflow {
namespace {

std::string ErrorOf(std::string_view text) {
  return std::string(ParseAddressPrefix(text).status().message());
}

TEST(AddressPrefixTest, TextAndPrefixAreEachOther) {
  for (const char* text : {"192.0.2.0/24", "10.0.0.0/8", "198.51.100.7/32", "2001:db8::/32",
                           "2001:db8::1/128", "255.255.255.255/32"}) {
    const absl::StatusOr<AddressPrefix> prefix = ParseAddressPrefix(text);
    ASSERT_TRUE(prefix.ok()) << prefix.status();
    EXPECT_EQ(PrefixToText(*prefix), text);
  }
}

TEST(AddressPrefixTest, FirstAndLastAreTheEndsOfTheBlock) {
  const AddressPrefix prefix = *ParseAddressPrefix("192.0.2.0/24");
  EXPECT_EQ(prefix.first, absl::MakeUint128(0, 0xffff'c000'0200));
  EXPECT_EQ(prefix.last(), absl::MakeUint128(0, 0xffff'c000'02ff));
  EXPECT_EQ(prefix.length, 120);
  EXPECT_EQ(ParseAddressPrefix("2001:db8::/32")->last(),
            absl::MakeUint128(0x2001'0db8'ffff'ffff, ~0ull));
}

TEST(AddressPrefixTest, WhatIsWrongIsSaidWithWhatToWrite) {
  EXPECT_EQ(ErrorOf("192.0.2.1/24"),
            "\"192.0.2.1/24\" is not a prefix: bits are set behind its length: write 192.0.2.0/24");
  EXPECT_EQ(ErrorOf("192.0.2.1"),
            "\"192.0.2.1\" is not a prefix: it has no length: write 192.0.2.1/32 for one address");
  EXPECT_EQ(ErrorOf("192.0.2.0/33"),
            "\"192.0.2.0/33\" is not a prefix: the length behind \"/\" must be from 8 to 32");
  EXPECT_EQ(ErrorOf("0.0.0.0/0"),
            "\"0.0.0.0/0\" is not a prefix: wider than /8, more than one organisation holds");
  EXPECT_EQ(ErrorOf("::/0"),
            "\"::/0\" is not a prefix: wider than /16, more than one organisation holds");
  EXPECT_EQ(ErrorOf("2001:db8::1/32"),
            "\"2001:db8::1/32\" is not a prefix: bits are set behind its length: write "
            "2001:db8::/32");
  for (const char* text :
       {"", "/", "192.0.2/24", "AS3333", "192.0.2.0/24/8", "192.0.2.0/", "192.0.2.0/ 24",
        "192.0.2.0/+24", "192.0.2.0/-1", "2001:db8:::/32", "192.0.2.0/0000024", "300.0.2.0/24"}) {
    EXPECT_FALSE(ParseAddressPrefix(text).ok()) << text;
  }
  EXPECT_FALSE(ParseAddressPrefix(std::string("192.0.2.0\0junk/24", 17)).ok());
}

}  // namespace
}  // namespace borderflow
