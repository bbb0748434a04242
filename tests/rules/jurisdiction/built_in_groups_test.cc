// The groups that ship with the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rules/jurisdiction/groups.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::set<std::string> Codes(const JurisdictionSet& members) {
  std::set<std::string> codes;
  for (int id = 0; id < kJurisdictions; ++id) {
    if (members.test(static_cast<size_t>(id))) {
      codes.emplace(Code(static_cast<Jurisdiction>(id)));
    }
  }
  return codes;
}

TEST(BuiltInGroupsTest, EveryGroupHasTheMembersAndTheDateThatItsSourceStates) {
  // Numbers as the instruments state them; EU and what contains it with its seven territories.
  const std::map<std::string, std::pair<size_t, std::string>> expected = {
      {"ACCESS_NOT_LIMITED_ATTRIBUTED", {1, "2023-11-10"}},
      {"APEC_CBPR", {9, "2025-06-30"}},
      {"ASEAN", {11, "2025-10-26"}},
      {"BRICS", {10, "2025-01-31"}},
      {"BRICS_PARTNERS", {10, "2025-06-30"}},
      {"BR_ADEQUATE", {30 + 7, "2026-01-26"}},
      {"BUDAPEST", {76, "2024-10-31"}},
      {"CH_ADEQUATE_PARTIAL", {2, "2024-09-15"}},
      {"CH_ADEQUATE_WHOLE", {30 + 7 + 12, "2024-09-15"}},
      {"CLOUD_ACT", {2, "2026-06-30"}},
      {"CN_AND_SARS", {3, "2026-04-05"}},
      {"COE", {46, "2026-06-30"}},
      {"CONV108", {55, "2026-01-28"}},
      {"CONV108PLUS", {28, "2026-01-28"}},
      {"CONV108PLUS_REPORTED", {31, "2026-01-28"}},
      {"CPTPP", {12, "2025-11-21"}},
      {"DEPA", {4, "2025-01-31"}},
      {"DEPA_APPLICANTS", {5, "2025-01-31"}},
      {"EAEU", {5, "2026-06-30"}},
      {"EAEU_OBSERVERS", {4, "2026-06-30"}},
      {"EEA", {30 + 7, "2026-06-30"}},
      {"EFTA", {4, "2026-06-30"}},
      {"EU", {27 + 7, "2026-06-30"}},
      {"EU_ADEQUATE_PARTIAL", {4, "2026-06-30"}},
      {"EU_ADEQUATE_WHOLE", {12, "2026-06-30"}},
      {"EU_JAPAN_EPA", {27 + 7 + 1, "2024-07-01"}},
      {"EU_OVERSEAS", {11, "2026-06-30"}},
      {"FIVE_EYES", {5, "2026-06-30"}},
      {"G7", {7, "2026-06-30"}},
      {"G7_DFFT", {27 + 7 + 4, "2023-04-30"}},  // 3 of the G7 are in the EU
      {"GCC", {6, "2026-06-30"}},
      {"GLOBAL_CBPR", {9, "2026-06-30"}},
      {"GLOBAL_CBPR_ASSOCIATES", {4, "2026-06-30"}},
      {"JP_EQUIVALENT", {30 + 7 + 1, "2026-06-30"}},
      {"KR_EQUIVALENT", {27 + 7, "2025-09-16"}},
      {"MALABO", {15, "2023-06-08"}},
      {"OECD", {38, "2024-12-31"}},
      {"OECD_CANDIDATES", {8, "2024-12-31"}},
      {"OECD_GOV_ACCESS_2022", {38 + 5 + 7, "2022-12-14"}},  // 5 of the EU are not in the OECD
      {"RCEP", {15, "2026-06-30"}},
      {"RU_ADEQUATE", {55 + 3, "2022-08-05"}},
      {"UK_ADEQUATE_PARTIAL", {3, "2026-02-05"}},
      {"UK_ADEQUATE_WHOLE", {30 + 7 + 12, "2026-02-05"}},
      {"USMCA", {3, "2026-06-30"}},
      {"US_AND_TERRITORIES", {7, "2026-06-30"}},
      {"US_DSP_COUNTRIES_OF_CONCERN", {8, "2026-04-05"}},
      {"US_INDONESIA_ART", {2, "2026-05-31"}},
      {"US_PADFA_ADVERSARIES", {4, "2026-02-09"}}};
  EXPECT_EQ(Groups::BuiltIn().all().size(), expected.size());
  for (const auto& [id, count_and_date] : expected) {
    const Group* group = Groups::BuiltIn().Find(id);
    ASSERT_NE(group, nullptr) << id;
    EXPECT_EQ(group->id, id);
    EXPECT_EQ(group->members.count(), count_and_date.first) << id;
    EXPECT_EQ(group->as_of, count_and_date.second) << id;
    EXPECT_FALSE(group->title.empty()) << id;
    EXPECT_FALSE(group->source.empty()) << id;
  }
}

TEST(BuiltInGroupsTest, OnlyListsThatWereReadInTheirSourceAreVerified) {
  std::set<std::string> verified;
  for (const auto& [id, group] : Groups::BuiltIn().all()) {
    if (group.verified) verified.insert(id);
  }
  EXPECT_THAT(
      verified,
      ElementsAre("ACCESS_NOT_LIMITED_ATTRIBUTED", "BR_ADEQUATE", "CH_ADEQUATE_PARTIAL",
                  "CH_ADEQUATE_WHOLE", "CN_AND_SARS", "CONV108PLUS", "DEPA_APPLICANTS",
                  "EU_ADEQUATE_PARTIAL", "EU_ADEQUATE_WHOLE", "GCC", "GLOBAL_CBPR",
                  "GLOBAL_CBPR_ASSOCIATES", "KR_EQUIVALENT", "OECD_CANDIDATES",
                  "UK_ADEQUATE_PARTIAL", "US_DSP_COUNTRIES_OF_CONCERN", "US_PADFA_ADVERSARIES"));
}

TEST(BuiltInGroupsTest, DecisionsThatCoverOnlySomeRecipientsAreKeptAsSuch) {
  const Group& partial = *Groups::BuiltIn().Find("EU_ADEQUATE_PARTIAL");
  EXPECT_THAT(Codes(partial.members), ElementsAre("CA", "JP", "KR", "US"));
  EXPECT_EQ(partial.limited, partial.members);
  ASSERT_EQ(partial.details.size(), 4u);
  const GroupMember& framework = partial.details[3];
  EXPECT_EQ(Code(framework.jurisdiction), "US");
  EXPECT_EQ(framework.entities, "EU_US_DPF");
  EXPECT_EQ(framework.since, "2023-07-10");
  EXPECT_THAT(framework.scope, HasSubstr("Data Privacy Framework list"));
  EXPECT_TRUE(framework.verified);

  for (const char* of : {"EU", "UK", "CH"}) {
    const Group* whole = Groups::BuiltIn().Find(absl::StrCat(of, "_ADEQUATE_WHOLE"));
    const Group* some = Groups::BuiltIn().Find(absl::StrCat(of, "_ADEQUATE_PARTIAL"));
    EXPECT_TRUE((whole->members & some->members).none()) << of;
    EXPECT_TRUE(whole->limited.none()) << of;
    EXPECT_EQ(some->limited, some->members) << of;
  }
  EXPECT_THAT(Codes(Groups::BuiltIn().Find("GLOBAL_CBPR_ASSOCIATES")->limited), ElementsAre("AE"));
}

TEST(BuiltInGroupsTest, NorwayIsAMemberAndNotAFalsehood) {
  for (const char* id : {"EEA", "EFTA", "COE", "OECD", "CONV108", "BUDAPEST"}) {
    EXPECT_EQ(Codes(Groups::BuiltIn().Find(id)->members).count("NO"), 1u) << id;
  }
  EXPECT_EQ(Codes(Groups::BuiltIn().Find("EU")->members).count("NO"), 0u);
}

TEST(BuiltInGroupsTest, UnionHoldsItsTerritoriesAndNotTheOverseasCountries) {
  const std::set<std::string> eu = Codes(Groups::BuiltIn().Find("EU")->members);
  const std::set<std::string> eea = Codes(Groups::BuiltIn().Find("EEA")->members);
  for (const char* code : {"AX", "GP", "MQ", "GF", "RE", "YT", "MF"}) {
    EXPECT_EQ(eu.count(code), 1u) << code;
    EXPECT_EQ(eea.count(code), 1u) << code;
  }
  for (const char* code : {"PF", "NC", "BL", "PM", "WF", "TF", "AW", "CW", "SX", "BQ", "GL", "FO",
                           "SJ", "GB", "CH", "XK"}) {
    EXPECT_EQ(eu.count(code), 0u) << code;
  }
  EXPECT_EQ(eea.count("SJ"), 0u);
}

TEST(BuiltInGroupsTest, GroupsThatContainOneAnotherAgree) {
  const auto members = [](const char* id) { return Groups::BuiltIn().Find(id)->members; };
  EXPECT_EQ(members("EU") & members("EEA"), members("EU"));
  EXPECT_EQ(members("EFTA") & members("EEA"), members("EEA") & ~members("EU"));
  EXPECT_EQ(members("COE") & members("CONV108"), members("COE"));
  EXPECT_EQ(members("CONV108PLUS") & members("CONV108"), members("CONV108PLUS"));
  EXPECT_EQ(members("G7") & members("OECD"), members("G7"));
  EXPECT_TRUE((members("EU_ADEQUATE_WHOLE") & members("EEA")).none());
}

TEST(BuiltInGroupsTest, TheyAreTheFilesInTheSourceTree) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(BORDERFLOW_SOURCE_DIR) +
                                                               "/rules/jurisdiction/groups")) {
    const std::string name = absl::StrCat("groups/", entry.path().filename().string());
    const auto built_in = Groups::BuiltInFiles();
    const auto same = std::find_if(built_in.begin(), built_in.end(),
                                   [&](const GroupsFile& file) { return file.name == name; });
    ASSERT_NE(same, built_in.end()) << name;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_EQ(same->yaml, text) << name;
    ++files;
  }
  EXPECT_EQ(files, Groups::BuiltInFiles().size());
}

}  // namespace
}  // namespace borderflow
