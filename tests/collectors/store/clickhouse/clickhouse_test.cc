// The exporter against a real server: what is stored is what the sensors counted, whatever happens
// on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "collectors/store/clickhouse/clickhouse_exporter.h"
#include "tests/collectors/batches.h"
#include "tests/collectors/store/clickhouse/clickhouse_server.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

constexpr uint64_t kSpoolLimit = uint64_t{1} << 30;
constexpr char kTotals[] = "SELECT sum(frames), sum(bytes), sum(payload_bytes), sum(flows) FROM ";

std::string Totals(const CellCounters& counters) {
  return absl::StrCat(counters.frames, "\t", counters.bytes, "\t", counters.payload_bytes, "\t",
                      counters.flows);
}

class ClickHouseTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!ClickHouseForTest::Installed()) GTEST_SKIP() << "clickhouse-server is not installed";
    ASSERT_TRUE(server_.Start()) << server_.log();
  }

  std::unique_ptr<ClickHouseExporter> Sensor(const std::string& name, size_t rows_in_insert = 1000,
                                             const std::string& database = "borderflow") {
    auto spool = Spool::Open(spools_.Path(name), kSpoolLimit);
    EXPECT_TRUE(spool.ok()) << spool.status();
    return std::make_unique<ClickHouseExporter>(*ParseClickHouseUrl(server_.Url(database)),
                                                *std::move(spool), rows_in_insert);
  }

  const Hurry hurry_;
  TestFolder spools_{"clickhouse_spools"};
  ClickHouseForTest server_{"store"};
};

TEST_F(ClickHouseTest, WhatIsStoredIsWhatWasCounted) {
  const auto sensor = Sensor("berlin-1");
  const ExportBatch batch = RandomBatch("berlin-1", 0, 3500);
  ASSERT_TRUE(sensor->Export(batch, hurry_).ok());
  ASSERT_EQ(sensor->SendWaiting(hurry_), 0u) << sensor->waiting_reason();
  EXPECT_EQ(server_.Ask(absl::StrCat(kTotals, "cells")), Totals(batch.total));
  EXPECT_EQ(
      server_.Ask("SELECT cells, frames, bytes, flows, captured_frames, vantage, "
                  "geo_digests FROM windows"),
      absl::StrCat(batch.rows.size(), "\t", batch.total.frames, "\t", batch.total.bytes, "\t",
                   batch.total.flows, "\t", batch.captured.frames, "\ttestbed\t['0123abcd']"));
  // Verdicts by the store are those by the sensor.
  std::map<std::string, uint64_t> expected;
  for (const BatchRow& row : batch.rows) {
    expected[std::string(row.VerdictOf(0))] += row.cell.counters.bytes;
  }
  std::string text;
  for (const auto& [verdict, bytes] : expected) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", "data-allies\t", verdict, "\t", bytes);
  }
  EXPECT_EQ(server_.Ask("SELECT v.pack, v.verdict, sum(bytes) FROM cells ARRAY JOIN verdicts AS v "
                        "GROUP BY v.pack, v.verdict ORDER BY v.verdict"),
            text);
}

TEST_F(ClickHouseTest, SendingAWindowAgainChangesNoCount) {
  const ExportBatch batch = RandomBatch("berlin-1", 0, 2500);
  for (int i = 0; i < 3; ++i) {
    const auto sensor = Sensor("berlin-1");
    ASSERT_TRUE(sensor->Export(batch, hurry_).ok());
    ASSERT_EQ(sensor->SendWaiting(hurry_), 0u) << sensor->waiting_reason();
    EXPECT_EQ(server_.Ask(absl::StrCat(kTotals, "cells")), Totals(batch.total));
    EXPECT_EQ(server_.Ask("SELECT count() FROM windows"), "1");
  }
}

// The same capture with other options is the same window: the later account takes its place.
TEST_F(ClickHouseTest, AnotherAccountOfAWindowTakesThePlaceOfTheFirst) {
  const auto sensor = Sensor("berlin-1");
  const ExportBatch first = RandomBatch("berlin-1", 0, 2500);
  ExportBatch second = RandomBatch("berlin-1", 1, 40);
  second.key = first.key;
  for (const ExportBatch& batch : {first, second}) {
    ASSERT_TRUE(sensor->Export(batch, hurry_).ok());
  }
  ASSERT_EQ(sensor->SendWaiting(hurry_), 0u) << sensor->waiting_reason();
  EXPECT_EQ(server_.Ask(absl::StrCat(kTotals, "cells")), Totals(second.total));
  EXPECT_EQ(server_.Ask("SELECT count() FROM windows"), "1");
}

TEST_F(ClickHouseTest, AWindowIsNotSeenBeforeItIsWhole) {
  const auto sensor = Sensor("berlin-1");
  ASSERT_TRUE(sensor->Export(RandomBatch("berlin-1", 0, 100), hurry_).ok());
  ASSERT_EQ(sensor->SendWaiting(hurry_), 0u) << sensor->waiting_reason();
  const std::string before = server_.Ask(absl::StrCat(kTotals, "cells"));
  // All but the last statement, as when the sensor loses power here.
  ClickHouseClient client(*ParseClickHouseUrl(server_.Url()));
  std::vector<std::string> inserts = Inserts(RandomBatch("berlin-1", 1, 3000), 1, 1000);
  inserts.pop_back();
  for (const std::string& insert : inserts) ASSERT_TRUE(client.Run(insert, hurry_).ok());
  EXPECT_EQ(server_.Ask("SELECT count() FROM cell_parts"), "3100");
  EXPECT_EQ(server_.Ask(absl::StrCat(kTotals, "cells")), before);
}

// Three sensors send window after window while the server is killed, again and again, wherever it
// happens to be. In the end it holds every sensor's sum, exactly.
TEST_F(ClickHouseTest, ThreeSensorsAndAServerThatIsKilledInMidInsert) {
  constexpr uint64_t kWindows = 6;
  constexpr size_t kCells = 3000;
  constexpr int kKills = 4;
  const std::vector<std::string> names = {"berlin-1", "lagos-1", "lima-1"};
  std::map<std::string, CellCounters> counted;
  std::vector<std::unique_ptr<ClickHouseExporter>> sensors;
  for (const std::string& name : names) sensors.push_back(Sensor(name, 500));
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> rounds = 0;
  std::vector<std::vector<ExportBatch>> batches(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    for (uint64_t window = 0; window < kWindows; ++window) {
      batches[i].push_back(RandomBatch(names[i], window, kCells));
      counted[names[i]] += batches[i].back().total;
    }
  }
  std::vector<std::thread> threads;
  for (size_t i = 0; i < names.size(); ++i) {
    threads.emplace_back([&, i] {
      for (const ExportBatch& batch : batches[i]) {
        ASSERT_TRUE(sensors[i]->Export(batch, hurry_).ok());
        sensors[i]->SendWaiting(hurry_);
        ++rounds;
      }
      while (!stop) {  // as the background thread does from time to time
        sensors[i]->SendWaiting(hurry_);
        ++rounds;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    });
  }
  for (int kill = 0; kill < kKills; ++kill) {
    const uint64_t seen = rounds;
    EXPECT_TRUE(Eventually([&] { return rounds > seen + static_cast<uint64_t>(kill); }));
    server_.Kill();
    ASSERT_TRUE(server_.Start()) << server_.log();
  }
  EXPECT_TRUE(Eventually([&] {
    return server_.Ask("SELECT count() FROM windows") == std::to_string(kWindows * names.size());
  })) << server_.Ask("SELECT sensor, count() FROM windows GROUP BY sensor");
  stop = true;
  for (std::thread& thread : threads) thread.join();
  std::string expected;
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(sensors[i]->SendWaiting(hurry_), 0u) << sensors[i]->waiting_reason();
    absl::StrAppend(&expected, expected.empty() ? "" : "\n", names[i], "\t",
                    Totals(counted[names[i]]));
  }
  EXPECT_EQ(server_.Ask("SELECT sensor, sum(frames), sum(bytes), sum(payload_bytes), sum(flows) "
                        "FROM cells GROUP BY sensor ORDER BY sensor"),
            expected);
}

TEST_F(ClickHouseTest, WhatCameWhileTheServerWasAwayIsSentInOrderByTheNextRun) {
  server_.Kill();
  CellCounters counted;
  {
    const auto sensor = Sensor("berlin-1");
    for (uint64_t window = 0; window < 5; ++window) {
      const ExportBatch batch = RandomBatch("berlin-1", window, 200);
      counted += batch.total;
      ASSERT_TRUE(sensor->Export(batch, hurry_).ok());
    }
    EXPECT_EQ(sensor->SendWaiting(hurry_), 10u);
    EXPECT_THAT(std::string(sensor->waiting_reason().message()), HasSubstr("connect"));
  }
  ASSERT_TRUE(server_.Start()) << server_.log();
  const auto next_run = Sensor("berlin-1");
  EXPECT_EQ(next_run->SendWaiting(hurry_), 0u) << next_run->waiting_reason();
  EXPECT_EQ(server_.Ask(absl::StrCat(kTotals, "cells")), Totals(counted));
  EXPECT_EQ(server_.Ask("SELECT groupArray(sequence) FROM (SELECT sequence FROM window_parts "
                        "ORDER BY written)"),
            "[0,1,2,3,4]");
}

TEST_F(ClickHouseTest, TablesOfAnotherVersionAreLeftAlone) {
  const auto sensor = Sensor("berlin-1");
  ASSERT_TRUE(sensor->Export(RandomBatch("berlin-1", 0, 10), hurry_).ok());
  ASSERT_EQ(sensor->SendWaiting(hurry_), 0u) << sensor->waiting_reason();
  server_.Ask("INSERT INTO borderflow_schema (version) VALUES (3)");
  const auto later = Sensor("lima-1");
  ASSERT_TRUE(later->Export(RandomBatch("lima-1", 0, 10), hurry_).ok());
  EXPECT_EQ(later->SendWaiting(hurry_), 2u);
  EXPECT_THAT(std::string(later->waiting_reason().message()),
              HasSubstr("are of version 3, this borderflow writes version 2"));
  EXPECT_EQ(server_.Ask("SELECT count() FROM windows"), "1");
}

// The statements of schema.sql as version 1 had them.
void MakeVersion1(const ClickHouseForTest& server) {
  const std::string text = absl::StrReplaceAll(
      ReadWhole(BORDERFLOW_SOURCE_DIR "/collectors/store/clickhouse/schema.sql"),
      {{"    entities_digest String,\n", ""}, {"VALUES (2)", "VALUES (1)"}});
  server.Ask("CREATE DATABASE borderflow", "default");
  for (const auto& statement : absl::StrSplit(text, ";\n", absl::SkipWhitespace())) {
    EXPECT_EQ(server.Ask(std::string(statement.data(), statement.size())), "");
  }
}

TEST_F(ClickHouseTest, TablesOfVersion1KeepTheirWindowsAndLearnTheEntityLists) {
  MakeVersion1(server_);
  const ExportBatch old = RandomBatch("old-1", 0, 10);
  const auto inserts = Inserts(old, 1);
  EXPECT_EQ(server_.Ask(inserts[0]), "");
  EXPECT_EQ(
      server_.Ask(absl::StrReplaceAll(
          inserts[1], {{"entities_digest, ", ""}, {"\t" + old.entities_digest + "\t[", "\t["}})),
      "");
  ASSERT_EQ(server_.Ask("SELECT count() FROM windows"), "1");
  // Two sensors find them at once.
  const auto one = Sensor("berlin-1");
  const auto other = Sensor("lima-1");
  ASSERT_TRUE(one->Export(RandomBatch("berlin-1", 0, 10), hurry_).ok());
  ASSERT_TRUE(other->Export(RandomBatch("lima-1", 0, 10), hurry_).ok());
  std::thread beside([&] {
    EXPECT_TRUE(Eventually([&] { return other->SendWaiting(hurry_) == 0; }))
        << other->waiting_reason();
  });
  EXPECT_TRUE(Eventually([&] { return one->SendWaiting(hurry_) == 0; })) << one->waiting_reason();
  beside.join();
  EXPECT_EQ(server_.Ask("SELECT sensor, entities_digest FROM windows ORDER BY sensor"),
            absl::StrCat("berlin-1\t", old.entities_digest, "\nlima-1\t", old.entities_digest,
                         "\nold-1\t"));
  EXPECT_EQ(server_.Ask("SELECT max(version) FROM borderflow_schema"), "2");
}

// As above by hand, since a sensor does not know the servers of a cluster.
TEST_F(ClickHouseTest, TablesOfVersion1OnAClusterAreLeftToTheAdministrator) {
  MakeVersion1(server_);
  for (const char* statement :
       {"RENAME TABLE window_parts TO window_parts_local",
        "CREATE TABLE window_parts AS window_parts_local ENGINE = Distributed(borderflow, "
        "currentDatabase(), window_parts_local, cityHash64(sensor))"}) {
    EXPECT_EQ(server_.Ask(statement), "") << statement;
  }
  const auto sensor = Sensor("berlin-1");
  ASSERT_TRUE(sensor->Export(RandomBatch("berlin-1", 0, 10), hurry_).ok());
  EXPECT_EQ(sensor->SendWaiting(hurry_), 2u);
  EXPECT_THAT(std::string(sensor->waiting_reason().message()), HasSubstr("cluster_from_1.sql"));
  const std::string text =
      ReadWhole(BORDERFLOW_SOURCE_DIR "/collectors/store/clickhouse/cluster_from_1.sql");
  for (const auto& piece : absl::StrSplit(text, ";\n", absl::SkipWhitespace())) {
    const std::string here = absl::StrReplaceAll(std::string(piece.data(), piece.size()),
                                                 {{" ON CLUSTER borderflow", ""}});
    EXPECT_EQ(server_.Ask(here), "") << here;
  }
  EXPECT_EQ(sensor->SendWaiting(hurry_), 0u) << sensor->waiting_reason();
  EXPECT_TRUE(Eventually([&] { return server_.Ask("SELECT count() FROM windows") == "1"; }));
}

TEST_F(ClickHouseTest, AServerThatLetsNobodyInKeepsTheWindowsWaiting) {
  for (const char* who : {"ann:wrong", "reader:secret"}) {
    auto spool = Spool::Open(spools_.Path("refusing"), kSpoolLimit);
    ClickHouseExporter sensor(*ParseClickHouseUrl(absl::StrReplaceAll(
                                  server_.Url(), {{"://", absl::StrCat("://", who, "@")}})),
                              *std::move(spool));
    if (std::string(who) == "ann:wrong") {
      ASSERT_TRUE(sensor.Export(RandomBatch("berlin-1", 0, 10), hurry_).ok());
    }
    EXPECT_EQ(sensor.SendWaiting(hurry_), 2u) << who;
    EXPECT_FALSE(sensor.waiting_reason().ok()) << who;
    EXPECT_FALSE(absl::IsDataLoss(sensor.waiting_reason())) << sensor.waiting_reason();
  }
  auto spool = Spool::Open(spools_.Path("refusing"), kSpoolLimit);
  ClickHouseExporter allowed(
      *ParseClickHouseUrl(absl::StrReplaceAll(server_.Url(), {{"://", "://ann:secret@"}})),
      *std::move(spool));
  EXPECT_EQ(allowed.SendWaiting(hurry_), 0u) << allowed.waiting_reason();
  EXPECT_EQ(server_.Ask("SELECT count() FROM windows"), "1");
}

TEST_F(ClickHouseTest, AStatementThatTheServerWillNeverTakeIsPutAsideAndTheNextGoesOn) {
  {
    auto spool = Spool::Open(spools_.Path("berlin-1"), kSpoolLimit);
    ASSERT_TRUE((*spool)
                    ->Add({"INSERT INTO window_parts (sensor, run) FORMAT TabSeparated\na\t-7\n"})
                    .ok());
  }
  const auto sensor = Sensor("berlin-1");
  ASSERT_TRUE(sensor->Export(RandomBatch("berlin-1", 0, 10), hurry_).ok());
  EXPECT_EQ(sensor->SendWaiting(hurry_), 0u);
  EXPECT_TRUE(absl::IsDataLoss(sensor->waiting_reason())) << sensor->waiting_reason();
  EXPECT_THAT(std::string(sensor->waiting_reason().message()), HasSubstr("/refused"));
  EXPECT_EQ(server_.Ask("SELECT count() FROM windows"), "1");
}

// A table's columns and order of keys, as a file of statements says it.
std::string TableIn(const std::string& file, const std::string& head) {
  const std::string text = ReadWhole(BORDERFLOW_SOURCE_DIR "/collectors/store/clickhouse/" + file);
  const size_t begin = text.find("CREATE TABLE IF NOT EXISTS " + head + "\n(\n");
  if (begin == std::string::npos) return "no " + head + " in " + file;
  const size_t columns = text.find("(\n", begin);
  const size_t engine = text.find("\n)\nENGINE = ", columns);
  const size_t order = text.find('\n', engine + 3);
  return text.substr(columns, engine - columns) + text.substr(order, text.find(';', order) - order);
}

TEST(ClickHouseSchemaTest, TheTablesOfAClusterHaveTheColumnsOfThoseOfOneNode) {
  for (const std::string table : {"cell_parts", "window_parts", "borderflow_schema"}) {
    const std::string here = TableIn("schema.sql", table);
    EXPECT_EQ(TableIn("cluster.sql", table + "_local ON CLUSTER borderflow"), here);
    EXPECT_NE(here.find("ORDER BY"), std::string::npos) << here;
  }
}

// The statements of cluster.sql with the engines of one node, since replicas need a ZooKeeper that
// is not there; and as they are, which the server must at least understand.
TEST_F(ClickHouseTest, TheTablesOfAClusterTakeAndGiveTheSameCounts) {
  constexpr char kSyntaxError[] = "Code: 62";
  const std::string text =
      ReadWhole(BORDERFLOW_SOURCE_DIR "/collectors/store/clickhouse/cluster.sql");
  server_.Ask("CREATE DATABASE borderflow", "default");
  int statements = 0;
  for (const auto& piece : absl::StrSplit(text, ";\n", absl::SkipWhitespace())) {
    const std::string statement(piece.data(), piece.size());
    EXPECT_EQ(server_.Ask(statement).find(kSyntaxError), std::string::npos)
        << server_.Ask(statement);
    std::string here = absl::StrReplaceAll(statement, {{" ON CLUSTER borderflow", ""}});
    const size_t engine = here.find("Replicated");
    if (engine != std::string::npos) {
      const size_t open = here.find('(', engine);
      const size_t close = here.find(')', open);
      const bool versioned = here.substr(open, close - open).find(", written") != std::string::npos;
      here.replace(engine, close + 1 - engine,
                   versioned ? "ReplacingMergeTree(written)" : "ReplacingMergeTree");
    }
    EXPECT_EQ(server_.Ask(here), "") << here;
    ++statements;
  }
  EXPECT_GE(statements, 8);
  const auto sensor = Sensor("berlin-1");
  const ExportBatch batch = RandomBatch("berlin-1", 0, 700);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(sensor->Export(batch, hurry_).ok());
    ASSERT_EQ(sensor->SendWaiting(hurry_), 0u) << sensor->waiting_reason();
  }
  // A distributed table hands rows on by itself.
  EXPECT_TRUE(Eventually([&] {
    return server_.Ask(absl::StrCat(kTotals, "cells")) == Totals(batch.total);
  })) << server_.Ask(absl::StrCat(kTotals, "cells"));
  EXPECT_EQ(server_.Ask("SELECT count() FROM windows"), "1");
}

}  // namespace
}  // namespace borderflow
