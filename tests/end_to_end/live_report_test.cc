// The report file of a running sensor: suppressed as what it serves, and whole where that was asked
// for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

Json ModelIn(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"view\">";
  const size_t from = html.find(begin) + begin.size();
  return Json::parse(html.substr(from, html.find("</script>", from) - from), nullptr, false);
}

Json Added(Json sum, const Json& counts) {
  for (const char* count : {"frames", "bytes", "flows"}) {
    sum[count] = sum[count].get<uint64_t>() + counts[count].get<uint64_t>();
  }
  return sum;
}

// In either direction: answers stand behind the clients that asked.
std::string Ends(const Json& row) {
  const std::string one = row["src"], other = row["dst"];
  return std::min(one, other) + " " + std::max(one, other);
}

class LiveReportTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(programs_
                  .Generate("--profile flow-heavy --flows 2000 --microseconds --out c.pcap "
                            "--overrides o.csv")
                  .exit_code,
              0);
  }
  // The model of the file that the run wrote.
  Json Live(const std::string& flags) {
    const Finished live = programs_.Borderflow(
        "live --geo tiny.mmdb --overrides o.csv --home DE --policy data-allies --port "
        "net_pcap0,rx_pcap=c.pcap --until-idle 0.5 --json r.json --report r.html " +
        flags);
    EXPECT_EQ(live.exit_code, 0) << live.err;
    said_ = live.err;
    return ModelIn(programs_.Read("r.html"));
  }
  Json Report() { return Json::parse(programs_.Read("r.json")); }

  const Programs programs_{"live_report"};
  std::string said_;
};

TEST_F(LiveReportTest, ItTellsWhatManyStandBehindAndTheSumOfTheRest) {
  const Json view = Live("");
  const Json report = Report();
  EXPECT_EQ(view["privacy"], Json({{"suppressed", true}, {"min_cell", 8}}));
  EXPECT_THAT(programs_.Read("r.html"), HasSubstr("Suppressed: a figure is shown where at least"));
  EXPECT_THAT(programs_.Read("r.html"), Not(HasSubstr("Unsuppressed:")));
  EXPECT_EQ(view["total"]["bytes"], report["decode"]["ip"]["bytes"]) << "until the last frame";
  EXPECT_TRUE(view["conservation"]["ok"].get<bool>());
  EXPECT_EQ(view["source"]["next"], nullptr);
  EXPECT_GT(view["lenses"]["location"]["pairs"].size(), 0u);
  EXPECT_GT(view["lenses"]["location"]["suppressed"]["bytes"].get<uint64_t>(), 0u);
  // At the most: a client may be in several cells.
  std::map<std::string, uint64_t> clients;
  for (const Json& cell : report["cells"]) clients[Ends(cell)] += cell["clients"].get<uint64_t>();
  Json sum = Added(view["lenses"]["location"]["other"], view["lenses"]["location"]["suppressed"]);
  for (const Json& pair : view["lenses"]["location"]["pairs"]) {
    sum = Added(sum, pair);
    EXPECT_GE(clients[Ends(pair)], 8u) << pair;
  }
  EXPECT_EQ(sum, view["total"]);
  EXPECT_LT(view["lenses"]["location"]["pairs"].size(), report["pairs"].size());
}

TEST_F(LiveReportTest, WithMinCellOneItIsWholeAndSaysSo) {
  const Json view = Live("--min-cell 1");
  const Json report = Report();
  EXPECT_EQ(view["privacy"]["suppressed"], false);
  EXPECT_THAT(programs_.Read("r.html"), HasSubstr("Unsuppressed:"));
  EXPECT_EQ(view["lenses"]["location"]["pairs"], report["pairs"]);
  EXPECT_EQ(view["crossing"], report["crossing"]);
}

TEST_F(LiveReportTest, NothingListensForTheSakeOfAFile) {
  Live("");
  EXPECT_THAT(said_, Not(HasSubstr("serving on")));
}

TEST_F(LiveReportTest, ItHasTheWindowsThatASensorWouldServe) {
  const Json view = Live("--window 1s --listen 127.0.0.1:0 --period 1s");
  ASSERT_GT(view["timeline"]["windows"].size(), 0u);
  EXPECT_EQ(view["timeline"]["width_seconds"], 1);
  EXPECT_EQ(view["total"]["bytes"], Report()["decode"]["ip"]["bytes"]);
}

}  // namespace
}  // namespace borderflow
