#include "rules/measures/verdicts.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

// Reviews health data to anywhere but DE; cannot tell about what is unclassified.
Verdict HealthAbroad(const PolicyCell& cell) {
  if (cell.destination.location == J("DE")) return Verdict::kPermitted;
  if (!IsClassified(cell.category)) return Verdict::kUndetermined;
  return cell.category == Category::kHlt ? Verdict::kReview : Verdict::kPermitted;
}

// The same without asking where: health is not restricted for itself.
Verdict Anything(const PolicyCell& cell) {
  return IsClassified(cell.category) ? Verdict::kPermitted : Verdict::kUndetermined;
}

template <typename Rule>
std::vector<Verdict> Of(const std::vector<PolicyCell>& cells, Rule rule) {
  std::vector<Verdict> verdicts;
  for (const PolicyCell& cell : cells) verdicts.push_back(rule(cell));
  return verdicts;
}

// 50 HLT DE->US, 30 COM DE->US, 20 ENC DE->US, 100 HLT US->DE.
std::vector<PolicyCell> Traffic() {
  std::vector<PolicyCell> cells = {TestCell("DE", "US", 50), TestCell("DE", "US", 30),
                                   TestCell("DE", "US", 20), TestCell("US", "DE", 100)};
  cells[0].category = Category::kHlt;
  cells[2].category = Category::kEnc;
  cells[3].category = Category::kHlt;
  return cells;
}

class VerdictMeasuresTest : public testing::Test {
 protected:
  const std::vector<PolicyCell> cells_ = Traffic();
  const std::vector<Verdict> health_ = Of(cells_, HealthAbroad);
  const std::vector<Verdict> anything_ = Of(cells_, Anything);
};

// Restricted 50 of 180 decided; at least 50 / 200, at most 70 / 200.
TEST_F(VerdictMeasuresTest, BreadthByHand) {
  const Measured breadth = Breadth(cells_, health_, Weight::kBytes);
  EXPECT_NEAR(breadth.value(), 50.0 / 180, 1e-12);
  EXPECT_NEAR(breadth.low(), 0.25, 1e-12);
  EXPECT_NEAR(breadth.high(), 0.35, 1e-12);
}

// They differ on the 50; on the 20 both are undetermined and may differ.
TEST_F(VerdictMeasuresTest, DisagreementByHand) {
  const Measured apart = PackDisagreement(cells_, health_, anything_, Weight::kBytes);
  EXPECT_NEAR(apart.value(), 50.0 / 180, 1e-12);
  EXPECT_NEAR(apart.high(), 0.35, 1e-12);
  EXPECT_EQ(PackDisagreement(cells_, anything_, anything_, Weight::kBytes).value(), 0);
}

TEST_F(VerdictMeasuresTest, APackThatRestrictsByCountryAloneIsAllOrigin) {
  EXPECT_EQ(OriginContribution(cells_, health_, anything_, Weight::kBytes).value(), 1);
  EXPECT_EQ(OriginContribution(cells_, health_, health_, Weight::kBytes).value(), 0);
  EXPECT_EQ(OriginContribution(cells_, anything_, anything_, Weight::kBytes).reason(),
            "no restricted traffic was seen");
}

// Mirrored, the 50 to US would go to DE and be permitted, and the 100 to DE would be reviewed; the
// 30 are permitted either way; the 20 are undetermined: 30 of 180, at most 50 / 200.
TEST_F(VerdictMeasuresTest, ReciprocityOfAPolicyByHand) {
  std::vector<PolicyCell> exchanged = cells_;
  for (PolicyCell& cell : exchanged) std::swap(cell.source, cell.destination);
  const Measured mutual =
      PolicyReciprocity(cells_, health_, Of(exchanged, HealthAbroad), Weight::kBytes);
  EXPECT_NEAR(mutual.value(), 30.0 / 180, 1e-12);
  EXPECT_NEAR(mutual.low(), 30.0 / 200, 1e-12);
  EXPECT_NEAR(mutual.high(), 50.0 / 200, 1e-12);
}

TEST(RestrictedTest, OnlyVerdictsThatAskForSomethingRestrict) {
  int restricting = 0;
  for (int v = 0; v < kVerdicts; ++v) {
    restricting += IsRestricted(static_cast<Verdict>(v)) == Reply::kYes ? 1 : 0;
  }
  EXPECT_EQ(restricting, 5);
  EXPECT_EQ(IsRestricted(Verdict::kUndetermined), Reply::kUndetermined);
  EXPECT_EQ(IsRestricted(Verdict::kOutOfScope), Reply::kNo);
}

}  // namespace
}  // namespace borderflow
