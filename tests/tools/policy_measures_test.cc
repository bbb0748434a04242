// `policy measures` as a user runs it, within this process.
#include "tools/command/policy_measures.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

struct CommandOutcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

CommandOutcome Policy(std::vector<std::string> arguments) {
  CLI::App app;
  CommandOutcome run;
  AddPolicyMeasures(app, &run.exit_code);
  std::ostringstream out;
  std::ostringstream err;
  std::streambuf* const old_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* const old_err = std::cerr.rdbuf(err.rdbuf());
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants a vector
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    run.exit_code = 2;
    err << error.what();
  }
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_err);
  run.out = out.str();
  run.err = err.str();
  return run;
}

Json CellTo(const std::string& from, const std::string& to, uint32_t asn,
            const std::string& category, const std::string& protection, uint64_t bytes) {
  return {{"src", from},
          {"dst", to},
          {"src_registered", from},
          {"dst_registered", to},
          {"src_as", 0},
          {"dst_as", asn},
          {"src_operator", "unknown"},
          {"dst_operator", to},
          {"role", "initiator"},
          {"category", category},
          {"evidence", "name"},
          {"confidence", 0.8},
          {"protection", protection},
          {"entity", 0},
          {"frames", 1},
          {"bytes", bytes},
          {"payload_bytes", bytes},
          {"flows", 1},
          {"clients", 1}};
}

class PolicyMeasuresTest : public testing::Test {
 protected:
  PolicyMeasuresTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("policy_measures_test_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~PolicyMeasuresTest() override { fs::remove_all(folder_); }

  // A report of 8 s with these cells.
  std::string Report(const std::string& name, const std::vector<Json>& cells) const {
    uint64_t bytes = 0;
    for (const Json& cell : cells) bytes += cell["bytes"].get<uint64_t>();
    const Json report = {
        {"schema", "borderflow.report/1"},
        {"provenance", {{"command", "borderflow replay x.pcap"}, {"vantage", nullptr}}},
        {"capture",
         {{"frames", cells.size()},
          {"bytes", bytes},
          {"first", "2026-06-25T04:00:00.000000000Z"},
          {"last", "2026-06-25T04:00:08.000000000Z"}}},
        {"cells", cells}};
    const std::string path = (folder_ / name).string();
    std::ofstream(path) << report.dump(1);
    return path;
  }

  // DE sends 100 bytes of health data in the clear to AS 64496 in IN, and 300 of media to AS 64497
  // at home.
  std::string Example() const {
    return Report("report.json", {CellTo("DE", "IN", 64496, "HLT", "cleartext", 100),
                                  CellTo("DE", "DE", 64497, "MED", "encrypted", 300)});
  }

  fs::path folder_;
};

// The entry of a measure in JSON; null when there is none.
Json Find(const Json& measures, const std::string& id, const std::string& subject) {
  for (const Json& entry : measures) {
    if (entry["measure"] == id && entry["subject"] == subject) return entry;
  }
  return nullptr;
}

TEST_F(PolicyMeasuresTest, StatesHarmAndCostOfOneReport) {
  const CommandOutcome run = Policy({"measures", "--input", Example(), "--json", "-"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = Json::parse(run.out);
  EXPECT_EQ(json["schema"], "borderflow.measures/1");
  EXPECT_EQ(json["indicative"], true);
  EXPECT_EQ(json["report"]["bytes"], 400);
  // 100 of 400 bytes cross; all of them are sensitive and readable.
  EXPECT_EQ(Find(json["measures"], "cross_border_share", "")["value"], 0.25);
  EXPECT_EQ(
      Find(json["measures"], "exposure_sensitive_cleartext", "what may cross a border")["value"],
      1);
  // Organisations hold 1/4 and 3/4: 1/16 + 9/16.
  EXPECT_EQ(Find(json["measures"], "hhi", "responders by organisation")["value"], 0.625);
  ASSERT_EQ(json["packs"].size(), 1U);
  EXPECT_EQ(json["packs"][0]["pack"], "data-allies");
  const Json& rules = json["packs"][0]["rules"];
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0]["lost"]["bytes"], 100);
  EXPECT_EQ(rules[0]["incidence"][0]["organisation"], "AS64496");
  EXPECT_EQ(rules[0]["incidence"][0]["cleartext_bytes"], 100);
  EXPECT_TRUE(rules[1]["rule"].is_null());
  // 100 bytes in 8 s.
  EXPECT_EQ(Find(rules[0]["measures"], "home_capacity", "")["value"], 100);
  EXPECT_EQ(Find(rules[0]["measures"], "home_capacity_peak", "").count("value"), 0U);
  EXPECT_EQ(json["vectors"][0]["judged"], "not_judged");
}

TEST_F(PolicyMeasuresTest, TextFitsATerminalAndCallsNothingABreach) {
  const CommandOutcome run = Policy({"measures", "--input", Example(), "--baseline", Example(),
                                     "--policy", "data-allies", "--policy", "eu-gdpr-v", "--policy",
                                     "trade-commitments", "--policy", "entity-localisation"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("Exposure"), HasSubstr("indicative"),
                             HasSubstr("Pack data-allies"), HasSubstr("Pack eu-gdpr-v"),
                             HasSubstr("not judged"), Not(HasSubstr("breach"))));
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100U) << line;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }))
        << line;
  }
}

TEST_F(PolicyMeasuresTest, ABaselineShowsWhatChangedHands) {
  const std::string before =
      Report("before.json", {CellTo("DE", "US", 64496, "COM", "encrypted", 100)});
  const std::string after =
      Report("after.json", {CellTo("DE", "US", 64496, "COM", "encrypted", 75),
                            CellTo("DE", "FR", 64497, "COM", "encrypted", 25)});
  const CommandOutcome run =
      Policy({"measures", "--input", after, "--baseline", before, "--json", "-"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = Json::parse(run.out);
  EXPECT_EQ(Find(json["measures"], "substitution", "responders by location")["value"], 0.25);
  EXPECT_EQ(json["shifts"][0]["by"], "organisation");
}

TEST_F(PolicyMeasuresTest, LevelsAreJudgedOnlyWithProvenance) {
  const std::string report = Example();
  EXPECT_THAT(Policy({"measures", "--input", report, "--levels", "0.1,0.1,0.1"}).err,
              HasSubstr("--levels-source"));
  EXPECT_THAT(
      Policy({"measures", "--input", report, "--levels", "0.1,0.1", "--levels-source", "x"}).err,
      HasSubstr("expected three"));
  EXPECT_THAT(
      Policy({"measures", "--input", report, "--levels", "0.1,0.1,7", "--levels-source", "x"}).err,
      HasSubstr("expected 0 to 1"));
  const CommandOutcome run = Policy({"measures", "--input", report, "--levels", "0.1,0.1,0.1",
                                     "--levels-source", "board, 2026-01-01", "--json", "-"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = Json::parse(run.out);
  EXPECT_EQ(json["levels"]["provenance"], "board, 2026-01-01");
  EXPECT_EQ(json["levels"]["sweep"].size(), 3U);
  for (const Json& vector : json["vectors"]) {
    EXPECT_EQ(vector["judged"], vector["category"] == "HLT" ? "concern" : "below") << vector;
  }
}

TEST_F(PolicyMeasuresTest, AWrongInputIsRefusedWithItsName) {
  EXPECT_EQ(Policy({"measures"}).exit_code, 2);
  EXPECT_THAT(Policy({"measures"}).err, HasSubstr("--input"));
  const std::string missing = (folder_ / "none.json").string();
  EXPECT_THAT(Policy({"measures", "--input", missing}).err, HasSubstr("none.json"));
  EXPECT_EQ(Policy({"measures", "--input", Example(), "--policy", "data-alies"}).exit_code, 2);
  EXPECT_EQ(Policy({"measures", "--input", Example(), "--subjects", "0"}).exit_code, 2);
}

TEST_F(PolicyMeasuresTest, CountersThatWouldWrapAreRefused) {
  const std::string report =
      Report("wraps.json", {CellTo("DE", "US", 1, "COM", "encrypted", uint64_t{1} << 63),
                            CellTo("DE", "FR", 2, "COM", "encrypted", uint64_t{1} << 63)});
  const CommandOutcome run = Policy({"measures", "--input", report});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("wraps.json"), HasSubstr("64 bits")));
}

// One byte less than would wrap: every share is still one.
TEST_F(PolicyMeasuresTest, CountersAtTheirLimitGiveSharesNotNonsense) {
  const std::string report =
      Report("limit.json", {CellTo("DE", "US", 64496, "COM", "encrypted", ~uint64_t{0} - 1),
                            CellTo("DE", "DE", 64497, "HLT", "cleartext", 1)});
  const CommandOutcome run = Policy({"measures", "--input", report, "--json", "-"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json parsed = Json::parse(run.out);
  for (const Json& entry : parsed["measures"]) {
    if (entry["unit"] != "share" || entry.count("value") == 0) continue;
    ASSERT_TRUE(entry["value"].is_number()) << entry;
    EXPECT_GE(entry["value"].get<double>(), 0) << entry;
    EXPECT_LE(entry["value"].get<double>(), 1) << entry;
  }
}

TEST_F(PolicyMeasuresTest, TheListNamesEveryMeasure) {
  const CommandOutcome run = Policy({"measures", "--list"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("confinement"), HasSubstr("chokepoint_net"), HasSubstr("Iordanou")));
  EXPECT_THAT(Policy({"measures", "--list", "--markdown"}).out, HasSubstr("| `confinement` |"));
  EXPECT_EQ(Policy({"measures", "--markdown"}).exit_code, 2);
}

TEST_F(PolicyMeasuresTest, AnEmptyReportHasReasonsInsteadOfNumbers) {
  const CommandOutcome run =
      Policy({"measures", "--input", Report("empty.json", {}), "--json", "-"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json parsed = Json::parse(run.out);
  for (const Json& entry : parsed["measures"]) {
    EXPECT_EQ(entry.count("value"), 0U) << entry;
    EXPECT_FALSE(entry["not_measurable"].get<std::string>().empty());
  }
}

}  // namespace
}  // namespace borderflow
