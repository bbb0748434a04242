#include "rules/category/suffix_table.h"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

// The slow twin: the last of the longest.
uint32_t RuleByScan(const std::vector<std::string>& suffixes, const std::string& name) {
  uint32_t rule = SuffixTable::kNone;
  size_t longest = 0;
  for (size_t i = 0; i < suffixes.size(); ++i) {
    const std::string& suffix = suffixes[i];
    if (suffix.size() <= longest || (name != suffix && !name.ends_with("." + suffix))) continue;
    longest = suffix.size();
    rule = static_cast<uint32_t>(i);
  }
  return rule;
}

bool Never(const SuffixTable::Entry&, const SuffixTable::Entry&) { return false; }
bool Always(const SuffixTable::Entry&, const SuffixTable::Entry&) { return true; }

// Names with few labels to choose from, so that there are narrow tails and wide ones, tails that
// are suffixes and tails that are none.
std::vector<std::string> Names(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::string> names;
  while (names.size() < count) {
    std::string name = absl::StrCat("t", random() % 3);
    for (size_t more = random() % 5; more > 0; --more) {
      name = absl::StrCat("l", random() % (random() % 2 == 0 ? 3 : 40), ".", name);
    }
    names.push_back(name);
  }
  return names;
}

void ExpectTwin(const TailKeys& keys, size_t count, uint32_t seed) {
  std::vector<std::string> suffixes = Names(count, seed);
  std::sort(suffixes.begin(), suffixes.end());
  suffixes.erase(std::unique(suffixes.begin(), suffixes.end()), suffixes.end());
  SuffixTable table(keys);
  for (size_t i = 0; i < suffixes.size(); ++i) {
    ASSERT_TRUE(table.Add(suffixes[i], static_cast<uint32_t>(i), static_cast<uint32_t>(i + 7)));
  }
  ASSERT_FALSE(table.Build(Never).has_value());
  for (const std::string& name : Names(500, seed + 1)) {
    const NameTails tails(name, keys);
    const uint32_t expected = RuleByScan(suffixes, name);
    ASSERT_EQ(table.Find(tails), expected) << name;
    const std::optional<SuffixTable::Entry> match = table.Match(tails);
    ASSERT_EQ(match.has_value(), expected != SuffixTable::kNone) << name;
    if (!match.has_value()) continue;
    ASSERT_EQ(match->suffix, suffixes[expected]) << name;
    ASSERT_EQ(match->line, expected + 7) << name;
  }
}

TEST(SuffixTableTest, AgreesWithAScanAboveNarrowAndWideTails) {
  for (uint32_t round = 0; round < 60; ++round) {
    ExpectTwin(TailKeys::OfProcess(), 1 + round * round, round);
  }
}

// Keys under which every tail has the same hash: of several suffixes the text tells which it is.
TEST(SuffixTableTest, AgreesWithAScanWhenAllHashesAreTheSame) {
  const TailKeys none{};
  for (uint32_t round = 0; round < 20; ++round) ExpectTwin(none, 5 + 3 * round, round);
}

TEST(SuffixTableTest, OfEqualSuffixesTheFirstIsFound) {
  SuffixTable table;
  table.Add("a.example", 1, 10);
  table.Add("b.example", 2, 11);
  table.Add("a.example", 3, 12);
  ASSERT_FALSE(table.Build(Always).has_value());
  EXPECT_EQ(table.Find(NameTails("x.a.example")), 1);
  EXPECT_EQ(table.Match(NameTails("x.a.example"))->line, 10);
  EXPECT_EQ(table.Find(NameTails("b.example")), 2);
}

TEST(SuffixTableTest, OfForbiddenPairsTheOneInTheLowestLineIsTold) {
  SuffixTable table;
  for (uint32_t line = 1; line <= 100; ++line) {
    table.Add(absl::StrCat("s", line % 60, ".example"), line, line);
  }
  const std::optional<SuffixTable::Twice> twice = table.Build(Never);
  ASSERT_TRUE(twice.has_value());
  EXPECT_EQ(twice->first.line, 1);
  EXPECT_EQ(twice->again.line, 61);
  EXPECT_EQ(twice->again.suffix, "s1.example");
}

TEST(SuffixTableTest, TableThatWasNeverBuiltFindsNothing) {
  const SuffixTable table;
  EXPECT_EQ(table.Find(NameTails("example.org")), SuffixTable::kNone);
  EXPECT_FALSE(table.Match(NameTails("example.org")).has_value());
}

}  // namespace
}  // namespace borderflow
