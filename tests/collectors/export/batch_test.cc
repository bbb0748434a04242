#include "collectors/export/batch.h"

#include <gtest/gtest.h>

#include "tests/collectors/batches.h"
#include "tests/collectors/privacy/people.h"

namespace borderflow {
namespace {

CellCounters SumOfRows(const ExportBatch& batch) {
  CellCounters sum;
  for (const BatchRow& row : batch.rows) sum += row.cell.counters;
  return sum;
}

TEST(BatchTest, RowsAddUpToTheWindowForAnyThreshold) {
  const ExportBatch whole = RandomBatch("test", 0, 3000);
  size_t rows_before = whole.rows.size();
  EXPECT_EQ(SumOfRows(whole), whole.total);
  EXPECT_EQ(whole.suppressed, CellCounters{});
  for (const uint64_t min_cell : {2, 8, 20, 1000}) {
    const ExportBatch batch = RandomBatch("test", 0, 3000, DataAllies(), min_cell);
    EXPECT_EQ(batch.min_cell, min_cell);
    EXPECT_EQ(batch.total, whole.total);
    EXPECT_EQ(SumOfRows(batch), whole.total);
    EXPECT_LT(batch.rows.size(), rows_before);
    rows_before = batch.rows.size();
    ASSERT_EQ(batch.rows.back().way, Way::kSuppressed);
    EXPECT_EQ(batch.rows.back().cell.counters, batch.suppressed);
  }
  EXPECT_EQ(rows_before, 1u) << "nobody reaches a thousand";
}

TEST(BatchTest, WhatIsToldIsAsInTheWholeWindowAndHasManyClients) {
  const ExportBatch whole = RandomBatch("test", 0, 3000);
  const ExportBatch batch = RandomBatch("test", 0, 3000, DataAllies(), 8);
  size_t at = 0;
  for (const BatchRow& row : batch.rows) {
    if (row.way != Way::kWhole) continue;
    while (at < whole.rows.size() && whole.rows[at].cell.counters != row.cell.counters) ++at;
    ASSERT_LT(at, whole.rows.size()) << "rows keep their order";
    EXPECT_EQ(row.verdicts, whole.rows[at].verdicts);
    EXPECT_GE(whole.rows[at].cell.clients, 8u);
    EXPECT_GE(row.cell.counters.flows, 8u);
    EXPECT_EQ(row.cell.clients % 8, 0u);
  }
  EXPECT_GT(at, 100u);
}

// Small cells of one pair and category, told apart by AS numbers only: together they are many.
TEST(BatchTest, SmallCellsLoseTheirDetailBeforeTheyAreSuppressed) {
  std::vector<Cell> cells;
  CellCounters sum;
  for (uint32_t asn = 1; asn <= 6; ++asn) {
    Cell cell = MakeCell("DE", "US", 1000 * asn, Category::kHlt, Evidence::kName);
    cell.key.source.asn = asn;
    cell.key.classification.confidence = static_cast<uint8_t>(asn);
    AddPeople(10 * asn, 3, &cell);
    sum += cell.counters;
    cells.push_back(cell);
  }
  Cell lonely = MakeCell("FR", "SG", 77, Category::kFin, Evidence::kPort);
  AddPeople(500, 2, &lonely);
  Cell other = MakeCell("AT", "BR", 88, Category::kGov, Evidence::kPort);
  AddPeople(600, 7, &other);
  cells.push_back(lonely);
  cells.push_back(other);
  SortCells(&cells);
  WindowRelease release(8);
  ExportBatch batch;
  AddRows(cells, {}, DataAllies(), {}, &release, &batch);
  ASSERT_EQ(batch.rows.size(), 2u);
  const BatchRow& joined = batch.rows[0];
  EXPECT_EQ(joined.way, Way::kJoined);
  EXPECT_EQ(joined.cell.counters, sum);
  EXPECT_EQ(joined.cell.clients, 16u) << "18, rounded";
  EXPECT_EQ(joined.cell.source.asn, 0u);
  EXPECT_EQ(joined.cell.confidence, 0u);
  EXPECT_EQ(joined.Word(Code(joined.cell.source.location)), "DE");
  EXPECT_EQ(joined.Detail(Code(joined.cell.source.registered)), "suppressed");
  EXPECT_EQ(joined.crossing, Crossing::kCrossBorder);
  EXPECT_EQ(batch.rows[1].way, Way::kSuppressed);
  EXPECT_EQ(batch.suppressed.bytes, 77u + 88u);
}

}  // namespace
}  // namespace borderflow
