#include "rules/measures/cost.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

// A user in DE calls AS 64496 in US for mail and for media, and AS 64497 in FR for mail; a user in
// US calls AS 64498 in DE. Each call has an answer.
//
//   cell  call              answer   category   flows
//   0, 1  DE->US 64496  10      90   COM            2
//   2, 3  DE->US 64496  50     150   MED            1
//   4, 5  DE->FR 64497  20      80   COM            4
//   6, 7  US->DE 64498  30      70   COM            1     sum 500 bytes, 8 flows
std::vector<PolicyCell> Traffic() {
  const auto call = [](std::string_view from, std::string_view to, uint32_t asn, uint64_t bytes,
                       Category category, uint64_t flows) {
    PolicyCell cell = TestCell(from, to, bytes);
    cell.destination.asn = asn;
    cell.category = category;
    cell.flows = flows;
    return cell;
  };
  const PolicyCell mail = call("DE", "US", 64496, 10, Category::kCom, 2);
  const PolicyCell media = call("DE", "US", 64496, 50, Category::kMed, 1);
  const PolicyCell french = call("DE", "FR", 64497, 20, Category::kCom, 4);
  const PolicyCell back = call("US", "DE", 64498, 30, Category::kCom, 1);
  return {mail,   AnswerTo(mail, 90),   media, AnswerTo(media, 150),
          french, AnswerTo(french, 80), back,  AnswerTo(back, 70)};
}

// A rule that catches only what DE sends to US for mail: cell 0. The flow ends, so its answer is
// lost too: 100 of 500 bytes, 2 of 8 flows. The mail service of 64496 is gone (1 of 4), but no
// organisation, no jurisdiction, and DE and US still call each other.
TEST(CostTest, CuttingOneDirectionLosesBoth) {
  const std::vector<PolicyCell> cells = Traffic();
  const CutCost cost = CostModel(cells, 40).CostOf([](size_t c) { return c == 0; });
  EXPECT_EQ(CostModel(cells, 40).LostWith([](size_t c) { return c == 0; }),
            (std::vector<char>{1, 1, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(cost.cut.bytes, 10U);
  EXPECT_EQ(cost.lost.bytes, 100U);
  EXPECT_EQ(cost.lost.flows, 2U);
  EXPECT_NEAR(cost.bytes_share.value(), 0.2, 1e-12);
  EXPECT_NEAR(cost.flows_share.value(), 0.25, 1e-12);
  EXPECT_EQ(cost.services.seen, 4U);
  EXPECT_EQ(cost.services.gone, 1U);
  EXPECT_EQ(cost.counterparties.seen, 3U);
  EXPECT_EQ(cost.counterparties.touched, 1U);
  EXPECT_EQ(cost.counterparties.gone, 0U);
  EXPECT_EQ(cost.jurisdictions.seen, 3U);  // US and FR answer DE, DE answers US
  EXPECT_EQ(cost.jurisdictions.gone, 0U);
  EXPECT_EQ(cost.two_way_pairs.seen, 1U);
  EXPECT_EQ(cost.two_way_pairs.touched, 1U);
  EXPECT_EQ(cost.two_way_pairs.gone, 0U);
  // 100 bytes answered abroad in 40 s: 20 bit/s.
  EXPECT_EQ(cost.home_bytes, 100U);
  EXPECT_NEAR(cost.home_mean_rate.value(), 20, 1e-12);
}

// Everything between DE and US started in DE: cells 0 and 2, so 300 of 500 bytes. Organisation
// 64496 and jurisdiction US are gone, and the pair no longer calls both ways.
//   mutual bytes before: DE-US min(10 + 50 + 70, 90 + 150 + 30) = 130, DE-FR min(20, 80) = 20
//     p = 130/150: H = -(13/15 ln 13/15 + 2/15 ln 2/15) = 0.124018 + 0.268654 = 0.392672
//   after: DE-US min(70, 30) = 30, DE-FR 20: H = 0.6 x 0.510826 + 0.4 x 0.916291 = 0.673012
//   HHI before: (300^2 + 100^2 + 100^2) / 500^2 = 0.44; after: two of 100: 0.5
TEST(CostTest, DiversityAndConcentrationAreThoseOfWhatIsLeft) {
  const std::vector<PolicyCell> cells = Traffic();
  const CutCost cost = CostModel(cells, 0).CostOf([](size_t c) { return c == 0 || c == 2; });
  EXPECT_EQ(cost.lost.bytes, 300U);
  EXPECT_EQ(cost.counterparties.gone, 1U);
  EXPECT_EQ(cost.jurisdictions.gone, 1U);
  EXPECT_NEAR(cost.jurisdictions.share.value(), 1.0 / 3, 1e-12);
  EXPECT_EQ(cost.two_way_pairs.gone, 1U);
  EXPECT_NEAR(cost.diversity_before.value(), std::exp(0.392672), 1e-5);
  EXPECT_NEAR(cost.diversity_after.value(), std::exp(0.673012), 1e-5);
  EXPECT_NEAR(cost.hhi_before.value(), 0.44, 1e-12);
  EXPECT_NEAR(cost.hhi_after.value(), 0.5, 1e-12);
  EXPECT_FALSE(cost.home_mean_rate.answered());
}

TEST(CostTest, WhoLosesStandsBesideWhatEvidenceThereIs) {
  std::vector<PolicyCell> cells = Traffic();
  cells[0].protection = Protection::kCleartext;
  cells[1].protection = Protection::kCleartext;
  cells[4].category = Category::kUpd;
  cells[5].category = Category::kUpd;
  const CutCost cost = CostModel(cells, 1).CostOf([](size_t c) { return c < 6; });
  ASSERT_EQ(cost.incidence.size(), 2U);
  EXPECT_EQ(cost.incidence[0].organisation, "AS64496");
  EXPECT_EQ(cost.incidence[0].bytes, 300U);
  EXPECT_EQ(cost.incidence[0].cleartext_bytes, 100U);
  EXPECT_EQ(cost.incidence[0].control_bytes, 0U);
  EXPECT_EQ(cost.incidence[1].organisation, "AS64497");
  EXPECT_EQ(cost.incidence[1].control_bytes, 100U);
  // Encrypted: all but cells 0 and 1, of which 2 .. 5 are lost: 300 of 400.
  EXPECT_NEAR(cost.encrypted_share.value(), 0.75, 1e-12);
}

TEST(CostTest, WithoutAsNumbersServicesAreNotMeasurable) {
  const PolicyCell cells[] = {TestCell("DE", "US", 10)};
  const CutCost cost = CostModel(cells, 1).CostOf([](size_t) { return true; });
  EXPECT_FALSE(cost.services.share.answered());
  EXPECT_FALSE(cost.counterparties.share.answered());
  EXPECT_FALSE(cost.hhi_before.answered());
  ASSERT_EQ(cost.incidence.size(), 1U);
  EXPECT_EQ(cost.incidence[0].organisation, "unknown");
  EXPECT_EQ(cost.bytes_share.value(), 1);
}

TEST(CostTest, CuttingNothingCostsNothingAndCuttingAllCostsAll) {
  const std::vector<PolicyCell> cells = Traffic();
  const CostModel model(cells, 10);
  const CutCost none = model.CostOf([](size_t) { return false; });
  EXPECT_EQ(none.lost, PolicySum{});
  EXPECT_EQ(none.services.gone, 0U);
  EXPECT_EQ(none.two_way_pairs.share.value(), 0);
  EXPECT_TRUE(none.incidence.empty());
  const CutCost all = model.CostOf([](size_t) { return true; });
  EXPECT_EQ(all.lost.bytes, 500U);
  EXPECT_EQ(all.services.gone, all.services.seen);
  EXPECT_EQ(all.counterparties.share.value(), 1);
  EXPECT_FALSE(all.diversity_after.answered());
}

// Two windows of 10 s and 20 s with the same 300 bytes lost abroad: 240 and 120 bit/s.
TEST(CostTest, PeakRateNeedsWindows) {
  const std::vector<PolicyCell> cells = Traffic();
  const auto cut = [&cells](size_t c) {
    return Initiator(cells[c]).location == J("DE") && Responder(cells[c]).location == J("US");
  };
  std::vector<size_t> whole(cells.size());
  std::iota(whole.begin(), whole.end(), size_t{0});
  const RateWindow windows[] = {{10, cells, whole}, {20, cells, whole}};
  EXPECT_NEAR(PeakHomeRate(windows, cut).value(), 240, 1e-12);
  EXPECT_FALSE(PeakHomeRate({windows, 1}, cut).answered());
  EXPECT_FALSE(PeakHomeRate({}, cut).answered());
}

}  // namespace
}  // namespace borderflow
