#include "rules/measures/location.h"

#include <gtest/gtest.h>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

// bytes: DE->DE 50, DE->US 30, DE->unknown 20.
//   crosses for certain 30; of what is located 30 / 80; at least 30 / 100, at most 50 / 100
TEST(LocationTest, CrossBorderShareByHand) {
  const PolicyCell cells[] = {TestCell("DE", "DE", 50), TestCell("DE", "US", 30),
                              TestCell("DE", "unknown", 20)};
  const Measured share = CrossBorderShare(cells, Weight::kBytes);
  EXPECT_NEAR(share.value(), 0.375, 1e-12);
  EXPECT_NEAR(share.low(), 0.3, 1e-12);
  EXPECT_NEAR(share.high(), 0.5, 1e-12);
  // One flow each: 1 of 2 located.
  EXPECT_NEAR(CrossBorderShare(cells, Weight::kFlows).value(), 0.5, 1e-12);
}

TEST(LocationTest, NothingSeenIsNotZero) {
  EXPECT_EQ(CrossBorderShare({}, Weight::kBytes).reason(), "no traffic was seen");
  const PolicyCell cells[] = {TestCell("unknown", "DE", 5)};
  EXPECT_EQ(CrossBorderShare(cells, Weight::kBytes).reason(), "all traffic is undetermined");
}

// Users in DE start: 4 flows to DE, 3 to FR, 2 to US, 1 to nobody knows where; a user in US starts
// 9 to DE, which are none of theirs.
//   confined in {DE, FR}: 7 of 9 located; at least 7 / 10, at most 8 / 10
//   confined in {DE}: 4 of 9
TEST(LocationTest, ConfinementFollowsTheUserNotTheFrame) {
  const auto flows = [](std::string_view from, std::string_view to, uint64_t n) {
    PolicyCell cell = TestCell(from, to, 100);
    cell.flows = n;
    return cell;
  };
  const PolicyCell cells[] = {flows("DE", "DE", 4), flows("DE", "FR", 3), flows("DE", "US", 2),
                              flows("DE", "anycast", 1), flows("US", "DE", 9)};
  const Measured region = Confinement(cells, SetOf({"DE"}), SetOf({"DE", "FR"}), Weight::kFlows);
  EXPECT_NEAR(region.value(), 7.0 / 9, 1e-12);
  EXPECT_NEAR(region.low(), 0.7, 1e-12);
  EXPECT_NEAR(region.high(), 0.8, 1e-12);
  EXPECT_NEAR(Confinement(cells, SetOf({"DE"}), SetOf({"DE"}), Weight::kFlows).value(), 4.0 / 9,
              1e-12);
  EXPECT_FALSE(Confinement(cells, SetOf({"JP"}), SetOf({"JP"}), Weight::kFlows).answered());
}

// An answer belongs to the user who asked: DE asks US with 10 bytes, US answers with 90.
TEST(LocationTest, ConfinementByBytesCountsAnswersForTheUser) {
  const PolicyCell call = TestCell("DE", "US", 10);
  const PolicyCell home = TestCell("DE", "DE", 100);
  const PolicyCell cells[] = {call, AnswerTo(call, 90), home};
  EXPECT_NEAR(Confinement(cells, SetOf({"DE"}), SetOf({"DE"}), Weight::kBytes).value(), 0.5, 1e-12);
  // By upload only what users sent: 100 of 110.
  EXPECT_NEAR(Confinement(cells, SetOf({"DE"}), SetOf({"DE"}), Weight::kUpload).value(),
              100.0 / 110, 1e-12);
}

// Payment data from IN: 60 to IN, 30 to SG, 10 to nobody knows where. Unclassified from IN: 40 to
// IN, 20 to US.
//   of what is located 30 / 90; at least 30 / (100 + 40); at most (30 + 10 + 20) / (100 + 20)
TEST(LocationTest, LeakageCountsUnknownCategoriesAndPlacesAgainstAndForIt) {
  std::vector<PolicyCell> cells = {TestCell("IN", "IN", 60),      TestCell("IN", "SG", 30),
                                   TestCell("IN", "unknown", 10), TestCell("IN", "IN", 40),
                                   TestCell("IN", "US", 20),      TestCell("SG", "US", 500)};
  for (PolicyCell& cell : cells) cell.category = Category::kFin;
  cells[3].category = Category::kEnc;
  cells[4].category = Category::kUnk;
  const Measured leakage =
      Leakage(cells, Category::kFin, SetOf({"IN"}), SetOf({"IN"}), Weight::kBytes);
  EXPECT_NEAR(leakage.value(), 30.0 / 90, 1e-12);
  EXPECT_NEAR(leakage.low(), 30.0 / 140, 1e-12);
  EXPECT_NEAR(leakage.high(), 60.0 / 120, 1e-12);
}

TEST(LocationTest, LeakageOfACategoryThatWasNotSeenIsNotZero) {
  PolicyCell cell = TestCell("IN", "US", 10);
  cell.category = Category::kEnc;
  EXPECT_EQ(
      Leakage({&cell, 1}, Category::kFin, SetOf({"IN"}), SetOf({"IN"}), Weight::kBytes).reason(),
      "no FIN traffic from there was seen among what is classified");
}

// From DE: 40 to a server in DE run from DE (aligned), 30 to one in DE run from US, 20 to one in US
// run from US, 10 to one in DE whose operator is not known.
//   alignment: 40 of 90; at least 0.4, at most 0.5
//   divergence: 30 of 90; at least 0.3, at most 0.4
//   foreign control of what stays at home: 30 of 70; at least 30 / 80, at most 40 / 80
TEST(LocationTest, AlignmentDivergenceAndForeignControlByHand) {
  std::vector<PolicyCell> cells = {TestCell("DE", "DE", 40), TestCell("DE", "DE", 30),
                                   TestCell("DE", "US", 20), TestCell("DE", "DE", 10)};
  cells[1].destination.operator_home = J("US");
  cells[3].destination.operator_home = Jurisdiction::kUnknown;
  const Measured alignment = AlignmentIndex(cells, Weight::kBytes);
  EXPECT_NEAR(alignment.value(), 40.0 / 90, 1e-12);
  EXPECT_NEAR(alignment.low(), 0.4, 1e-12);
  EXPECT_NEAR(alignment.high(), 0.5, 1e-12);
  const Measured divergence = LocationOperatorDivergence(cells, Weight::kBytes);
  EXPECT_NEAR(divergence.value(), 30.0 / 90, 1e-12);
  EXPECT_NEAR(divergence.low(), 0.3, 1e-12);
  EXPECT_NEAR(divergence.high(), 0.4, 1e-12);
  const Measured foreign = ForeignControlAtHome(cells, Weight::kBytes);
  EXPECT_NEAR(foreign.value(), 30.0 / 70, 1e-12);
  EXPECT_NEAR(foreign.low(), 30.0 / 80, 1e-12);
  EXPECT_NEAR(foreign.high(), 40.0 / 80, 1e-12);
}

// A user in DE, a server at nobody knows where, an operator of US: whatever the place, not aligned.
TEST(LocationTest, WhatCannotAlignWhereverItIsIsNotUndetermined) {
  PolicyCell cell = TestCell("DE", "unknown", 10);
  cell.destination.operator_home = J("US");
  const PolicyCell cells[] = {cell};
  EXPECT_EQ(AlignmentIndex(cells, Weight::kBytes).high(), 0);
}

}  // namespace
}  // namespace borderflow
