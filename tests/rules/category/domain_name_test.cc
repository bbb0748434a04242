#include "rules/category/domain_name.h"

#include <string>

#include "gtest/gtest.h"

namespace borderflow {
namespace {

std::string Suffix(std::string_view text) {
  const std::variant<std::string, NameRefusal> made = ToSuffix(text);
  const std::string* suffix = std::get_if<std::string>(&made);
  return suffix != nullptr ? *suffix : std::string(Name(std::get<NameRefusal>(made)));
}

TEST(DomainNameTest, NamesBecomeLowerCaseWithoutADotAtTheEnd) {
  EXPECT_EQ(Suffix("Example.COM."), "example.com");
  EXPECT_EQ(Suffix("_dmarc.example.org"), "_dmarc.example.org");
}

// Expectations by Python's idna codec and by RFC 3492 section 7.
TEST(DomainNameTest, InternationalNamesBecomeALabels) {
  EXPECT_EQ(Suffix("m\xc3\xbcnchen.example"), "xn--mnchen-3ya.example");
  EXPECT_EQ(Suffix("M\xc3\x9cNCHEN.example"), "xn--mnchen-3ya.example");
  EXPECT_EQ(Suffix("\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0.\xd1\x80\xd1\x84"),
            "xn--80a1acny.xn--p1ai");
  EXPECT_EQ(Suffix("xn--mnchen-3ya.example"), "xn--mnchen-3ya.example");
}

TEST(DomainNameTest, WhatIsNoUtf8IsRefused) {
  EXPECT_EQ(Suffix("\xff\xfe.example.com"), "foreign_script");
  EXPECT_EQ(Suffix("\xc3.example.com"), "foreign_script");
}

TEST(DomainNameTest, AddressesAreNoNames) {
  EXPECT_EQ(Suffix("192.0.2.1"), "address");
  EXPECT_EQ(Suffix("2001:db8::1"), "address");
  EXPECT_EQ(Suffix("fe80::1%lo0"), "address");
  // Full-width digits, which UTS 46 maps to the ones above.
  EXPECT_EQ(Suffix("\xef\xbc\x91.2.3.4"), "address");
}

TEST(DomainNameTest, PublicSuffixesAloneAreRefused) {
  EXPECT_EQ(Suffix("co.uk"), "public_suffix");
  EXPECT_EQ(Suffix("com.br"), "public_suffix");
  EXPECT_EQ(Suffix("example.co.uk"), "example.co.uk");
}

TEST(DomainNameTest, SharedHostsAreNoPublicSuffixesOfARegistry) {
  EXPECT_EQ(Suffix("github.io"), "github.io");
  EXPECT_TRUE(IsSharedSuffix("github.io"));
  EXPECT_FALSE(IsPublicSuffix("github.io"));
  EXPECT_FALSE(IsSharedSuffix("example.com"));
}

TEST(DomainNameTest, NamesOfOneLabelOrOfTheMachineAreLocal) {
  EXPECT_EQ(Suffix("localhost"), "local");
  EXPECT_EQ(Suffix("localhost.localdomain"), "local");
  EXPECT_EQ(Suffix("printer.local"), "local");
}

TEST(DomainNameTest, MalformedNamesAreRefused) {
  for (const std::string name : {"", ".", "a..example.com", "-a.example.com", "a b.example.com",
                                 "a,b.example.com", "*.example.com"}) {
    EXPECT_EQ(Suffix(name), "malformed") << name;
  }
  EXPECT_EQ(Suffix(std::string(64, 'a') + ".example.com"), "malformed");
  EXPECT_EQ(Suffix(std::string(63, 'a') + ".example.com"), std::string(63, 'a') + ".example.com");
  std::string deep = "example.com";
  while (deep.size() <= 253) deep = "a." + deep;
  EXPECT_EQ(Suffix(deep), "malformed");
  EXPECT_EQ(Suffix(std::string(10'000'000, 'a')), "malformed");
  EXPECT_EQ(Suffix(std::string("a\0b.example.com", 15)), "binary");
}

TEST(DomainNameTest, RegistrableDomainIsWhatSomebodyRegistered) {
  EXPECT_EQ(RegistrableDomain("www.example.co.uk"), "example.co.uk");
  EXPECT_EQ(RegistrableDomain("example.com"), "example.com");
  EXPECT_EQ(RegistrableDomain("co.uk"), "");
}

TEST(DomainNameTest, EveryRefusalHasANameAndAMeaning) {
  for (size_t i = 0; i < static_cast<size_t>(NameRefusal::kCount); ++i) {
    EXPECT_FALSE(Name(static_cast<NameRefusal>(i)).empty()) << i;
    EXPECT_FALSE(Meaning(static_cast<NameRefusal>(i)).empty()) << i;
  }
}

}  // namespace
}  // namespace borderflow
