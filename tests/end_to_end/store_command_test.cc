// Windows on their way into a store and out of it, as a user sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

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
  EXPECT_THAT(compared.out, HasSubstr("From where to where"));
  EXPECT_EQ(Json("c.json")["total"]["one"]["frames"], a["decode"]["ip"]["frames"]);
  EXPECT_EQ(Json("c.json")["total"]["other"]["frames"], b["decode"]["ip"]["frames"]);
}

// The records of a capture, by the file's own lengths (pcap, native byte order).
std::vector<std::string> RecordsOf(const std::string& pcap) {
  std::vector<std::string> records;
  for (size_t at = 24; at + 16 <= pcap.size();) {
    uint32_t captured = 0;
    std::memcpy(&captured, &pcap[at + 8], sizeof(captured));
    records.push_back(pcap.substr(at, 16 + captured));
    at += 16 + captured;
  }
  return records;
}

using Sums = std::map<std::string, std::array<uint64_t, 3>>;  // frames, bytes, flows

Sums SumsBy(const json& rows, const std::vector<std::string>& keys) {
  Sums sums;
  for (const json& row : rows) {
    std::string key;
    for (const std::string& name : keys) key += row[name].dump() + " ";
    std::array<uint64_t, 3>& sum = sums[key];
    sum[0] += row["frames"].get<uint64_t>();
    sum[1] += row["bytes"].get<uint64_t>();
    sum[2] += row["flows"].get<uint64_t>();
  }
  return sums;
}

Sums Added(Sums one, const Sums& other) {
  for (const auto& [key, sum] : other) {
    for (size_t i = 0; i < 3; ++i) one[key][i] += sum[i];
  }
  return one;
}

TEST_F(StoreCommandTest, ReportsOfTwoHalvesOfACaptureAddUpToThatOfTheWhole) {
  const std::string pcap = programs_.Read("a.pcap");
  const std::vector<std::string> records = RecordsOf(pcap);
  ASSERT_GT(records.size(), 1000u);
  std::string halves[2] = {pcap.substr(0, 24), pcap.substr(0, 24)};
  for (size_t i = 0; i < records.size(); ++i) halves[i >= records.size() / 2] += records[i];
  programs_.Write("one.pcap", halves[0]);
  programs_.Write("other.pcap", halves[1]);
  for (const std::string name : {"one", "other", "a"}) {
    ASSERT_EQ(Replay("--policy data-allies --json " + name + ".json " + name + ".pcap").exit_code,
              0);
  }
  ASSERT_EQ(Report("merge one.json other.json --policy data-allies --json m.json --csv m.csv "
                   "--report m.html --quiet")
                .exit_code,
            0);
  const json one = Json("one.json"), other = Json("other.json"), merged = Json("m.json");
  const json whole = Json("a.json");
  // What counts frames is the whole's, exactly.
  for (const char* key : {"ip", "non_ip", "malformed"}) {
    EXPECT_EQ(merged["decode"][key], whole["decode"][key]) << key;
  }
  for (const char* key : {"frames", "bytes", "first", "last", "truncated_frames"}) {
    EXPECT_EQ(merged["capture"][key], whole["capture"][key]) << key;
  }
  const auto frames_only = [](Sums sums) {
    for (auto& [unused, sum] : sums) sum[2] = 0;
    return sums;
  };
  EXPECT_EQ(frames_only(SumsBy(merged["pairs"], {"src", "dst"})),
            frames_only(SumsBy(whole["pairs"], {"src", "dst"})));
  EXPECT_TRUE(merged["conservation"]["ok"].get<bool>());
  // A flow that the cut divides is one in either half.
  EXPECT_EQ(merged["flows"]["total"].get<uint64_t>(),
            one["flows"]["total"].get<uint64_t>() + other["flows"]["total"].get<uint64_t>());
  EXPECT_GT(merged["flows"]["total"], whole["flows"]["total"]);
  // Of every table, the merged report is the sum of the two.
  const std::vector<std::string> cell = {
      "src",  "dst",      "src_registered", "dst_registered", "src_as",     "dst_as",
      "role", "category", "evidence",       "confidence",     "protection", "entity"};
  EXPECT_EQ(SumsBy(merged["cells"], cell),
            Added(SumsBy(one["cells"], cell), SumsBy(other["cells"], cell)));
  const std::vector<std::string> protocol = {"protocol", "evidence"};
  EXPECT_EQ(SumsBy(merged["protocols"], protocol),
            Added(SumsBy(one["protocols"], protocol), SumsBy(other["protocols"], protocol)));
  EXPECT_EQ(merged["capture"]["files"], 2);
  for (const auto& [verdict, sum] : merged["policies"][0]["verdicts"].items()) {
    EXPECT_EQ(sum["bytes"].get<uint64_t>(),
              one["policies"][0]["verdicts"][verdict]["bytes"].get<uint64_t>() +
                  other["policies"][0]["verdicts"][verdict]["bytes"].get<uint64_t>())
        << verdict;
  }
  // Clients cannot be added up: they are an interval.
  std::map<std::string, std::vector<uint64_t>> clients;
  for (const json* half : {&one, &other}) {
    for (const json& row : (*half)["cells"]) {
      std::string key;
      for (const std::string& name : cell) key += row[name].dump() + " ";
      clients[key].push_back(row["clients"]);
    }
  }
  size_t intervals = 0;
  for (const json& row : merged["cells"]) {
    std::string key;
    for (const std::string& name : cell) key += row[name].dump() + " ";
    const std::vector<uint64_t>& both = clients[key];
    EXPECT_EQ(row["clients"], *std::max_element(both.begin(), both.end())) << key;
    const uint64_t sum = std::accumulate(both.begin(), both.end(), uint64_t{0});
    EXPECT_EQ(row.value("clients_at_most", row["clients"].get<uint64_t>()), sum) << key;
    intervals += row.contains("clients_at_most") ? 1 : 0;
  }
  EXPECT_GT(intervals, 0u);
  EXPECT_THAT(programs_.Read("m.csv"), HasSubstr(",clients,clients_at_most\r\n"));
  EXPECT_THAT(programs_.Read("m.html"), HasSubstr("a JSON report holds no windows"));
  // Merged again, and with a store, it is as good.
  ASSERT_EQ(Replay("--policy data-allies --sqlite b.sqlite --json b.json b.pcap").exit_code, 0);
  ASSERT_EQ(Report("merge m.json b.sqlite --json mixed.json --quiet").exit_code, 0);
  ASSERT_EQ(Report("merge b.json other.json one.json --json three.json --quiet").exit_code, 0);
  const json mixed = Json("mixed.json"), three = Json("three.json");
  for (const char* key : {"decode", "flows", "crossing", "pairs"}) {
    EXPECT_EQ(mixed[key], three[key]) << key;
  }
  EXPECT_EQ(SumsBy(mixed["cells"], cell), SumsBy(three["cells"], cell));
  EXPECT_EQ(SumsBy(mixed["protocols"], protocol), SumsBy(three["protocols"], protocol));
  EXPECT_NEAR(mixed["coverage"]["named"].get<double>(), three["coverage"]["named"].get<double>(),
              3e-6);
}

TEST_F(StoreCommandTest, UnlikeReportsAreRefusedUnlessToldAndSoIsWhatWouldCountTwice) {
  ASSERT_EQ(Replay("--vantage ixp --policy data-allies --json a.json a.pcap").exit_code, 0);
  ASSERT_EQ(Replay("--vantage testbed --json b.json b.pcap").exit_code, 0);
  ASSERT_EQ(Replay("--vantage ixp --window 60s --sqlite a.sqlite a.pcap").exit_code, 0);
  for (const std::string command : {"merge", "compare"}) {
    ExpectRefused(Report(command + " a.json b.json"), "packs: data-allies@");
    ExpectRefused(Report(command + " a.json b.json"), "vantage: ixp and testbed");
    EXPECT_EQ(Report(command + " a.json b.json --mixed").exit_code, 0);
  }
  ExpectRefused(Report("merge a.json a.json"), "a.json: is named twice");
  ExpectRefused(Report("merge a.json a.sqlite --mixed"),
                "a.pcap would count twice: it is in a.json");
  ExpectRefused(Report("merge a.json b.json --from 2025-01-01"),
                "--from: a.json is one report, which holds no windows to choose from");
  programs_.Write("no.json", "{\"schema\":\"other/1\"}");
  ExpectRefused(Report("merge a.json no.json"), "no.json: \"schema\" is \"other/1\"");
}

TEST_F(StoreCommandTest, ComparingReportsShowsWhatChangedBySideCategoryAndVerdict) {
  ASSERT_EQ(Replay("--policy data-allies --json a.json a.pcap").exit_code, 0);
  ASSERT_EQ(Replay("--policy data-allies --json b.json b.pcap").exit_code, 0);
  const Finished text = Report("compare a.json b.json");
  ASSERT_EQ(text.exit_code, 0) << text.err;
  for (const char* title : {"Where it was sent from", "Where it was received", "Of what kind",
                            "What policies say", "From where to where"}) {
    EXPECT_THAT(text.out, HasSubstr(title));
  }
  ASSERT_EQ(Report("compare a.json b.json --json c.json --csv c.csv").exit_code, 0);
  const json compared = Json("c.json"), a = Json("a.json"), b = Json("b.json");
  for (const char* table : {"sources", "destinations", "categories", "pairs", "verdicts"}) {
    uint64_t one = 0, other = 0;
    double share = 0;
    for (const json& row : compared[table]) {
      one += row["one"]["bytes"].get<uint64_t>();
      other += row["other"]["bytes"].get<uint64_t>();
      share += row["other"]["share"].get<double>();
    }
    EXPECT_EQ(one, a["decode"]["ip"]["bytes"].get<uint64_t>()) << table;
    EXPECT_EQ(other, b["decode"]["ip"]["bytes"].get<uint64_t>()) << table;
    EXPECT_NEAR(share, 1, 1e-9) << table;
  }
  for (const json& row : compared["verdicts"]) {
    EXPECT_EQ(row["one"]["bytes"],
              a["policies"][0]["verdicts"][row["verdict"].get<std::string>()]["bytes"]);
  }
  EXPECT_THAT(programs_.Read("c.csv"), HasSubstr("\r\ncrossing,cross_border,,"));
  // A report compared with itself has not changed.
  programs_.Write("same.json", programs_.Read("a.json"));
  ASSERT_EQ(Report("compare a.json same.json --json d.json").exit_code, 0);
  const json same = Json("d.json");
  for (const json& row : same["pairs"]) EXPECT_EQ(row["one"], row["other"]);
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
  ExpectRefused(Report("--sqlite ."), ".: is a folder, no store; give the file that is in it");
  ExpectRefused(Report(""), "no store: name one with --sqlite");
  programs_.Write("noise", std::string(5000, 'x'));
  ExpectRefused(Report("--sqlite noise"), "noise: is no store");
  ExpectRefused(Replay("--sqlite noise a.pcap"), "noise: is no store");
  ExpectRefused(Replay("--sqlite no/folder/s.sqlite a.pcap"), "no/folder/s.sqlite");
  ExpectRefused(Replay("--window 7m a.pcap"), "--window: \"7m\" does not divide an hour");
}

TEST_F(StoreCommandTest, AStoreOnAReadOnlyDiskIsRead) {
  if (geteuid() != 0) GTEST_SKIP() << "mounting wants root";
  ASSERT_EQ(Replay("--sqlite 's?#.sqlite' --json r.json a.pcap").exit_code, 0);
  const std::string here = programs_.Path("disk");
  const std::string mount = "mkdir '" + here + "' && mount -t tmpfs -o size=8m tmpfs '" + here +
                            "' && cp '" + programs_.Path(".") + "'/s* '" + here +
                            "' && mount -o remount,ro '" + here + "' 2>/dev/null";
  if (std::system(mount.c_str()) != 0) GTEST_SKIP() << "no tmpfs can be mounted here";
  const Finished read = Report("--sqlite 'disk/s?#.sqlite' --json q.json --quiet");
  const Finished written = Replay("--sqlite 'disk/s?#.sqlite' a.pcap");
  EXPECT_EQ(std::system(("umount '" + here + "'").c_str()), 0);
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_EQ(programs_.Read("q.json"), programs_.Read("r.json"));
  ExpectRefused(written, "cannot be written: Read-only file system");
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
