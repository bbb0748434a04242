// The rules and explain commands as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

class RulesCommandTest : public testing::Test {
 protected:
  const Programs programs_{std::string("rules_") +
                           testing::UnitTest::GetInstance()->current_test_info()->name()};
};

TEST_F(RulesCommandTest, ShippedListPassesItsOwnCheck) {
  const Finished run = programs_.Borderflow("rules check --json -");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Json json = Json::parse(run.out);
  EXPECT_GE(json["rules"], 3500);
  EXPECT_EQ(json["counts"]["dead"], 0);
}

TEST_F(RulesCommandTest, FaultsAreSaidWithPlaceAndRemedy) {
  programs_.Write("mine.csv", "example.com,FIN,80,A\nexample.org,HTL,80,B\n");
  const Finished run = programs_.Borderflow("rules check mine.csv");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("mine.csv:2:13: fault: "), HasSubstr("did you mean \"HLT\"?")));
}

TEST_F(RulesCommandTest, ImportedListIsTakenByReplayAndStandsInItsReport) {
  programs_.Write("block.txt", "||example.com^\n||bank.example.org^$image\n");
  const Finished import = programs_.Borderflow(
      "rules import --format adblock --category ADV --out mine.csv block.txt --json -");
  ASSERT_EQ(import.exit_code, 0) << import.err;
  EXPECT_EQ(Json::parse(import.out)["refused"]["narrow"], 1);
  EXPECT_EQ(programs_.Borderflow("rules check mine.csv").exit_code, 0);
  ASSERT_EQ(programs_.Generate("--profile small-frames --flows 50 --out s.pcap").exit_code, 0);
  const std::string replay = "replay --quiet --geo tiny.mmdb --json r.json s.pcap";
  ASSERT_EQ(programs_.Borderflow(replay).exit_code, 0);
  const Json shipped = Json::parse(programs_.Read("r.json"));
  ASSERT_EQ(programs_.Borderflow(replay + " --rules mine.csv").exit_code, 0);
  const Json report = Json::parse(programs_.Read("r.json"));
  EXPECT_EQ(report["parameters"]["rules"], Json({"mine.csv"}));
  EXPECT_THAT(report["provenance"]["command"].get<std::string>(), HasSubstr(" --rules mine.csv"));
  EXPECT_NE(report["provenance"]["digests"]["rules"], shipped["provenance"]["digests"]["rules"]);
}

TEST_F(RulesCommandTest, WrongRulesAreRefusedBeforeAnythingIsCounted) {
  programs_.Write("bad.csv", "example.com,FIN,99,A\n");
  const Finished run =
      programs_.Borderflow("replay --geo tiny.mmdb --rules bad.csv --json r.json none.pcap");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("bad.csv:1:17: confidence \"99\""));
}

TEST_F(RulesCommandTest, ImportSaysWhatIsWrongWithItsFlagsAndInputs) {
  programs_.Write("list", "example.com\n");
  EXPECT_THAT(
      programs_.Borderflow("rules import --format domains --category FYN --out o.csv list").err,
      HasSubstr("did you mean \"FIN\"?"));
  EXPECT_EQ(
      programs_.Borderflow("rules import --format ut1 --category FIN --out o.csv list").exit_code,
      2);
  EXPECT_EQ(
      programs_.Borderflow("rules import --format hosts --category FIN --out o.csv list").exit_code,
      2)
      << "nothing came of it";
  EXPECT_EQ(
      programs_.Borderflow("rules import --format domains --category FIN --out none/o.csv list")
          .exit_code,
      3);
}

TEST_F(RulesCommandTest, ExplainOfANameTellsSuffixFileLineAndWhatItStandsAbove) {
  programs_.Write("mine.csv", "# mine\nexample.com,ADV,50,Ads\npay.example.com,FIN,80,Pay\n");
  const Finished run =
      programs_.Borderflow("explain --rules mine.csv API.Pay.example.com. --json -");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = Json::parse(run.out);
  EXPECT_EQ(json["name"], "api.pay.example.com");
  EXPECT_EQ(json["registrable_domain"], "example.com");
  EXPECT_EQ(json["category"], "FIN");
  EXPECT_EQ(json["rule"]["suffix"], "pay.example.com");
  EXPECT_EQ(json["rule"]["file"], "mine.csv");
  EXPECT_EQ(json["rule"]["line"], 3);
  EXPECT_EQ(json["overruled"][0]["suffix"], "example.com");
}

TEST_F(RulesCommandTest, ExplainOfAnAddressSaysWhatTheSourcesKnow) {
  const Finished run = programs_.Borderflow("explain --geo tiny.mmdb 8.8.8.8 --json -");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = Json::parse(run.out);
  EXPECT_EQ(json["kind"], "address");
  EXPECT_EQ(json["location"], "US");
  EXPECT_TRUE(json.contains("operator_source"));
  const Json lookup =
      Json::parse(programs_.Borderflow("geo lookup --geo tiny.mmdb 8.8.8.8 --json -").out);
  for (const auto& [key, value] : lookup[0].items()) EXPECT_EQ(json[key], value) << key;
}

constexpr char kLists[] = R"(organisations:
  example-bank:
    title: "Example Bank"
    home: "NL"
    as_of: "2026-11-01"
    source: "its own register"
    verified: true
    as: [64500]
    prefixes: ["198.51.100.0/24", "198.51.100.64/26"]
    suffixes: ["bank.example"]
lists:
  EXAMPLE_PAYERS:
    title: "Payment institutions"
    authority: "Example Authority"
    status: in_force
    as_of: "2026-10-01"
    source: "its own register"
    verified: true
    members:
      - {organisation: example-bank, since: "2024-05-06", verified: true}
  EXAMPLE_PAST:
    title: "Those that were"
    authority: "Example Authority"
    status: in_force
    as_of: "2026-10-01"
    source: "its own register"
    verified: true
    members:
      - {organisation: example-bank, since: "2020-01-01", until: "2022-02-02", verified: true}
)";

TEST_F(RulesCommandTest, ExplainOfANameTellsItsOrganisationAndTheListsItIsOn) {
  programs_.Write("lists.yaml", kLists);
  const std::string command = "explain --entities lists.yaml Pay.Bank.example";
  const Json json = Json::parse(programs_.Borderflow(command + " --json -").out)["organisation"];
  EXPECT_EQ(json["name"], "example-bank");
  EXPECT_EQ(json["home"], "NL");
  EXPECT_EQ(json["told_by"], Json({{"kind", "name"}, {"what", "bank.example"}}));
  ASSERT_EQ(json["lists"].size(), 2u);
  EXPECT_EQ(json["lists"][0]["list"], "EXAMPLE_PAST");
  EXPECT_EQ(json["lists"][0]["on_it"], false);
  EXPECT_EQ(json["lists"][0]["until"], "2022-02-02");
  EXPECT_EQ(json["lists"][1]["on_it"], true);
  EXPECT_EQ(json["lists"][1]["authority"], "Example Authority");
  EXPECT_EQ(json["lists"][1]["since"], "2024-05-06");
  EXPECT_THAT(
      programs_.Borderflow(command).out,
      AllOf(HasSubstr("Example Bank (example-bank), home NL; told by its name bank.example"),
            HasSubstr("EXAMPLE_PAYERS: Payment institutions; Example Authority; in force"),
            HasSubstr("no longer on it"), HasSubstr("as of 2026-10-01")));
  EXPECT_EQ(Json::parse(programs_.Borderflow("explain example.org --json -").out)["organisation"],
            nullptr);
}

TEST_F(RulesCommandTest, ExplainOfAnAddressTellsItsOrganisationByTheLongestPrefix) {
  programs_.Write("lists.yaml", kLists);
  const auto told_by = [this](const std::string& address) {
    return Json::parse(
        programs_.Borderflow("explain --geo tiny.mmdb --entities lists.yaml --json - " + address)
            .out)["organisation"];
  };
  EXPECT_EQ(told_by("198.51.100.70")["told_by"],
            Json({{"kind", "prefix"}, {"what", "198.51.100.64/26"}}));
  EXPECT_EQ(told_by("198.51.100.7")["told_by"],
            Json({{"kind", "prefix"}, {"what", "198.51.100.0/24"}}));
  EXPECT_EQ(told_by("203.0.113.7"), nullptr);
}

TEST_F(RulesCommandTest, ExplainOfWhatIsNothingSaysWhatIsExpected) {
  const Finished name = programs_.Borderflow("explain 'not a name'");
  EXPECT_EQ(name.exit_code, 2);
  EXPECT_THAT(name.err, HasSubstr("CAPTURE:FLOW"));
}

// What cells count of each classification: frames, bytes, flows. A confidence is a share of
// `whole`.
using Counts = std::map<std::string, std::array<uint64_t, 3>>;
void AddCells(const Json& cells, double whole, Counts* counts) {
  for (const Json& cell : cells) {
    std::string key;
    for (const char* part : {"role", "category", "evidence", "protection"}) {
      key += cell[part].get<std::string>() + " ";
    }
    std::array<uint64_t, 3>& count =
        (*counts)[key +
                  std::to_string(std::lround(100 / whole * cell["confidence"].get<double>()))];
    count[0] += cell["frames"].get<uint64_t>();
    count[1] += cell["bytes"].get<uint64_t>();
    count[2] += cell["flows"].get<uint64_t>();
  }
}

// Every flow of a capture explained one by one is what a replay counts in all.
TEST_F(RulesCommandTest, ExplainedFlowsAddUpToTheReplay) {
  const Finished generated = programs_.Generate("--profile demo --flows 120 --out d.pcap");
  ASSERT_EQ(generated.exit_code, 0) << generated.err;
  ASSERT_EQ(programs_.Borderflow("replay --quiet --geo tiny.mmdb --json r.json d.pcap").exit_code,
            0);
  const Json report = Json::parse(programs_.Read("r.json"));
  Counts counted, explained;
  AddCells(report["cells"], 1, &counted);
  int asked = 0;  // flows whose client had asked DNS for the address
  for (int number = 1;; ++number) {
    const Finished run =
        programs_.Borderflow("explain --geo tiny.mmdb --json - d.pcap:" + std::to_string(number));
    if (run.exit_code == 2) {
      EXPECT_THAT(run.err, HasSubstr("flows, numbered from 1"));
      break;
    }
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Json json = Json::parse(run.out);
    for (const Json& evidence : json["evidence"]) asked += evidence.value("source", "") == "dns";
    AddCells(json["cells"], 100, &explained);
  }
  EXPECT_EQ(explained, counted);
  EXPECT_GT(asked, 0);
  uint64_t flows = 0;
  for (const auto& [classification, counts] : explained) flows += counts[2];
  EXPECT_EQ(flows, report["flows"]["total"].get<uint64_t>());
}

TEST_F(RulesCommandTest, FlowIsFoundByItsEndsInEitherOrder) {
  ASSERT_EQ(programs_.Generate("--profile demo --flows 40 --out d.pcap").exit_code, 0);
  const Json first =
      Json::parse(programs_.Borderflow("explain --geo tiny.mmdb --json - d.pcap:1").out);
  const std::string a = first["initiator"], b = first["responder"];
  const std::string protocol = first["transport"];
  for (const std::string& ends : {a + "-" + b, b + "-" + a}) {
    const Finished run = programs_.Borderflow("explain --geo tiny.mmdb --json - 'd.pcap:" + ends +
                                              "/" + protocol + "'");
    ASSERT_EQ(run.exit_code, 0) << run.err;
    Json json = Json::parse(run.out);
    json["number"] = 1;
    EXPECT_EQ(json, first);
  }
  const Finished none =
      programs_.Borderflow("explain --geo tiny.mmdb d.pcap:192.0.2.1:1-192.0.2.2:2/tcp");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, AllOf(HasSubstr("d.pcap"), Not(HasSubstr("not a well-formed"))));
}

// Every flow's round trip together is what the replay counts.
TEST_F(RulesCommandTest, RoundTripOfAFlowIsHeldAgainstItsServersLocation) {
  ASSERT_EQ(
      programs_.Generate("--profile demo --flows 40 --out d.pcap --overrides d.csv").exit_code, 0);
  const std::string where = "--geo tiny.mmdb --overrides d.csv --place -90,0 --json - ";
  const Json counted =
      Json::parse(programs_.Borderflow("replay --quiet " + where + "d.pcap").out)["round_trips"];
  uint64_t timed = 0;
  uint64_t contradicted = 0;
  for (int number = 1;; ++number) {
    const Finished run =
        programs_.Borderflow("explain " + where + "d.pcap:" + std::to_string(number));
    if (run.exit_code == 2) break;
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Json trip = Json::parse(run.out)["round_trip"];
    if (trip.is_null()) continue;
    ++timed;
    contradicted += trip["location_contradicted"].get<bool>();
    EXPECT_EQ(trip["location_contradicted"].get<bool>(),
              trip["within_km"].get<double>() < trip["location_km"].get<double>())
        << trip;
  }
  EXPECT_EQ(timed, counted["timed_flows"].get<uint64_t>());
  EXPECT_EQ(contradicted, counted["location_contradicted"].get<uint64_t>());
  EXPECT_GT(contradicted, 0u);
  EXPECT_FALSE(Json::parse(programs_.Borderflow("explain --geo tiny.mmdb --json - d.pcap:1").out)
                   .contains("round_trip"))
      << "off without a place";
}

TEST_F(RulesCommandTest, WhatNamesNoFlowIsRefused) {
  ASSERT_EQ(programs_.Generate("--profile small-frames --flows 5 --out s.pcap").exit_code, 0);
  for (const char* flow :
       {"0", "-1", "x", "", "99999999999999999999999", "192.0.2.1-192.0.2.2/tcp",
        "192.0.2.1:1-192.0.2.2:65536/tcp", "192.0.2.1:1-192.0.2.2:2", "192.0.2.1:1-192.0.2.2:2/",
        "192.0.2.1:1-[2001:db8::1]:2/udp", "192.0.2.1:1/tcp", "192.0.2.1-192.0.2.2/256"}) {
    const Finished run =
        programs_.Borderflow("explain --geo tiny.mmdb 's.pcap:" + std::string(flow) + "'");
    EXPECT_EQ(run.exit_code, 2) << flow;
    EXPECT_THAT(run.err, HasSubstr("names no flow of s.pcap")) << flow;
  }
}

}  // namespace
}  // namespace borderflow
