// The shipped packs: each reads without an error, cites with dates, and every rule has a cell that
// it decides and a near miss that it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/policy/cases.h"
#include "rules/policy/compile.h"
#include "rules/policy/lint.h"
#include "rules/policy/outcome.h"
#include "rules/policy/pack.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

std::string CasesFile(const std::string& id) {
  return absl::StrCat(BORDERFLOW_SOURCE_DIR, "/rules/policy/packs/cases/", id, ".yaml");
}

std::string CasesText(const std::string& id) {
  std::ifstream file(CasesFile(id));
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class ShippedPackTest : public ::testing::TestWithParam<std::string> {
 protected:
  // The pack, a template with the parameters of its cases.
  void SetUp() override {
    const absl::StatusOr<std::map<std::string, std::string>> parameters =
        CaseParameters(CasesText(GetParam()), GetParam());
    ASSERT_TRUE(parameters.ok()) << parameters.status();
    absl::StatusOr<Pack> pack =
        ParsePack(ShippedPackText(GetParam()), absl::StrCat("packs/", GetParam(), ".yaml"),
                  Groups::BuiltIn(), *parameters);
    ASSERT_TRUE(pack.ok()) << pack.status();
    pack_ = *std::move(pack);
  }

  Pack pack_;
};

TEST_P(ShippedPackTest, HasNoErrorAndNoUnusedPart) {
  for (const PackRemark& remark : Lint(pack_, "")) {
    EXPECT_FALSE(remark.error) << Text(pack_, remark);
  }
}

TEST_P(ShippedPackTest, EveryRuleFiresOnItsCaseAndNotOnItsNearMiss) {
  const std::string text = CasesText(GetParam());
  const absl::StatusOr<PackCases> cases = ReadCases(text, GetParam() + ".yaml", pack_);
  ASSERT_TRUE(cases.ok()) << cases.status();
  EXPECT_EQ(cases->pack, GetParam());
  EXPECT_THAT(absl::StrJoin(RunCases(*cases, GetParam() + ".yaml", pack_), "\n"), IsEmpty());
}

TEST_P(ShippedPackTest, SaysWhatItSaysWhatItSeesAndWhatItCannotSee) {
  EXPECT_EQ(pack_.id, GetParam());
  EXPECT_FALSE(pack_.says.empty());
  EXPECT_FALSE(pack_.sees.empty());
  EXPECT_FALSE(pack_.cannot_see.empty());
  EXPECT_FALSE(pack_.authority.empty());
  for (const PackSource& source : pack_.sources) EXPECT_EQ(source.date.size(), 10u) << source.id;
  for (const Rule& rule : pack_.rules) {
    EXPECT_FALSE(rule.says.empty()) << rule.id;
    EXPECT_FALSE(rule.observability.empty()) << rule.id;
  }
}

TEST_P(ShippedPackTest, NamingTimeAndRoutingAreExemptFromRestrictions) {
  const bool restricts = std::any_of(pack_.rules.begin(), pack_.rules.end(),
                                     [](const Rule& rule) { return !rule.obligation; });
  EXPECT_EQ(pack_.exempt, restricts ? Bit(Category::kInf) : 0);
}

// An encrypted flow without a name may be naming, time or routing: where a pack would let it be in
// any case, that doubt must not make it undetermined.
TEST_P(ShippedPackTest, WhatAsksForNothingStaysDecidedWithoutACategory) {
  for (const Rule& rule : pack_.rules) {
    if (rule.when.categories != 0 || IsFinding(rule.verdict)) continue;
    EXPECT_TRUE(rule.verdict == Verdict::kPermitted || pack_.exempt == 0) << rule.id;
  }
  EXPECT_TRUE(pack_.default_verdict == Verdict::kPermitted || pack_.exempt == 0);
}

// Whatever is stricter than "permitted" rests on something that traffic does not show.
TEST_P(ShippedPackTest, NoFindingWithoutAFactThatTheNetworkCannotSupply) {
  for (const Rule& rule : pack_.rules) {
    EXPECT_TRUE(!IsFinding(rule.verdict) || !rule.needs.empty()) << rule.id;
  }
}

// Only laws that fix the place of data themselves may speak of a breach.
TEST_P(ShippedPackTest, OnlyAnExclusiveLocationSpeaksOfABreach) {
  for (const Rule& rule : pack_.rules) {
    if (rule.verdict != Verdict::kBreachIfConfirmed) continue;
    EXPECT_EQ(pack_.id, "au-mhr-77") << rule.id;
    EXPECT_EQ(rule.observability, "strong") << rule.id;
  }
}

TEST_P(ShippedPackTest, EveryThresholdStatesWhereItsNumberComesFrom) {
  for (const Rule& rule : pack_.rules) {
    if (!rule.threshold) continue;
    EXPECT_NE(pack_.FindSource(rule.threshold->provenance.source), nullptr) << rule.id;
    EXPECT_NE(rule.threshold->proxy, Proxy::kFair)
        << rule.id << ": addresses stand badly for persons";
  }
}

std::string TestName(const ::testing::TestParamInfo<std::string>& tested) {
  std::string name = tested.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedPackTest, ::testing::ValuesIn(ShippedPacks()), TestName);

TEST(ShippedPacksTest, TheTenPacksAndTheStrictVariantShip) {
  EXPECT_THAT(ShippedPacks(),
              IsSupersetOf({"data-allies", "eu-gdpr-v", "eu-gdpr-strict", "uk-gdpr", "ch-fadp",
                            "us-dsp-202", "cn-export-2024", "ru-152-18-5", "in-rbi-2018",
                            "au-mhr-77", "entity-localisation"}));
}

TEST(ShippedPacksTest, FactsThatWereRecalledShipWithThatMark) {
  const auto unverified = [](const char* pack_id, const char* rule) {
    const absl::StatusOr<Pack> pack = LoadPack(pack_id, Groups::BuiltIn());
    EXPECT_TRUE(pack.ok()) << pack.status();
    return pack.ok() && pack->FindRule(rule)->unverified;
  };
  EXPECT_TRUE(unverified("au-mhr-77", "sent-abroad"));
  EXPECT_TRUE(unverified("us-dsp-202", "exempt-services"));
  EXPECT_TRUE(unverified("eu-gdpr-v", "us-framework"));
  EXPECT_FALSE(unverified("eu-gdpr-v", "adequate"));
  EXPECT_FALSE(unverified("us-dsp-202", "genomic"));
}

TEST(DataAlliesTest, TiersFollowTheCriteriaAndTheVariants) {
  const absl::StatusOr<Pack> pack = LoadPack("data-allies", Groups::BuiltIn());
  ASSERT_TRUE(pack.ok()) << pack.status();
  const auto is_ally = [&](std::string_view choice, std::string_view code) {
    return TierMembers(*pack, choice)[0].test(static_cast<size_t>(*FromCode(code)));
  };
  EXPECT_TRUE(is_ally("", "US"));
  EXPECT_TRUE(is_ally("", "PR")) << "a territory of the United States";
  EXPECT_TRUE(is_ally("", "AR")) << "adequate, not in the OECD";
  EXPECT_TRUE(is_ally("", "MU")) << "Convention 108+ alone";
  EXPECT_FALSE(is_ally("", "SA"));
  EXPECT_FALSE(is_ally("", "IN"));
  EXPECT_FALSE(is_ally("all", "US")) << "adequate for certified organisations only";
  EXPECT_TRUE(is_ally("all", "DE"));
  EXPECT_FALSE(is_ally("two-of-three", "TR"));
  EXPECT_TRUE(is_ally("cbpr", "PH"));
  EXPECT_FALSE(is_ally("adequacy", "US"));
  EXPECT_TRUE(is_ally("brics-sovereign", "CN"));
  EXPECT_FALSE(is_ally("brics-sovereign", "DE"));
  EXPECT_TRUE(is_ally("none", "KP"));
  // Every jurisdiction is in exactly one tier, whatever the choice.
  for (const std::string& choice : {std::string(), std::string("any"), std::string("all"),
                                    std::string("two-of-three"), std::string("brics-sovereign")}) {
    const std::vector<JurisdictionSet> tiers = TierMembers(*pack, choice);
    ASSERT_EQ(tiers.size(), 2u);
    EXPECT_EQ(tiers[0] | tiers[1], AnyJurisdiction()) << choice;
    EXPECT_TRUE((tiers[0] & tiers[1]).none()) << choice;
  }
}

TEST(EntityLocalisationTest, WithoutItsParametersItIsATemplate) {
  const absl::StatusOr<Pack> pack = LoadPack("entity-localisation", Groups::BuiltIn());
  ASSERT_TRUE(pack.ok()) << pack.status();
  ASSERT_NE(pack->Missing(), nullptr);
  EXPECT_EQ(pack->Missing()->id, "entity");
}

}  // namespace
}  // namespace borderflow
