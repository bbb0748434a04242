// The page in Debian's chromium: builds it, has the command write a report of a generated capture,
// and runs browser_test.mjs on both. Screenshots stay in the build folder, tests/page/shots.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/end_to_end/background.h"
#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

// What browser_test.mjs and prepare.mjs end with when the machine lacks something.
constexpr int kSkipped = 77;

class PageTest : public testing::Test {
 protected:
  // A script beside this file, run by node; its output goes to the test's log.
  int Node(const std::string& script, const std::string& arguments) {
    const std::string log = programs_.Path("log");
    const std::string command = "node '" BORDERFLOW_SOURCE_DIR "/tests/collectors/dashboard/" +
                                script + "' " + arguments + " >'" + log + "' 2>&1";
    const int status = std::system(command.c_str());
    said_ = programs_.Read("log");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  const Programs programs_{"page"};
  const std::string work_ = BORDERFLOW_BINARY_DIR "/tests/page";
  std::string said_;
};

TEST_F(PageTest, HoldsInABrowser) {
  if (std::system("node --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no node: apt-get install nodejs npm";
  }
  std::filesystem::create_directories(work_);
  const int prepared = Node("prepare.mjs", "--work '" + work_ + "'");
  if (prepared == kSkipped) GTEST_SKIP() << said_;
  ASSERT_EQ(prepared, 0) << said_;
  const std::string modules = work_ + "/modules/node_modules";
  ASSERT_EQ(Node("unit/run.mjs", "--modules '" + modules + "'"), 0) << said_;

  // With the machine's own database where there is one: only then do many jurisdictions show.
  const char* home = std::getenv("HOME");
  const std::filesystem::path own =
      std::filesystem::path(home == nullptr ? "" : home) / ".local/share/borderflow/geo.mmdb";
  const std::string geo = std::filesystem::exists(own) ? own.string() : "tiny.mmdb";
  ASSERT_EQ(
      programs_.Generate("--profile demo --out demo.pcap --start 2026-06-20T09:00:00Z").exit_code,
      0);
  const Finished replayed = programs_.Borderflow(
      "replay --geo '" + geo +
      "' --home DE --names --window 60s --policy data-allies --policy eu-gdpr-v --quiet "
      "--report report.html --json report.json demo.pcap");
  ASSERT_EQ(replayed.exit_code, 0) << replayed.err;

  Background server(programs_, "view", {"view", "report.json", "--listen", "127.0.0.1:0"});
  ASSERT_TRUE(server.Says(" shows it")) << server.err();
  const std::string said = server.err();
  const std::string served =
      said.substr(said.find("http://"), said.find(" shows it") - said.find("http://"));

  const int tested =
      Node("browser_test.mjs", "--page '" + work_ + "/page' --modules '" + modules + "' --shots '" +
                                   work_ + "/shots' --served '" + served + "' --report '" +
                                   programs_.Path("report.html") + "' --json '" +
                                   programs_.Path("report.json") + "'");
  if (tested == kSkipped) GTEST_SKIP() << said_;
  EXPECT_EQ(tested, 0) << said_;
  // Figures of size and speed are for the reader of the log.
  std::fputs(said_.c_str(), stdout);
}

}  // namespace
}  // namespace borderflow
