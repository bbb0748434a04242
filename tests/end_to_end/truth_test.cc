// Generated captures, replayed by the command, against what the generator says it wrote.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;
using Sums = std::map<std::string, std::vector<uint64_t>>;  // key -> frames, bytes, ...

Sums Collect(const Json& rows, const std::vector<const char*>& keys,
             const std::vector<const char*>& counters) {
  Sums sums;
  for (const Json& row : rows) {
    std::string key;
    for (const char* part : keys) key += row[part].get<std::string>() + " ";
    auto& sum = sums[key];
    sum.resize(counters.size());
    for (size_t i = 0; i < counters.size(); ++i) sum[i] += row[counters[i]].get<uint64_t>();
  }
  return sums;
}

void ExpectTruth(const std::string& profile, const std::string& size) {
  const Programs programs("truth_" + profile);
  const Finished generated = programs.Generate("--profile " + profile + " " + size +
                                               " --out c.pcap --truth t.json --overrides o.csv");
  ASSERT_EQ(generated.exit_code, 0) << generated.err;
  const std::string replay = "replay --quiet --geo tiny.mmdb --overrides o.csv --names ";
  const Finished one = programs.Borderflow(replay + "--json r.json c.pcap");
  ASSERT_EQ(one.exit_code, 0) << one.err;
  const Json truth = Json::parse(programs.Read("t.json"));
  const Json report = Json::parse(programs.Read("r.json"));

  EXPECT_EQ(report["capture"]["frames"], truth["totals"]["frames"]);
  EXPECT_EQ(report["capture"]["bytes"], truth["totals"]["bytes"]);
  for (const char* kind : {"ip", "non_ip", "malformed"}) {
    EXPECT_EQ(report["decode"][kind]["frames"], truth["totals"][kind]["frames"]) << kind;
    EXPECT_EQ(report["decode"][kind]["bytes"], truth["totals"][kind]["bytes"]) << kind;
  }
  EXPECT_EQ(report["flows"]["total"], truth["totals"]["flows"]);
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>());
  const std::vector<const char*> ends = {"src", "dst"};
  EXPECT_EQ(Collect(report["pairs"], ends, {"frames", "bytes", "flows"}),
            Collect(truth["pairs"], ends, {"frames", "bytes", "flows"}));
  const std::vector<const char*> key = {"src", "dst", "role", "category", "evidence", "protection"};
  EXPECT_EQ(Collect(report["cells"], key, {"frames", "bytes", "payload_bytes", "flows"}),
            Collect(truth["cells"], key, {"frames", "bytes", "payload_bytes", "flows"}));
  std::set<std::string> written;
  for (const Json& name : truth["names"]) {
    if (name["from"] != "by_dns") written.insert(name["name"].get<std::string>());
  }
  std::set<std::string> found;
  for (const Json& name : report["names"]) found.insert(name["name"].get<std::string>());
  EXPECT_EQ(found, written);

  for (const char* workers : {"2", "3"}) {
    const Finished more =
        programs.Borderflow(replay + "--workers " + workers + " --json more.json c.pcap");
    ASSERT_EQ(more.exit_code, 0) << more.err;
    EXPECT_EQ(programs.Read("more.json"), programs.Read("r.json")) << workers << " workers";
  }
}

TEST(TruthTest, TheDemoIsCountedExactly) { ExpectTruth("demo", ""); }
TEST(TruthTest, TheThroughputProfileIsCountedExactly) {
  ExpectTruth("throughput", "--flows 500 --size 8000000");
}
TEST(TruthTest, TheFlowHeavyProfileIsCountedExactly) { ExpectTruth("flow-heavy", "--flows 4000"); }

}  // namespace
}  // namespace borderflow
