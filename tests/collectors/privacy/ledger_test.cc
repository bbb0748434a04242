// What a ledger publishes over many periods: exact, monotone, bounded, and safe from subtraction.
#include "collectors/privacy/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/privacy/table_shapes.h"
#include "tests/collectors/privacy/people.h"

namespace borderflow {
namespace {

CellCounters Sum(const std::vector<Cell>& cells) {
  CellCounters sum;
  for (const Cell& cell : cells) sum += cell.counters;
  return sum;
}

bool AtLeastAsMuch(const CellCounters& now, const CellCounters& before) {
  return now.frames >= before.frames && now.bytes >= before.bytes && now.flows >= before.flows;
}

// What each key of `shape` counted in a period, by adding up differences.
std::map<LedgerKey, uint64_t> TrueBytes(const TableShape& shape, const std::vector<Cell>& before,
                                        const std::vector<Cell>& now) {
  std::map<LedgerKey, uint64_t> bytes;
  for (const Cell& cell : now) bytes[shape.key(cell.key)] += cell.counters.bytes;
  for (const Cell& cell : before) bytes[shape.key(cell.key)] -= cell.counters.bytes;
  std::erase_if(bytes, [](const auto& entry) { return entry.second == 0; });
  return bytes;
}

class LedgerTest : public testing::TestWithParam<uint32_t> {};

TEST_P(LedgerTest, OverManyPeriodsEveryCounterIsExactMonotoneAndSafe) {
  const std::vector<std::vector<Cell>> world = GrowingWorld(GetParam(), 40);
  const TableShape shape = JurisdictionShape(20, {});
  Ledger ledger;
  std::vector<CountedCell> counted;
  std::vector<Cell> before;
  PublishedTable last;
  for (const std::vector<Cell>& now : world) {
    ledger.Publish(shape, Since(counted, now), 8);
    const PublishedTable& table = ledger.table();
    EXPECT_EQ(table.Total(), Sum(now));
    EXPECT_LE(table.series.size(), 20u);
    EXPECT_TRUE(AtLeastAsMuch(table.other, last.other));
    EXPECT_TRUE(AtLeastAsMuch(table.suppressed, last.suppressed));
    for (const auto& [key, series] : last.series) {
      ASSERT_TRUE(table.series.contains(key)) << "a series went away";
      EXPECT_TRUE(AtLeastAsMuch(table.series.at(key).counters, series.counters));
    }
    // The attacker knows what each line counted, and sees what each series and `other` grew by.
    const std::map<LedgerKey, uint64_t> truth = TrueBytes(shape, before, now);
    std::map<uint64_t, std::vector<LedgerKey>> lines;
    for (const auto& [key, bytes] : truth) {
      for (const uint64_t line : shape.lines(key)) lines[line].push_back(key);
    }
    for (const auto& [line, keys] : lines) {
      int hidden = 0;
      for (const LedgerKey& key : keys) {
        const bool listed = table.series.contains(key);
        const uint64_t old = last.series.contains(key) ? last.series.at(key).counters.bytes : 0;
        const uint64_t grown = listed ? table.series.at(key).counters.bytes - old : 0;
        EXPECT_TRUE(grown == 0 || grown == truth.at(key)) << "told in part";
        if (ledger.Hid(key)) {
          EXPECT_EQ(grown, 0u);
          ++hidden;
        }
      }
      EXPECT_TRUE(hidden != 1 || keys.size() == 1);
    }
    counted = Counted(now);
    before = now;
    last = table;
  }
  EXPECT_FALSE(last.series.empty());
  EXPECT_GT(last.suppressed.bytes, 0u);
}

INSTANTIATE_TEST_SUITE_P(Worlds, LedgerTest, testing::Range(0u, 25u));

TEST(LedgerTest, WhatFoundNoRoomGoesToOtherForGood) {
  std::vector<Cell> cells = {MakeCell("DE", "US", 1000), MakeCell("DE", "FR", 500)};
  for (Cell& cell : cells) AddPeople(0, 20, &cell);
  SortCells(&cells);
  const TableShape shape = JurisdictionShape(1, {});
  Ledger ledger;
  ledger.Publish(shape, Since({}, cells), 8);
  ASSERT_EQ(ledger.table().series.size(), 1u);
  EXPECT_EQ(ledger.table().series.begin()->second.counters.bytes, 1000u);
  EXPECT_EQ(ledger.table().other.bytes, 500u);
  // The smaller one outgrows the larger one, and moves nowhere.
  const std::vector<CountedCell> counted = Counted(cells);
  for (Cell& cell : cells) {
    if (cell.counters.bytes == 500) cell.counters.bytes += 1'000'000;
  }
  ledger.Publish(shape, Since(counted, cells), 8);
  EXPECT_EQ(ledger.table().series.begin()->second.counters.bytes, 1000u);
  EXPECT_EQ(ledger.table().other.bytes, 1'000'500u);
}

TEST(LedgerTest, ThePeopleBehindAnAnswerAreThoseWhoAsked) {
  Cell request = MakeCell("DE", "US", 100, Category::kHlt);
  AddPeople(0, 20, &request);
  Cell answer = MakeCell("US", "DE", 9000, Category::kHlt);
  answer.key.role = Role::kResponder;
  answer.counters.flows = 0;
  std::vector<Cell> cells = {request, answer};
  SortCells(&cells);
  Ledger ledger;
  ledger.Publish(JurisdictionShape(10, {}), Since({}, cells), 8);
  EXPECT_EQ(ledger.table().series.size(), 2u);
  EXPECT_EQ(ledger.table().suppressed, CellCounters{});
  for (const auto& [key, series] : ledger.table().series) EXPECT_EQ(series.clients, 24u);  // of 20
}

TEST(LedgerTest, FlowsAreNotCountedTwiceWhereBothDirectionsAreOneKey) {
  Cell request = MakeCell("DE", "DE", 100, Category::kHlt);
  for (uint64_t person = 0; person < 9; ++person) request.clients.AddHash(HashOfClient(person));
  request.counters.flows = 5;  // of nine clients only five flows: told by neither count
  Cell answer = request;
  answer.key.role = Role::kResponder;
  answer.clients = {};
  answer.counters.flows = 0;
  std::vector<Cell> cells = {request, answer};
  SortCells(&cells);
  Ledger ledger;
  ledger.Publish(JurisdictionShape(10, {}), Since({}, cells), 8);
  EXPECT_TRUE(ledger.table().series.empty());
  EXPECT_EQ(ledger.table().suppressed.bytes, 200u);
}

}  // namespace
}  // namespace borderflow
