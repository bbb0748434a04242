#include "rules/measures/profiles.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

Aspects AllAt(double value) {
  const Measured m = Measured::Exactly(value);
  return {m, m, m, m, m, m, m, m, m, m, m};
}

void Set(Aspects* aspects, Aspect aspect, double value) {
  (*aspects)[static_cast<size_t>(aspect)] = Measured::Exactly(value);
}

const ProfileScore& Of(const ProfileScores& scores, std::string_view profile) {
  for (const ProfileScore& score : scores.scores) {
    if (score.profile == profile) return score;
  }
  ADD_FAILURE() << profile;
  return scores.scores[0];
}

// A cut that takes all sensitive and readable traffic, half the services, and nothing else.
//   security: spared (1 + 1 + 0 + 0) / 4 = 0.5, lost (0.5 + 0) / 2 = 0.25: 0.25
//   privacy:  spared 1, lost 0: 1
//   trade:    spared 0, lost 0: 0
//   access:   spared (1 + 0) / 2 = 0.5, lost (0 + 0.5 + 0 + 0) / 4 = 0.125: 0.375
//   users:    spared 1, lost (0 + 0.5) / 2 = 0.25: 0.75
TEST(ProfilesTest, FiveStancesByHand) {
  Aspects aspects = AllAt(0);
  Set(&aspects, Aspect::kSensitive, 1);
  Set(&aspects, Aspect::kReadable, 1);
  Set(&aspects, Aspect::kServices, 0.5);
  const ProfileScores scores = Weigh(aspects);
  EXPECT_NEAR(Of(scores, "security").balance.value(), 0.25, 1e-12);
  EXPECT_NEAR(Of(scores, "privacy").balance.value(), 1, 1e-12);
  EXPECT_NEAR(Of(scores, "trade").balance.value(), 0, 1e-12);
  EXPECT_NEAR(Of(scores, "access").balance.value(), 0.375, 1e-12);
  EXPECT_NEAR(Of(scores, "users").balance.value(), 0.75, 1e-12);
  EXPECT_NEAR(scores.disagreement.value(), 1, 1e-12);
  EXPECT_FALSE(scores.opposed);
}

TEST(ProfilesTest, StancesThatPullApartAreOpposed) {
  Aspects aspects = AllAt(0);
  Set(&aspects, Aspect::kSensitive, 1);
  Set(&aspects, Aspect::kTraffic, 0.6);
  const ProfileScores scores = Weigh(aspects);
  EXPECT_GT(Of(scores, "privacy").balance.value(), 0);
  EXPECT_LT(Of(scores, "trade").balance.value(), 0);
  EXPECT_TRUE(scores.opposed);
}

TEST(ProfilesTest, WhatIsNotMeasurableIsLeftOutByName) {
  Aspects aspects = AllAt(0.5);
  aspects[static_cast<size_t>(Aspect::kServices)] = Measured::Not("no AS numbers");
  const ProfileScores scores = Weigh(aspects);
  EXPECT_EQ(Of(scores, "users").left_out, std::vector<Aspect>{Aspect::kServices});
  EXPECT_NEAR(Of(scores, "users").balance.value(), 0, 1e-12);
  EXPECT_TRUE(Of(scores, "privacy").left_out.empty());
}

TEST(ProfilesTest, AStanceWithNothingToLookAtHasNoBalanceAndNoDisagreementIsStated) {
  Aspects aspects = AllAt(0.5);
  aspects[static_cast<size_t>(Aspect::kEncrypted)] = Measured::Not("nothing encrypted");
  const ProfileScores scores = Weigh(aspects);
  EXPECT_FALSE(Of(scores, "privacy").balance.answered());
  EXPECT_TRUE(Of(scores, "trade").balance.answered());
  EXPECT_FALSE(scores.disagreement.answered());
}

// From DE to US: 40 HLT cleartext, 60 MED encrypted, 20 of unknown category and protection. The cut
// takes the first and the last.
//   sensitive: 40 of 40, at least 40 / 40; readable 40 of 40; control: none known, 20 undetermined
//   traffic: 60 of 120
TEST(ProfilesTest, AspectsOfACutByHand) {
  std::vector<PolicyCell> cells = {TestCell("DE", "US", 40), TestCell("DE", "US", 60),
                                   TestCell("DE", "US", 20)};
  cells[0].category = Category::kHlt;
  cells[0].protection = Protection::kCleartext;
  cells[1].category = Category::kMed;
  cells[2].category = Category::kUnk;
  cells[2].protection = Protection::kUnknown;
  const auto cut = [](size_t c) { return c != 1; };
  const CostModel model(cells, 1);
  const Aspects aspects = AspectsOf(cells, model.CostOf(cut), cut);
  EXPECT_EQ(aspects[static_cast<size_t>(Aspect::kSensitive)].value(), 1);
  EXPECT_EQ(aspects[static_cast<size_t>(Aspect::kReadable)].value(), 1);
  EXPECT_FALSE(aspects[static_cast<size_t>(Aspect::kControl)].answered());
  EXPECT_NEAR(aspects[static_cast<size_t>(Aspect::kTraffic)].value(), 0.5, 1e-12);
  // What is kept may be sensitive: the other way round nothing known is spared.
  const auto other = [](size_t c) { return c == 1; };
  const Aspects opposite = AspectsOf(cells, model.CostOf(other), other);
  EXPECT_EQ(opposite[static_cast<size_t>(Aspect::kSensitive)].value(), 0);
  EXPECT_EQ(opposite[static_cast<size_t>(Aspect::kSensitive)].high(), 0);
}

TEST(ProfilesTest, NothingSensitiveAnywhereLeavesNothingToSpare) {
  PolicyCell cell = TestCell("DE", "US", 40);
  cell.category = Category::kMed;
  const auto cut = [](size_t) { return true; };
  const Aspects aspects = AspectsOf({&cell, 1}, CostModel({&cell, 1}, 1).CostOf(cut), cut);
  EXPECT_EQ(aspects[static_cast<size_t>(Aspect::kSensitive)].value(), 0);
}

}  // namespace
}  // namespace borderflow
