#include "collectors/report/geo_choice.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "collectors/report/policy_cells.h"
#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

Pack DataAllies() { return *LoadPack("data-allies", Groups::BuiltIn()); }

// Cells that two databases place at random, each several times with what outputs fold.
struct Twice {
  std::vector<Cell> first;
  std::vector<Cell> second;
};

Twice RandomCells(int count) {
  std::mt19937 random(3);
  const auto end = [&random] {
    static constexpr std::string_view kCodes[] = {"DE", "US", "IN", "NO", "unknown", "anycast"};
    Endpoint out;
    out.location = *FromCode(kCodes[random() % 6]);
    out.asn = random() % 4 * 15169;
    return out;
  };
  Twice cells;
  for (int i = 0; i < count; ++i) {
    Cell cell = MakeCell("DE", "US", random() % 1000, static_cast<Category>(random() % kCategories),
                         static_cast<Evidence>(random() % kEvidences));
    cell.key.role = random() % 2 == 0 ? Role::kInitiator : Role::kResponder;
    cell.key.classification.confidence = static_cast<uint8_t>(random() % 101);
    cell.key.classification.named = random() % 2 == 0;
    for (std::vector<Cell>* side : {&cells.first, &cells.second}) {
      cell.key.source = end();
      cell.key.destination = end();
      side->push_back(cell);
    }
  }
  return cells;
}

// What a report of one side alone says.
VerdictSums Alone(const Pack& pack, const std::vector<Cell>& cells) {
  return Evaluate(pack, ToPolicyCells(cells)).verdicts;
}

TEST(GeoChoiceTest, EitherSideOfTheMatrixIsTheReportThatItsDatabaseAloneWouldGive) {
  const Twice cells = RandomCells(5000);
  std::vector<Pack> packs;
  for (const std::string& id : ShippedPacks()) packs.push_back(*LoadPack(id, Groups::BuiltIn()));
  const GeoChoice choice =
      CompareLocated(cells.first, cells.second, {}, packs, {}, Entities::BuiltIn());
  ASSERT_EQ(choice.policies.size(), packs.size());
  for (size_t p = 0; p < packs.size(); ++p) {
    const PolicyComparison& c = choice.policies[p].comparison;
    VerdictSums first{};
    VerdictSums second{};
    PolicySum diagonal;
    for (size_t v = 0; v < kVerdicts; ++v) {
      for (size_t w = 0; w < kVerdicts; ++w) {
        first[v] += c.matrix[v][w];
        second[w] += c.matrix[v][w];
      }
      diagonal += c.matrix[v][v];
    }
    EXPECT_EQ(first, Alone(packs[p], cells.first)) << packs[p].id;
    EXPECT_EQ(second, Alone(packs[p], cells.second)) << packs[p].id;
    EXPECT_EQ(diagonal, c.same);
    EXPECT_EQ(c.total, choice.total);
  }
}

TEST(GeoChoiceTest, TwoTotalsThatAgreeDoNotHideThatEveryVerdictDiffers) {
  // What one database says of the first flow, the other says of the second.
  const std::vector<Cell> first = {MakeCell("DE", "US", 100, Category::kHlt, Evidence::kContent),
                                   MakeCell("DE", "DE", 100, Category::kHlt, Evidence::kContent)};
  const std::vector<Cell> second = {MakeCell("DE", "DE", 100, Category::kHlt, Evidence::kContent),
                                    MakeCell("DE", "US", 100, Category::kHlt, Evidence::kContent)};
  const Pack pack = DataAllies();
  const GeoChoice choice = CompareLocated(first, second, {}, {&pack, 1}, {}, Entities::BuiltIn());
  EXPECT_EQ(Alone(pack, first), Alone(pack, second));
  EXPECT_EQ(choice.total.bytes, 200u);
  EXPECT_EQ(choice.moved.bytes, 200u);
  EXPECT_EQ(choice.crossing_changed.bytes, 200u);
  EXPECT_EQ(choice.policies[0].comparison.same.bytes, 0u);
  ASSERT_EQ(choice.places.size(), 2u);
  EXPECT_EQ(choice.places[0].sum.bytes, 100u);
}

TEST(GeoChoiceTest, TheSameDatabaseTwiceMovesNothing) {
  const Twice cells = RandomCells(500);
  const Pack pack = DataAllies();
  const GeoChoice choice =
      CompareLocated(cells.first, cells.first, {}, {&pack, 1}, {}, Entities::BuiltIn());
  EXPECT_EQ(choice.moved, PolicySum{});
  EXPECT_EQ(choice.crossing_changed, PolicySum{});
  EXPECT_TRUE(choice.places.empty());
  EXPECT_EQ(choice.policies[0].comparison.same, choice.total);
}

}  // namespace
}  // namespace borderflow
