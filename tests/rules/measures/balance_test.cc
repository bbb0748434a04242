#include "rules/measures/balance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

// DE starts 6 flows to US and uploads 30 bytes; US starts 2 to DE and uploads 90. Answers are long
// and say nothing about who gives.
//   by flows (6 - 2) / 8 = 0.5 for DE, reciprocity 2 x 2 / 8 = 0.5
//   by upload (30 - 90) / 120 = -0.5, reciprocity 2 x 30 / 120 = 0.5
TEST(BalanceTest, FlowsAndUploadDisagreeAndAreKeptApart) {
  PolicyCell out = TestCell("DE", "US", 30);
  out.flows = 6;
  PolicyCell in = TestCell("US", "DE", 90);
  in.flows = 2;
  const PolicyCell cells[] = {out, AnswerTo(out, 5000), in, AnswerTo(in, 10)};
  const std::vector<PairBalance> pairs = Balances(cells);
  ASSERT_EQ(pairs.size(), 1U);
  const PairBalance& pair = pairs[0];
  EXPECT_EQ(pair.a, J("DE"));
  EXPECT_EQ(pair.b, J("US"));
  EXPECT_EQ(pair.bytes, 30U + 5000 + 90 + 10);
  EXPECT_NEAR(NetBalance(pair.flows_ab, pair.flows_ba).value(), 0.5, 1e-12);
  EXPECT_NEAR(PairReciprocity(pair.flows_ab, pair.flows_ba).value(), 0.5, 1e-12);
  EXPECT_NEAR(NetBalance(pair.upload_ab, pair.upload_ba).value(), -0.5, 1e-12);
  EXPECT_NEAR(PairReciprocity(pair.upload_ab, pair.upload_ba).value(), 0.5, 1e-12);
}

TEST(BalanceTest, ReciprocityOfAPairIsOneLessItsImbalance) {
  for (uint64_t out = 0; out < 8; ++out) {
    for (uint64_t in = 0; in < 8; ++in) {
      if (out + in == 0) {
        EXPECT_FALSE(NetBalance(out, in).answered());
        EXPECT_FALSE(PairReciprocity(out, in).answered());
        continue;
      }
      EXPECT_NEAR(PairReciprocity(out, in).value(), 1 - std::abs(NetBalance(out, in).value()),
                  1e-12);
    }
  }
}

TEST(BalanceTest, WhatStaysAndWhatIsNowhereHasNoPair) {
  const PolicyCell cells[] = {TestCell("DE", "DE", 5), TestCell("DE", "unknown", 5),
                              TestCell("anycast", "DE", 5)};
  EXPECT_TRUE(Balances(cells).empty());
  EXPECT_FALSE(ReciprocityOf({}).weighted_flows.answered());
  EXPECT_FALSE(ReciprocityOf({}).binary.answered());
}

// Links DE->US 3, US->DE 1, DE->JP 4 flows; N = 3, L = 3, of which 2 are answered.
//   weighted: (1 + 1) / 8 = 0.25
//   binary: r = 2/3, a = 3 / 6 = 1/2, rho = (2/3 - 1/2) / (1/2) = 1/3
TEST(BalanceTest, NetworkReciprocityByHand) {
  std::vector<PolicyCell> cells = {TestCell("DE", "US", 10), TestCell("US", "DE", 10),
                                   TestCell("DE", "JP", 10)};
  cells[0].flows = 3;
  cells[1].flows = 1;
  cells[2].flows = 4;
  const NetworkReciprocity network = ReciprocityOf(Balances(cells));
  EXPECT_NEAR(network.weighted_flows.value(), 0.25, 1e-12);
  EXPECT_NEAR(network.weighted_upload.value(), 20.0 / 30, 1e-12);
  EXPECT_NEAR(network.binary.value(), 1.0 / 3, 1e-12);
}

TEST(BalanceTest, AFullNetworkHasNoReciprocityBeyondChance) {
  const PolicyCell cells[] = {TestCell("DE", "US", 10), TestCell("US", "DE", 10)};
  EXPECT_FALSE(ReciprocityOf(Balances(cells)).binary.answered());
}

}  // namespace
}  // namespace borderflow
