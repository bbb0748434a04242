#include "rules/jurisdiction/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A file with the one group G, whose keys are these lines.
std::string OneGroup(const std::string& lines) { return absl::StrCat("groups:\n  G:\n", lines); }

// The keys that every group needs, at the indentation of OneGroup, with this list of members.
std::string Keys(const std::string& members) {
  return absl::StrCat(
      "    title: \"T\"\n    as_of: \"2026-01-31\"\n    source: \"S\"\n    verified: true\n",
      "    members: ", members, "\n");
}

// The message of the error that `yaml` must give.
std::string ErrorOf(const std::string& yaml) {
  const absl::StatusOr<Groups> groups = Groups::Parse(yaml, "my.yaml");
  if (groups.ok()) return "no error";
  EXPECT_EQ(groups.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(groups.status().message());
}

std::set<std::string> Codes(const JurisdictionSet& members) {
  std::set<std::string> codes;
  for (int id = 0; id < kJurisdictions; ++id) {
    if (members.test(static_cast<size_t>(id))) {
      codes.emplace(Code(static_cast<Jurisdiction>(id)));
    }
  }
  return codes;
}

TEST(GroupsTest, DigestIsTheSha256OfTheText) {
  const absl::StatusOr<Groups> groups = Groups::Parse("groups: {}\n", "g");
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_TRUE(groups->all().empty());
  // printf 'groups: {}\n' | sha256sum
  EXPECT_EQ(groups->digest(), "03d36f6b5d78b3b871899d6485ba5f64d02514985a6b73f3a0c136565e95a888");
}

TEST(GroupsTest, NamesInAMemberListMeanUnionWhateverTheOrder) {
  const absl::StatusOr<Groups> groups = Groups::Parse(
      absl::StrCat("groups:\n  A:\n", Keys("[B, \"NO\", C]"), "  B:\n", Keys("[\"DE\", C]"),
                   "  C:\n", Keys("[\"FR\", \"DE\"]"), "    territories: [\"RE\"]\n"),
      "my.yaml");
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_THAT(Codes(groups->Find("A")->members), ElementsAre("DE", "FR", "NO", "RE"));
  EXPECT_THAT(Codes(groups->Find("B")->members), ElementsAre("DE", "FR", "RE"));
  EXPECT_THAT(Codes(groups->Find("C")->members), ElementsAre("DE", "FR", "RE"));
  EXPECT_EQ(groups->Find("D"), nullptr);
  EXPECT_EQ(groups->Find("A")->title, "T");
  EXPECT_EQ(groups->Find("A")->source, "S");
  EXPECT_EQ(groups->Find("A")->as_of, "2026-01-31");
  EXPECT_TRUE(groups->Find("A")->verified);
}

TEST(GroupsTest, UnquotedBooleansAreRefusedWithTheQuotedCode) {
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"SE\", NO]"))),
            "my.yaml:7:21: unquoted NO is a boolean in YAML 1.1: write \"NO\" in quotes");
  for (const char* word : {"no", "No", "yes", "y", "N", "on", "off", "true", "False"}) {
    EXPECT_THAT(ErrorOf(OneGroup(Keys(absl::StrCat("[", word, "]")))),
                HasSubstr("is a boolean in YAML 1.1"))
        << word;
  }
  EXPECT_EQ(ErrorOf("groups:\n  NO:\n"), "my.yaml:2:3: a group cannot be named \"NO\"");
}

TEST(GroupsTest, UnknownMembersAreRefusedWithASuggestion) {
  const auto error = [](const char* member) {
    return ErrorOf(OneGroup(Keys(absl::StrCat("[\"", member, "\"]"))));
  };
  const std::string unknown = "my.yaml:7:15: unknown jurisdiction or group ";
  EXPECT_EQ(error("UK"), unknown + "\"UK\": ISO 3166-1 says \"GB\" (did you mean \"GB\"?)");
  EXPECT_EQ(error("DEU"), unknown + "\"DEU\" (did you mean \"DE\"?)");
  EXPECT_EQ(error("Germany"), unknown + "\"Germany\" (did you mean \"DE\"?)");
  EXPECT_EQ(error("AN"), unknown + "\"AN\": withdrawn by ISO 3166-3");
  EXPECT_EQ(error("ZR"), unknown + "\"ZR\": withdrawn by ISO 3166-3 (did you mean \"CD\"?)");
  EXPECT_EQ(error("EU"), unknown + "\"EU\": not a country in ISO 3166-1");
  EXPECT_EQ(error("qqqqqq"), unknown + "\"qqqqqq\"");
  EXPECT_EQ(error("a\\nb"), unknown + "\"a\\nb\"");
  EXPECT_EQ(error(""), unknown + "\"\"");
  EXPECT_EQ(error("unknown"), "my.yaml:7:15: \"unknown\" is not a country");
  EXPECT_EQ(ErrorOf(absl::StrCat("groups:\n  NORDIC:\n", Keys("[\"SE\"]"), "  B:\n",
                                 Keys("[\"NORDICS\"]"))),
            "my.yaml:13:15: unknown jurisdiction or group \"NORDICS\" (did you mean \"NORDIC\"?)");
}

TEST(GroupsTest, DuplicatesAreRefused) {
  EXPECT_EQ(ErrorOf(absl::StrCat("groups:\n  A:\n", Keys("[\"SE\"]"), "  A:\n", Keys("[\"DE\"]"))),
            "my.yaml:8:3: duplicate key \"A\": keep one of them");
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"SE\"]") + "    title: \"again\"\n")),
            "my.yaml:8:5: duplicate key \"title\": keep one of them");
  EXPECT_EQ(ErrorOf("groups: {}\ngroups: {}\n"),
            "my.yaml:2:1: duplicate key \"groups\": keep one of them");
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"SE\", \"DE\", \"SE\"]"))),
            "my.yaml:7:27: \"SE\" stands twice in this list");
}

TEST(GroupsTest, CyclesAreNamed) {
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[G]"))), "my.yaml:7:15: groups contain one another: G -> G");
  EXPECT_EQ(ErrorOf(absl::StrCat("groups:\n  A:\n", Keys("[B]"), "  B:\n", Keys("[C]"), "  C:\n",
                                 Keys("[\"DE\", B]"))),
            "my.yaml:19:21: groups contain one another: B -> C -> B");
}

TEST(GroupsTest, MissingAndWrongKeysAreNamed) {
  EXPECT_EQ(ErrorOf(OneGroup("    title: \"T\"\n    as_of: \"2026-01-31\"\n    verified: true\n"
                             "    members: [\"DE\"]\n")),
            "my.yaml:2:3: group \"G\" has no \"source\"");
  EXPECT_EQ(ErrorOf(OneGroup("    title: \"T\"\n    source: \"S\"\n    verified: true\n"
                             "    members: [\"DE\"]\n")),
            "my.yaml:2:3: group \"G\" has no \"as_of\"");
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"SE\"]") + "    sources: \"x\"\n")),
            "my.yaml:8:5: unknown key \"sources\": expected as_of, members, note, set, source, "
            "territories, title, verified (did you mean \"source\"?)");
  EXPECT_EQ(ErrorOf("group: {}\n"),
            "my.yaml:1:1: unknown key \"group\": expected groups (did you mean \"groups\"?)");
  EXPECT_EQ(ErrorOf("groups:\n  DE: {}\n"),
            "my.yaml:2:3: a group cannot be named \"DE\": that is the code of a jurisdiction");
  EXPECT_EQ(ErrorOf("groups:\n  G: [\"DE\"]\n"), "my.yaml:2:3: group \"G\" must be a map");
  EXPECT_EQ(ErrorOf("[\"DE\"]\n"), "my.yaml:1:1: expected a map with the key \"groups\"");
  EXPECT_EQ(ErrorOf("groups: 3\n"),
            "my.yaml:1:9: \"groups\" must be a map from a group's name to its members");
}

TEST(GroupsTest, ValuesOfTheWrongKindAreRefused) {
  const auto with = [](const std::string& key, const std::string& value) {
    std::string lines;
    for (const auto& [name, text] : std::map<std::string, std::string>{{"as_of", "\"2026-01-31\""},
                                                                       {"members", "[\"DE\"]"},
                                                                       {"source", "\"S\""},
                                                                       {"title", "\"T\""},
                                                                       {"verified", "true"}}) {
      absl::StrAppend(&lines, "    ", name, ": ", name == key ? value : text, "\n");
    }
    return ErrorOf(OneGroup(lines));
  };
  EXPECT_EQ(with("as_of", "\"2026-02-30\""),
            "my.yaml:3:12: \"as_of\" is \"2026-02-30\": expected a date such as \"2026-11-21\"");
  EXPECT_EQ(with("as_of", "yesterday"),
            "my.yaml:3:12: \"as_of\" is \"yesterday\": expected a date such as \"2026-11-21\"");
  EXPECT_EQ(with("as_of", "\"2026-1-31\""),
            "my.yaml:3:12: \"as_of\" is \"2026-1-31\": expected a date such as \"2026-11-21\"");
  EXPECT_EQ(with("verified", "maybe"), "my.yaml:7:15: \"verified\" must be true or false");
  EXPECT_EQ(with("source", "\"\""), "my.yaml:5:13: \"source\" must be text");
  EXPECT_EQ(with("members", "[]"), "my.yaml:4:14: \"members\" must be a list of quoted codes");
  EXPECT_EQ(with("members", "\"DE\""), "my.yaml:4:14: \"members\" must be a list of quoted codes");
  EXPECT_EQ(with("members", "[[\"DE\"]]"),
            "my.yaml:4:15: expected a quoted code, the name of a group, or a map with a code");
}

TEST(GroupsTest, TerritoriesNeedTheirStateInTheList) {
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"DE\"]") + "    territories: [\"RE\"]\n")),
            "my.yaml:8:19: \"RE\" is a territory of \"FR\", which is not in \"members\"");
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"DE\"]") + "    territories: [\"AT\"]\n")),
            "my.yaml:8:19: \"AT\" is not a territory of another state: list it in \"members\"");
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"DE\"]") + "    territories: [\"QQ\"]\n")),
            "my.yaml:8:19: unknown jurisdiction or group \"QQ\"");
}

TEST(GroupsTest, DamagedYamlIsRefusedAtItsPlace) {
  EXPECT_THAT(ErrorOf("groups:\n  G: [\"DE\"\n"), StartsWith("my.yaml:3:1: "));
  EXPECT_THAT(ErrorOf("groups: {\n\t\"A\": *nowhere}\n"), StartsWith("my.yaml:2:"));
  // The library's own loader of all documents never ends on the third.
  for (const char* text : {"", "groups: {}\n---\ngroups: {}\n", ",\xfc\xfc\xfc"}) {
    EXPECT_EQ(ErrorOf(text), "my.yaml:1:1: expected exactly one YAML document") << text;
  }
}

TEST(GroupsTest, SizeIsBounded) {
  EXPECT_EQ(ErrorOf(std::string(kMaxGroupsBytes + 1, ' ')),
            "my.yaml: 1048577 bytes; groups are read up to 1048576");
  std::string many = "groups:\n";
  for (size_t i = 0; i <= kMaxGroups; ++i) absl::StrAppend(&many, "  G", i, ": {}\n");
  EXPECT_EQ(ErrorOf(many), "my.yaml:2:3: 1001 groups; at most 1000");
  // As many as may be, each inside the one before it.
  std::string chain = "groups:\n";
  for (size_t i = 0; i < kMaxGroups; ++i) {
    absl::StrAppend(&chain, "  G", i, ":\n",
                    Keys(i + 1 < kMaxGroups ? absl::StrCat("[G", i + 1, "]") : "[\"DE\"]"));
  }
  const absl::StatusOr<Groups> groups = Groups::Parse(chain, "my.yaml");
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_THAT(Codes(groups->Find("G0")->members), ElementsAre("DE"));
  // Nesting is cut off by the parser, not by the stack.
  EXPECT_THAT(ErrorOf(std::string(100'000, '[')), StartsWith("my.yaml:1:"));
}

TEST(GroupsTest, AMemberMayHaveAScopeADateAndAMarkOfItsOwn) {
  const absl::StatusOr<Groups> groups = Groups::Parse(
      OneGroup(Keys("[\"SE\", {code: \"NO\", scope: \"only some\", entities: LIST, since: "
                    "\"2025-02-01\", source: \"own\", verified: false}]")),
      "my.yaml");
  ASSERT_TRUE(groups.ok()) << groups.status();
  const Group& group = *groups->Find("G");
  EXPECT_THAT(Codes(group.members), ElementsAre("NO", "SE"));
  EXPECT_THAT(Codes(group.limited), ElementsAre("NO"));
  EXPECT_FALSE(group.verified) << "one member that was not read makes the list unverified";
  ASSERT_EQ(group.details.size(), 1u);
  EXPECT_EQ(group.details[0].source, "own");
  EXPECT_EQ(group.details[0].as_of, "2026-01-31");
  EXPECT_EQ(group.details[0].since, "2025-02-01");
  EXPECT_EQ(group.details[0].entities, "LIST");
}

TEST(GroupsTest, MembersThatContradictTheirGroupAreRefused) {
  const auto error = [](const char* member) {
    return ErrorOf(OneGroup(Keys(absl::StrCat("[", member, "]"))));
  };
  EXPECT_EQ(error("{code: NO}"),
            "my.yaml:7:22: unquoted NO is a boolean in YAML 1.1: write \"NO\" in quotes");
  EXPECT_EQ(error("{code: \"UK\"}"),
            "my.yaml:7:22: unknown jurisdiction or group \"UK\": ISO 3166-1 says \"GB\" (did you "
            "mean \"GB\"?)");
  EXPECT_EQ(error("{code: \"SE\", entities: LIST}"),
            "my.yaml:7:38: a member with \"entities\" needs a \"scope\" that says what is covered");
  EXPECT_EQ(error("{code: \"SE\", since: \"1 May\"}"),
            "my.yaml:7:35: \"since\" is \"1 May\": expected a date such as \"2026-11-21\"");
  EXPECT_THAT(error("{cod: \"SE\"}"), HasSubstr("unknown key \"cod\""));
  EXPECT_EQ(error("\"SE\", {code: \"SE\"}"), "my.yaml:7:28: \"SE\" stands twice in this list");
}

TEST(GroupsTest, AGroupMayBeAnExpressionOverOthers) {
  const std::string set =
      "    title: \"T\"\n    as_of: \"2026-01-31\"\n    source: \"S\"\n    verified: true\n    "
      "set: ";
  const absl::StatusOr<Groups> groups = Groups::Parse(
      absl::StrCat("groups:\n  A:\n", set, "\"B - NO + GB\"\n  B:\n", Keys("[\"NO\", \"SE\"]")),
      "my.yaml");
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_THAT(Codes(groups->Find("A")->members), ElementsAre("GB", "SE"));
  EXPECT_EQ(ErrorOf(OneGroup(set + "\"DE + EAA\"\n")),
            "my.yaml:7:16: unknown jurisdiction or group \"EAA\"");
  EXPECT_EQ(ErrorOf(OneGroup(set + "DE + G\n")),
            "my.yaml:7:10: groups contain one another: G -> G");
  EXPECT_EQ(ErrorOf(OneGroup(Keys("[\"SE\"]") + "    set: \"DE\"\n")),
            "my.yaml:2:3: group \"G\" must have either \"members\" or \"set\"");
}

TEST(GroupsTest, AFileOfOnesOwnAddsToTheShippedGroupsAndRedefinesNone) {
  const absl::StatusOr<Groups> groups =
      Groups::BuiltIn().With(OneGroup(Keys("[EFTA, \"GB\"]")), "my.yaml");
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_THAT(Codes(groups->Find("G")->members), ElementsAre("CH", "GB", "IS", "LI", "NO"));
  EXPECT_EQ(groups->Find("EEA")->members, Groups::BuiltIn().Find("EEA")->members);
  EXPECT_NE(groups->digest(), Groups::BuiltIn().digest());
  EXPECT_EQ(Groups::BuiltIn()
                .With(absl::StrCat("groups:\n  EEA:\n", Keys("[\"GB\"]")), "my.yaml")
                .status()
                .message(),
            "my.yaml:2:3: group \"EEA\" stands already in the groups that this file adds to: "
            "choose another name");
}

TEST(GroupsTest, NamesThatAnExpressionCouldNotHoldAreRefused) {
  for (const char* name : {"ANY", "a", "lower", "\"A-B\"", "\"A B\"", "\"9A\""}) {
    EXPECT_THAT(ErrorOf(absl::StrCat("groups:\n  ", name, ":\n", Keys("[\"SE\"]"))),
                HasSubstr("a group cannot be named"))
        << name;
  }
}

TEST(GroupsTest, DigestOfTheShippedGroupsIsHadWithoutReadingThem) {
  EXPECT_EQ(Groups::BuiltInDigest(), Groups::BuiltIn().digest());
}

}  // namespace
}  // namespace borderflow
