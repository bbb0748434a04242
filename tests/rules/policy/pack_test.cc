#include "rules/policy/pack.h"

#include <gtest/gtest.h>

#include <string>

namespace borderflow {
namespace {

constexpr char kHead[] = R"(pack:
  id: p
  title: "a pack"
  authority: "nobody"
  version: "1"
  as_of: "2026-11-21"
  stale_after_days: 30
  default: permitted
  burden: restrictor
  sources: ["a source"]
)";
constexpr char kTiers[] = R"(tiers:
  - id: ally
    any: [EEA]
  - id: others
    rest: true
)";
constexpr char kRules[] = R"(rules:
  - id: r
    cite: "a citation"
    purpose: privacy
    when: {destination_tier: others, categories: [HLT]}
    verdict: review
)";

absl::StatusOr<Pack> Parse(const std::string& text) {
  return ParsePack(text, "p.yaml", Groups::BuiltIn());
}

std::string ErrorOf(const std::string& text) { return std::string(Parse(text).status().message()); }

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

const std::string& Sound() {
  static const auto* const text = new std::string(std::string(kHead) + kTiers + kRules);
  return *text;
}

TEST(PackTest, ASoundPackIsReadWhole) {
  const absl::StatusOr<Pack> pack = Parse(Sound());
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->id, "p");
  EXPECT_EQ(pack->stale_after_days, 30);
  EXPECT_EQ(pack->default_verdict, Verdict::kPermitted);
  ASSERT_EQ(pack->rules.size(), 1u);
  EXPECT_EQ(pack->rules[0].when.categories, std::vector<Category>{Category::kHlt});
  EXPECT_EQ(pack->digest.size(), 64u);
}

TEST(PackTest, ATierIsItsCriteriaAndTheRestIsTheRest) {
  const absl::StatusOr<Pack> pack = Parse(Sound());
  ASSERT_TRUE(pack.ok()) << pack.status();
  const Tier& ally = *pack->FindTier("ally");
  const Tier& others = *pack->FindTier("others");
  EXPECT_EQ(ally.members, Groups::BuiltIn().Find("EEA")->members);
  EXPECT_TRUE((ally.members & others.members).none());
  EXPECT_EQ(ally.members.count() + others.members.count(),
            static_cast<size_t>(kJurisdictions - kSpecialJurisdictions));
  EXPECT_FALSE(others.members[static_cast<size_t>(Jurisdiction::kUnknown)]);
}

TEST(PackTest, AllMeansEveryCriterion) {
  const absl::StatusOr<Pack> pack = Parse(Replaced(Sound(), "any: [EEA]", "all: [EEA, G7]"));
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->FindTier("ally")->members,
            Groups::BuiltIn().Find("EEA")->members & Groups::BuiltIn().Find("G7")->members);
}

TEST(PackTest, MistakesAreNamedWithPlaceAndNearestWord) {
  EXPECT_EQ(ErrorOf(Replaced(Sound(), "any: [EEA]", "any: [EAA]")),
            "p.yaml:12:5: unknown group \"EAA\" (did you mean \"EEA\"?)");
  EXPECT_EQ(ErrorOf(Replaced(Sound(), "[HLT]", "[HLTH]")),
            "p.yaml:20:50: unknown category \"HLTH\" (did you mean \"HLT\"?)");
  EXPECT_EQ(ErrorOf(Replaced(Sound(), "verdict: review", "verdict: reviw")),
            "p.yaml:21:14: unknown verdict \"reviw\" (did you mean \"review\"?)");
  EXPECT_EQ(ErrorOf(Replaced(Sound(), "destination_tier: others", "destination_tier: other")),
            "p.yaml:20:30: unknown tier \"other\" (did you mean \"others\"?)");
  EXPECT_EQ(ErrorOf(Replaced(Sound(), "2026-11-21", "soon")),
            "p.yaml:6:10: \"as_of\" must be a date such as 2026-11-21, not \"soon\"");
}

TEST(PackTest, WhatAPackMustSayIsDemanded) {
  for (const char* line :
       {"  title: \"a pack\"\n", "  authority: \"nobody\"\n", "  version: \"1\"\n",
        "  as_of: \"2026-11-21\"\n", "  stale_after_days: 30\n", "  default: permitted\n",
        "  burden: restrictor\n", "  sources: [\"a source\"]\n", "    cite: \"a citation\"\n",
        "    purpose: privacy\n"}) {
    EXPECT_FALSE(Parse(Replaced(Sound(), line, "")).ok()) << line;
  }
}

TEST(PackTest, ARuleThatHitsEverythingIsRefused) {
  EXPECT_NE(ErrorOf(Replaced(Sound(), "{destination_tier: others, categories: [HLT]}", "{}"))
                .find("it would hit everything"),
            std::string::npos);
}

TEST(PackTest, EveryShippedPackIsSoundAndNamesItself) {
  for (const std::string& id : ShippedPacks()) {
    const absl::StatusOr<Pack> pack = LoadPack(id, Groups::BuiltIn());
    ASSERT_TRUE(pack.ok()) << pack.status();
    EXPECT_EQ(pack->id, id);
  }
}

TEST(PackTest, AnUnknownPackNamesTheShippedOnes) {
  const absl::StatusOr<Pack> pack = LoadPack("data-alies", Groups::BuiltIn());
  EXPECT_TRUE(absl::IsNotFound(pack.status()));
  EXPECT_NE(pack.status().message().find("data-allies"), absl::string_view::npos);
}

}  // namespace
}  // namespace borderflow
