#include "rules/policy/lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "rules/policy/pack.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

constexpr char kGroups[] = R"(groups:
  MY_PARTNERS:
    title: "Partners of an invented company"
    source: "its contracts"
    as_of: "2026-11-01"
    verified: true
    members: ["NO", "CH"]
)";
constexpr char kEntities[] = R"(organisations:
  my-supplier:
    title: "An invented supplier"
    home: "NO"
    as_of: "2026-11-01"
    source: "its contract"
    verified: true
    suffixes: ["supplier.example"]
lists:
  MY_SUPPLIERS:
    title: "Suppliers under contract"
    authority: "an invented company"
    status: curated
    as_of: "2026-11-01"
    source: "its contracts"
    verified: true
    members: [my-supplier]
)";
constexpr char kPack[] = R"(pack: {id: p, title: t, authority: a, version: "1", as_of: "2026-11-01",
  stale_after_days: 3650, default: permitted, burden: restrictor, purpose: privacy,
  sources: [{id: s, title: t, date: "2024-05-01"}], says: [x], sees: [x], cannot_see: [x]}
rules:
  - {id: r, says: x, cite: {source: s, place: p}, purpose: privacy, verdict: review,
     when: {destination: {location: "ANY - MY_PARTNERS", not_entity: [MY_SUPPLIERS]}},
     observability: weak}
)";

class ListsTest : public testing::Test {
 protected:
  static std::string Write(const std::string& name, const std::string& text) {
    const std::string path = std::filesystem::path(testing::TempDir()) / ("lists_test_" + name);
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
};

TEST_F(ListsTest, WithoutFilesTheyAreThoseOfTheProgram) {
  EXPECT_EQ(&Lists().groups(), &Groups::BuiltIn());
  EXPECT_EQ(&Lists().entities(), &Entities::BuiltIn());
}

TEST_F(ListsTest, APackMayNameWhatTheFilesDefine) {
  const absl::StatusOr<Lists> lists =
      Lists::Load({Write("g.yaml", kGroups)}, {Write("e.yaml", kEntities)});
  ASSERT_TRUE(lists.ok()) << lists.status();
  const absl::StatusOr<Pack> pack = ParsePack(kPack, "p.yaml", *lists);
  ASSERT_TRUE(pack.ok()) << pack.status();
  ASSERT_EQ(pack->rules.size(), 1u);
  const EndCondition& end = pack->rules[0].when.destination;
  EXPECT_FALSE((*end.all[0])[static_cast<size_t>(*FromCode("NO"))]);
  EXPECT_TRUE((*end.all[0])[static_cast<size_t>(*FromCode("DE"))]);
  ASSERT_EQ(end.not_entity.ids.size(), 1u);
  EXPECT_EQ(lists->entities().Find(end.not_entity.ids[0])->name, "my-supplier");
  EXPECT_NE(lists->groups().digest(), Groups::BuiltIn().digest());
  EXPECT_NE(lists->entities().digest(), Entities::BuiltIn().digest());
  // The program's own organisations keep their numbers.
  for (const Organisation& organisation : Entities::BuiltIn().organisations()) {
    EXPECT_EQ(lists->entities().FindOrganisation(organisation.name)->id, organisation.id);
  }
}

TEST_F(ListsTest, WithoutThemThePackIsRefusedWithThePlace) {
  EXPECT_THAT(std::string(ParsePack(kPack, "p.yaml", Groups::BuiltIn()).status().message()),
              HasSubstr("p.yaml:6:"));
}

TEST_F(ListsTest, MistakesAreRefusedWithFileAndPlace) {
  std::string defined_anew = kGroups;
  defined_anew.replace(defined_anew.find("MY_PARTNERS"), 11, "EEA");
  const std::string twice = Write("twice.yaml", defined_anew);
  EXPECT_THAT(std::string(Lists::Load({twice}, {}).status().message()), HasSubstr(twice));
  const std::string bad = Write("bad.yaml", "organisations: {amazon: {}}\n");
  EXPECT_THAT(std::string(Lists::Load({}, {bad}).status().message()), HasSubstr(bad + ":1:"));
  EXPECT_EQ(Lists::Load({"none.yaml"}, {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Lists::Load({}, {"none.yaml"}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace borderflow
