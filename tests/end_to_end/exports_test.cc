// What replay and live export is what they report, in every receiver at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/collectors/export/ipfix/fixbuf_reader.h"
#include "tests/collectors/store/clickhouse/clickhouse_server.h"
#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr uint32_t kPen = 32473;

struct Totals {
  uint64_t cells = 0;
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t flows = 0;
  friend bool operator==(const Totals&, const Totals&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Totals& totals) {
    return out << totals.cells << " cells, " << totals.frames << " frames, " << totals.bytes
               << " bytes, " << totals.flows << " flows";
  }
};

Totals OfReport(const Json& report) {
  Totals totals;
  for (const Json& cell : report["cells"]) {
    ++totals.cells;
    totals.frames += cell["frames"].get<uint64_t>();
    totals.bytes += cell["bytes"].get<uint64_t>();
    totals.flows += cell["flows"].get<uint64_t>();
  }
  return totals;
}

Totals OfIpfix(const ReadStream& stream) {
  Totals totals;
  for (const ReadCell& cell : stream.cells) {
    ++totals.cells;
    totals.frames += cell.frames;
    totals.bytes += cell.bytes;
    totals.flows += cell.flows;
  }
  return totals;
}

Totals OfClickHouse(const ClickHouseForTest& server) {
  Totals totals;
  std::istringstream(
      server.Ask("SELECT count(), sum(frames), sum(bytes), sum(flows) FROM cells")) >>
      totals.cells >> totals.frames >> totals.bytes >> totals.flows;
  return totals;
}

// What does not depend on how much is held back.
Totals Counted(Totals totals) {
  totals.cells = 0;
  return totals;
}

class ExportsTest : public testing::Test {
 protected:
  void Generate() {
    ASSERT_EQ(programs_
                  .Generate("--profile demo --flows 400 --microseconds --out exports.pcap "
                            "--overrides o.csv")
                  .exit_code,
              0);
  }
  const std::string options_ =
      "--geo tiny.mmdb --overrides o.csv --home DE --policy data-allies "
      "--sensor berlin-1 --quiet --json r.json ";
  Programs programs_{"exports"};
};

TEST_F(ExportsTest, UnsuppressedIpfixAndClickHouseHoldTheCellsOfTheReport) {
  Generate();
  std::string more = "--min-cell 1 --ipfix file:x.ipfix ";
  ClickHouseForTest server("exports");
  const bool store = ClickHouseForTest::Installed();
  if (store) {
    ASSERT_TRUE(server.Start()) << server.log();
    more += "--spool spool --clickhouse " + server.Url() + " ";
  }
  for (int i = 0; i < 2; ++i) {  // a second replay doubles nothing
    const Finished run = programs_.Borderflow("replay " + options_ + more + "exports.pcap");
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("--min-cell 1: cells are exported unsuppressed"));
    EXPECT_THAT(run.err, Not(HasSubstr("wait in"))) << "everything has arrived";
    const Json report = Json::parse(programs_.Read("r.json"));
    const Totals expected = OfReport(report);
    EXPECT_GT(expected.cells, 100u);
    EXPECT_EQ(expected.bytes, report["decode"]["ip"]["bytes"].get<uint64_t>());

    const ReadStream stream = FixbufReader(kPen).ReadFile(programs_.Path("x.ipfix"));
    EXPECT_EQ(stream.error, "");
    EXPECT_EQ(OfIpfix(stream), expected);
    std::map<std::string, uint64_t> verdicts;
    for (const ReadCell& cell : stream.cells) verdicts[cell.verdict] += cell.bytes;
    for (const auto& [verdict, sum] : report["policies"][0]["verdicts"].items()) {
      EXPECT_EQ(verdicts[verdict], sum["bytes"].get<uint64_t>()) << verdict;
    }
    if (!store) continue;
    EXPECT_EQ(OfClickHouse(server), expected);
    for (const auto& [verdict, sum] : report["policies"][0]["verdicts"].items()) {
      EXPECT_EQ(
          server.Ask("SELECT sum(bytes) FROM cells WHERE has(verdicts.verdict, '" + verdict + "')"),
          std::to_string(sum["bytes"].get<uint64_t>()))
          << verdict;
    }
  }
  if (!store) GTEST_SKIP() << "clickhouse-server is not installed: IPFIX was compared alone";
}

TEST_F(ExportsTest, WindowsAreExportedOneByOneAndAddUpToTheReport) {
  Generate();
  std::string more = "--window 10s --ipfix file:x.ipfix ";
  ClickHouseForTest server("exports_windows");
  const bool store = ClickHouseForTest::Installed();
  if (store) {
    ASSERT_TRUE(server.Start()) << server.log();
    more += "--spool spool --clickhouse " + server.Url() + " ";
  }
  for (int i = 0; i < 2; ++i) {  // a second replay doubles nothing
    const Finished run = programs_.Borderflow("replay " + options_ + more + "exports.pcap");
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Totals expected = OfReport(Json::parse(programs_.Read("r.json")));
    const ReadStream stream = FixbufReader(kPen).ReadFile(programs_.Path("x.ipfix"));
    EXPECT_EQ(stream.error, "");
    EXPECT_EQ(Counted(OfIpfix(stream)), Counted(expected));
    std::set<uint64_t> starts;
    size_t sums = 0;
    for (const ReadCell& cell : stream.cells) {
      starts.insert(cell.start_ms);
      EXPECT_EQ(cell.start_ms % 10'000, 0u);
      EXPECT_EQ(cell.end_ms, cell.start_ms + 10'000);
      sums += cell.source == "suppressed" ? 1 : 0;
    }
    EXPECT_GT(starts.size(), 10u);
    EXPECT_GT(sums, 0u);
    EXPECT_LE(sums, starts.size()) << "one a window";
    if (!store) continue;
    EXPECT_EQ(OfClickHouse(server), OfIpfix(stream));
    EXPECT_EQ(server.Ask("SELECT count(), min(min_cell), sum(captured_frames) FROM windows"),
              absl::StrCat(starts.size(), "\t8\t",
                           Json::parse(programs_.Read("r.json"))["capture"]["frames"].get<int>()));
  }
  if (!store) GTEST_SKIP() << "clickhouse-server is not installed: IPFIX was compared alone";
}

TEST_F(ExportsTest, LiveExportsWhatItReports) {
  Generate();
  const Finished live = programs_.Borderflow(
      "live " + options_ +
      "--min-cell 1 --ipfix file:x.ipfix --port net_pcap0,rx_pcap=exports.pcap --until-idle 0.5");
  ASSERT_EQ(live.exit_code, 0) << live.err;
  const ReadStream stream = FixbufReader(kPen).ReadFile(programs_.Path("x.ipfix"));
  EXPECT_EQ(stream.error, "");
  EXPECT_EQ(OfIpfix(stream), OfReport(Json::parse(programs_.Read("r.json"))));
}

TEST_F(ExportsTest, WhatADeadServerCannotTakeWaitsAndTheNextRunSendsIt) {
  if (!ClickHouseForTest::Installed()) GTEST_SKIP() << "clickhouse-server is not installed";
  Generate();
  ClickHouseForTest server("exports_dead");
  const std::string store = "--spool spool --clickhouse " + server.Url() + " ";
  const Finished away = programs_.Borderflow("replay " + options_ + store + "exports.pcap");
  EXPECT_EQ(away.exit_code, 0) << away.err;
  EXPECT_THAT(away.err, HasSubstr("2 parts wait in spool for the next run"));
  ASSERT_TRUE(server.Start()) << server.log();
  programs_.Generate("--profile small-frames --flows 50 --out other.pcap");
  const Finished next = programs_.Borderflow("replay " + options_ + store + "other.pcap");
  EXPECT_EQ(next.exit_code, 0) << next.err;
  EXPECT_EQ(next.err, "");
  EXPECT_EQ(server.Ask("SELECT count() FROM windows"), "2");
}

TEST_F(ExportsTest, ACollectorThatIsNotThereIsAnErrorAndTheReportIsWritten) {
  Generate();
  const std::string port = std::to_string(FreePort(SOCK_STREAM));
  const Finished run = programs_.Borderflow("replay " + options_ + "--ipfix tcp:127.0.0.1:" + port +
                                            " exports.pcap");
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("Connection refused"));
  EXPECT_GT(OfReport(Json::parse(programs_.Read("r.json"))).bytes, 0u);
}

TEST_F(ExportsTest, WrongFlagsAreRefusedBeforeAnythingStarts) {
  const std::pair<const char*, const char*> cases[] = {
      {"--ipfix nowhere", "--ipfix: \"nowhere\": no transport"},
      {"--ipfix file:x --ipfix-pen 0", "--ipfix-pen"},
      {"--sensor 'a b'", "--sensor: \"a b\""},
      {"--clickhouse http://127.0.0.1:1", "--clickhouse: name this sensor"},
      {"--sensor a --clickhouse 127.0.0.1:1", "--clickhouse: "},
      {"--keep day=1y", "--keep: there is no store"},
      {"--sqlite s --keep minute=1d", "--keep: \"minute=1d\": no tier is called"},
      {"--min-cell 0", "--min-cell"},
      {"--sensor a --spool /proc/x --clickhouse http://127.0.0.1:1", "--spool: /proc/x"},
  };
  ASSERT_EQ(programs_.Generate("--profile small-frames --flows 5 --out exports.pcap").exit_code, 0);
  for (const auto& [flags, expected] : cases) {
    const Finished run = programs_.Borderflow(
        absl::StrCat("replay --geo tiny.mmdb --quiet ", flags, " exports.pcap"));
    EXPECT_EQ(run.exit_code, 2) << flags;
    EXPECT_THAT(run.err, HasSubstr(expected)) << flags;
    EXPECT_EQ(run.out, "") << flags;
  }
}

}  // namespace
}  // namespace borderflow
