#include "rules/category/belief.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace borderflow {
namespace {

struct Piece {
  Evidence evidence;
  int confidence;
};

int Together(const std::vector<Piece>& pieces) {
  Belief belief;
  for (const Piece& piece : pieces) belief.Add(piece.evidence, piece.confidence);
  return belief.confidence();
}

TEST(BeliefTest, NothingIsWorthNothing) {
  EXPECT_EQ(Together({}), 0);
  EXPECT_EQ(Together({{Evidence::kNone, 80}}), 0);
  EXPECT_EQ(Together({{Evidence::kName, 0}}), 0);
}

TEST(BeliefTest, OnePieceIsWorthItselfWithinItsCap) {
  EXPECT_EQ(Together({{Evidence::kProtocol, 95}}), 95);
  EXPECT_EQ(Together({{Evidence::kProtocol, 70}}), 70);
  EXPECT_EQ(Together({{Evidence::kName, 80}}), 80);
  EXPECT_EQ(Together({{Evidence::kName, 40}}), 40);
  EXPECT_EQ(Together({{Evidence::kPort, 30}}), 30);
  EXPECT_EQ(Together({{Evidence::kContent, 100}}), 99);
  EXPECT_EQ(Together({{Evidence::kPort, 90}}), 30);
}

// Worked out by hand from the reference's rule.
TEST(BeliefTest, PiecesOfDifferentClassesAddUp) {
  // 1 - 0.05 * 0.70 = 0.965
  EXPECT_EQ(Together({{Evidence::kProtocol, 95}, {Evidence::kPort, 30}}), 96);
  // 1 - 0.05 * 0.20 = 0.99, the most
  EXPECT_EQ(Together({{Evidence::kProtocol, 95}, {Evidence::kName, 80}}), 99);
  // 1 - 0.30 * 0.20 = 0.94, but a name may claim 80 and four points more
  EXPECT_EQ(Together({{Evidence::kProtocol, 70}, {Evidence::kName, 80}}), 84);
  // 1 - 0.30 * 0.50 = 0.85, but weak structure may claim 70 and four points more
  EXPECT_EQ(Together({{Evidence::kProtocol, 70}, {Evidence::kName, 50}}), 74);
  // 1 - 0.20 * 0.70 = 0.86
  EXPECT_EQ(Together({{Evidence::kName, 80}, {Evidence::kPort, 30}}), 84);
  // 1 - 0.50 * 0.70 = 0.65, but many tenants may claim 50 and four points more
  EXPECT_EQ(Together({{Evidence::kName, 50}, {Evidence::kPort, 30}}), 54);
  // 1 - 0.60 * 0.90 = 0.46
  EXPECT_EQ(Together({{Evidence::kName, 40}, {Evidence::kPort, 10}}), 46);
  // 1 - 0.60 * 0.50 * 0.70 = 0.79
  EXPECT_EQ(Together({{Evidence::kName, 40}, {Evidence::kOperator, 50}, {Evidence::kPort, 30}}),
            54);
  EXPECT_EQ(Together({{Evidence::kContent, 90}, {Evidence::kName, 80}}), 98);
}

TEST(BeliefTest, OfOneClassTheFirstCounts) {
  EXPECT_EQ(Together({{Evidence::kName, 70}, {Evidence::kName, 80}}), 70);
}

// All sets of pieces that exist, in the reference's own arithmetic.
TEST(BeliefTest, EverySetObeysTheReference) {
  const std::vector<Piece> kinds[] = {
      {{Evidence::kContent, 99}, {Evidence::kContent, 90}, {Evidence::kContent, 60}},
      {{Evidence::kProtocol, 95}, {Evidence::kProtocol, 70}},
      {{Evidence::kName, 80}, {Evidence::kName, 70}, {Evidence::kName, 50}, {Evidence::kName, 40}},
      {{Evidence::kOperator, 50}, {Evidence::kOperator, 30}},
      {{Evidence::kPort, 30}, {Evidence::kPort, 10}}};
  std::vector<std::vector<Piece>> sets = {{}};
  for (const auto& kind : kinds) {
    const std::vector<std::vector<Piece>> before = sets;
    for (const Piece& piece : kind) {
      for (std::vector<Piece> set : before) {
        set.push_back(piece);
        sets.push_back(set);
      }
    }
  }
  ASSERT_EQ(sets.size(), 4u * 3 * 5 * 3 * 3);
  for (std::vector<Piece> set : sets) {
    if (set.empty()) continue;
    const int together = Together(set);
    double doubt = 1;
    int alone = 0;
    bool structure = false;
    for (const Piece& piece : set) {
      doubt *= 1 - piece.confidence / 100.0;
      alone = std::max(alone, piece.confidence);
      structure = structure || piece.evidence >= Evidence::kProtocol;
    }
    EXPECT_GE(together, alone) << "more evidence is never worth less";
    EXPECT_LE(together, 100 * (1 - doubt) + 1e-9) << "noisy-OR is the most";
    EXPECT_LE(together, structure ? 99 : 85);
    EXPECT_LE(together, CombinedCap(set.front().evidence));
    const int again = together;
    std::reverse(set.begin(), set.end());
    EXPECT_EQ(Together(set), again) << "the order does not matter";
  }
}

}  // namespace
}  // namespace borderflow
