#include "rules/measures/exposure.h"

#include <gtest/gtest.h>

#include <vector>

#include "rules/measures/sensitivity.h"
#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

PolicyCell Data(Category category, Protection protection, uint64_t bytes) {
  PolicyCell cell = TestCell("DE", "US", bytes);
  cell.category = category;
  cell.protection = protection;
  return cell;
}

// 40 HLT cleartext at 95 %, 20 FIN encrypted at 50 %, 30 MED cleartext, 10 UNK of unknown
// protection.
//   sensitive 60 of 90, at least 0.6, at most 0.7; expected (40 x 0.95 + 20 x 0.5) / 100 = 0.48
//   cleartext 70 of 90, at least 0.7, at most 0.8; both 40 of 90, at least 0.4, at most 0.5
//   control 0 of 90, at most 0.1
TEST(ExposureTest, ByHand) {
  std::vector<PolicyCell> cells = {Data(Category::kHlt, Protection::kCleartext, 40),
                                   Data(Category::kFin, Protection::kEncrypted, 20),
                                   Data(Category::kMed, Protection::kCleartext, 30),
                                   Data(Category::kUnk, Protection::kUnknown, 10)};
  cells[0].confidence = 95;
  cells[1].confidence = 50;
  const Exposure exposure = ExposureOf(cells, Weight::kBytes);
  EXPECT_NEAR(exposure.sensitive.value(), 60.0 / 90, 1e-12);
  EXPECT_NEAR(exposure.sensitive.low(), 0.6, 1e-12);
  EXPECT_NEAR(exposure.sensitive.high(), 0.7, 1e-12);
  EXPECT_NEAR(exposure.expected_sensitive.value(), 0.48, 1e-12);
  EXPECT_NEAR(exposure.cleartext.low(), 0.7, 1e-12);
  EXPECT_NEAR(exposure.cleartext.high(), 0.8, 1e-12);
  EXPECT_NEAR(exposure.sensitive_cleartext.low(), 0.4, 1e-12);
  EXPECT_NEAR(exposure.sensitive_cleartext.high(), 0.5, 1e-12);
  EXPECT_EQ(exposure.control.value(), 0);
  EXPECT_NEAR(exposure.control.high(), 0.1, 1e-12);
}

// By payload sent, a cell of answers weighs nothing.
TEST(ExposureTest, TheWeightIsTheCallersChoice) {
  const PolicyCell call = Data(Category::kHlt, Protection::kEncrypted, 10);
  PolicyCell other = Data(Category::kMed, Protection::kEncrypted, 30);
  const PolicyCell cells[] = {call, AnswerTo(call, 960), other};
  EXPECT_NEAR(ExposureOf(cells, Weight::kUpload).sensitive.value(), 0.25, 1e-12);
  EXPECT_NEAR(ExposureOf(cells, Weight::kBytes).sensitive.value(), 0.97, 1e-12);
  EXPECT_NEAR(ExposureOf(cells, Weight::kFlows).sensitive.value(), 0.5, 1e-12);
}

TEST(ExposureTest, WithoutTrafficNothingIsMeasurable) {
  const Exposure exposure = ExposureOf({}, Weight::kBytes);
  EXPECT_FALSE(exposure.sensitive.answered());
  EXPECT_FALSE(exposure.expected_sensitive.answered());
  EXPECT_FALSE(exposure.cleartext.answered());
}

TEST(ExposureTest, EncryptingNeverRaisesExposure) {
  std::vector<PolicyCell> cells = {Data(Category::kHlt, Protection::kCleartext, 40),
                                   Data(Category::kMed, Protection::kCleartext, 60)};
  const Exposure before = ExposureOf(cells, Weight::kBytes);
  cells[0].protection = Protection::kEncrypted;
  const Exposure after = ExposureOf(cells, Weight::kBytes);
  EXPECT_EQ(after.sensitive.value(), before.sensitive.value());
  EXPECT_LT(after.cleartext.value(), before.cleartext.value());
  EXPECT_LT(after.sensitive_cleartext.value(), before.sensitive_cleartext.value());
}

TEST(ExposureTest, CrossingKeepsWhatMayCross) {
  const PolicyCell cells[] = {TestCell("DE", "DE", 1), TestCell("DE", "US", 2),
                              TestCell("DE", "unknown", 3)};
  const std::vector<PolicyCell> crossing = CellsThatMayCross(cells);
  ASSERT_EQ(crossing.size(), 2U);
  EXPECT_EQ(crossing[0].bytes, 2U);
  EXPECT_EQ(crossing[1].bytes, 3U);
}

TEST(SensitivityTest, EveryCategoryHasAClassAndUnknownOnesAreUndetermined) {
  int by_class[6] = {};
  for (int c = 0; c < kCategories; ++c) {
    const auto category = static_cast<Category>(c);
    ++by_class[static_cast<int>(SensitivityOf(category))];
    if (!IsClassified(category)) {
      EXPECT_EQ(IsSensitive(category), Reply::kUndetermined);
      EXPECT_EQ(IsControl(category), Reply::kUndetermined);
    }
  }
  EXPECT_EQ(by_class[static_cast<int>(Sensitivity::kUnstated)], 3);
  EXPECT_EQ(by_class[static_cast<int>(Sensitivity::kOpen)], 4);
  EXPECT_EQ(by_class[static_cast<int>(Sensitivity::kPersonal)], 5);
  EXPECT_EQ(by_class[static_cast<int>(Sensitivity::kSensitive)], 8);
  EXPECT_EQ(by_class[static_cast<int>(Sensitivity::kGovernment)], 2);
  EXPECT_EQ(by_class[static_cast<int>(Sensitivity::kCarrier)], 2);
}

}  // namespace
}  // namespace borderflow
