// What is published of a run: in whole periods, adding up, and with nothing that names anybody.
#include "collectors/privacy/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/privacy/table_shapes.h"
#include "tests/collectors/privacy/people.h"

namespace borderflow {
namespace {

Report ReportOf(const std::vector<Cell>& cells) {
  Report report;
  report.zones = {Groups::BuiltIn().Find("EEA")->members};
  report.snapshot.cells = cells;
  report.sums = SumUp(cells, report.zones);
  report.snapshot.decode.ip = {report.sums.total.frames + 3, report.sums.total.bytes + 300};
  report.snapshot.decode.captured = report.snapshot.decode.ip;
  return report;
}

std::vector<Pack> Packs() { return {*LoadPack("data-allies", Groups::BuiltIn())}; }

TEST(PublisherTest, FiguresChangeOnlyAtTheEndsOfAlignedPeriods) {
  const std::vector<std::vector<Cell>> world = GrowingWorld(1, 4);
  Publisher publisher({.min_cell = 8,
                       .period_seconds = 60,
                       .jurisdiction_series = 100,
                       .operator_series = 100,
                       .cell_series = 100,
                       .registered_series = 400,
                       .zone_series = 800},
                      1'000'010);
  const auto at = [&](int step, uint64_t now) {
    return publisher.Publish(ReportOf(world[static_cast<size_t>(step)]), {}, now, 0);
  };
  const auto first = at(0, 1'000'011);
  EXPECT_EQ(first->figures->periods, 0u);
  EXPECT_EQ(first->figures->next_at, 1'000'020u);  // a multiple of 60
  EXPECT_EQ(at(1, 1'000'019)->figures, first->figures);
  const auto second = at(1, 1'000'021);
  EXPECT_EQ(second->figures->periods, 1u);
  EXPECT_EQ(second->figures->next_at, 1'000'080u);
  EXPECT_EQ(at(2, 1'000'079)->figures, second->figures);
  EXPECT_EQ(at(2, 999'000)->figures, second->figures) << "a clock that goes back ends nothing";
  EXPECT_NE(at(2, 1'000'500)->figures, second->figures);
  EXPECT_EQ(at(3, 1'000'539)->figures->periods, 2u);
  EXPECT_EQ(first->figures->periods, 0u) << "what a reader holds does not change";
}

TEST(PublisherTest, EveryTableAddsUpToTheCellsInEveryPeriod) {
  for (uint32_t seed = 0; seed < 10; ++seed) {
    Publisher publisher({.min_cell = 8,
                         .period_seconds = 1,
                         .jurisdiction_series = 10,
                         .operator_series = 2,
                         .cell_series = 10,
                         .registered_series = 400,
                         .zone_series = 800},
                        0);
    uint64_t now = 0;
    const std::vector<Pack> packs = Packs();
    for (const std::vector<Cell>& cells : GrowingWorld(seed, 20)) {
      const Report report = ReportOf(cells);
      const auto published = publisher.Publish(report, packs, ++now, 0);
      const Figures& figures = *published->figures;
      EXPECT_EQ(figures.total, report.sums.total);
      for (const PublishedTable* table :
           {&figures.crossing, &figures.zones, &figures.jurisdiction, &figures.registered,
            &figures.operators, &figures.registered_agreement, &figures.operator_agreement,
            &figures.category, &figures.protection, &figures.cells, &figures.policies[0].verdicts,
            &figures.policies[0].rules}) {
        EXPECT_EQ(table->Total(), report.sums.total);
        EXPECT_LE(table->series.size(), table->limit);
      }
      EXPECT_EQ(figures.waiting, (FrameTotals{3, 300}));
    }
  }
}

// Whoever has both tables subtracts the finer one from the coarser one, pair by pair.
TEST(PublisherTest, NoHiddenCellFollowsFromTheJurisdictionTable) {
  for (uint32_t seed = 100; seed < 120; ++seed) {
    Publisher publisher({.min_cell = 8,
                         .period_seconds = 1,
                         .jurisdiction_series = 1000,
                         .operator_series = 1000,
                         .cell_series = 1000,
                         .registered_series = 400,
                         .zone_series = 800},
                        0);
    uint64_t now = 0;
    std::vector<Cell> before;
    std::shared_ptr<const Publication> last;
    const auto bytes_of = [](const PublishedTable& table, const LedgerKey& key) {
      const auto at = table.series.find(key);
      return at == table.series.end() ? 0 : at->second.counters.bytes;
    };
    for (const std::vector<Cell>& cells : GrowingWorld(seed, 20)) {
      const auto published = publisher.Publish(ReportOf(cells), {}, ++now, 0);
      const PublishedTable none;
      const PublishedTable& fine = published->figures->cells;
      const PublishedTable& coarse = published->figures->jurisdiction;
      const PublishedTable& old_fine = last == nullptr ? none : last->figures->cells;
      const PublishedTable& old_coarse = last == nullptr ? none : last->figures->jurisdiction;
      std::map<LedgerKey, std::map<LedgerKey, uint64_t>> truth;  // coarse -> fine -> bytes
      const auto add = [&truth](const Cell& cell, uint64_t sign) {
        const CellKey& key = cell.key;
        const auto n = [](auto value) { return static_cast<uint16_t>(value); };
        const LedgerKey wide = {n(key.source.location), n(key.destination.location),
                                n(key.classification.category)};
        const LedgerKey narrow = {wide[0],
                                  wide[1],
                                  wide[2],
                                  n(key.role),
                                  n(key.classification.evidence),
                                  n(key.classification.protection)};
        truth[wide][narrow] += sign * cell.counters.bytes;
      };
      for (const Cell& cell : cells) add(cell, 1);
      for (const Cell& cell : before) add(cell, ~uint64_t{0});
      for (const auto& [wide, parts] : truth) {
        const uint64_t told = bytes_of(coarse, wide) - bytes_of(old_coarse, wide);
        uint64_t rest = told;
        int active = 0;
        std::vector<uint64_t> hidden;
        for (const auto& [narrow, bytes] : parts) {
          if (bytes == 0) continue;
          ++active;
          const uint64_t grown = bytes_of(fine, narrow) - bytes_of(old_fine, narrow);
          if (grown == 0) hidden.push_back(bytes);
          EXPECT_FALSE(told == 0 && grown > 0) << "told in the finer table only";
          rest -= grown;
        }
        EXPECT_FALSE(told > 0 && active > 1 && hidden.size() == 1 && rest == hidden[0]);
      }
      before = cells;
      last = published;
    }
  }
}

// As above, one step coarser: pairs of jurisdictions and pairs of zones.
TEST(PublisherTest, NoHiddenPairFollowsFromTheZoneTable) {
  for (uint32_t seed = 200; seed < 220; ++seed) {
    Publisher publisher({.min_cell = 8,
                         .period_seconds = 1,
                         .jurisdiction_series = 1000,
                         .operator_series = 1000,
                         .cell_series = 1000,
                         .registered_series = 1000,
                         .zone_series = 1000},
                        0);
    const std::vector<JurisdictionSet> zones = {Groups::BuiltIn().Find("EEA")->members};
    const TableShape wide = ZoneShape(1000, zones);
    const TableShape narrow = JurisdictionShape(1000, zones);
    uint64_t now = 0;
    std::vector<Cell> before;
    std::shared_ptr<const Publication> last = publisher.Publish(Report(), {}, 0, 0);
    const auto grown = [](const PublishedTable& from, const PublishedTable& to,
                          const LedgerKey& key) {
      const auto bytes = [&key](const PublishedTable& table) {
        const auto at = table.series.find(key);
        return at == table.series.end() ? 0 : at->second.counters.bytes;
      };
      return bytes(to) - bytes(from);
    };
    for (const std::vector<Cell>& cells : GrowingWorld(seed, 20)) {
      const auto published = publisher.Publish(ReportOf(cells), {}, ++now, 0);
      std::map<LedgerKey, std::map<LedgerKey, uint64_t>> truth;  // zones -> jurisdictions -> bytes
      for (const Cell& cell : cells) {
        truth[wide.key(cell.key)][narrow.key(cell.key)] += cell.counters.bytes;
      }
      for (const Cell& cell : before) {
        truth[wide.key(cell.key)][narrow.key(cell.key)] -= cell.counters.bytes;
      }
      for (const auto& [coarse, parts] : truth) {
        const uint64_t told = grown(last->figures->zones, published->figures->zones, coarse);
        int active = 0, hidden = 0;
        for (const auto& [fine, bytes] : parts) {
          if (bytes == 0) continue;
          ++active;
          const uint64_t shown =
              grown(last->figures->jurisdiction, published->figures->jurisdiction, fine);
          EXPECT_FALSE(told == 0 && shown > 0) << "told in the finer table only";
          hidden += shown == 0 ? 1 : 0;
        }
        EXPECT_FALSE(told > 0 && active > 1 && hidden == 1);
      }
      before = cells;
      last = published;
    }
  }
}

TEST(PublisherTest, TheReceiverIsComparedWithWhereItIs) {
  std::vector<Cell> cells = {MakeCell("DE", "US", 1), MakeCell("DE", "FR", 20),
                             MakeCell("DE", "private", 300), MakeCell("DE", "SG", 4000)};
  cells[0].key.destination.registered = *FromCode("US");
  cells[1].key.destination.registered = *FromCode("US");
  cells[2].key.destination.registered = *FromCode("US");
  for (Cell& cell : cells) AddPeople(0, 20, &cell);
  SortCells(&cells);
  Publisher publisher({}, 0);
  publisher.Publish(ReportOf(cells), {}, 1, 0);
  const auto published = publisher.Publish(ReportOf(cells), {}, 100, 0);
  const PublishedTable& table = published->figures->registered_agreement;
  const auto bytes = [&table](Agreement agreement) {
    return table.series.at({static_cast<uint16_t>(agreement)}).counters.bytes;
  };
  EXPECT_EQ(bytes(Agreement::kSame), 1u);
  EXPECT_EQ(bytes(Agreement::kDiffers), 20u);
  EXPECT_EQ(bytes(Agreement::kUnknown), 4300u);
}

// Seven hundred pairs want room for ten; after a restart the same ten have it, whatever is largest
// then and whichever comes first.
TEST(PublisherTest, WhatHadASeriesHasItAgainAfterARestart) {
  const PublisherOptions options = {.min_cell = 8,
                                    .period_seconds = 1,
                                    .jurisdiction_series = 10,
                                    .operator_series = 10,
                                    .cell_series = 10,
                                    .registered_series = 10,
                                    .zone_series = 10};
  std::vector<Cell> cells;
  for (uint16_t i = 0; i < 700; ++i) {
    Cell cell = MakeCell("DE", "US", 1000 + i);
    cell.key.source.location = static_cast<Jurisdiction>(i % 100);
    cell.key.destination.location = static_cast<Jurisdiction>(i / 100);
    AddPeople(i, 20, &cell);
    cells.push_back(std::move(cell));
  }
  SortCells(&cells);
  Publisher first(options, 0);
  const auto published = first.Publish(ReportOf(cells), {}, 1, 0);
  const Admission admission = first.Admitted();
  ASSERT_EQ(admission.jurisdiction.size(), 10u);

  for (Cell& cell : cells) cell.counters.bytes = 3000 - cell.counters.bytes;
  Publisher second(options, 0);
  second.Reserve(admission);
  EXPECT_EQ(second.Admitted(), admission);
  // First only what had no series: it gets none, for the room is kept.
  std::vector<Cell> others = cells;
  std::erase_if(others, [&published](const Cell& cell) {
    return published->figures->jurisdiction.series.contains(
        {static_cast<uint16_t>(cell.key.source.location),
         static_cast<uint16_t>(cell.key.destination.location),
         static_cast<uint16_t>(cell.key.classification.category)});
  });
  const auto without = second.Publish(ReportOf(others), {}, 1, 0);
  EXPECT_TRUE(without->figures->jurisdiction.series.empty());
  EXPECT_EQ(without->figures->jurisdiction.Total(), SumUp(others, {}).total);
  EXPECT_EQ(second.Admitted(), admission);
  const auto again = second.Publish(ReportOf(cells), {}, 2, 0);
  std::vector<LedgerKey> keys;
  for (const auto& [key, unused] : again->figures->jurisdiction.series) keys.push_back(key);
  EXPECT_EQ(keys, admission.jurisdiction);
  EXPECT_EQ(again->figures->jurisdiction.Total(), SumUp(cells, {}).total);
}

TEST(PublisherTest, AnotherPackJudgesOnlyWhatComesAfterIt) {
  std::vector<Cell> cells = {MakeCell("DE", "US", 1000, Category::kHlt, Evidence::kProtocol)};
  AddPeople(0, 20, &cells[0]);
  Publisher publisher({.min_cell = 8,
                       .period_seconds = 1,
                       .jurisdiction_series = 10,
                       .operator_series = 10,
                       .cell_series = 10,
                       .registered_series = 400,
                       .zone_series = 800},
                      0);
  std::vector<Pack> packs = Packs();
  publisher.Publish(ReportOf(cells), packs, 1, 0);
  const auto before = publisher.Publish(ReportOf(cells), packs, 2, 0);
  packs[0].rules.clear();
  packs[0].default_verdict = Verdict::kReview;
  packs[0].digest = "another";
  cells[0].counters.bytes += 77;
  const auto after = publisher.Publish(ReportOf(cells), packs, 3, 0);
  const PublishedTable& verdicts = after->figures->policies[0].verdicts;
  EXPECT_EQ(verdicts.Total().bytes, 1077u);
  for (const auto& [key, series] : before->figures->policies[0].verdicts.series) {
    EXPECT_GE(verdicts.series.at(key).counters.bytes, series.counters.bytes);
  }
  EXPECT_EQ(after->figures->policies[0].digest, "another");
}

TEST(PublisherTest, AStatementHoldsNoCellsNamesPathsOrCommand) {
  std::vector<Cell> cells = {MakeCell("DE", "US", 1000)};
  Report report = ReportOf(cells);
  report.command = "borderflow live --interface secret0";
  report.snapshot.names["patient.example"] = {};
  report.captures.push_back({"secret.pcap", ""});
  report.parameters.sites.emplace_back("10.1.2.0/24", Jurisdiction::kUnknown);
  report.parameters.overrides.emplace_back("/secret/o.csv");
  Publisher publisher({}, 0);
  const auto published = publisher.Publish(report, {}, 1, 0);
  const Report& statement = published->statement;
  EXPECT_TRUE(statement.command.empty());
  EXPECT_TRUE(statement.snapshot.cells.empty());
  EXPECT_TRUE(statement.snapshot.names.empty());
  EXPECT_TRUE(statement.captures.empty());
  EXPECT_TRUE(statement.sums.pairs.empty());
  EXPECT_TRUE(statement.parameters.sites.empty());
  EXPECT_TRUE(statement.parameters.overrides.empty());
}

}  // namespace
}  // namespace borderflow
