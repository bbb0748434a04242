// The memo against a list that keeps everything, and the judge that has it against the tables.
#include "dataplane/inspect/name_memo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "dataplane/inspect/dns_names.h"
#include "dataplane/inspect/judge.h"

namespace borderflow {
namespace {

// The `number`th mark of a set.
uint64_t MarkIn(uint64_t set, uint64_t number) { return set << (64 - NameMemo::kSetBits) | number; }

TEST(NameMemoTest, EmptyOneKnowsNoMark) {
  NameMemo memo;
  for (const uint64_t set : {uint64_t{0}, uint64_t{1}, (uint64_t{1} << NameMemo::kSetBits) - 1}) {
    EXPECT_FALSE(memo.Find(MarkIn(set, 0)).has_value()) << set;
    EXPECT_FALSE(memo.Find(MarkIn(set, ~uint64_t{0} >> NameMemo::kSetBits)).has_value()) << set;
  }
}

TEST(NameMemoTest, WhatItAnswersIsWhatWasAddedForThatMark) {
  NameMemo memo;
  std::map<uint64_t, NameMemo::Answer> all;
  std::mt19937_64 random(1);
  size_t found = 0;
  for (uint32_t i = 0; i < 200'000; ++i) {
    // Few sets with more marks than they hold, the first and the last among them.
    const uint64_t mark = MarkIn(random() % 8 - 4, random() % 9);
    const std::optional<NameMemo::Answer> answer = memo.Find(mark);
    if (answer.has_value()) {
      ASSERT_TRUE(all.contains(mark));
      ASSERT_EQ(answer->rule, all[mark].rule);
      ASSERT_EQ(answer->organisation, all[mark].organisation);
      ++found;
    } else {
      all[mark] = {i, static_cast<EntityId>(random())};
      memo.Add(mark, all[mark]);
    }
  }
  EXPECT_GT(found, 50'000u);
}

TEST(NameMemoTest, NamesThatComeOnceDoNotPushOutOneThatComesOften) {
  NameMemo memo;
  const uint64_t often = MarkIn(7, 1);
  memo.Add(often, {1, 2});
  ASSERT_TRUE(memo.Find(often).has_value());
  for (uint64_t once = 2; once < 1000; ++once) {
    ASSERT_FALSE(memo.Find(MarkIn(7, once)).has_value());
    memo.Add(MarkIn(7, once), {3, 4});
  }
  ASSERT_TRUE(memo.Find(often).has_value());
  EXPECT_EQ(memo.Find(often)->rule, 1u);
}

TEST(NameMemoTest, DifferentNamesHaveDifferentMarks) {
  const NameMemo memo;
  std::set<uint64_t> marks;
  std::vector<std::string> names;
  // Of every length, names that differ in one byte, in the highest bit of it too.
  for (size_t size = 0; size <= NameMemo::kLongest; ++size) {
    const std::string name(size, 'a');
    names.push_back(name);
    for (size_t at = 0; at < size; ++at) {
      for (const char byte : {'\0', 'b', 'A', static_cast<char>('a' | 0x80)}) {
        names.push_back(name);
        names.back()[at] = byte;
      }
    }
  }
  for (const std::string& name : names) marks.insert(memo.MarkOf(name));
  EXPECT_EQ(marks.size(), names.size());
}

TEST(NameMemoTest, MarkIsOfTheBytesAndNotOfTheirPlace) {
  const NameMemo memo;
  for (size_t size = 0; size <= NameMemo::kLongest; ++size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    const uint64_t mark = memo.MarkOf(text);
    for (size_t offset = 1; offset < 9; ++offset) {
      const std::string moved = std::string(offset, '.') + text + "...";
      ASSERT_EQ(memo.MarkOf(std::string_view(moved).substr(offset, size)), mark) << size;
    }
  }
}

NameRules RulesOf(const std::string& csv) {
  absl::StatusOr<NameRules> rules = NameRules::Parse(csv, "memo.csv");
  EXPECT_TRUE(rules.ok()) << rules.status();
  return *std::move(rules);
}

std::string RandomName(std::mt19937_64* random) {
  constexpr const char* kLabels[] = {"a", "B", "shop", "example", "long-label-of-many-bytes", ""};
  std::string name;
  for (uint64_t labels = 1 + (*random)() % 4; labels > 0; --labels) {
    absl::StrAppend(&name, kLabels[(*random)() % std::size(kLabels)], labels > 1 ? "." : "");
  }
  return name;
}

TEST(NameMemoTest, JudgeAnswersAsTheTablesDo) {
  // As many names as the memo has places, several times over.
  std::string csv;
  for (int i = 0; i < 5000; ++i) absl::StrAppend(&csv, "n", i, ".example,MED,80,Service ", i, "\n");
  const NameRules rules = RulesOf(absl::StrCat(csv, "example,FIN,80,E\nshop.example,ADV,80,S\n"));
  const DnsNames dns(1);
  const Judge judge(&rules, &dns, &Entities::BuiltIn());
  const Judge without(&rules, &dns, nullptr);
  std::mt19937_64 random(2);
  size_t known = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string name =
        i % 2 == 0 ? RandomName(&random) : absl::StrCat("n", random() % 40'000, ".example");
    if (i % 7 == 0) name = absl::StrCat("www.", rules.Match(name) ? "google.com" : "github.com");
    if (i % 11 == 0) name = absl::AsciiStrToUpper(name);
    const NameFacts facts = judge.FactsOf(name);
    ASSERT_EQ(facts.rule, rules.Find(name)) << name;
    ASSERT_EQ(facts.organisation, Entities::BuiltIn().ByName(name)) << name;
    ASSERT_EQ(without.FactsOf(name).rule, facts.rule) << name;
    ASSERT_EQ(without.FactsOf(name).organisation, kNoEntity) << name;
    known += facts.rule != nullptr ? 1 : 0;
  }
  EXPECT_GT(known, 100'000u);
}

TEST(NameMemoTest, HasWhatItFinds) {
  NameMemo memo;
  std::mt19937_64 random(3);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t mark = MarkIn(random() % 4, 1 + random() % 7);
    const bool has = memo.Has(mark);
    ASSERT_EQ(has, memo.Find(mark).has_value());
    if (!has) memo.Add(mark, {1, 1});
  }
}

// Whatever is foreseen, too much of it too, the answers are those of the tables.
TEST(NameMemoTest, ForesightChangesNoAnswer) {
  std::string csv = "example,FIN,80,E\nshop.example,ADV,80,S\n";
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&csv, "n", i, ".example,MED,80,Service ", i, "\n");
  const NameRules rules = RulesOf(csv);
  const DnsNames dns(1);
  Judge judge(&rules, &dns, &Entities::BuiltIn());
  EXPECT_FALSE(judge.worth_foreseeing());
  std::mt19937_64 random(4);
  for (int burst = 0; burst < 20'000; ++burst) {
    std::vector<std::string> names;
    for (uint64_t count = random() % 24; count > 0; --count) {
      names.push_back(random() % 4 == 0 ? RandomName(&random)
                                        : absl::StrCat("n", random() % 40'000, ".example"));
      if (random() % 50 == 0) names.back().insert(0, 240 + random() % 30, 'x');
      if (random() % 9 == 0) names.push_back(names[random() % names.size()]);
    }
    judge.Foresee(std::vector<std::string_view>(names.begin(), names.end()));
    std::shuffle(names.begin(), names.end(), random);
    names.push_back("google.com");  // which nobody foresaw
    for (std::string& name : names) {
      if (random() % 11 == 0) name = absl::AsciiStrToUpper(name);
      const NameFacts facts = judge.FactsOf(name);
      ASSERT_EQ(facts.rule, rules.Find(name)) << name;
      ASSERT_EQ(facts.organisation, Entities::BuiltIn().ByName(name)) << name;
    }
  }
}

TEST(NameMemoTest, NamesOfAnyLengthAreAnswered) {
  const NameRules rules = RulesOf("example,FIN,80,E\n");
  const DnsNames dns(1);
  const Judge judge(&rules, &dns, nullptr);
  for (size_t size = 0; size < 600; ++size) {
    const std::string name = std::string(size, 'x') + ".example";
    for (int again = 0; again < 2; ++again) {
      ASSERT_EQ(judge.RuleOf(name), rules.Find(name)) << size;
      ASSERT_EQ(judge.RuleOf(std::string(size, 'x')), nullptr) << size;
    }
  }
}

TEST(NameMemoTest, OtherRulesBeginWithNothingRemembered) {
  const NameRules before = RulesOf("example,FIN,80,E\n");
  const NameRules after = RulesOf("other.example,MED,80,O\nwww.example,ADV,80,W\n");
  const DnsNames dns(1);
  Judge judge(&before, &dns, &Entities::BuiltIn());
  ASSERT_EQ(judge.RuleOf("www.example")->category, Category::kFin);
  judge = Judge(&after, &dns, nullptr);
  EXPECT_EQ(judge.RuleOf("www.example")->category, Category::kAdv);
  EXPECT_EQ(judge.RuleOf("example"), nullptr);
}

}  // namespace
}  // namespace borderflow
