#include "rules/category/list_line.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "name@column" or "!refusal@column" of each.
std::vector<std::string> Shown(const std::vector<ListedName>& names) {
  std::vector<std::string> shown;
  for (const ListedName& name : names) {
    const bool refused = name.refusal.has_value();
    shown.push_back(absl::StrCat(refused ? "!" : "",
                                 std::string(refused ? Name(*name.refusal) : name.text), "@",
                                 name.column));
  }
  return shown;
}

std::vector<std::string> Parsed(void (*parse)(std::string_view, std::vector<ListedName>*),
                                std::string_view line) {
  std::vector<ListedName> names = {{"left over", 1, std::nullopt}};
  parse(line, &names);
  return Shown(names);
}
std::vector<std::string> Hosts(std::string_view line) { return Parsed(ParseHostsLine, line); }
std::vector<std::string> Domains(std::string_view line) { return Parsed(ParseDomainLine, line); }
std::vector<std::string> Adblock(std::string_view line) { return Parsed(ParseAdblockLine, line); }

TEST(ListLineTest, HostsLineHasAnAddressAndNames) {
  EXPECT_THAT(Hosts("0.0.0.0 ads.example.com"), ElementsAre("ads.example.com@9"));
  EXPECT_THAT(Hosts("\t::1  a.example\tb.example # c.example"),
              ElementsAre("a.example@7", "b.example@17"));
  EXPECT_THAT(Hosts("fe80::1%lo0 localhost"), ElementsAre("localhost@13"));
}

TEST(ListLineTest, HostsLineWithoutAddressOrNameIsRefused) {
  EXPECT_THAT(Hosts("ads.example.com"), ElementsAre("!syntax@1"));
  EXPECT_THAT(Hosts(" 0.0.0.0"), ElementsAre("!syntax@2"));
  EXPECT_THAT(Hosts(""), IsEmpty());
  EXPECT_THAT(Hosts("# 0.0.0.0 a.example"), IsEmpty());
}

TEST(ListLineTest, DomainLineMayBeginWithAWildcardOrADot) {
  EXPECT_THAT(Domains("example.com"), ElementsAre("example.com@1"));
  EXPECT_THAT(Domains(" *.example.com "), ElementsAre("example.com@2"));
  EXPECT_THAT(Domains(".example.com # why"), ElementsAre("example.com@1"));
}

TEST(ListLineTest, DomainLineWithMoreThanANameIsRefused) {
  EXPECT_THAT(Domains("https://example.com"), ElementsAre("!path@1"));
  EXPECT_THAT(Domains("example.com/ads"), ElementsAre("!path@1"));
  EXPECT_THAT(Domains("ads*.example.com"), ElementsAre("!pattern@1"));
  EXPECT_THAT(Domains("a.example b.example"), ElementsAre("!syntax@1"));
  for (const char* comment : {"", "#a", "! a", "; a", "// a", "   "}) {
    EXPECT_THAT(Domains(comment), IsEmpty()) << comment;
  }
}

TEST(ListLineTest, AdblockDomainRulesAreNames) {
  EXPECT_THAT(Adblock("||example.org^"), ElementsAre("example.org@3"));
  EXPECT_THAT(Adblock("||*.example.org^|"), ElementsAre("example.org@5"));
  EXPECT_THAT(Adblock("||example.org^$third-party,important"), ElementsAre("example.org@3"));
}

// A rule that covers less, or more, than a name and all below it.
TEST(ListLineTest, OtherAdblockRulesAreRefusedByReason) {
  EXPECT_THAT(Adblock("@@||example.org^"), ElementsAre("!exception@1"));
  EXPECT_THAT(Adblock("example.org##.ad"), ElementsAre("!cosmetic@1"));
  EXPECT_THAT(Adblock("||example.org^$image"), ElementsAre("!narrow@1"));
  EXPECT_THAT(Adblock("||example.org^$third-party,domain=a.example"), ElementsAre("!narrow@1"));
  EXPECT_THAT(Adblock("||example.org/ads/"), ElementsAre("!path@1"));
  EXPECT_THAT(Adblock("||example.org^ads"), ElementsAre("!path@1"));
  EXPECT_THAT(Adblock("||example.org"), ElementsAre("!pattern@1"));
  EXPECT_THAT(Adblock("||ads*.example.org^"), ElementsAre("!pattern@1"));
  EXPECT_THAT(Adblock("/banner[0-9]+/"), ElementsAre("!pattern@1"));
  EXPECT_THAT(Adblock("-ad-300x250."), ElementsAre("!pattern@1"));
  EXPECT_THAT(Adblock("! ||example.org^"), IsEmpty());
  EXPECT_THAT(Adblock("[Adblock Plus 2.0]"), IsEmpty());
}

TEST(ListLineTest, V2flyLineHasAKindAndAttributes) {
  const V2flyLine plain = ParseV2flyLine("example.com @ads @!cn &other # why");
  EXPECT_EQ(plain.kind, V2flyLine::Kind::kName);
  EXPECT_EQ(plain.name.text, "example.com");
  EXPECT_THAT(plain.attributes, ElementsAre("ads", "!cn"));
  EXPECT_EQ(ParseV2flyLine("domain:example.com").name.text, "example.com");
  EXPECT_EQ(ParseV2flyLine("full:www.example.com").name.text, "www.example.com");
  const V2flyLine include = ParseV2flyLine("include:other-list @-ads");
  EXPECT_EQ(include.kind, V2flyLine::Kind::kInclude);
  EXPECT_EQ(include.name.text, "other-list");
  EXPECT_THAT(include.attributes, ElementsAre("-ads"));
  EXPECT_EQ(ParseV2flyLine("  # nothing").kind, V2flyLine::Kind::kNothing);
}

TEST(ListLineTest, V2flyPatternsAndUnknownKindsAreRefused) {
  EXPECT_EQ(ParseV2flyLine("regexp:^ads\\.").name.refusal, NameRefusal::kPattern);
  EXPECT_EQ(ParseV2flyLine("keyword:ads").name.refusal, NameRefusal::kPattern);
  EXPECT_EQ(ParseV2flyLine("dommain:example.com").name.refusal, NameRefusal::kSyntax);
  EXPECT_EQ(ParseV2flyLine("example.com ads").name.refusal, NameRefusal::kSyntax);
}

}  // namespace
}  // namespace borderflow
