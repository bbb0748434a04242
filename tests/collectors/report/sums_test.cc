#include "collectors/report/sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

uint64_t Crossed(const Sums& sums, Crossing crossing) {
  return sums.crossing[static_cast<size_t>(crossing)].bytes;
}

TEST(SumsTest, CrossingIsByLocationAndSpecialsAreUndetermined) {
  const std::vector<Cell> cells = {MakeCell("DE", "DE", 1), MakeCell("DE", "FR", 10),
                                   MakeCell("DE", "US", 100), MakeCell("DE", "anycast", 1000),
                                   MakeCell("private", "private", 10000)};
  const Sums plain = SumUp(cells, {});
  EXPECT_EQ(Crossed(plain, Crossing::kDomestic), 1u);
  EXPECT_EQ(Crossed(plain, Crossing::kIntraZone), 0u);
  EXPECT_EQ(Crossed(plain, Crossing::kCrossBorder), 110u);
  EXPECT_EQ(Crossed(plain, Crossing::kUndetermined), 11000u);
  const Sums zoned = SumUp(cells, {Groups::BuiltIn().Find("EEA")->members});
  EXPECT_EQ(Crossed(zoned, Crossing::kIntraZone), 10u);
  EXPECT_EQ(Crossed(zoned, Crossing::kCrossBorder), 100u);
}

TEST(SumsTest, CoverageCountsBytesByTheirEvidence) {
  const std::vector<Cell> cells = {MakeCell("DE", "US", 50, Category::kInf, Evidence::kProtocol),
                                   MakeCell("DE", "US", 30, Category::kHlt, Evidence::kName),
                                   MakeCell("DE", "unknown", 15, Category::kCom, Evidence::kPort),
                                   MakeCell("DE", "US", 5, Category::kEnc, Evidence::kProtocol)};
  const Coverage coverage = SumUp(cells, {}).coverage;
  EXPECT_DOUBLE_EQ(coverage.content_protocol, 0.50);
  EXPECT_DOUBLE_EQ(coverage.with_name, 0.80);
  EXPECT_DOUBLE_EQ(coverage.with_operator_port, 0.95);
  EXPECT_DOUBLE_EQ(coverage.classified, 0.95);  // encrypted without a name is not classified
  EXPECT_DOUBLE_EQ(coverage.located, 0.85);
}

TEST(SumsTest, NothingGivesZeroesAndNoDivision) {
  const Sums sums = SumUp({}, {});
  EXPECT_EQ(sums.total.bytes, 0u);
  EXPECT_EQ(sums.coverage.located, 0.0);
  EXPECT_TRUE(sums.pairs.empty());
}

TEST(SumsTest, LensesAreComparedOnlyWhereBothAreKnown) {
  Cell cell = MakeCell("DE", "IE", 100);
  cell.key.destination.registered = *FromCode("US");
  cell.key.source.registered = *FromCode("DE");
  const Sums sums = SumUp(std::vector<Cell>{cell, MakeCell("DE", "FR", 1000)}, {});
  EXPECT_EQ(sums.location_registered.comparable_bytes, 200u);  // both ends of the first cell
  EXPECT_EQ(sums.location_registered.differing_bytes, 100u);
  EXPECT_EQ(sums.location_operator.comparable_bytes, 0u);
}

TEST(SumsTest, CrossingsPairsAndProtocolsEachSumToAllCells) {
  std::mt19937 random(3);
  std::vector<Cell> cells;
  for (int i = 0; i < 5000; ++i) {
    Cell cell = MakeCell("DE", "DE", random() % 100000);
    cell.key.source.location = static_cast<Jurisdiction>(random() % kJurisdictions);
    cell.key.destination.location = static_cast<Jurisdiction>(random() % kJurisdictions);
    cell.key.classification.protocol = static_cast<Protocol>(random() % 20);
    cells.push_back(cell);
  }
  const Sums sums = SumUp(cells, {});
  CellCounters crossings;
  for (const CellCounters& c : sums.crossing) crossings += c;
  CellCounters pairs;
  for (const PairSum& p : sums.pairs) pairs += p.counters;
  CellCounters protocols;
  for (const ProtocolSum& p : sums.protocols) protocols += p.counters;
  EXPECT_EQ(crossings, sums.total);
  EXPECT_EQ(pairs, sums.total);
  EXPECT_EQ(protocols, sums.total);
  EXPECT_TRUE(std::is_sorted(
      sums.pairs.begin(), sums.pairs.end(),
      [](const PairSum& a, const PairSum& b) { return a.counters.bytes > b.counters.bytes; }));
}

}  // namespace
}  // namespace borderflow
