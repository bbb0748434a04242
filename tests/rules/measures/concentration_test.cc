#include "rules/measures/concentration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace borderflow {
namespace {

// By hand, for 50, 30 and 20 of 100:
//   HHI = 0.25 + 0.09 + 0.04 = 0.38; normalised (0.38 - 1/3) / (2/3) = 0.07; 1 / 0.38 = 2.6316
//   CR1 = 0.5, CR2 = 0.8, CR4 = 1
//   H = 0.5 ln 2 + 0.3 ln(10/3) + 0.2 ln 5 = 0.346574 + 0.361192 + 0.321888 = 1.029653
//   Gini, ascending 20 30 50: (2 - 4) 20 + (4 - 4) 30 + (6 - 4) 50 = 60; 60 / (3 x 100) = 0.2
TEST(ConcentrationTest, ThreeHoldersByHand) {
  const Holdings holdings = {{50, 30, 20}, 0};
  EXPECT_NEAR(Hhi(holdings).value(), 0.38, 1e-12);
  EXPECT_NEAR(NormalizedHhi(holdings).value(), 0.07, 1e-12);
  EXPECT_NEAR(EffectiveNumber(holdings).value(), 2.631579, 1e-6);
  EXPECT_NEAR(ConcentrationRatio(holdings, 1).value(), 0.5, 1e-12);
  EXPECT_NEAR(ConcentrationRatio(holdings, 2).value(), 0.8, 1e-12);
  EXPECT_NEAR(ConcentrationRatio(holdings, 4).value(), 1.0, 1e-12);
  EXPECT_NEAR(Entropy(holdings).value(), 1.029653, 1e-6);
  EXPECT_NEAR(EntropyNumber(holdings).value(), std::exp(1.029653), 1e-5);
  EXPECT_NEAR(Gini(holdings).value(), 0.2, 1e-12);
}

// 60 and 20, and 20 that nobody is known to hold.
//   HHI of what is known: (60^2 + 20^2) / 80^2 = 0.625
//   spread thin: (3600 + 400) / 100^2 = 0.4; all at the largest: (80^2 + 20^2) / 100^2 = 0.68
//   CR1: known 60 / 80 = 0.75, at least 60 / 100, at most 80 / 100
TEST(ConcentrationTest, UnknownHoldersWidenTheBounds) {
  const Holdings holdings = {{60, 20}, 20};
  const Measured hhi = Hhi(holdings);
  EXPECT_NEAR(hhi.low(), 0.4, 1e-12);
  EXPECT_NEAR(hhi.value(), 0.625, 1e-12);
  EXPECT_NEAR(hhi.high(), 0.68, 1e-12);
  const Measured number = EffectiveNumber(holdings);
  EXPECT_NEAR(number.low(), 1 / 0.68, 1e-12);
  EXPECT_NEAR(number.high(), 1 / 0.4, 1e-12);
  const Measured largest = ConcentrationRatio(holdings, 1);
  EXPECT_NEAR(largest.low(), 0.6, 1e-12);
  EXPECT_NEAR(largest.value(), 0.75, 1e-12);
  EXPECT_NEAR(largest.high(), 0.8, 1e-12);
}

TEST(ConcentrationTest, WithoutHoldersNothingIsMeasurableAndTheReasonSaysWhy) {
  EXPECT_EQ(Hhi({{}, 0}).reason(), "no traffic was seen");
  EXPECT_EQ(Gini({{}, 7}).reason(), "nobody is known who holds any of it");
  EXPECT_FALSE(Entropy({{}, 0}).answered());
  EXPECT_FALSE(ConcentrationRatio({{}, 0}, 4).answered());
}

TEST(ConcentrationTest, OneHolderHasNoInequalityToMeasure) {
  const Holdings one = {{17}, 0};
  EXPECT_EQ(Hhi(one).value(), 1);
  EXPECT_EQ(Entropy(one).value(), 0);
  EXPECT_EQ(Gini(one).reason(), "there is one holder only");
  EXPECT_EQ(NormalizedHhi(one).reason(), "there is one holder only");
}

// Slow twins by definition: HHI is the chance that two bytes drawn with replacement have one
// holder; Gini is half the mean absolute difference over the mean.
TEST(ConcentrationTest, AgreesWithTheDefinitionsOnRandomHoldings) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    Holdings holdings;
    const size_t n = 2 + random() % 6;
    for (size_t i = 0; i < n; ++i) holdings.weights.push_back(1 + random() % 50);
    double sum = 0;
    double differences = 0;
    double same = 0;
    for (const uint64_t a : holdings.weights) sum += static_cast<double>(a);
    for (size_t i = 0; i < n; ++i) {
      for (size_t k = 0; k < n; ++k) {
        const auto a = static_cast<double>(holdings.weights[i]);
        const auto b = static_cast<double>(holdings.weights[k]);
        differences += std::abs(a - b);
        if (i == k) same += a * b / (sum * sum);
      }
    }
    const auto count = static_cast<double>(n);
    EXPECT_NEAR(Hhi(holdings).value(), same, 1e-12);
    EXPECT_NEAR(Gini(holdings).value(), differences / (2 * count * sum), 1e-12);
  }
}

TEST(ConcentrationTest, BoundsHoldForEveryPlacementOfTheUnknown) {
  std::mt19937 random(12);
  for (int round = 0; round < 500; ++round) {
    Holdings holdings;
    const size_t n = 1 + random() % 5;
    for (size_t i = 0; i < n; ++i) holdings.weights.push_back(1 + random() % 30);
    holdings.unknown = random() % 40;
    const Measured hhi = Hhi(holdings);
    const Measured cr2 = ConcentrationRatio(holdings, 2);
    EXPECT_LE(hhi.low(), hhi.value() + 1e-12);
    EXPECT_LE(hhi.value(), hhi.high() + 1e-12);
    // The unknown handed out in lumps, to known holders and new ones.
    Holdings placed = {holdings.weights, 0};
    for (uint64_t left = holdings.unknown; left > 0;) {
      const uint64_t lump = 1 + random() % left;
      const size_t who = random() % (placed.weights.size() + 1);
      if (who == placed.weights.size()) placed.weights.push_back(0);
      placed.weights[who] += lump;
      left -= lump;
    }
    EXPECT_GE(Hhi(placed).value(), hhi.low() - 1e-12);
    EXPECT_LE(Hhi(placed).value(), hhi.high() + 1e-12);
    EXPECT_GE(ConcentrationRatio(placed, 2).value(), cr2.low() - 1e-12);
    EXPECT_LE(ConcentrationRatio(placed, 2).value(), cr2.high() + 1e-12);
  }
}

}  // namespace
}  // namespace borderflow
