// The page in Debian's chromium: builds it, has the command write and serve reports of generated
// captures, and runs browser_test.mjs on them.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/collectors/dashboard/many_cells.h"
#include "tests/collectors/dashboard/page_run.h"

namespace borderflow {
namespace {

class PageTest : public testing::Test {
 protected:
  const Programs programs_{"page"};
  PageRun page_{programs_};
};

TEST_F(PageTest, HoldsInABrowser) {
  const int prepared = page_.Prepare();
  if (prepared == PageRun::kSkipped) GTEST_SKIP() << page_.said();
  ASSERT_EQ(prepared, 0) << page_.said();
  ASSERT_EQ(page_.Node("unit/run.mjs", "--modules '" + page_.modules() + "'"), 0) << page_.said();

  // With the machine's own database where there is one: only then do many jurisdictions show.
  const char* home = std::getenv("HOME");
  const std::filesystem::path own =
      std::filesystem::path(home == nullptr ? "" : home) / ".local/share/borderflow/geo.mmdb";
  const std::string geo = std::filesystem::exists(own) ? own.string() : "tiny.mmdb";
  ASSERT_EQ(
      programs_.Generate("--profile demo --out demo.pcap --start 2026-06-20T09:00:00Z").exit_code,
      0);
  const Finished replayed = programs_.Borderflow(
      "replay --geo '" + geo + "' --with-geo tiny.mmdb" +
      " --home DE --names --window 60s --policy data-allies --policy eu-gdpr-v --quiet "
      "--report report.html --json report.json demo.pcap");
  ASSERT_EQ(replayed.exit_code, 0) << replayed.err;

  Background server(programs_, "view", {"view", "report.json", "--listen", "127.0.0.1:0"});
  ASSERT_TRUE(server.Says(" shows it")) << server.err();
  const int tested = page_.BrowserTest(
      "--served '" + PageRun::AddressIn(server.err(), " shows it") + "' --report '" +
      programs_.Path("report.html") + "' --json '" + programs_.Path("report.json") + "'");
  if (tested == PageRun::kSkipped) GTEST_SKIP() << page_.said();
  EXPECT_EQ(tested, 0) << page_.said();
  // Figures of size and speed are for the reader of the log.
  std::fputs(page_.said().c_str(), stdout);
}

// The same cells as a report and as a store.
TEST_F(PageTest, StaysExactAndQuickWithAHundredThousandCellsBehindIt) {
  const int prepared = page_.Prepare();
  if (prepared == PageRun::kSkipped) GTEST_SKIP() << page_.said();
  ASSERT_EQ(prepared, 0) << page_.said();
  ASSERT_EQ(programs_
                .Generate("--profile small-frames --flows 600000 --out s.pcap --overrides "
                          "intended.csv")
                .exit_code,
            0);
  programs_.Write("scattered.csv", ScatteredOverrides(programs_.Read("intended.csv")));
  const Finished replayed = programs_.Borderflow(
      "replay --geo tiny.mmdb --overrides scattered.csv --home DE --window 60s --quiet "
      "--policy data-allies --json r.json --sqlite s.sqlite s.pcap");
  ASSERT_EQ(replayed.exit_code, 0) << replayed.err;
  const nlohmann::json report = nlohmann::json::parse(programs_.Read("r.json"));
  const size_t cells = report["cells"].size();
  ASSERT_GE(cells, 100'000u);
  Background one(programs_, "one", {"view", "r.json", "--listen", "127.0.0.1:0"});
  Background two(programs_, "two",
                 {"view", "s.sqlite", "--policy", "data-allies", "--listen", "127.0.0.1:0"});
  std::string servers = "--only many";
  for (Background* server : {&one, &two}) {
    ASSERT_TRUE(server->Says(" shows it")) << server->err();
    servers += " --many '" + PageRun::AddressIn(server->err(), " shows it") + " " +
               std::to_string(cells) + "'";
  }
  const int tested = page_.BrowserTest(servers);
  if (tested == PageRun::kSkipped) GTEST_SKIP() << page_.said();
  EXPECT_EQ(tested, 0) << page_.said();
  std::fputs(page_.said().c_str(), stdout);
}

}  // namespace
}  // namespace borderflow
