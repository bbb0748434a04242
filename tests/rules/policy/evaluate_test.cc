#include "rules/policy/evaluate.h"

#include <gtest/gtest.h>

#include <random>

namespace borderflow {
namespace {

const Pack& DataAllies() {
  static const auto* const pack = new Pack(*LoadPack("data-allies", Groups::BuiltIn()));
  return *pack;
}

PolicyCell CellTo(std::string_view from, std::string_view to, Category category,
                  Protection protection) {
  PolicyCell cell;
  cell.source.location = *FromCode(from);
  cell.destination.location = *FromCode(to);
  cell.category = category;
  cell.evidence = Evidence::kName;
  cell.confidence = 80;
  cell.protection = protection;
  cell.frames = 1;
  cell.bytes = 100;
  cell.flows = 1;
  return cell;
}

Verdict Of(const PolicyCell& cell) {
  std::string_view rule;
  return VerdictOf(DataAllies(), cell, &rule);
}

std::string RuleOf(const PolicyCell& cell) {
  std::string_view rule;
  VerdictOf(DataAllies(), cell, &rule);
  return std::string(rule);
}

constexpr Protection kEncrypted = Protection::kEncrypted;
constexpr Protection kCleartext = Protection::kCleartext;

// Each rule of the shipped pack: a cell that fires it, and a near miss that does not.
TEST(DataAlliesTest, EveryRuleFiresAndItsNearMissDoesNot) {
  struct Case {
    const char* rule;
    PolicyCell fires;
    PolicyCell misses;
  };
  const Case cases[] = {
      {"infrastructure", CellTo("DE", "CN", Category::kInf, kCleartext),
       CellTo("DE", "CN", Category::kCom, kCleartext)},
      {"open-data", CellTo("DE", "CN", Category::kMed, kEncrypted),
       CellTo("DE", "CN", Category::kGov, kEncrypted)},
      {"ally-readable-on-the-way", CellTo("DE", "JP", Category::kHlt, kCleartext),
       CellTo("DE", "JP", Category::kHlt, kEncrypted)},
      {"ally-government-systems", CellTo("DE", "JP", Category::kGov, kEncrypted),
       CellTo("DE", "CN", Category::kGov, kEncrypted)},
      {"ally", CellTo("DE", "US", Category::kHlt, kEncrypted),
       CellTo("DE", "IN", Category::kHlt, kEncrypted)},
      {"non-aligned-government-systems", CellTo("DE", "IN", Category::kInd, kEncrypted),
       CellTo("DE", "FR", Category::kInd, kEncrypted)},
      {"non-aligned-readable-on-the-way", CellTo("DE", "IN", Category::kFin, kCleartext),
       CellTo("DE", "IN", Category::kFin, kEncrypted)},
      {"non-aligned-personal", CellTo("DE", "IN", Category::kFin, kEncrypted),
       CellTo("DE", "IN", Category::kDbx, kEncrypted)},
  };
  ASSERT_EQ(std::size(cases), DataAllies().rules.size());
  for (const Case& c : cases) {
    EXPECT_EQ(RuleOf(c.fires), c.rule);
    EXPECT_NE(RuleOf(c.misses), c.rule);
  }
}

TEST(DataAlliesTest, WhatStaysAtHomeIsOutOfScope) {
  EXPECT_EQ(Of(CellTo("DE", "DE", Category::kHlt, kCleartext)), Verdict::kOutOfScope);
}

TEST(DataAlliesTest, AnEndThatIsNoJurisdictionIsUndetermined) {
  for (const char* special : {"unknown", "private", "reserved", "multicast", "anycast"}) {
    EXPECT_EQ(Of(CellTo("DE", special, Category::kHlt, kCleartext)), Verdict::kUndetermined);
    EXPECT_EQ(Of(CellTo(special, special, Category::kHlt, kCleartext)), Verdict::kUndetermined);
  }
}

// An unknown category might be government data (conditional) or media (permitted).
TEST(DataAlliesTest, AnUnknownCategoryIsNeverANonMatch) {
  EXPECT_EQ(Of(CellTo("DE", "JP", Category::kEnc, kEncrypted)), Verdict::kUndetermined);
  EXPECT_EQ(Of(CellTo("DE", "IN", Category::kUnk, Protection::kUnknown)), Verdict::kUndetermined);
}

TEST(DataAlliesTest, UnknownProtectionMattersOnlyWhereTheVerdictHangsOnIt) {
  EXPECT_EQ(Of(CellTo("DE", "JP", Category::kHlt, Protection::kUnknown)), Verdict::kUndetermined);
  EXPECT_EQ(Of(CellTo("DE", "IN", Category::kMed, Protection::kUnknown)), Verdict::kPermitted);
}

TEST(EvaluateTest, VerdictsRulesAndTiersSumToTheCellsExactly) {
  std::mt19937 random(7);
  std::vector<PolicyCell> cells;
  PolicySum total;
  for (int i = 0; i < 20000; ++i) {
    PolicyCell cell;
    cell.source.location = static_cast<Jurisdiction>(random() % kJurisdictions);
    cell.destination.location = static_cast<Jurisdiction>(random() % kJurisdictions);
    cell.category = static_cast<Category>(random() % kCategories);
    cell.confidence = static_cast<uint8_t>(random() % 100);
    cell.protection = static_cast<Protection>(random() % 3);
    cell.frames = random() % 1000;
    cell.bytes = random();
    cell.flows = random() % 10;
    total.frames += cell.frames;
    total.bytes += cell.bytes;
    total.flows += cell.flows;
    cells.push_back(cell);
  }
  const PolicyResult result = Evaluate(DataAllies(), cells);
  PolicySum verdicts;
  for (const PolicySum& sum : result.verdicts) {
    verdicts.frames += sum.frames;
    verdicts.bytes += sum.bytes;
    verdicts.flows += sum.flows;
  }
  PolicySum rules;
  for (const RuleResult& rule : result.rules) {
    rules.frames += rule.sum.frames;
    rules.bytes += rule.sum.bytes;
    rules.flows += rule.sum.flows;
  }
  EXPECT_EQ(verdicts, total);
  EXPECT_EQ(rules, total);
}

}  // namespace
}  // namespace borderflow
