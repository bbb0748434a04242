#include "collectors/export/batch.h"

#include <gtest/gtest.h>

#include "tests/collectors/batches.h"

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
    ASSERT_TRUE(batch.rows.back().suppressed);
    EXPECT_EQ(batch.rows.back().cell.counters, batch.suppressed);
  }
  EXPECT_EQ(rows_before, 1u) << "nobody reaches a thousand";
}

TEST(BatchTest, WhatIsToldIsAsInTheWholeWindowAndHasManyClients) {
  const ExportBatch whole = RandomBatch("test", 0, 3000);
  const ExportBatch batch = RandomBatch("test", 0, 3000, DataAllies(), 8);
  size_t at = 0;
  for (const BatchRow& row : batch.rows) {
    if (row.suppressed) continue;
    while (at < whole.rows.size() && whole.rows[at].cell.counters != row.cell.counters) ++at;
    ASSERT_LT(at, whole.rows.size()) << "rows keep their order";
    EXPECT_EQ(row.verdicts, whole.rows[at].verdicts);
    EXPECT_GE(whole.rows[at].cell.clients, 8u);
    EXPECT_GE(row.cell.counters.flows, 8u);
    EXPECT_EQ(row.cell.clients % 8, 0u);
  }
  EXPECT_GT(at, 100u);
}

}  // namespace
}  // namespace borderflow
