// Windows on their way into a store and out of it, as a user sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class StoreCommandTest : public testing::Test {
 protected:
  StoreCommandTest() {
    EXPECT_EQ(programs_.Generate("--profile demo --flows 300 --out a.pcap").exit_code, 0);
    EXPECT_EQ(programs_.Generate("--profile demo --flows 300 --seed 9 --out b.pcap").exit_code, 0);
  }
  Finished Replay(const std::string& arguments) {
    return programs_.Borderflow("replay --geo tiny.mmdb --home DE --quiet " + arguments);
  }
  Finished Report(const std::string& arguments) {
    return programs_.Borderflow("report " + arguments);
  }
  json Json(const std::string& file) { return json::parse(programs_.Read(file)); }
  void ExpectRefused(const Finished& run, const std::string& message) {
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr(message));
  }

  Programs programs_{"store"};
};

TEST_F(StoreCommandTest, TheReportOverAStoreIsThatOfTheReplay) {
  const std::string policy = "--policy data-allies ";
  ASSERT_EQ(Replay(policy + "--window 60s --sqlite s.sqlite --json r.json a.pcap").exit_code, 0);
  ASSERT_EQ(Report(policy + "--sqlite s.sqlite --json q.json --quiet").exit_code, 0);
  EXPECT_EQ(programs_.Read("q.json"), programs_.Read("r.json"));
  EXPECT_TRUE(Json("q.json")["conservation"]["ok"].get<bool>());
  // And the summary.
  const Finished summary =
      programs_.Borderflow("replay --geo tiny.mmdb --home DE --window 60s a.pcap");
  EXPECT_EQ(Report("--sqlite s.sqlite").out, summary.out);
  struct stat status = {};
  ASSERT_EQ(stat(programs_.Path("s.sqlite").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(StoreCommandTest, WindowsChangeNoTotal) {
  ASSERT_EQ(Replay("--json whole.json a.pcap").exit_code, 0);
  for (const char* width : {"1s", "60s", "1h"}) {
    ASSERT_EQ(Replay(std::string("--json w.json --window ") + width + " a.pcap").exit_code, 0);
    json windowed = Json("w.json"), whole = Json("whole.json");
    for (const char* key : {"capture", "decode", "flows", "crossing", "pairs", "artefacts",
                            "overflows", "cells", "protocols"}) {
      EXPECT_EQ(windowed[key], whole[key]) << key << " in windows of " << width;
    }
  }
}

TEST_F(StoreCommandTest, ASecondReplayStoresNothingTwice) {
  ASSERT_EQ(Replay("--sqlite s.sqlite a.pcap").exit_code, 0);
  ASSERT_EQ(Report("--sqlite s.sqlite --json once.json --quiet").exit_code, 0);
  ASSERT_EQ(Replay("--workers 3 --sqlite s.sqlite a.pcap").exit_code, 0);
  ASSERT_EQ(Report("--sqlite s.sqlite --json twice.json --quiet").exit_code, 0);
  EXPECT_EQ(programs_.Read("twice.json"), programs_.Read("once.json"));
  // Counted another way, it is another run, and both together would be wrong.
  ASSERT_EQ(Replay("--home FR --sqlite s.sqlite a.pcap").exit_code, 2) << "given twice";
  ASSERT_EQ(
      programs_.Borderflow("replay --geo tiny.mmdb --home FR --quiet --sqlite s.sqlite a.pcap")
          .exit_code,
      0);
  ExpectRefused(Report("--sqlite s.sqlite"), "a.pcap would count twice");
}

TEST_F(StoreCommandTest, ASpanOfTimeIsOfWholeWindows) {
  ASSERT_EQ(Replay("--sqlite s.sqlite --json r.json a.pcap").exit_code, 0);
  const std::string first = Json("r.json")["capture"]["first"];
  const std::string minute = first.substr(0, 16);  // 2025-06-02T09:00
  ASSERT_EQ(Report("--sqlite s.sqlite --to " + minute + ":30Z --json p.json --quiet").exit_code, 0);
  const json part = Json("p.json");
  EXPECT_GT(part["capture"]["frames"], 0);
  EXPECT_LT(part["capture"]["frames"], Json("r.json")["capture"]["frames"]);
  EXPECT_TRUE(part["conservation"]["ok"].get<bool>());
  ExpectRefused(Report("--sqlite s.sqlite --from noon"), "--from: \"noon\" is no time such as");
  ExpectRefused(Report("--sqlite s.sqlite --from 2030-01-01 --to 2029-01-01"), "is not after");
  ExpectRefused(Report("--sqlite s.sqlite --from 2030-01-01"), "nothing lies in that time");
}

TEST_F(StoreCommandTest, ExportGivesTheCells) {
  ASSERT_EQ(Replay("--sqlite s.sqlite --csv r.csv --ndjson r.ndjson a.pcap").exit_code, 0);
  const Finished csv = programs_.Borderflow("export --sqlite s.sqlite --format csv");
  EXPECT_EQ(csv.out, programs_.Read("r.csv"));
  ASSERT_EQ(
      programs_.Borderflow("export --sqlite s.sqlite --format ndjson --output e.ndjson").exit_code,
      0);
  EXPECT_EQ(programs_.Read("e.ndjson"), programs_.Read("r.ndjson"));
  EXPECT_EQ(programs_.Borderflow("export --sqlite s.sqlite --format xml").exit_code, 2);
}

TEST_F(StoreCommandTest, StoresOfSeveralSitesAddUp) {
  ASSERT_EQ(Replay("--sqlite a.sqlite --json a.json a.pcap").exit_code, 0);
  ASSERT_EQ(Replay("--sqlite b.sqlite --json b.json b.pcap").exit_code, 0);
  ASSERT_EQ(Report("merge a.sqlite b.sqlite --json m.json --quiet").exit_code, 0);
  const json a = Json("a.json"), b = Json("b.json"), merged = Json("m.json");
  for (const char* crossing : {"domestic", "cross_border", "undetermined"}) {
    for (const char* what : {"frames", "bytes", "flows"}) {
      EXPECT_EQ(merged["crossing"][crossing][what].get<uint64_t>(),
                a["crossing"][crossing][what].get<uint64_t>() +
                    b["crossing"][crossing][what].get<uint64_t>());
    }
  }
  EXPECT_TRUE(merged["conservation"]["ok"].get<bool>());
  ExpectRefused(Report("merge a.sqlite a.sqlite"), "a.sqlite: is named twice");
  ASSERT_EQ(Replay("--sqlite again.sqlite a.pcap").exit_code, 0);
  ExpectRefused(Report("merge a.sqlite again.sqlite"), "and would count twice; leave one out");
  const Finished compared = Report("compare a.sqlite b.sqlite --json c.json");
  ASSERT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_THAT(compared.out, HasSubstr("pairs of locations differ"));
  EXPECT_EQ(Json("c.json")["total"]["one"]["frames"], a["decode"]["ip"]["frames"]);
  EXPECT_EQ(Json("c.json")["total"]["other"]["frames"], b["decode"]["ip"]["frames"]);
}

TEST_F(StoreCommandTest, UnlikeStoresAreRefusedUnlessTold) {
  ASSERT_EQ(Replay("--vantage ixp --sqlite a.sqlite a.pcap").exit_code, 0);
  ASSERT_EQ(Replay("--vantage testbed --tunnel outer --sqlite b.sqlite b.pcap").exit_code, 0);
  ExpectRefused(Report("merge a.sqlite b.sqlite"),
                "vantage: ixp and testbed; tunnel: inner and outer");
  ExpectRefused(Report("compare a.sqlite b.sqlite"), "vantage: ixp and testbed");
  EXPECT_EQ(Report("merge a.sqlite b.sqlite --mixed --quiet").exit_code, 0);
  const Finished compared = Report("compare a.sqlite b.sqlite --mixed");
  EXPECT_EQ(compared.exit_code, 0);
  EXPECT_THAT(compared.out, HasSubstr("the two are unlike: vantage"));
}

TEST_F(StoreCommandTest, StoresJudgedByOtherPacksOrLocatedByOtherFilesAreRefusedUnlessTold) {
  programs_.Write("o.csv", "93.184.77.0/24,US\n");
  ASSERT_EQ(Replay("--policy data-allies --sqlite a.sqlite a.pcap").exit_code, 0);
  ASSERT_EQ(Replay("--policy eu-gdpr-v --sqlite b.sqlite b.pcap").exit_code, 0);
  ASSERT_EQ(Replay("--policy data-allies --overrides o.csv --sqlite c.sqlite b.pcap").exit_code, 0);
  for (const std::string command : {"merge", "compare"}) {
    ExpectRefused(Report(command + " a.sqlite b.sqlite"), "packs: data-allies@");
    ExpectRefused(Report(command + " a.sqlite c.sqlite"), "overrides: not stated and o.csv");
    EXPECT_EQ(Report(command + " a.sqlite b.sqlite --mixed").exit_code, 0);
  }
}

TEST_F(StoreCommandTest, BadStoresAndWidthsAreRefusedBeforeAnythingStarts) {
  ExpectRefused(Report("--sqlite missing.sqlite"), "missing.sqlite: cannot be opened");
  ExpectRefused(Report(""), "no store: name one with --sqlite");
  programs_.Write("noise", std::string(5000, 'x'));
  ExpectRefused(Report("--sqlite noise"), "noise: is no store");
  ExpectRefused(Replay("--sqlite noise a.pcap"), "noise: is no store");
  ExpectRefused(Replay("--sqlite no/folder/s.sqlite a.pcap"), "no/folder/s.sqlite");
  ExpectRefused(Replay("--window 7m a.pcap"), "--window: \"7m\" does not divide an hour");
}

TEST_F(StoreCommandTest, AFullDiskIsSaidAndTheReportIsWholeAllTheSame) {
  ASSERT_EQ(Replay("--json r.json a.pcap").exit_code, 0);
  // Files of at most 1 MB (2,000 blocks).
  const std::string command = "cd '" + programs_.Path(".") +
                              "' && (trap '' XFSZ; ulimit -f 2000; exec '" BORDERFLOW_BINARY_DIR
                              "/borderflow' replay --geo tiny.mmdb --home DE --quiet --window 1s "
                              "--sqlite s.sqlite --csv - a.pcap) >full.csv 2>full.err";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 3) << programs_.Read("full.err");
  EXPECT_THAT(programs_.Read("full.err"), HasSubstr("windows were not stored"));
  ASSERT_EQ(Replay("--csv r.csv a.pcap").exit_code, 0);
  // What was stored before is sound, and a second run stores nothing twice.
  ASSERT_EQ(Report("--sqlite s.sqlite --json part.json --quiet").exit_code, 0);
  EXPECT_TRUE(Json("part.json")["conservation"]["ok"].get<bool>());
}

}  // namespace
}  // namespace borderflow
