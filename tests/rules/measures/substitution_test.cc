#include "rules/measures/substitution.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

// Before: US 60, DE 40 of 100. After: US 20, DE 40, FR 140 of 200, that is 0.1, 0.2, 0.7.
//   1/2 (|0.1 - 0.6| + |0.2 - 0.4| + |0.7 - 0|) = 0.7
TEST(SubstitutionTest, SharesNotVolumesAreCompared) {
  const PolicyCell before[] = {TestCell("DE", "US", 60), TestCell("DE", "DE", 40)};
  const PolicyCell after[] = {TestCell("DE", "US", 20), TestCell("DE", "DE", 40),
                              TestCell("DE", "FR", 140)};
  const Substitution result = SubstitutionBetween(before, after, Holder::kLocation, Weight::kBytes);
  EXPECT_NEAR(result.index.value(), 0.7, 1e-12);
  EXPECT_EQ(result.index.low(), result.index.value());
  ASSERT_EQ(result.shifts.size(), 3U);
  EXPECT_EQ(result.shifts[0].holder, "FR");
  EXPECT_NEAR(result.shifts[0].after, 0.7, 1e-12);
  EXPECT_EQ(result.shifts[1].holder, "US");
  EXPECT_EQ(result.shifts[2].holder, "DE");
}

TEST(SubstitutionTest, TwiceTheSameTrafficIsNoSubstitution) {
  const PolicyCell before[] = {TestCell("DE", "US", 60), TestCell("DE", "DE", 40)};
  const PolicyCell after[] = {TestCell("DE", "US", 120), TestCell("DE", "DE", 80)};
  EXPECT_NEAR(SubstitutionBetween(before, after, Holder::kLocation, Weight::kBytes).index.value(),
              0, 1e-12);
}

// 20 of 100 before are nowhere: the index is known to within 0.2.
TEST(SubstitutionTest, UnknownHoldersBoundTheIndex) {
  const PolicyCell before[] = {TestCell("DE", "US", 80), TestCell("DE", "unknown", 20)};
  const PolicyCell after[] = {TestCell("DE", "US", 50), TestCell("DE", "DE", 50)};
  const Measured index =
      SubstitutionBetween(before, after, Holder::kLocation, Weight::kBytes).index;
  EXPECT_NEAR(index.value(), 0.5, 1e-12);
  EXPECT_NEAR(index.low(), 0.3, 1e-12);
  EXPECT_NEAR(index.high(), 0.7, 1e-12);
}

// AS numbers are met in another order in the second period; names keep them apart.
TEST(SubstitutionTest, OrganisationsAreTheSameInBothPeriods) {
  std::vector<PolicyCell> before = {TestCell("DE", "DE", 30), TestCell("DE", "DE", 70)};
  std::vector<PolicyCell> after = {TestCell("DE", "DE", 70), TestCell("DE", "DE", 30)};
  before[0].destination.asn = 64496;
  before[1].destination.asn = 64497;
  after[0].destination.asn = 64497;
  after[1].destination.asn = 64496;
  EXPECT_NEAR(
      SubstitutionBetween(before, after, Holder::kOrganisation, Weight::kBytes).index.value(), 0,
      1e-12);
}

TEST(SubstitutionTest, AnEmptyPeriodIsNotMeasurable) {
  const PolicyCell before[] = {TestCell("DE", "US", 60)};
  EXPECT_FALSE(SubstitutionBetween(before, {}, Holder::kLocation, Weight::kBytes).index.answered());
}

}  // namespace
}  // namespace borderflow
