#include "rules/policy/pack.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

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
  purpose: privacy
  sources:
    - {id: act, title: "an act", date: "2024-05-01"}
  says: ["it says"]
  sees: ["it sees"]
  cannot_see: ["it cannot see"]
)";
constexpr char kTiers[] = R"(facts:
  agreement: "an agreement"
criteria:
  - {id: eea, title: "in the EEA", members: "EEA"}
  - {id: g7, title: "in the G7", members: "G7"}
tiers:
  - {id: ally, criteria: [eea, g7], meet: any}
  - {id: others, rest: true}
variants:
  - {id: only-g7, title: "the G7", tier: ally, criteria: [g7], meet: all}
)";
constexpr char kRules[] = R"(rules:
  - id: r
    says: "a rule"
    cite: {source: act, place: "section 1"}
    purpose: privacy
    when: {destination: {tier: others}, categories: [HLT]}
    verdict: conditional
    needs: [agreement]
    observability: indirect
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

void ExpectError(const std::string& from, const std::string& to, const std::string& error) {
  EXPECT_EQ(ErrorOf(Replaced(Sound(), from, to)), error);
}

void ExpectErrorHolds(const std::string& from, const std::string& to, const std::string& part) {
  const std::string error = ErrorOf(Replaced(Sound(), from, to));
  EXPECT_NE(error.find(part), std::string::npos) << to << ": " << error;
  EXPECT_EQ(error.rfind("p.yaml:", 0), 0u) << error;
}

TEST(PackTest, ASoundPackIsReadWhole) {
  const absl::StatusOr<Pack> pack = Parse(Sound());
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->id, "p");
  EXPECT_EQ(pack->stale_after_days, 30);
  EXPECT_EQ(pack->default_verdict, Verdict::kPermitted);
  EXPECT_EQ(pack->exempt, Bit(Category::kInf));
  EXPECT_TRUE(*pack->scope.crosses);
  ASSERT_EQ(pack->rules.size(), 1u);
  const Rule& rule = pack->rules[0];
  EXPECT_EQ(rule.when.categories, Bit(Category::kHlt));
  EXPECT_EQ(rule.when.destination.tier, "others");
  EXPECT_EQ(rule.met, Verdict::kPermitted);
  EXPECT_EQ(CitationText(*pack, rule.cite), "section 1, an act (2024-05-01)");
  EXPECT_EQ(pack->digest.size(), 64u);
}

TEST(PackTest, TiersAreTheirCriteriaUnderEveryChoiceAndTheRestIsTheRest) {
  const absl::StatusOr<Pack> pack = Parse(Sound());
  ASSERT_TRUE(pack.ok()) << pack.status();
  const JurisdictionSet eea = Groups::BuiltIn().Find("EEA")->members;
  const JurisdictionSet g7 = Groups::BuiltIn().Find("G7")->members;
  EXPECT_EQ(TierMembers(*pack, "")[0], eea | g7);
  EXPECT_EQ(TierMembers(*pack, "any")[0], eea | g7);
  EXPECT_EQ(TierMembers(*pack, "all")[0], eea & g7);
  EXPECT_EQ(TierMembers(*pack, "only-g7")[0], g7);
  for (const char* choice : {"", "any", "all", "only-g7"}) {
    const std::vector<JurisdictionSet> tiers = TierMembers(*pack, choice);
    EXPECT_TRUE((tiers[0] & tiers[1]).none());
    EXPECT_EQ(tiers[0] | tiers[1], AnyJurisdiction());
  }
}

TEST(PackTest, MistakesAreNamedWithPlaceAndNearestWord) {
  ExpectError("\"EEA\"", "\"EAA\"",
              "p.yaml:19:46: unknown jurisdiction or group \"EAA\" (did you mean \"EEA\"?)");
  ExpectError("[HLT]", "[HLTH]", "p.yaml:31:54: unknown category \"HLTH\" (did you mean \"HLT\"?)");
  ExpectError("verdict: conditional", "verdict: conditionel",
              "p.yaml:32:14: unknown verdict \"conditionel\" (did you mean \"conditional\"?)");
  ExpectError("tier: others", "tier: other",
              "p.yaml:31:32: unknown tier \"other\" (did you mean \"others\"?)");
  ExpectError("needs: [agreement]", "needs: [agrement]",
              "p.yaml:33:13: unknown fact \"agrement\" (did you mean \"agreement\"?): say under "
              "\"facts\" what it is");
  ExpectErrorHolds("source: act", "source: axt", "unknown source \"axt\" (did you mean \"act\"?)");
  ExpectErrorHolds("observability: indirect", "observability: indirekt", "did you mean");
  ExpectErrorHolds("purpose: privacy\n  sources", "purpose: privacy and trade\n  sources",
                   "unknown purpose");
  ExpectErrorHolds("    needs:", "    neds:", "unknown key \"neds\"");
  ExpectErrorHolds("criteria: [g7]", "criteria: [g8]", "unknown criterion \"g8\"");
  ExpectErrorHolds("meet: any", "meet: 3", "\"meet\" must be any, all or a number from 1 to 2");
}

TEST(PackTest, WhatAPackMustSayIsDemanded) {
  for (const char* line :
       {"  title: \"a pack\"\n", "  authority: \"nobody\"\n", "  version: \"1\"\n",
        "  as_of: \"2026-11-21\"\n", "  stale_after_days: 30\n", "  default: permitted\n",
        "  burden: restrictor\n", "  says: [\"it says\"]\n", "  sees: [\"it sees\"]\n",
        "  cannot_see: [\"it cannot see\"]\n", "    says: \"a rule\"\n",
        "    cite: {source: act, place: \"section 1\"}\n", "    verdict: conditional\n",
        "    observability: indirect\n",
        "    when: {destination: {tier: others}, categories: [HLT]}\n"}) {
    EXPECT_FALSE(Parse(Replaced(Sound(), line, "")).ok()) << line;
  }
}

TEST(PackTest, ACitationHasADateAndAThresholdAProvenance) {
  ExpectErrorHolds(", date: \"2024-05-01\"", "", "has no \"date\"");
  ExpectErrorHolds("{source: act, place: \"section 1\"}", "\"section 1\"", "a citation is");
  ExpectErrorHolds("    verdict:",
                   "    threshold: {unit: bytes, at_least: 1, period: whole}\n"
                   "    verdict:",
                   "a threshold without \"provenance\"");
}

TEST(PackTest, ThresholdsAreReadWithTheirPeriods) {
  const auto with = [](const std::string& limit) {
    return Parse(
        Replaced(Sound(), "    verdict:",
                 absl::StrCat("    threshold: {", limit,
                              ", provenance: {source: act, place: \"s. 2\"}}\n", "    verdict:")));
  };
  const absl::StatusOr<Pack> pack =
      with("unit: persons, more_than: 100, period: 365d, proxy: weak, aggregate_by: [category]");
  ASSERT_TRUE(pack.ok()) << pack.status();
  const Threshold& limit = *pack->rules[0].threshold;
  EXPECT_EQ(limit.least, 101u);
  EXPECT_EQ(limit.hours, 365u * 24);
  EXPECT_EQ(limit.proxy, Proxy::kWeak);
  EXPECT_EQ(with("unit: bytes, at_least: 5, period: calendar_year")->rules[0].threshold->hours,
            365u * 24);
  for (const char* wrong :
       {"unit: bytes, period: whole", "unit: bytes, at_least: 1, more_than: 1, period: whole",
        "unit: bytes, at_least: -1, period: whole", "unit: bytes, at_least: 1, period: 3w",
        "unit: bytes, at_least: 1, period: 99999999999999999999d",
        "unit: bytes, at_least: 1, period: whole, proxy: weak",
        "unit: people, at_least: 1, "
        "period: whole"}) {
    EXPECT_FALSE(with(wrong).ok()) << wrong;
  }
}

TEST(PackTest, ARuleThatAsksForNothingOrForPlacesOnlyMustSaySo) {
  const std::string when = "{destination: {tier: others}, categories: [HLT]}";
  ExpectErrorHolds(when, "{}", "it would hit everything");
  ExpectErrorHolds(when, "{destination: {tier: others}}", "country_only: true");
  EXPECT_TRUE(
      Parse(Replaced(Sound(), when, "{destination: {tier: others}}\n    country_only: true")).ok());
  ExpectErrorHolds(when, when + "\n    country_only: true", "take \"country_only\" away");
}

TEST(PackTest, ABreachNamesWhatWouldConfirmIt) {
  ExpectErrorHolds("verdict: conditional\n    needs: [agreement]", "verdict: breach_if_confirmed",
                   "what would confirm it");
}

TEST(PackTest, UnquotedBooleansAndDuplicateKeysAreRefused) {
  ExpectErrorHolds("\"EEA\"", "NO", "in quotes");
  EXPECT_TRUE(Parse(Replaced(Sound(), "\"EEA\"", "\"NO\"")).ok());
  ExpectErrorHolds("    verdict: conditional\n", "    verdict: conditional\n    verdict: review\n",
                   "duplicate key \"verdict\"");
}

TEST(PackTest, ATemplateIsEmptyUntilItsParametersAreGiven) {
  const std::string text = Replaced(
      Replaced(Sound(),
               "facts:", "parameters:\n  - {id: home, kind: set, says: \"where\"}\nfacts:"),
      "{tier: others}", "{location: \"ANY - $home\"}");
  const absl::StatusOr<Pack> unbound = Parse(text);
  ASSERT_TRUE(unbound.ok()) << unbound.status();
  ASSERT_NE(unbound->Missing(), nullptr);
  EXPECT_EQ(unbound->Missing()->id, "home");
  const absl::StatusOr<Pack> bound =
      ParsePack(text, "p.yaml", Groups::BuiltIn(), {{"home", "DE + FR"}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_EQ(bound->Missing(), nullptr);
  const JurisdictionSet& abroad = *bound->rules[0].when.destination.all[0];
  EXPECT_FALSE(abroad[static_cast<size_t>(*FromCode("DE"))]);
  EXPECT_EQ(abroad.count(), AnyJurisdiction().count() - 2);
  EXPECT_FALSE(ParsePack(text, "p.yaml", Groups::BuiltIn(), {{"home", "DEE"}}).ok());
  EXPECT_FALSE(ParsePack(text, "p.yaml", Groups::BuiltIn(), {{"hme", "DE"}}).ok());
}

TEST(PackTest, EveryShippedPackIsSoundAndNamesItself) {
  EXPECT_GE(ShippedPacks().size(), 10u);
  for (const std::string& id : ShippedPacks()) {
    const absl::StatusOr<Pack> pack = LoadPack(id, Groups::BuiltIn());
    ASSERT_TRUE(pack.ok()) << pack.status();
    EXPECT_EQ(pack->id, id);
  }
}

TEST(PackTest, AVariantReplacesWhatHasTheSameIdAndKeepsTheRest) {
  const absl::StatusOr<Pack> base = LoadPack("eu-gdpr-v", Groups::BuiltIn());
  ASSERT_TRUE(base.ok()) << base.status();
  const Rule& first = base->rules[0];
  std::string text = std::string(kHead) + "rules:\n  - id: " + first.id + R"(
    says: "replaced"
    cite: {source: act, place: "section 1"}
    purpose: privacy
    when: {destination: {location: "CN"}, categories: [HLT]}
    verdict: review
    observability: weak
)";
  text = Replaced(text, "  purpose: privacy\n", "  purpose: privacy\n  extends: eu-gdpr-v\n");
  const absl::StatusOr<Pack> variant = Parse(text);
  ASSERT_TRUE(variant.ok()) << variant.status();
  EXPECT_EQ(variant->id, "p");
  EXPECT_EQ(variant->rules.size(), base->rules.size());
  EXPECT_EQ(variant->FindRule(first.id)->says, "replaced");
  EXPECT_NE(variant->FindSource("act"), nullptr);
  EXPECT_EQ(variant->sources.size(), base->sources.size() + 1);
  EXPECT_NE(ErrorOf(Replaced(text, "extends: eu-gdpr-v", "extends: eu-gdpr"))
                .find("no shipped pack \"eu-gdpr\" to extend"),
            std::string::npos);
}

TEST(PackTest, AnUnknownPackNamesTheShippedOnes) {
  const absl::StatusOr<Pack> pack = LoadPack("data-alies", Groups::BuiltIn());
  EXPECT_TRUE(absl::IsNotFound(pack.status()));
  EXPECT_NE(pack.status().message().find("did you mean \"data-allies\""), absl::string_view::npos);
  EXPECT_TRUE(absl::IsInvalidArgument(
      LoadPack("entity-localisation:home=US,home=DE", Groups::BuiltIn()).status()));
}

// The pack is right, and who gives the value reads no line of it.
TEST(PackTest, AWrongValueOfAParameterIsBlamedOnTheParameter) {
  const absl::StatusOr<Pack> pack =
      LoadPack("entity-localisation:entity=cloudflaer", Groups::BuiltIn());
  EXPECT_EQ(pack.status().message(),
            "pack entity-localisation: parameter entity: \"cloudflaer\" is no entity list or "
            "organisation (did you mean \"cloudflare\"?); it is the organisation, or an entity "
            "list that names it");
}

}  // namespace
}  // namespace borderflow
