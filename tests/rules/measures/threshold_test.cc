#include "rules/measures/threshold.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

PolicyCell Use(uint32_t asn, Category category, uint64_t bytes, uint64_t clients) {
  PolicyCell cell = TestCell("DE", "US", bytes);
  cell.destination.asn = asn;
  cell.category = category;
  cell.clients_low = clients;
  cell.clients_high = clients;
  return cell;
}

const FourQuestions& Of(const std::vector<FourQuestions>& vectors, std::string_view organisation,
                        Category category) {
  for (const FourQuestions& vector : vectors) {
    if (vector.organisation == organisation && vector.category == category) return vector;
  }
  ADD_FAILURE() << organisation << " has no vector";
  return vectors.front();
}

// AS 64496: HLT 60 bytes up, 6 clients, and 40 unclassified, 2 clients. AS 64497: HLT 20, 2
// clients, and COM 40, 4 clients. Reserved AS numbers, so each is an organisation of its own.
//   reach of 64496 in HLT: clients 6 of at most 14 and at least 6: value 6/14; at least 6 / (6 +
//   8),
//     at most 1
//   access: weights HLT 1, COM 1/2: 60 / (60 + 20 + 20) = 0.6; at least, COM at 1 and the unknown
//     at 1: 60 / (120 + 40) = 0.375; at most, COM at 1/4 and its own 40 as HLT:
//     (60 + 40) / (90 + 40) = 100 / 130
//   dependence: s = 60 / 80, E = 1: 0.375; at least 60 / 80 / 2 (nobody else is unclassified and
//     one other serves), at most (60 + 40) / (100 + 20) / 2
//   opacity: 40 / 100
TEST(ThresholdTest, FourAnswersByHand) {
  const PolicyCell cells[] = {Use(64496, Category::kHlt, 60, 6), Use(64496, Category::kEnc, 40, 2),
                              Use(64497, Category::kHlt, 20, 2), Use(64497, Category::kCom, 40, 4)};
  const std::vector<FourQuestions> vectors = AskFourQuestions(cells);
  ASSERT_EQ(vectors.size(), 4U);
  const FourQuestions& health = Of(vectors, "AS64496", Category::kHlt);
  EXPECT_EQ(health.bytes, 60U);
  EXPECT_NEAR(health.reach.value(), 6.0 / 14, 1e-12);
  EXPECT_NEAR(health.reach.low(), 6.0 / 14, 1e-12);
  EXPECT_NEAR(health.reach.high(), 1, 1e-12);
  EXPECT_NEAR(health.access.value(), 0.6, 1e-12);
  EXPECT_NEAR(health.access.low(), 0.375, 1e-12);
  EXPECT_NEAR(health.access.high(), 100.0 / 130, 1e-12);
  EXPECT_NEAR(health.dependence.value(), 0.375, 1e-12);
  EXPECT_NEAR(health.dependence.low(), 0.375, 1e-12);
  EXPECT_NEAR(health.dependence.high(), 100.0 / 120 / 2, 1e-12);
  EXPECT_NEAR(health.opacity.value(), 0.4, 1e-12);
}

// The only one in a category: 1. One of two equals: 1/2 / (1 + 1) = 1/4. One of four equals:
// 1/4 / (1 + 3) = 1/16.
TEST(ThresholdTest, DependenceFallsWithSubstitutes) {
  std::vector<PolicyCell> cells;
  for (const double expected : {1.0, 0.25, 1.0 / 9, 1.0 / 16}) {
    cells.push_back(Use(64496 + static_cast<uint32_t>(cells.size()), Category::kCom, 10, 1));
    const std::vector<FourQuestions> vectors = AskFourQuestions(cells);
    EXPECT_NEAR(Of(vectors, "AS64496", Category::kCom).dependence.value(), expected, 1e-12);
  }
}

// AS 64496 60, AS 64497 30, and 10 of no known organisation, who may be one or a thousand.
//   s = 60 / 90, E = 1: 1/3; at least 60 / 100 / (1 + 40^2 / 30^2) = 0.216; at most 70 / 100 / 2
TEST(ThresholdTest, TrafficOfNoKnownOrganisationBoundsDependence) {
  const PolicyCell cells[] = {Use(64496, Category::kCom, 60, 1), Use(64497, Category::kCom, 30, 1),
                              Use(0, Category::kCom, 10, 1)};
  const Measured dependence = Of(AskFourQuestions(cells), "AS64496", Category::kCom).dependence;
  EXPECT_NEAR(dependence.low(), 0.216, 1e-12);
  EXPECT_NEAR(dependence.value(), 1.0 / 3, 1e-12);
  EXPECT_NEAR(dependence.high(), 0.35, 1e-12);
}

TEST(ThresholdTest, NoConcernUnlessAllFourAreAnswered) {
  const ThresholdLevels lowest = {0, 0, 0, "test"};
  const PolicyCell unclassified[] = {Use(64496, Category::kEnc, 40, 2)};
  const std::vector<FourQuestions> opaque = AskFourQuestions(unclassified);
  EXPECT_FALSE(opaque[0].access.answered());
  EXPECT_FALSE(opaque[0].dependence.answered());
  EXPECT_EQ(opaque[0].opacity.value(), 1);
  EXPECT_EQ(ConcernOf(opaque[0], lowest), Concern::kIncomplete);
  PolicyCell uncounted = Use(64496, Category::kHlt, 40, 0);
  EXPECT_EQ(ConcernOf(AskFourQuestions({&uncounted, 1})[0], lowest), Concern::kIncomplete);
}

TEST(ThresholdTest, WithoutLevelsNothingIsJudged) {
  const PolicyCell cells[] = {Use(64496, Category::kHlt, 60, 6)};
  EXPECT_EQ(ConcernOf(AskFourQuestions(cells)[0], std::nullopt), Concern::kNotJudged);
}

TEST(ThresholdTest, ConcernNeedsAllThreeAtTheirLowerBounds) {
  const PolicyCell cells[] = {Use(64496, Category::kHlt, 60, 6), Use(64496, Category::kEnc, 40, 2),
                              Use(64497, Category::kHlt, 20, 2), Use(64497, Category::kCom, 40, 4)};
  const std::vector<FourQuestions> vectors = AskFourQuestions(cells);
  const FourQuestions& health = Of(vectors, "AS64496", Category::kHlt);
  EXPECT_EQ(ConcernOf(health, ThresholdLevels{0.4, 0.375, 0.375, "test"}), Concern::kConcern);
  EXPECT_EQ(ConcernOf(health, ThresholdLevels{0.4, 0.5, 0.375, "test"}), Concern::kUndetermined);
  EXPECT_EQ(ConcernOf(health, ThresholdLevels{0.4, 0.8, 0.375, "test"}), Concern::kBelow);
  EXPECT_EQ(Concerns(vectors, ThresholdLevels{0.8, 0.75, 0.75, "test"}, 0.5), 1);
  EXPECT_EQ(Concerns(vectors, ThresholdLevels{0.8, 0.75, 0.75, "test"}, 1), 0);
}

std::vector<PolicyCell> RandomTraffic(std::mt19937* random) {
  static constexpr Category kChoices[] = {Category::kHlt, Category::kCom, Category::kMed,
                                          Category::kDbx, Category::kEnc, Category::kUnk};
  std::vector<PolicyCell> cells;
  const size_t n = 2 + (*random)() % 10;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t asn = (*random)() % 5 == 0 ? 0 : 64496 + (*random)() % 4;
    cells.push_back(
        Use(asn, kChoices[(*random)() % 6], 1 + (*random)() % 100, 1 + (*random)() % 5));
    cells.back().protection = Protection::kCleartext;
    cells.back().clients_low = 1;
  }
  return cells;
}

// Whatever is encrypted, with its category still known or not, nothing becomes a concern that was
// none, and no lower bound rises.
TEST(ThresholdTest, EncryptionNeverRaisesConcern) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> level(0, 0.5);
  for (int round = 0; round < 2000; ++round) {
    const std::vector<PolicyCell> cells = RandomTraffic(&random);
    std::map<std::pair<std::string, Category>, FourQuestions> before;
    for (FourQuestions& vector : AskFourQuestions(cells)) {
      before.emplace(std::pair(vector.organisation, vector.category), vector);
    }
    std::vector<PolicyCell> encrypted = cells;
    PolicyCell& cell = encrypted[random() % encrypted.size()];
    cell.protection = Protection::kEncrypted;
    if (random() % 2 == 0) cell.category = Category::kEnc;
    for (const FourQuestions& after : AskFourQuestions(encrypted)) {
      if (!IsClassified(after.category)) continue;
      const FourQuestions& was = before.at({after.organisation, after.category});
      EXPECT_LE(after.reach.low(), was.reach.low() + 1e-12);
      EXPECT_LE(after.dependence.low(), was.dependence.low() + 1e-12);
      if (after.access.answered() && was.access.answered()) {
        EXPECT_LE(after.access.low(), was.access.low() + 1e-12);
      }
      const ThresholdLevels levels = {level(random), level(random), level(random), "test"};
      if (ConcernOf(was, levels) != Concern::kConcern) {
        EXPECT_NE(ConcernOf(after, levels), Concern::kConcern);
      }
    }
  }
}

TEST(ThresholdTest, ValuesLieWithinTheirBounds) {
  std::mt19937 random(6);
  for (int round = 0; round < 2000; ++round) {
    for (const FourQuestions& vector : AskFourQuestions(RandomTraffic(&random))) {
      for (const Measured* m :
           {&vector.reach, &vector.access, &vector.dependence, &vector.opacity}) {
        if (!m->answered()) continue;
        EXPECT_GE(m->low(), 0);
        EXPECT_LE(m->low(), m->value() + 1e-12);
        EXPECT_LE(m->value(), m->high() + 1e-12);
        EXPECT_LE(m->high(), 1 + 1e-12);
      }
    }
  }
}

// Bytes whose squares do not fit a double: the small one must not vanish behind the large one.
TEST(ThresholdTest, ASmallSubstituteBesideALargeProviderStillCounts) {
  const PolicyCell cells[] = {Use(64496, Category::kCom, 1'000'000'000'000, 1),
                              Use(64497, Category::kCom, 1, 1)};
  EXPECT_NEAR(Of(AskFourQuestions(cells), "AS64496", Category::kCom).dependence.value(), 0.5, 1e-6);
}

}  // namespace
}  // namespace borderflow
