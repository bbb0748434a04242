// The policy commands as a user runs them, over a report that replay wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace borderflow
