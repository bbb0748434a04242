// The policy commands as a user runs them, over a report that replay wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr char kPacks[] = "--policy data-allies --policy eu-gdpr-v";

class PolicyCommandTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    programs_ = new Programs("policy");
    // The whole address space, so that little is unknown.
    programs_->Write("o.csv", "0.0.0.0/2,DE\n64.0.0.0/2,US\n128.0.0.0/2,IN\n192.0.0.0/2,JP\n");
    ASSERT_EQ(programs_->Generate("--profile demo --flows 200 --out a.pcap").exit_code, 0);
    const Finished run = programs_->Borderflow(
        std::string("replay --geo tiny.mmdb --overrides o.csv --home DE --vantage "
                    "enterprise_edge --json r.json ") +
        kPacks + " a.pcap");
    ASSERT_EQ(run.exit_code, 0) << run.err;
    summary_ = new std::string(run.out);
    ASSERT_EQ(programs_
                  ->Borderflow("replay --geo tiny.mmdb --overrides o.csv --home DE --vantage "
                               "enterprise_edge --sqlite s.sqlite --window 1s --quiet a.pcap")
                  .exit_code,
              0);
  }
  static void TearDownTestSuite() {
    delete programs_;
    delete summary_;
  }

  static Finished Policy(const std::string& arguments) {
    return programs_->Borderflow("policy " + arguments);
  }

  static Programs* programs_;
  static std::string* summary_;
};
Programs* PolicyCommandTest::programs_ = nullptr;
std::string* PolicyCommandTest::summary_ = nullptr;

TEST_F(PolicyCommandTest, ReplayPrintsVerdictSharesWithTheirReasons) {
  EXPECT_THAT(*summary_,
              AllOf(HasSubstr("Policy data-allies"), HasSubstr("Policy eu-gdpr-v"),
                    HasSubstr("indicative, not a finding of law"), HasSubstr("observable: "),
                    HasSubstr("= sum of every policy's verdicts: exact")));
}

TEST_F(PolicyCommandTest, EvaluatingTheStoredReportGivesTheReplaysNumbers) {
  const Finished run = Policy(std::string("evaluate --input r.json --json - ") + kPacks);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(Json::parse(run.out), Json::parse(programs_->Read("r.json"))["policies"]);
}

TEST_F(PolicyCommandTest, CompareSetsBothPacksAndWhatChangesThemSideBySide) {
  const Finished run = Policy(
      "compare data-allies eu-gdpr-v --input r.json --flip-default --ablate origin "
      "--json c.json");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("as written"), HasSubstr("flipped"), HasSubstr("no origin"),
                             HasSubstr("origin's"), HasSubstr("agree on")));
  const Json json = Json::parse(programs_->Read("c.json"));
  ASSERT_EQ(json["results"].size(), 6u);
  const uint64_t total = json["comparison"]["total"]["bytes"];
  for (const Json& result : json["results"]) {
    uint64_t sum = 0;
    for (const Json& verdict : result["verdicts"]) sum += verdict["bytes"].get<uint64_t>();
    EXPECT_EQ(sum, total);
  }
}

TEST_F(PolicyCommandTest, ExplainNamesRuleCitationAndObservability) {
  const Finished run = Policy("explain --input r.json --policy data-allies --rule ally --top 1");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("decided by ally"), HasSubstr("cited: "), HasSubstr("observable: ")));
  EXPECT_THAT(Policy("explain --input r.json --policy data-allies --rule alli").err,
              HasSubstr("did you mean \"ally\""));
}

TEST_F(PolicyCommandTest, APackThatNeedsAVantageSaysSo) {
  const Finished run = Policy("evaluate --input r.json --policy eu-gdpr-v --vantage ixp");
  EXPECT_THAT(run.out, HasSubstr("undetermined as a whole: the sensor sits at ixp"));
}

TEST_F(PolicyCommandTest, ATemplateWithoutItsParametersSaysHowToGiveThem) {
  EXPECT_THAT(Policy("evaluate --input r.json --policy entity-localisation").out,
              HasSubstr("out of scope as a whole: give it as --policy entity-localisation:"));
}

TEST_F(PolicyCommandTest, MistakesAreRefusedWithTheNearestWord) {
  EXPECT_THAT(Policy("evaluate --input r.json --policy data-allies --fact agrement").err,
              HasSubstr("did you mean \"agreement\""));
  EXPECT_THAT(Policy("evaluate --input r.json --policy data-allies --tiers som").err,
              HasSubstr("has no variant \"som\""));
  EXPECT_THAT(Policy("evaluate --input a.pcap --policy data-allies").err,
              HasSubstr("a.pcap: no JSON at byte"));
  EXPECT_EQ(Policy("evaluate --input none.json --policy data-allies").exit_code, 2);
}

TEST_F(PolicyCommandTest, CheckFindsWhatNoReaderOfThePackWould) {
  const std::string head =
      "pack: {id: p, title: t, authority: a, version: \"1\", as_of: \"2026-11-01\",\n"
      "  stale_after_days: 3650, default: permitted, burden: restrictor, purpose: privacy,\n"
      "  sources: [{id: s, title: t, date: \"2024-05-01\"}], says: [x], sees: [x],\n"
      "  cannot_see: [x]}\nrules:\n";
  const auto rule = [](const std::string& id, const std::string& when, const std::string& verdict) {
    return "  - {id: " + id +
           ", says: x, cite: {source: s, place: p}, purpose: privacy,\n     when: " + when +
           ", verdict: " + verdict + ", observability: weak}\n";
  };
  programs_->Write("p.yaml", head + rule("a", "{categories: [HLT, FIN]}", "review") +
                                 rule("b", "{categories: [HLT, GEO]}", "conditional"));
  const Finished conflict = Policy("check p.yaml");
  EXPECT_EQ(conflict.exit_code, 2);
  EXPECT_THAT(conflict.out, HasSubstr("error: p.yaml:8:5: rule \"b\" (conditional) and rule \"a\" "
                                      "(review) disagree"));
  // The same pack is refused where it would be used.
  EXPECT_THAT(programs_->Borderflow("replay --geo tiny.mmdb --policy ./p.yaml a.pcap").err,
              HasSubstr("disagree"));
  programs_->Write("p.yaml", head + rule("a", "{categories: [HLT, FIN]}", "review"));
  const Finished sound = Policy("check p.yaml");
  EXPECT_EQ(sound.exit_code, 0) << sound.out << sound.err;
  EXPECT_THAT(sound.out, AllOf(HasSubstr("sound"), Not(HasSubstr("error"))));
}

// The same frames by way of windows: what is stored is what was counted.
TEST_F(PolicyCommandTest, EvaluatingAStoreGivesTheReplaysNumbers) {
  for (const char* source : {"--sqlite s.sqlite", "--input s.sqlite"}) {
    const Finished run = Policy(std::string("evaluate ") + source + " --json - " + kPacks);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(Json::parse(run.out), Json::parse(programs_->Read("r.json"))["policies"]) << source;
  }
  for (const char* command :
       {"compare data-allies eu-gdpr-v", "explain --policy data-allies", "measures", "list"}) {
    const Finished of_store = Policy(std::string(command) + " --sqlite s.sqlite");
    EXPECT_EQ(of_store.exit_code, 0) << command << of_store.err;
    EXPECT_FALSE(of_store.out.empty()) << command;
  }
  EXPECT_THAT(Policy("measures --sqlite s.sqlite").out, HasSubstr("in the busiest window"));
  EXPECT_THAT(Policy("measures --input r.json").out, HasSubstr("peak not measurable"));
  // Two spans of time are the whole.
  const Json report = Json::parse(programs_->Read("r.json"));
  tm first = {};
  ASSERT_NE(
      strptime(report["capture"]["first"].get<std::string>().c_str(), "%Y-%m-%dT%H:%M:%S", &first),
      nullptr);
  const std::string middle = std::to_string(timegm(&first) + 2);
  uint64_t bytes = 0;
  for (const std::string& span : {"--to " + middle, "--from " + middle}) {
    const Finished part =
        Policy("evaluate --sqlite s.sqlite --policy data-allies --json - " + span);
    ASSERT_EQ(part.exit_code, 0) << part.err;
    const uint64_t before = bytes;
    const Json results = Json::parse(part.out);
    for (const Json& verdict : results[0]["verdicts"]) {
      bytes += verdict["bytes"].get<uint64_t>();
    }
    EXPECT_GT(bytes, before);
  }
  EXPECT_EQ(bytes, report["decode"]["ip"]["bytes"]);
}

TEST_F(PolicyCommandTest, WhatOnlyAStoreCanDoIsRefusedOnAReport) {
  EXPECT_THAT(Policy("evaluate --input r.json --from 2026-01-01 --policy data-allies").err,
              HasSubstr("--from: r.json is one report"));
  EXPECT_THAT(Policy("evaluate --input r.json --sqlite s.sqlite --policy data-allies").err,
              HasSubstr("only one of them"));
  EXPECT_THAT(Policy("evaluate --policy data-allies").err, HasSubstr("nothing to look at"));
}

// Two databases of the whole IPv4 space that agree on half of it.
TEST_F(PolicyCommandTest, TheChoiceOfDatabaseIsTheMatrixOfTwoReplays) {
  for (const char* name : {"one", "two"}) std::filesystem::create_directory(programs_->Path(name));
  programs_->Write(
      "one/geoip",
      "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n0,1073741823,DE\n"
      "1073741824,2147483647,US\n2147483648,3221225471,IN\n3221225472,3758096383,JP\n");
  programs_->Write(
      "two/geoip",
      "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n0,1073741823,DE\n"
      "1073741824,2147483647,IN\n2147483648,3221225471,US\n3221225472,3758096383,JP\n");
  for (const std::string name : {"one", "two"}) {
    programs_->Write(name + "/geoip6", "2001:4860::,2001:4860:ffff:ffff:ffff:ffff:ffff:ffff,US\n");
    ASSERT_EQ(programs_->Borderflow("geo build --tor " + name + " --no-libloc -o " + name + ".mmdb")
                  .exit_code,
              0);
  }
  const auto replay = [](const std::string& flags) {
    const Finished run = programs_->Borderflow("replay --home DE --vantage enterprise_edge " +
                                               flags + " --policy data-allies a.pcap");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.out;
  };
  const Json one = Json::parse(replay("--geo one.mmdb --json -"));
  const Json two = Json::parse(replay("--geo two.mmdb --json -"));
  const std::string paired = "--geo one.mmdb --with-geo two.mmdb ";
  Json both = Json::parse(replay(paired + "--json -"));
  const Json choice = both["with_geo"];
  const Json matrix = choice["policies"][0]["comparison"]["matrix"];
  EXPECT_GT(choice["moved"]["bytes"], 0u);
  for (const auto& [verdict, of_one] : one["policies"][0]["verdicts"].items()) {
    uint64_t row = 0;
    uint64_t column = 0;
    for (const auto& [first, seconds] : matrix.items()) {
      for (const auto& [second, sum] : seconds.items()) {
        if (first == verdict) row += sum["bytes"].get<uint64_t>();
        if (second == verdict) column += sum["bytes"].get<uint64_t>();
      }
    }
    EXPECT_EQ(row, of_one["bytes"]) << verdict;
    EXPECT_EQ(column, two["policies"][0]["verdicts"][verdict]["bytes"]) << verdict;
  }
  // All else is the report of the database in use, to the byte, for any number of workers.
  const Json more = Json::parse(replay(paired + "--workers 3 --json -"));
  EXPECT_EQ(more, both);
  both.erase("with_geo");
  both["provenance"]["command"] = one["provenance"]["command"];
  EXPECT_EQ(both, one);
  EXPECT_THAT(replay(paired), HasSubstr("What the choice of database moves"));
  // And so are its windows.
  replay("--geo one.mmdb --quiet --window 1s --sqlite one.sqlite");
  replay(paired + "--quiet --window 1s --sqlite both.sqlite");
  EXPECT_EQ(Policy("evaluate --sqlite one.sqlite --policy data-allies --json -").out,
            Policy("evaluate --sqlite both.sqlite --policy data-allies --json -").out);
}

TEST_F(PolicyCommandTest, AnotherDatabaseIsRefusedOnWhatHoldsNoAddresses) {
  for (const char* source : {"--input r.json", "--sqlite s.sqlite"}) {
    const Finished run =
        Policy(std::string("evaluate --with-geo tiny.mmdb --policy data-allies ") + source);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr("holds no addresses"));
  }
  EXPECT_THAT(programs_->Borderflow("report --sqlite s.sqlite --with-geo tiny.mmdb").err,
              HasSubstr("holds no addresses"));
}

TEST_F(PolicyCommandTest, GroupsAndEntityListsOfTheUsersOwnNeedNoCode) {
  programs_->Write("g.yaml",
                   "groups:\n  MY_PARTNERS: {title: t, source: s, as_of: \"2026-11-01\", "
                   "verified: true, members: [\"US\"]}\n");
  programs_->Write("e.yaml",
                   "organisations:\n  mine: {title: t, home: \"NO\", as_of: \"2026-11-01\", "
                   "source: s, verified: true, prefixes: [\"64.0.0.0/8\"]}\nlists:\n"
                   "  MY_LIST: {title: t, authority: a, status: curated, as_of: \"2026-11-01\", "
                   "source: s, verified: true, members: [mine]}\n");
  programs_->Write(
      "own.yaml",
      "pack: {id: own, title: t, authority: a, version: \"1\", as_of: \"2026-11-01\",\n"
      "  stale_after_days: 3650, default: permitted, burden: restrictor, purpose: privacy,\n"
      "  sources: [{id: s, title: t, date: \"2024-05-01\"}], says: [x], sees: [x],\n"
      "  cannot_see: [x]}\nrules:\n"
      "  - {id: partner, says: x, cite: {source: s, place: p}, purpose: privacy,\n"
      "     when: {destination: {location: \"MY_PARTNERS\"}}, country_only: true,\n"
      "     verdict: review, observability: weak}\n"
      "  - {id: listed, says: x, cite: {source: s, place: p}, purpose: privacy,\n"
      "     when: {destination: {location: \"MY_PARTNERS\", entity: [MY_LIST]}},\n"
      "     verdict: conditional, observability: weak}\n");
  const std::string lists = "--groups g.yaml --entities e.yaml ";
  EXPECT_EQ(Policy("check own.yaml " + lists).exit_code, 0);
  EXPECT_THAT(Policy("check own.yaml").err, HasSubstr("MY_PARTNERS"));
  const std::string replay =
      "replay --geo tiny.mmdb --overrides o.csv --home DE --zone MY_PARTNERS --json own.json "
      "--sqlite own.sqlite --quiet --policy ./own.yaml ";
  EXPECT_THAT(programs_->Borderflow(replay + "a.pcap").err, HasSubstr("MY_PARTNERS"));
  const Finished run = programs_->Borderflow(replay + lists + "a.pcap");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json report = Json::parse(programs_->Read("own.json"));
  const Json plain = Json::parse(programs_->Read("r.json"));
  for (const char* which : {"groups", "entities"}) {
    EXPECT_NE(report["provenance"]["digests"][which], plain["provenance"]["digests"][which]);
  }
  EXPECT_GT(report["policies"][0]["verdicts"]["review"]["bytes"], 0u);
  for (const char* source : {"--input own.json", "--sqlite own.sqlite"}) {
    const Finished again =
        Policy(std::string("evaluate --policy ./own.yaml --json - ") + lists + source);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(Json::parse(again.out), report["policies"]) << source;
  }
  EXPECT_THAT(Policy("evaluate --policy data-allies --sqlite own.sqlite").err,
              HasSubstr("give its file with --groups"));
}

TEST_F(PolicyCommandTest, ASweepShowsHowMuchHangsOnAThreshold) {
  programs_->Write(
      "sweep.yaml",
      "pack: {id: sweep, title: t, authority: a, version: \"1\", as_of: \"2026-11-01\",\n"
      "  stale_after_days: 3650, default: permitted, burden: restrictor, purpose: privacy,\n"
      "  sources: [{id: s, title: t, date: \"2024-05-01\"}], says: [x], sees: [x],\n"
      "  cannot_see: [x]}\nrules:\n"
      "  - {id: much, says: x, cite: {source: s, place: p}, purpose: privacy, verdict: review,\n"
      "     when: {crossing: crosses}, observability: weak, threshold: {unit: bytes,\n"
      "     more_than: 999, period: whole, aggregate_by: [destination],\n"
      "     provenance: {source: s, place: p}}}\n");
  const std::string evaluate = "evaluate --input r.json --policy ./sweep.yaml ";
  const Finished run = Policy(evaluate + "--sweep much=1:1000000000000:4:log --json w.json");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("*           1,000"));
  const Json sweep = Json::parse(programs_->Read("w.json"))[0];
  ASSERT_EQ(sweep["points"].size(), 5u);
  EXPECT_EQ(sweep["points"][1]["at_least"], 1000u);
  EXPECT_TRUE(sweep["points"][1]["written"]);
  // The higher, the less is found; as written it is what evaluate says; nobody sends a terabyte.
  uint64_t before = ~uint64_t{0};
  for (const Json& point : sweep["points"]) {
    const uint64_t found = point["verdicts"]["review"]["bytes"];
    EXPECT_LE(found, before);
    before = found;
  }
  EXPECT_EQ(before, 0u);
  const Json plain = Json::parse(Policy(evaluate + "--json -").out)[0];
  EXPECT_EQ(sweep["points"][1]["verdicts"], plain["verdicts"]);

  EXPECT_THAT(Policy(evaluate + "--sweep mush=1:2:2").err, HasSubstr("did you mean \"much\""));
  EXPECT_THAT(Policy(evaluate + "--sweep much=5:2:2").err, HasSubstr("something larger"));
  EXPECT_THAT(Policy(evaluate + "--sweep much").err, HasSubstr("RULE=FROM:TO:COUNT"));
}

}  // namespace
}  // namespace borderflow
