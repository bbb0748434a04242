#include "rules/measures/statement.h"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

// Health data from DE to AS 64496 in US is reviewed, mail from SG to JP prohibited, the rest goes.
class StatementTest : public testing::Test {
 protected:
  StatementTest() {
    const PolicyCell health = Use("DE", "US", 64496, Category::kHlt, 100);
    const PolicyCell media = Use("DE", "DE", 64497, Category::kMed, 300);
    const PolicyCell mail = Use("SG", "JP", 64498, Category::kCom, 50);
    const PolicyCell back = Use("US", "DE", 64497, Category::kCom, 50);
    cells_ = {health, AnswerTo(health, 400), media, mail, back};
    pack_.id = "example";
    pack_.rules = {{"health", Verdict::kReview},
                   {"never", Verdict::kReview},
                   {"mail", Verdict::kPresumptivelyProhibited},
                   {"default", Verdict::kPermitted}};
    pack_.rule = {0, 3, 3, 2, 3};
    for (const int rule : pack_.rule) {
      pack_.verdicts.push_back(pack_.rules[static_cast<size_t>(rule)].verdict);
    }
    pack_.ablated.assign(5, Verdict::kPermitted);
    pack_.mirrored = pack_.verdicts;
  }

  static PolicyCell Use(std::string_view from, std::string_view to, uint32_t asn, Category category,
                        uint64_t bytes) {
    PolicyCell cell = TestCell(from, to, bytes);
    cell.destination.asn = asn;
    cell.category = category;
    return cell;
  }

  MeasureStatement State(const StatementOptions& options = {}) const {
    return StateMeasures({cells_, 8, {&pack_, 1}, cells_}, Groups::BuiltIn(), options);
  }

  std::vector<PolicyCell> cells_;
  DecidedPack pack_;
};

const MeasureRow* Find(const std::vector<MeasureRow>& rows, std::string_view id,
                       std::string_view subject) {
  for (const MeasureRow& row : rows) {
    if (row.measure->id == id && row.subject == subject) return &row;
  }
  return nullptr;
}

TEST_F(StatementTest, AnswersEveryMeasureOfTheCatalogue) {
  const DecidedPack packs[] = {pack_, pack_};
  const MeasureStatement statement =
      StateMeasures({cells_, 8, packs, cells_}, Groups::BuiltIn(), {});
  std::set<std::string_view> stated = {"reach", "access", "dependence_on", "opacity"};
  EXPECT_FALSE(statement.vectors.empty());
  const auto note = [&stated](const std::vector<MeasureRow>& rows) {
    for (const MeasureRow& row : rows) {
      ASSERT_NE(row.measure, nullptr) << row.subject;
      stated.insert(row.measure->id);
      EXPECT_TRUE(row.answer.answered() || row.answer.reason() != "not computed")
          << row.measure->id;
    }
  };
  note(statement.rows);
  for (const PackMeasures& pack : statement.packs) {
    note(pack.rows);
    for (const RuleMeasures& rule : pack.rules) note(rule.rows);
  }
  for (const MeasureInfo& info : MeasureCatalogue()) {
    EXPECT_EQ(stated.count(info.id), 1U) << info.id << " is in the catalogue, and nobody states it";
  }
}

TEST_F(StatementTest, RulesThatDecideSomethingAndRestrictItHaveTheirCost) {
  const MeasureStatement statement = State();
  ASSERT_EQ(statement.packs.size(), 1U);
  const PackMeasures& pack = statement.packs[0];
  ASSERT_EQ(pack.rules.size(), 3U);
  EXPECT_EQ(pack.rules[0].rule, "health");
  EXPECT_EQ(pack.rules[0].cost.cut.bytes, 100U);
  EXPECT_EQ(pack.rules[0].cost.lost.bytes, 500U);
  EXPECT_EQ(pack.rules[1].rule, "mail");
  EXPECT_EQ(pack.rules[2].rule, "whole pack");
  EXPECT_EQ(pack.rules[2].cost.lost.bytes, 550U);
  // 500 bytes served abroad in 8 s.
  EXPECT_NEAR(Find(pack.rules[0].rows, "home_capacity", "")->answer.value(), 500, 1e-9);
  EXPECT_FALSE(Find(pack.rules[0].rows, "home_capacity_peak", "")->answer.answered());
}

TEST_F(StatementTest, PackRowsByHand) {
  const PackMeasures pack = State().packs[0];
  // Restricted 100 + 50 of 900 bytes, all of it by origin alone; JP and SG share two agreements.
  EXPECT_NEAR(Find(pack.rows, "breadth", "")->answer.value(), 150.0 / 900, 1e-12);
  EXPECT_EQ(Find(pack.rows, "origin_contribution", "")->answer.value(), 1);
  ASSERT_EQ(pack.conflicts.size(), 2U);
  EXPECT_EQ(pack.conflicts[0].commitment->id, "CPTPP");
  EXPECT_EQ(pack.conflicts[1].commitment->id, "RCEP");
}

// 500 bytes of health data cross: 100 asked with, 400 answered. The rule decides the 100; its flow
// ends, so all 500 are spared, and all 500 of 900 are the cost.
TEST_F(StatementTest, EachRuleStatesWhatItWouldSpareBesideWhatItWouldCost) {
  const RuleMeasures health = State().packs[0].rules[0];
  EXPECT_EQ(Find(health.rows, "spared_sensitive", "")->answer.value(), 1);
  EXPECT_NEAR(Find(health.rows, "cost_bytes", "")->answer.value(), 500.0 / 900, 1e-12);
}

TEST_F(StatementTest, APackThatLacksAParameterIsNotZero) {
  DecidedPack template_pack;
  template_pack.id = "template";
  template_pack.unanswered = "home was not given";
  const DecidedPack packs[] = {pack_, template_pack};
  const MeasureStatement statement =
      StateMeasures({cells_, 8, packs, std::nullopt}, Groups::BuiltIn(), {});
  ASSERT_EQ(statement.packs.size(), 2U);
  EXPECT_TRUE(statement.packs[1].rules.empty());
  for (const MeasureRow& row : statement.packs[1].rows) {
    EXPECT_EQ(row.answer.reason(), "home was not given");
  }
  EXPECT_EQ(Find(statement.rows, "pack_disagreement", "example and template")->answer.reason(),
            "home was not given");
}

TEST_F(StatementTest, TheSamePeriodTwiceIsNoSubstitution) {
  const MeasureStatement statement = State();
  ASSERT_EQ(statement.substitutions.size(), 3U);
  for (const Substitution& substitution : statement.substitutions) {
    EXPECT_EQ(substitution.index.value(), 0);
  }
}

TEST_F(StatementTest, WithoutABaselineSubstitutionSaysWhatItTakes) {
  const MeasureStatement statement =
      StateMeasures({cells_, 8, {}, std::nullopt}, Groups::BuiltIn(), {});
  EXPECT_FALSE(Find(statement.rows, "substitution", "responders")->answer.answered());
}

TEST_F(StatementTest, NoLevelsNoSweep) {
  EXPECT_TRUE(State().sweep.empty());
  StatementOptions options;
  options.levels = ThresholdLevels{0.1, 0.1, 0.1, "test"};
  EXPECT_EQ(State(options).sweep.size(), 3U);
}

// An empty capture, and cells of which nothing is known: reasons, no zeros that look like answers.
TEST_F(StatementTest, WithoutTrafficEveryAnswerIsAReason) {
  const MeasureStatement statement =
      StateMeasures({{}, 0, {}, std::nullopt}, Groups::BuiltIn(), {});
  for (const MeasureRow& row : statement.rows) {
    EXPECT_FALSE(row.answer.answered()) << row.measure->id << " of " << row.subject;
    EXPECT_FALSE(row.answer.reason().empty());
  }
}

TEST_F(StatementTest, BoundsEncloseEveryValueOfRandomTraffic) {
  static constexpr std::string_view kPlaces[] = {"DE", "US", "JP", "SG", "unknown", "anycast"};
  std::mt19937 random(21);
  const auto place = [&random] { return J(kPlaces[random() % std::size(kPlaces)]); };
  for (int round = 0; round < 100; ++round) {
    std::vector<PolicyCell> cells;
    DecidedPack pack;
    pack.id = "random";
    pack.rules = {{"r", Verdict::kReview}};
    for (size_t n = 1 + random() % 20; n > 0; --n) {
      PolicyCell cell = TestCell("DE", "US", random() % 1000);
      cell.source.location = place();
      cell.destination.location = place();
      cell.source.operator_home = place();
      cell.destination.operator_home = place();
      cell.destination.asn = random() % 4 == 0 ? 0 : 64496 + random() % 4;
      cell.source.asn = random() % 4 == 0 ? 0 : 64496 + random() % 4;
      cell.from_initiator = random() % 2 == 0;
      if (!cell.from_initiator) cell.flows = 0;
      cell.category = static_cast<Category>(random() % kCategories);
      cell.protection = static_cast<Protection>(random() % 3);
      cells.push_back(cell);
      pack.rule.push_back(random() % 2 == 0 ? 0 : -1);
      pack.verdicts.push_back(static_cast<Verdict>(random() % kVerdicts));
      pack.ablated.push_back(static_cast<Verdict>(random() % kVerdicts));
      pack.mirrored.push_back(static_cast<Verdict>(random() % kVerdicts));
    }
    const MeasureStatement statement =
        StateMeasures({cells, 1, {&pack, 1}, cells}, Groups::BuiltIn(), {});
    std::vector<MeasureRow> rows = statement.rows;
    for (const PackMeasures& of : statement.packs) {
      rows.insert(rows.end(), of.rows.begin(), of.rows.end());
      for (const RuleMeasures& rule : of.rules) {
        rows.insert(rows.end(), rule.rows.begin(), rule.rows.end());
      }
    }
    for (const MeasureRow& row : rows) {
      if (!row.answer.answered()) continue;
      const std::string what = std::string(row.measure->id) + " of " + row.subject;
      EXPECT_LE(row.answer.low(), row.answer.value() + 1e-9) << what;
      EXPECT_LE(row.answer.value(), row.answer.high() + 1e-9) << what;
      if (row.measure->unit == "share") {
        EXPECT_GE(row.answer.low(), -1e-9) << what;
        EXPECT_LE(row.answer.high(), 1 + 1e-9) << what;
      }
    }
  }
}

}  // namespace
}  // namespace borderflow
