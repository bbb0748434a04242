// The windows of a run, and an attacker who subtracts in every row and column of each.
#include "collectors/privacy/window_release.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "collectors/export/rows.h"
#include "tests/collectors/privacy/people.h"

namespace borderflow {
namespace {

Cell Asked(const char* source, const char* destination, uint64_t first, uint64_t clients,
           uint32_t asn = 0) {
  Cell cell = MakeCell(source, destination, 1000 + first, Category::kHlt, Evidence::kName);
  cell.key.source.asn = asn;
  cell.counters.frames = 1;
  AddPeople(first, clients, &cell);
  return cell;
}

Cell Answered(const Cell& requests, uint64_t bytes) {
  Cell cell = requests;
  std::swap(cell.key.source, cell.key.destination);
  cell.key.role = Role::kResponder;
  cell.counters = {1, bytes, 0, 0};
  cell.clients = {};
  return cell;
}

std::vector<Fate> Judge(WindowRelease* release, std::vector<Cell>* cells) {
  SortCells(cells);
  return release->Judge(*cells, {});
}

std::map<std::string, Fate> ByPair(WindowRelease* release, std::vector<Cell> cells) {
  const std::vector<Fate> fates = Judge(release, &cells);
  std::map<std::string, Fate> by_pair;
  for (size_t i = 0; i < cells.size(); ++i) {
    by_pair[absl::StrCat(std::string(Code(cells[i].key.source.location)), " ",
                         std::string(Code(cells[i].key.destination.location)))] = fates[i];
  }
  return by_pair;
}

TEST(WindowReleaseTest, FewClientsAreHeldBackAndManyAreTold) {
  WindowRelease release(8);
  // Two small ones of many people together, in lines of their own, and one that is large.
  const auto fates = ByPair(&release, {Asked("DE", "US", 0, 7), Asked("DE", "FR", 100, 7),
                                       Asked("AT", "US", 200, 7), Asked("AT", "FR", 300, 7),
                                       Asked("BR", "SG", 400, 20), Asked("BR", "JP", 500, 20)});
  EXPECT_EQ(fates.at("DE US"), Fate::kSmall);
  EXPECT_EQ(fates.at("AT FR"), Fate::kSmall);
  EXPECT_EQ(fates.at("BR SG"), Fate::kTold);
}

TEST(WindowReleaseTest, ClientsOfSeveralWindowsAddUpAndWhatWasReleasedStaysSo) {
  WindowRelease release(8);
  const auto window = [&release](uint64_t first, uint64_t clients) {
    std::vector<Cell> cells = {Asked("DE", "US", first, clients)};
    return Judge(&release, &cells)[0];
  };
  EXPECT_EQ(window(0, 5), Fate::kSmall);
  EXPECT_EQ(window(0, 5), Fate::kSmall) << "the same five again";
  EXPECT_EQ(window(5, 5), Fate::kTold);
  EXPECT_EQ(window(0, 1), Fate::kTold);
}

TEST(WindowReleaseTest, AnswersHaveTheClientsOfTheirRequests) {
  WindowRelease release(8);
  const Cell many = Asked("DE", "US", 0, 9);
  const Cell few = Asked("AT", "FR", 100, 3);
  std::vector<Cell> first = {many, few, Answered(many, 77), Answered(few, 88)};
  const auto fates = ByPair(&release, first);
  EXPECT_EQ(fates.at("AT FR"), Fate::kSmall);
  EXPECT_EQ(fates.at("FR AT"), Fate::kSmall);
  // Answers alone in a later window, and answers to what was never seen.
  std::vector<Cell> later = {Answered(many, 5)};
  EXPECT_EQ(Judge(&release, &later)[0], Fate::kTold);
  std::vector<Cell> stray = {Answered(Asked("SE", "NO", 0, 50), 5)};
  EXPECT_EQ(Judge(&release, &stray)[0], Fate::kSmall);
}

TEST(WindowReleaseTest, AThresholdOfOneReleasesEverything) {
  WindowRelease release(1);
  std::vector<Cell> cells = {Asked("DE", "US", 0, 1), Answered(Asked("SE", "NO", 0, 1), 5)};
  EXPECT_EQ(Judge(&release, &cells), (std::vector<Fate>{Fate::kTold, Fate::kTold}));
}

// What the lines are, said once more by words.
std::vector<std::string> LinesInWords(const CellKey& key) {
  const std::string s(Code(key.source.location)), d(Code(key.destination.location));
  const std::string c(Code(key.classification.category));
  return {"all",
          "s" + s,
          "d" + d,
          "c" + c,
          s + ">" + d,
          "s" + s + "c" + c,
          "d" + d + "c" + c,
          s + ">" + d + "c" + c,
          absl::StrCat("sa", key.source.asn),
          absl::StrCat("da", key.destination.asn)};
}

TEST(WindowReleaseTest, NoHiddenCellOfAnyWindowFollowsFromOneRowOrColumn) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    WindowRelease release(8);
    // Since the run began: who is small is counted here once more.
    std::map<CellKey, ClientSet> clients;
    std::map<CellKey, uint64_t> flows;
    for (const std::vector<Cell>& window : GrowingWorld(seed, 6)) {
      std::vector<Cell> cells = Folded(window);
      const std::vector<Fate> fates = release.Judge(cells, {});
      std::map<std::string, std::pair<int, int>> lines;  // told and hidden members
      for (size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].key.role == Role::kInitiator) {
          clients[cells[i].key].Merge(cells[i].clients);
          flows[cells[i].key] += cells[i].counters.flows;
        }
        for (const std::string& line : LinesInWords(cells[i].key)) {
          (fates[i] == Fate::kTold ? lines[line].first : lines[line].second) += 1;
        }
      }
      for (const auto& [line, members] : lines) {
        ASSERT_FALSE(members.second == 1 && members.first > 0) << seed << " " << line;
      }
      for (size_t i = 0; i < cells.size(); ++i) {
        CellKey people = cells[i].key;
        if (people.role == Role::kResponder) {
          std::swap(people.source, people.destination);
          people.role = Role::kInitiator;
        }
        const bool small = flows[people] < 8 || AtLeast(clients[people]) < 8;
        ASSERT_EQ(fates[i] == Fate::kSmall, small) << seed;
      }
    }
  }
}

}  // namespace
}  // namespace borderflow
