// `borderflow doctor` as an operator runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

// The configuration's finding, out of the answer on standard output.
Json CheckResult(const Finished& run, const std::string& check) {
  for (const Json& finding : Json::parse(run.out)) {
    if (finding["check"] == check) return finding;
  }
  ADD_FAILURE() << "no " << check << " in " << run.out;
  return {};
}

bool AnyProblem(const Finished& run) {
  for (const Json& finding : Json::parse(run.out)) {
    if (finding["state"] == "problem") return true;
  }
  return false;
}

TEST(DoctorCommandTest, EveryCheckIsThereAndTheExitCodeFollowsTheProblems) {
  const Programs programs("doctor");
  programs.Write("c.yaml", "port: net_pcap0,rx_pcap=none.pcap\ngeo: tiny.mmdb\n");
  const Finished run = programs.Borderflow("doctor --config c.yaml --json -");
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.exit_code, AnyProblem(run) ? 1 : 0);
  std::set<std::string> checks;
  for (const Json& finding : Json::parse(run.out)) {
    EXPECT_EQ(finding.size(), 4u);
    for (const char* key : {"check", "state", "found", "remedy"}) {
      EXPECT_TRUE(finding[key].is_string()) << key;
    }
    EXPECT_NE(finding["found"], "");
    if (finding["state"] == "problem") {
      EXPECT_NE(finding["remedy"], "") << finding["check"];
    }
    checks.insert(finding["check"]);
  }
  for (const char* check :
       {"configuration", "database",  "rights",       "memlock", "hugepages", "memory",  "cores",
        "isolation",     "governor",  "instructions", "dpdk",    "drivers",   "port",    "iommu",
        "nic",           "interface", "instances",    "time",    "rss",       "hardware"}) {
    EXPECT_TRUE(checks.contains(check)) << check;
  }
  EXPECT_EQ(CheckResult(run, "configuration")["state"], "ok");
  EXPECT_THAT(CheckResult(run, "dpdk")["found"].get<std::string>(), HasSubstr("DPDK 2"));
  EXPECT_THAT(CheckResult(run, "database")["found"].get<std::string>(), HasSubstr("2026-06-25"));
}

TEST(DoctorCommandTest, AMistakeInTheConfigurationIsNamedWithItsPlace) {
  const Programs programs("doctor_mistake");
  const auto found = [&programs](const std::string& text) {
    programs.Write("c.yaml", text);
    const Finished run = programs.Borderflow("doctor --config c.yaml --json -");
    EXPECT_EQ(run.exit_code, 1);
    const Json finding = CheckResult(run, "configuration");
    EXPECT_EQ(finding["state"], "problem") << text;
    EXPECT_THAT(finding["remedy"].get<std::string>(), HasSubstr("c.yaml"));
    return finding["found"].get<std::string>();
  };
  EXPECT_THAT(found("geo: tiny.mmdb\nworker: 2\n"), HasSubstr("c.yaml:2:1:"));
  EXPECT_THAT(found("interface: eth1\nworkers: many\n"), HasSubstr("c.yaml:2:"));
  EXPECT_THAT(found("interface: eth1\nhome: UK\n"), HasSubstr("\"GB\""));
  EXPECT_THAT(found("interface: eth1\npolicy: no-such-pack\n"), HasSubstr("no-such-pack"));
  EXPECT_THAT(found("interface: eth1\njson: no/such/folder/r.json\n"), HasSubstr("no/such"));
  EXPECT_THAT(found("workers: 1\n"), HasSubstr("no port and no interface"));
}

TEST(DoctorCommandTest, AMissingConfigurationOrDatabaseComesWithTheCommandThatMakesOne) {
  const Programs programs("doctor_missing");
  const Finished run = programs.Borderflow("doctor --config none.yaml --json -");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(CheckResult(run, "configuration")["remedy"], "borderflow live --dump > 'none.yaml'");
  programs.Write("c.yaml", "interface: eth1\ngeo: none.mmdb\n");
  const Json database =
      CheckResult(programs.Borderflow("doctor --config c.yaml --json -"), "database");
  EXPECT_EQ(database["state"], "problem");
  EXPECT_THAT(database["remedy"].get<std::string>(),
              HasSubstr("geo_data.sh && borderflow geo build -o 'none.mmdb'"));
}

TEST(DoctorCommandTest, AMistakeInOverridesIsNotTakenForOneOfTheDatabase) {
  const Programs programs("doctor_overrides");
  programs.Write("o.csv", "8.8.8.8/32,NL\nnonsense\n");
  programs.Write("c.yaml", "interface: eth1\ngeo: tiny.mmdb\noverrides: o.csv\n");
  const Finished run = programs.Borderflow("doctor --config c.yaml --json -");
  EXPECT_EQ(CheckResult(run, "overrides")["state"], "problem");
  EXPECT_THAT(CheckResult(run, "overrides")["found"].get<std::string>(), HasSubstr("o.csv:2"));
  EXPECT_THAT(CheckResult(run, "database")["found"].get<std::string>(), HasSubstr("tiny.mmdb"));
}

TEST(DoctorCommandTest, ItWritesWhereItIsToldAndChangesNothingElse) {
  const Programs programs("doctor_output");
  const auto entries = [&programs] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(programs.Path("."))) {
      names.insert(entry.path().filename());
    }
    return names;
  };
  std::set<std::string> before = entries();
  const Finished run = programs.Borderflow("doctor --json d.json");
  before.insert({"d.json", "out", "err"});
  EXPECT_EQ(entries(), before);
  EXPECT_THAT(run.out, HasSubstr("problem(s)"));
  EXPECT_FALSE(Json::parse(programs.Read("d.json")).empty());
  EXPECT_EQ(programs.Borderflow("doctor --json no/such/folder.json").exit_code, 2);
  EXPECT_EQ(programs.Borderflow("doctor --jsn x").exit_code, 2);
}

TEST(DoctorCommandTest, HelpStatesTheExitCodes) {
  const Programs programs("doctor_help");
  EXPECT_THAT(programs.Borderflow("doctor --help").out,
              HasSubstr("0 nothing is a problem, 1 something is"));
}

}  // namespace
}  // namespace borderflow
