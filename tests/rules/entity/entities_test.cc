#include "rules/entity/entities.h"

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
#include "rules/jurisdiction/operators.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kSound = R"(organisations:
  one:
    title: "One"
    home: "NO"
    as_of: "2026-01-31"
    source: "S"
    verified: true
    as: [64500, 64501]
    prefixes: ["192.0.2.0/24"]
    suffixes: ["one.example"]
  two:
    title: "Two"
    home: unknown
    as_of: "2026-01-31"
    source: "S"
    verified: false
    suffixes: ["two.example", "two.one.example"]
lists:
  L:
    title: "T"
    authority: "A"
    status: in_force
    as_of: "2026-01-31"
    source: "S"
    verified: true
    members: [one, {organisation: two, since: "2024-01-01", until: "2025-01-01"}]
    not_recognised: ["Three"]
)";

absl::StatusOr<Entities> Parse(const std::string& yaml) {
  const EntitiesFile file{yaml, "my.yaml"};
  return Entities::Parse({&file, 1});
}

std::string Replaced(std::string_view what, std::string_view with) {
  std::string text(kSound);
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string ErrorOf(const std::string& yaml) {
  const absl::StatusOr<Entities> entities = Parse(yaml);
  if (entities.ok()) return "no error";
  EXPECT_EQ(entities.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(entities.status().message());
}

TEST(EntitiesTest, AnOrganisationIsFoundByAsPrefixAndSuffix) {
  const absl::StatusOr<Entities> entities = Parse(std::string(kSound));
  ASSERT_TRUE(entities.ok()) << entities.status();
  const EntityId one = entities->FindOrganisation("one")->id;
  const EntityId two = entities->FindOrganisation("two")->id;
  EXPECT_EQ(entities->ByAs(64501), one);
  EXPECT_EQ(entities->ByAddress(ParseAddressPrefix("192.0.2.9/32")->first), one);
  EXPECT_EQ(entities->ByName("www.one.example"), one);
  EXPECT_EQ(entities->ByName("www.two.one.example"), two);
  EXPECT_EQ(entities->Find(one)->title, "One");
  EXPECT_EQ(Code(entities->Find(one)->home), "NO");
  EXPECT_EQ(entities->Find(two)->home, Jurisdiction::kUnknown);
  EXPECT_EQ(entities->Find(kNoEntity), nullptr);
  EXPECT_EQ(entities->Find(3), nullptr);
  EXPECT_EQ(entities->FindOrganisation("three"), nullptr);
}

TEST(EntitiesTest, AListHoldsItsMembersUntilTheyAreDelisted) {
  const absl::StatusOr<Entities> entities = Parse(std::string(kSound));
  ASSERT_TRUE(entities.ok()) << entities.status();
  const EntityList& list = *entities->FindList("L");
  EXPECT_TRUE(list.Contains(1));
  EXPECT_FALSE(list.Contains(2)) << "delisted on 2025-01-01";
  EXPECT_FALSE(list.Contains(kNoEntity));
  EXPECT_FALSE(list.Contains(65'535));
  EXPECT_EQ(list.members[1].since, "2024-01-01");
  EXPECT_THAT(list.not_recognised, ElementsAre("Three"));
  EXPECT_EQ(list.status, ListStatus::kInForce);

  EXPECT_TRUE(
      Parse(Replaced("until: \"2025-01-01\"", "until: \"2026-02-01\""))->FindList("L")->Contains(2))
      << "delisted after the as-of date";
  EXPECT_FALSE(Parse(Replaced("in_force", "ended"))->FindList("L")->Contains(1))
      << "nobody is on a list that has ended";
}

TEST(EntitiesTest, HostileItemsAreRefusedWithTheirPlaceAndARemedy) {
  EXPECT_EQ(ErrorOf(Replaced("\"192.0.2.0/24\"", "\"192.0.2.7/24\"")),
            "my.yaml:9:16: \"192.0.2.7/24\" is not a prefix: bits are set behind its length: write "
            "192.0.2.0/24");
  EXPECT_EQ(ErrorOf(Replaced("\"192.0.2.0/24\"", "\"192.0.2.0\"")),
            "my.yaml:9:16: \"192.0.2.0\" is not a prefix: it has no length: write 192.0.2.0/32 for "
            "one address");
  EXPECT_EQ(
      ErrorOf(Replaced("64501", "AS64501")),
      "my.yaml:8:17: \"AS64501\" is not an AS number: expected a number from 1 to 4294967295, "
      "without \"AS\"");
  for (const char* asn : {"0", "4294967296", "-1", "1e3", "0x10"}) {
    EXPECT_THAT(ErrorOf(Replaced("64501", asn)), HasSubstr("is not an AS number")) << asn;
  }
  EXPECT_THAT(ErrorOf(Replaced("\"one.example\"", "\"One.example\"")),
              HasSubstr("my.yaml:10:16: suffix \"One.example\": upper case"));
  EXPECT_THAT(ErrorOf(Replaced("\"one.example\"", "\".example\"")), HasSubstr("empty label"));
  EXPECT_EQ(
      ErrorOf(Replaced("\"two.example\"", "\"one.example\"")),
      "my.yaml:17:16: \"one.example\" belongs to \"one\" already: an organisation's traffic has "
      "one owner; put that organisation on the list instead");
}

TEST(EntitiesTest, NamesStatusesAndHomesAreHeldAgainstWhatIsKnown) {
  EXPECT_EQ(ErrorOf(Replaced("[one,", "[onee,")),
            "my.yaml:26:15: unknown organisation \"onee\" (did you mean \"one\"?)");
  EXPECT_EQ(ErrorOf(Replaced("in_force", "in_forse")),
            "my.yaml:22:13: unknown status \"in_forse\": expected in_force, ended, curated or "
            "template (did you mean \"in_force\"?)");
  EXPECT_EQ(ErrorOf(Replaced("\"NO\"", "NO")),
            "my.yaml:4:11: unquoted NO is a boolean in YAML 1.1: write \"NO\" in quotes");
  EXPECT_THAT(ErrorOf(Replaced("\"NO\"", "\"UK\"")), HasSubstr("did you mean \"GB\"?"));
  EXPECT_EQ(ErrorOf(Replaced("unknown", "private")), "my.yaml:13:11: \"private\" is not a country");
  EXPECT_THAT(ErrorOf(Replaced("  one:", "  One:")),
              HasSubstr("an organisation cannot be named \"One\""));
  EXPECT_THAT(ErrorOf(Replaced("  L:", "  l:")), HasSubstr("a list cannot be named \"l\""));
  EXPECT_THAT(ErrorOf(Replaced("    authority: \"A\"\n", "")), HasSubstr("no \"authority\" here"));
  EXPECT_THAT(ErrorOf(Replaced("until: \"2025-01-01\"", "until: \"2023-01-01\"")),
              HasSubstr("\"until\" lies before \"since\""));
  EXPECT_THAT(ErrorOf(Replaced("[one, {organisation: two,", "[one, {organisation: one,")),
              HasSubstr("\"one\" stands twice in this list"));
  EXPECT_THAT(ErrorOf(Replaced("    suffixes: [\"two.example\", \"two.one.example\"]\n", "")),
              HasSubstr("nothing tells \"two\" in traffic"));
}

TEST(EntitiesTest, AFileOfOnesOwnAddsToTheShippedOnesAndKeepsTheirIds) {
  const absl::StatusOr<Entities> entities = Entities::BuiltIn().With(kSound, "my.yaml");
  ASSERT_TRUE(entities.ok()) << entities.status();
  for (const Organisation& organisation : Entities::BuiltIn().organisations()) {
    EXPECT_EQ(entities->Find(organisation.id)->name, organisation.name);
  }
  EXPECT_TRUE(entities->FindList("L")->Contains(entities->ByAs(64500)));
  EXPECT_NE(entities->digest(), Entities::BuiltIn().digest());
  EXPECT_THAT(
      std::string(
          Entities::BuiltIn().With("organisations: {amazon: {}}", "my.yaml").status().message()),
      HasSubstr("my.yaml:1:17: organisation \"amazon\" stands already in an earlier file"));
}

TEST(EntitiesTest, ATruncatedOrNoFileAtAllIsRefused) {
  for (size_t length = 0; length < kSound.size(); length += 7) {
    const absl::StatusOr<Entities> entities = Parse(std::string(kSound.substr(0, length)));
    if (!entities.ok()) {
      EXPECT_THAT(std::string(entities.status().message()), HasSubstr("my.yaml:")) << length;
    }
  }
  EXPECT_EQ(ErrorOf(std::string(kMaxEntitiesBytes + 1, ' ')),
            "my.yaml: 16777217 bytes; entity lists are read up to 16777216");
}

TEST(BuiltInEntitiesTest, EveryListHasTheMembersTheDateAndTheStatusThatItsSourceStates) {
  const std::map<std::string, std::pair<size_t, std::string>> expected = {
      {"AU_MHR_OPERATORS", {1, "2026-11-22"}}, {"CH_US_DPF", {4, "2026-04-30"}},
      {"EU_US_DPF", {4, "2026-04-30"}},        {"GOVERNMENT_SYSTEMS", {16, "2026-11-22"}},
      {"LARGE_CLOUDS", {12, "2026-11-22"}},    {"LARGE_CONTENT_NETWORKS", {3, "2026-11-22"}},
      {"LARGE_PLATFORMS", {10, "2026-11-22"}}, {"PAYMENT_NETWORKS", {4, "2026-11-22"}},
      {"UK_US_DPF", {4, "2026-04-30"}},        {"US_ENTITY_LIST_SELECTED", {3, "2023-11-10"}},
      {"US_EO_13942", {1, "2023-11-10"}},      {"US_EO_13943", {1, "2023-11-10"}},
      {"US_EO_13971", {2, "2023-11-10"}},      {"US_FCC_214", {3, "2023-11-10"}},
      {"US_FCC_COVERED", {9, "2024-09-03"}},   {"US_NDAA_889", {5, "2023-11-10"}}};
  std::set<std::string> verified;
  EXPECT_EQ(Entities::BuiltIn().lists().size(), expected.size());
  for (const auto& [id, count_and_date] : expected) {
    const EntityList* list = Entities::BuiltIn().FindList(id);
    ASSERT_NE(list, nullptr) << id;
    EXPECT_EQ(list->members.size(), count_and_date.first) << id;
    EXPECT_EQ(list->as_of, count_and_date.second) << id;
    EXPECT_FALSE(list->authority.empty()) << id;
    if (list->verified) verified.insert(id);
    for (const ListedOrganisation& member : list->members) {
      EXPECT_EQ(list->Contains(member.id), list->status != ListStatus::kEnded) << id;
    }
  }
  EXPECT_THAT(verified, ElementsAre("US_FCC_COVERED"));
}

TEST(BuiltInEntitiesTest, HomesAgreeWithTheTableOfOperators) {
  size_t compared = 0;
  for (uint32_t asn = 1; asn < 400'000; ++asn) {
    const EntityId id = Entities::BuiltIn().ByAs(asn);
    if (id == kNoEntity) continue;
    const Operator* found = FindOperator(asn);
    ASSERT_NE(found, nullptr) << asn;
    EXPECT_EQ(found->home, Entities::BuiltIn().Find(id)->home) << asn;
    ++compared;
  }
  EXPECT_GT(compared, 90u);
}

TEST(BuiltInEntitiesTest, ListsThatGroupsSpeakOfExist) {
  for (const auto& [id, group] : Groups::BuiltIn().all()) {
    for (const GroupMember& member : group.details) {
      if (member.entities.empty()) continue;
      EXPECT_NE(Entities::BuiltIn().FindList(member.entities), nullptr) << id;
    }
  }
}

TEST(BuiltInEntitiesTest, TheyAreTheFilesInTheSourceTree) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(BORDERFLOW_SOURCE_DIR) +
                                                               "/rules/entity/lists")) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string name = absl::StrCat("lists/", entry.path().filename().string());
    const auto built_in = Entities::BuiltInFiles();
    const auto same = std::find_if(built_in.begin(), built_in.end(),
                                   [&](const EntitiesFile& file) { return file.name == name; });
    ASSERT_NE(same, built_in.end()) << name;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_TRUE(same->yaml == text) << name;
    ++files;
  }
  EXPECT_EQ(files, Entities::BuiltInFiles().size());
}

}  // namespace
}  // namespace borderflow
