// Tables against a slow twin: sums over maps of codes.
#include "collectors/dashboard/tables.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "collectors/report/policy_cells.h"
#include "tests/collectors/dashboard/random_cells.h"

namespace borderflow {
namespace {

using SlowKey = std::tuple<int, int, int, int>;

// `parts` of the keys count.
void ExpectLike(const Table& table, const std::map<SlowKey, PolicySum>& slow, int parts,
                size_t limit) {
  PolicySum rest;
  for (const auto& [unused, sum] : slow) rest += sum;
  EXPECT_EQ(table.Total(), rest);
  EXPECT_EQ(table.rows.size(), std::min(limit, slow.size()));
  uint64_t last = ~uint64_t{0};
  for (const TableRow& row : table.rows) {
    const auto part = [&row, parts](int i) {
      return i < parts ? static_cast<int>(Part<uint8_t>(row.key, i)) : 0;
    };
    const auto at = slow.find({part(0), part(1), part(2), part(3)});
    ASSERT_NE(at, slow.end());
    EXPECT_EQ(row.sum, at->second);
    EXPECT_LE(row.sum.bytes, last) << "bytes descend";
    last = row.sum.bytes;
    rest.frames -= row.sum.frames;
    rest.bytes -= row.sum.bytes;
    rest.flows -= row.sum.flows;
  }
  EXPECT_EQ(table.other, rest);
}

TEST(TablesTest, RowsAndOthersAreTheSumsOfTheCellsWhateverTheLimits) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<Cell> raw = RandomCells(seed, seed * 37, 12);
    const std::vector<PolicyCell> cells = ToPolicyCells(raw);
    ViewLimits limits;
    if (seed % 2 == 0) limits = {5, 7, 11, 9, 3};
    const ViewTables tables = TablesOf(cells, {}, limits);
    std::map<SlowKey, PolicySum> pairs[kLenses];
    std::map<SlowKey, PolicySum> by_category[kLenses];
    std::map<SlowKey, PolicySum> streams[kLenses];
    std::map<SlowKey, PolicySum> categories;
    PolicySum total;
    for (const PolicyCell& cell : cells) {
      const PolicySum sum = {cell.frames, cell.bytes, cell.flows};
      total += sum;
      const int category = static_cast<int>(cell.category);
      const auto number = [](Jurisdiction j) { return static_cast<int>(j); };
      const std::pair<Jurisdiction, Jurisdiction> ends[kLenses] = {
          {cell.source.location, cell.destination.location},
          {cell.source.registered, cell.destination.registered},
          {cell.source.operator_home, cell.destination.operator_home}};
      for (size_t l = 0; l < kLenses; ++l) {
        const int from = number(ends[l].first), to = number(ends[l].second);
        pairs[l][{from, to, 0, 0}] += sum;
        by_category[l][{from, to, category, 0}] += sum;
        streams[l][{from, category, to, number(cell.destination.operator_home)}] += sum;
      }
      categories[{category, static_cast<int>(cell.evidence), 0, 0}] += sum;
    }
    EXPECT_EQ(tables.total, total);
    for (size_t l = 0; l < kLenses; ++l) {
      ExpectLike(tables.pairs[l], pairs[l], 2, limits.pairs);
      ExpectLike(tables.by_category[l], by_category[l], 3, limits.pairs_by_category);
      ExpectLike(tables.streams[l], streams[l], 4,
                 l == 0 ? limits.streams : limits.streams_by_lens);
    }
    ExpectLike(tables.categories, categories, 2, kCategories * kEvidences);
    PolicySum crossings;
    for (const PolicySum& sum : tables.crossing) crossings += sum;
    EXPECT_EQ(crossings, total);
    for (const Table& agreement : tables.agreement) EXPECT_EQ(agreement.Total(), total);
  }
}

}  // namespace
}  // namespace borderflow
