#include "rules/measures/commitments.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

const Commitment& Of(std::string_view id) {
  for (const Commitment& commitment : Commitments()) {
    if (commitment.id == id) return commitment;
  }
  ADD_FAILURE() << id;
  return Commitments()[0];
}

bool Bound(std::string_view id, std::string_view a, std::string_view b) {
  return Binds(Of(id), Groups::BuiltIn(), J(a), J(b));
}

TEST(CommitmentsTest, EveryAgreementNamesItsArticlesItsExceptionAndPartiesThatExist) {
  std::set<std::string_view> ids;
  for (const Commitment& commitment : Commitments()) {
    EXPECT_TRUE(ids.insert(commitment.id).second) << commitment.id;
    EXPECT_FALSE(commitment.transfer.empty());
    EXPECT_FALSE(commitment.location.empty());
    EXPECT_FALSE(commitment.exception.empty());
    for (const std::string_view parties : {commitment.parties, commitment.other_parties}) {
      if (parties.empty()) continue;
      EXPECT_TRUE(Groups::BuiltIn().Find(parties) != nullptr || FromCode(parties).has_value())
          << parties;
    }
  }
}

TEST(CommitmentsTest, BindsTwoPartiesAndNobodyElse) {
  EXPECT_TRUE(Bound("CPTPP", "JP", "SG"));
  EXPECT_TRUE(Bound("CPTPP", "SG", "JP"));
  EXPECT_FALSE(Bound("CPTPP", "JP", "US"));
  EXPECT_FALSE(Bound("CPTPP", "JP", "JP"));
  EXPECT_FALSE(Bound("CPTPP", "JP", "unknown"));
  EXPECT_TRUE(Bound("USMCA", "US", "MX"));
  EXPECT_TRUE(Bound("RCEP", "CN", "JP"));
  EXPECT_TRUE(Bound("DEPA", "CL", "KR"));
}

TEST(CommitmentsTest, ABilateralAgreementBindsAcrossNotWithin) {
  EXPECT_TRUE(Bound("EU-Japan EPA", "DE", "JP"));
  EXPECT_TRUE(Bound("EU-Japan EPA", "JP", "FR"));
  EXPECT_FALSE(Bound("EU-Japan EPA", "DE", "FR"));
}

TEST(CommitmentsTest, ATerritoryIsItsStateAndHasNoBorderWithIt) {
  EXPECT_TRUE(Bound("USMCA", "PR", "CA"));
  EXPECT_FALSE(Bound("USMCA", "PR", "US"));
}

// CN sends 70 to JP: forbidden. JP sends 30 to SG: reviewed. JP sends 10 to SG: permitted. JP sends
// 90 to US: forbidden, but they share none of these agreements.
//   RCEP: CN->JP 70 forbidden, JP->SG 30 conditioned; CPTPP: JP->SG 30 conditioned
TEST(CommitmentsTest, ConflictsByHand) {
  const PolicyCell cells[] = {TestCell("CN", "JP", 70), TestCell("JP", "SG", 30),
                              TestCell("JP", "SG", 10), TestCell("JP", "US", 90)};
  const Verdict verdicts[] = {Verdict::kPresumptivelyProhibited, Verdict::kReview,
                              Verdict::kPermitted, Verdict::kPresumptivelyProhibited};
  const std::vector<Conflict> conflicts = Conflicts(cells, verdicts, Groups::BuiltIn());
  ASSERT_EQ(conflicts.size(), 3U);
  EXPECT_EQ(conflicts[0].commitment->id, "RCEP");
  EXPECT_EQ(conflicts[0].source, J("CN"));
  EXPECT_EQ(conflicts[0].destination, J("JP"));
  EXPECT_EQ(conflicts[0].forbidden.bytes, 70U);
  EXPECT_EQ(conflicts[0].conditioned.bytes, 0U);
  EXPECT_EQ(conflicts[1].commitment->id, "CPTPP");
  EXPECT_EQ(conflicts[1].conditioned.bytes, 30U);
  EXPECT_EQ(conflicts[1].conditioned.flows, 1U);
  EXPECT_EQ(conflicts[2].commitment->id, "RCEP");
  EXPECT_EQ(conflicts[2].forbidden.bytes, 0U);
}

TEST(CommitmentsTest, WhatIsUndeterminedIsNoConflict) {
  const PolicyCell cells[] = {TestCell("CN", "JP", 70)};
  const Verdict verdicts[] = {Verdict::kUndetermined};
  EXPECT_TRUE(Conflicts(cells, verdicts, Groups::BuiltIn()).empty());
}

}  // namespace
}  // namespace borderflow
