#include "collectors/report/json_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "collectors/report/policy_cells.h"
#include "collectors/report/summary.h"
#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

Report Small() {
  Report report;
  report.version = "0";
  report.parameters.names = true;
  Snapshot& s = report.snapshot;
  s.cells = {MakeCell("DE", "NO", 300, Category::kHlt, Evidence::kName),
             MakeCell("NO", "DE", 100, Category::kHlt, Evidence::kName)};
  s.decode.ip = {2, 400};
  s.decode.non_ip = {1, 60};
  s.decode.captured = {3, 460};
  s.decode.first_time_ns = 1'750'000'000'000'000'000;
  s.decode.last_time_ns = 1'750'000'001'500'000'000;
  s.flows = {2, 2, 0, 0};
  s.names["evil\x01\xff</script>\"name"] = {Evidence::kName, Category::kHlt, Protocol::kTls, 1,
                                            300};
  report.sums = SumUp(s.cells, {});
  const Pack pack = *LoadPack("data-allies", Groups::BuiltIn());
  report.policies.push_back(Evaluate(pack, ToPolicyCells(s.cells)));
  return report;
}

TEST(JsonReportTest, HasEveryKeyOfTheSchema) {
  const Json json = Json::parse(ToJson(Small()));
  EXPECT_EQ(json["schema"], "borderflow.report/1");
  for (const char* key : {"software", "parameters", "provenance", "geo", "capture", "decode",
                          "flows", "coverage", "crossing", "pairs", "cells", "names", "protocols",
                          "artefacts", "policies", "conservation"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  for (const char* key :
       {"src", "dst", "src_registered", "dst_registered", "src_as", "dst_as", "src_operator",
        "dst_operator", "role", "category", "evidence", "confidence", "protection", "entity",
        "frames", "bytes", "payload_bytes", "flows", "clients"}) {
    EXPECT_TRUE(json["cells"][0].contains(key)) << key;
  }
  EXPECT_EQ(json["capture"]["last"], "2025-06-15T15:06:41.500000000Z");
}

TEST(JsonReportTest, SumsAgreeAndConservationHolds) {
  const Json json = Json::parse(ToJson(Small()));
  EXPECT_TRUE(json["conservation"]["ok"].get<bool>());
  EXPECT_EQ(json["crossing"]["cross_border"]["bytes"], 400);
  EXPECT_EQ(json["pairs"][0]["src"], "DE");
  EXPECT_EQ(json["pairs"][0]["dst"], "NO");
  uint64_t verdicts = 0;
  for (const auto& [name, sum] : json["policies"][0]["verdicts"].items()) {
    verdicts += sum["bytes"].get<uint64_t>();
  }
  EXPECT_EQ(verdicts, 400u);
}

TEST(JsonReportTest, ALostCountBreaksTheLaw) {
  Report report = Small();
  report.snapshot.decode.ip.bytes += 1;
  EXPECT_FALSE(Json::parse(ToJson(report))["conservation"]["ok"].get<bool>());
  EXPECT_NE(ToSummary(report).find("DOES NOT HOLD"), std::string::npos);
}

// Names are what was on the wire; both outputs must hold them without being broken by them.
TEST(JsonReportTest, HostileNamesAreEscaped) {
  const Json json = Json::parse(ToJson(Small()));
  EXPECT_EQ(json["names"][0]["name"], "evil\x01\xef\xbf\xbd</script>\"name");
  const std::string summary = ToSummary(Small());
  EXPECT_NE(summary.find("evil?"
                         "?</script>\"name"),
            std::string::npos);
  EXPECT_EQ(summary.find('\x01'), std::string::npos);
}

TEST(JsonReportTest, TheSameCountsGiveTheSameBytes) { EXPECT_EQ(ToJson(Small()), ToJson(Small())); }

}  // namespace
}  // namespace borderflow
