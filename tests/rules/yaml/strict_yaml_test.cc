#include "rules/yaml/strict_yaml.h"

#include <gtest/gtest.h>

namespace borderflow {
namespace {

constexpr std::string_view kKeys[] = {"categories", "verdict"};

std::string KeyError(std::string_view text) {
  const StrictYaml yaml("f.yaml");
  const absl::StatusOr<YAML::Node> node = yaml.Load(text);
  if (!node.ok()) return std::string(node.status().message());
  return std::string(yaml.CheckKeys(*node, kKeys).message());
}

TEST(StrictYamlTest, KnownKeysPass) {
  EXPECT_EQ(KeyError("verdict: review\ncategories: [HLT]"), "");
}

// yaml-cpp keeps the first of two equal keys: a rule could vanish.
TEST(StrictYamlTest, DuplicateKeysAreRefusedWithTheirPlace) {
  EXPECT_EQ(KeyError("verdict: review\nverdict: permitted"),
            "f.yaml:2:1: duplicate key \"verdict\": keep one of them");
}

TEST(StrictYamlTest, AMistypedKeyGetsTheNearestOne) {
  EXPECT_EQ(KeyError("verdikt: review"),
            "f.yaml:1:1: unknown key \"verdikt\": expected categories, verdict (did you mean "
            "\"verdict\"?)");
}

TEST(StrictYamlTest, BrokenYamlIsNamedWithItsPlace) {
  EXPECT_EQ(KeyError("verdict: [").rfind("f.yaml:", 0), 0u);
}

// NO is Norway to a person and a boolean to YAML 1.1.
TEST(StrictYamlTest, APlainBooleanIsNoText) {
  const StrictYaml yaml("f.yaml");
  std::string text;
  EXPECT_EQ(yaml.Text(*yaml.Load("code: NO"), "code", &text).message(),
            "f.yaml:1:7: unquoted NO is a boolean in YAML 1.1: write \"NO\" in quotes");
  EXPECT_TRUE(yaml.Text(*yaml.Load("code: \"NO\""), "code", &text).ok());
  EXPECT_EQ(text, "NO");
}

TEST(StrictYamlTest, ExactlyOneDocumentIsRead) {
  for (const char* text : {"", "verdict: a\n---\nverdict: b\n", ",\xfc\xfc\xfc"}) {
    EXPECT_EQ(KeyError(text), "f.yaml:1:1: expected exactly one YAML document") << text;
  }
}

TEST(StrictYamlTest, AListHoldsNothingTwice) {
  const StrictYaml yaml("f.yaml");
  std::vector<std::string> list;
  EXPECT_TRUE(yaml.OptionalList(*yaml.Load("l: [\"NO\", SE]"), "l", &list).ok());
  EXPECT_EQ(list, (std::vector<std::string>{"NO", "SE"}));
  EXPECT_EQ(yaml.OptionalList(*yaml.Load("l: [SE, DE, SE]"), "l", &list).message(),
            "f.yaml:1:13: \"SE\" stands twice in this list");
}

TEST(StrictYamlTest, DatesAreDaysOfTheCalendar) {
  const StrictYaml yaml("f.yaml");
  std::string date;
  EXPECT_TRUE(yaml.Date(*yaml.Load("d: \"2024-02-29\""), "d", &date).ok());
  for (const char* text : {"d: \"2023-02-29\"", "d: \"2023-2-28\"", "d: soon", "e: 1"}) {
    EXPECT_FALSE(yaml.Date(*yaml.Load(text), "d", &date).ok()) << text;
  }
}

TEST(StrictYamlTest, ATextsPlaceIsThatOfItsFirstCharacter) {
  const StrictYaml yaml("f.yaml");
  EXPECT_EQ(StrictYaml::TextPlace((*yaml.Load("s: \"EEA\""))["s"]), std::make_pair(1, 5));
  EXPECT_EQ(StrictYaml::TextPlace((*yaml.Load("a: 1\ns: EEA"))["s"]), std::make_pair(2, 4));
}

TEST(StrictYamlTest, NumbersKeepTheirBounds) {
  const StrictYaml yaml("f.yaml");
  int number = 0;
  EXPECT_TRUE(yaml.Number(*yaml.Load("n: 99"), "n", 1, 99, &number).ok());
  EXPECT_EQ(number, 99);
  for (const char* text : {"n: 0", "n: 100", "n: many", "n: [1]", "m: 1"}) {
    EXPECT_FALSE(yaml.Number(*yaml.Load(text), "n", 1, 99, &number).ok()) << text;
  }
}

}  // namespace
}  // namespace borderflow
