// The windows of a run, and an attacker who subtracts in every row and column of each.
#include "collectors/privacy/window_release.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
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

std::vector<Way> Judge(WindowRelease* release, std::vector<Cell>* cells) {
  SortCells(cells);
  return release->Judge(*cells, {});
}

std::map<std::string, Way> ByPair(WindowRelease* release, std::vector<Cell> cells) {
  const std::vector<Way> ways = Judge(release, &cells);
  std::map<std::string, Way> by_pair;
  for (size_t i = 0; i < cells.size(); ++i) {
    by_pair[absl::StrCat(std::string(Code(cells[i].key.source.location)), " ",
                         std::string(Code(cells[i].key.destination.location)))] = ways[i];
  }
  return by_pair;
}

TEST(WindowReleaseTest, FewClientsAreHeldBackAndManyAreTold) {
  WindowRelease release(8);
  // Two small ones of many people together, in lines of their own, and one that is large.
  const auto ways = ByPair(&release, {Asked("DE", "US", 0, 7), Asked("DE", "FR", 100, 7),
                                      Asked("AT", "US", 200, 7), Asked("AT", "FR", 300, 7),
                                      Asked("BR", "SG", 400, 20), Asked("BR", "JP", 500, 20)});
  EXPECT_EQ(ways.at("DE US"), Way::kSuppressed);
  EXPECT_EQ(ways.at("AT FR"), Way::kSuppressed);
  EXPECT_EQ(ways.at("BR SG"), Way::kWhole);
}

TEST(WindowReleaseTest, ClientsOfSeveralWindowsAddUpAndWhatWasReleasedStaysSo) {
  WindowRelease release(8);
  const auto window = [&release](uint64_t first, uint64_t clients) {
    std::vector<Cell> cells = {Asked("DE", "US", first, clients)};
    return Judge(&release, &cells)[0];
  };
  EXPECT_EQ(window(0, 5), Way::kSuppressed);
  EXPECT_EQ(window(0, 5), Way::kSuppressed) << "the same five again";
  EXPECT_EQ(window(5, 5), Way::kWhole);
  EXPECT_EQ(window(0, 1), Way::kWhole);
}

TEST(WindowReleaseTest, AnswersHaveTheClientsOfTheirRequests) {
  WindowRelease release(8);
  const Cell many = Asked("DE", "US", 0, 9);
  const Cell few = Asked("AT", "FR", 100, 3);
  std::vector<Cell> first = {many, few, Answered(many, 77), Answered(few, 88)};
  const auto ways = ByPair(&release, first);
  EXPECT_EQ(ways.at("AT FR"), Way::kSuppressed);
  EXPECT_EQ(ways.at("FR AT"), Way::kSuppressed);
  // Answers alone in a later window, and answers to what was never seen.
  std::vector<Cell> later = {Answered(many, 5)};
  EXPECT_EQ(Judge(&release, &later)[0], Way::kWhole);
  std::vector<Cell> stray = {Answered(Asked("SE", "NO", 0, 50), 5)};
  EXPECT_EQ(Judge(&release, &stray)[0], Way::kSuppressed);
}

TEST(WindowReleaseTest, AThresholdOfOneReleasesEverything) {
  WindowRelease release(1);
  std::vector<Cell> cells = {Asked("DE", "US", 0, 1), Answered(Asked("SE", "NO", 0, 1), 5)};
  EXPECT_EQ(Judge(&release, &cells), (std::vector<Way>{Way::kWhole, Way::kWhole}));
}

TEST(WindowReleaseTest, SmallOnesOfOnePairAreJoinedWhereTheyAreManyTogether) {
  WindowRelease release(8);
  // Three people in each of three networks; and two that are alone everywhere.
  std::vector<Cell> cells = {Asked("DE", "US", 0, 3, 1), Asked("DE", "US", 10, 3, 2),
                             Asked("DE", "US", 20, 3, 3), Asked("FR", "SG", 30, 5, 4),
                             Asked("AT", "BR", 40, 5, 5)};
  const std::vector<Way> ways = Judge(&release, &cells);
  for (size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(ways[i],
              Code(cells[i].key.source.location) == "DE" ? Way::kJoined : Way::kSuppressed);
  }
}

TEST(WindowReleaseTest, TheSameFewPeopleInManyNetworksAreNotMany) {
  WindowRelease release(8);
  std::vector<Cell> cells;
  for (uint32_t asn = 1; asn < 20; ++asn) cells.push_back(Asked("DE", "US", 0, 3, asn));
  for (const Way way : Judge(&release, &cells)) EXPECT_EQ(way, Way::kSuppressed);
}

CellKey AskedBy(CellKey key) {
  if (key.role == Role::kInitiator) return key;
  std::swap(key.source, key.destination);
  key.role = Role::kInitiator;
  return key;
}

// What the lines by location are, said once more by words.
std::vector<std::string> LinesInWords(const CellKey& key) {
  const std::string s(Code(key.source.location)), d(Code(key.destination.location));
  const std::string c(Code(key.classification.category));
  return {"all",       "s" + s,           "d" + d,           "c" + c,
          s + ">" + d, "s" + s + "c" + c, "d" + d + "c" + c, s + ">" + d + "c" + c};
}

// A window of few places and networks, where most cells have few people.
std::vector<Cell> ThinWindow(std::mt19937* random) {
  static constexpr const char* kPlaces[] = {"DE", "FR", "US", "private"};
  std::vector<Cell> cells;
  for (int i = 0; i < 120; ++i) {
    const uint64_t people = (*random)() % 6 == 0 ? 6 + (*random)() % 8 : 1 + (*random)() % 4;
    Cell cell = Asked(kPlaces[(*random)() % 4], kPlaces[(*random)() % 4], (*random)() % 60, people,
                      static_cast<uint32_t>((*random)() % 5));
    cell.key.destination.asn = static_cast<uint32_t>((*random)() % 3);
    if ((*random)() % 3 == 0) cell.key.classification.category = Category::kFin;
    cell.counters.bytes = 1 + (*random)() % 1'000'000'007;
    cells.push_back((*random)() % 3 == 0 ? Answered(cell, cell.counters.bytes) : cell);
  }
  SortAndFold(&cells);
  return cells;
}

// An attacker who knows what a line comes to, and what is told of it.
struct Known {
  int told = 0;
  std::set<CellKey> hidden;  // sums that are held back
  ClientSet people;          // behind them
};

TEST(WindowReleaseTest, NothingSmallOfAnyWindowFollowsFromOneRowOrColumn) {
  constexpr uint64_t kMinCell = 8;
  int joined = 0;
  for (uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    WindowRelease release(kMinCell);
    // Since the run began: who stands behind what is counted here once more.
    std::map<CellKey, ClientSet> clients;
    std::map<CellKey, uint64_t> flows;
    for (int window = 0; window < 6; ++window) {
      const std::vector<Cell> cells = ThinWindow(&random);
      const std::vector<Way> ways = release.Judge(cells, {});
      ASSERT_EQ(ways.size(), cells.size());
      for (const Cell& cell : cells) {
        if (cell.key.role == Role::kResponder) continue;
        clients[cell.key].Merge(cell.clients);
        flows[cell.key] += cell.counters.flows;
      }
      std::map<std::string, Known> lines;
      std::map<std::string, std::pair<int, int>> networks;  // cells as they are, and others
      std::map<CellKey, ClientSet> sums;
      for (size_t i = 0; i < cells.size(); ++i) {
        const CellKey& key = cells[i].key;
        const ClientSet& people = clients[AskedBy(key)];
        if (ways[i] == Way::kWhole) {
          ASSERT_GE(AtLeast(people), kMinCell);
          ASSERT_GE(flows[AskedBy(key)], kMinCell);
        }
        if (ways[i] == Way::kJoined) sums[WithoutDetail(key)].Merge(people);
        for (const std::string& line : LinesInWords(key)) {
          Known& known = lines[line];
          if (ways[i] == Way::kSuppressed) {
            known.hidden.insert(WithoutDetail(key));
            known.people.Merge(people);
          } else {
            ++known.told;
          }
        }
        for (const std::string& line : {absl::StrCat("source ", key.source.asn),
                                        absl::StrCat("destination ", key.destination.asn)}) {
          (ways[i] == Way::kWhole ? networks[line].first : networks[line].second) += 1;
        }
      }
      for (const auto& [line, known] : lines) {
        if (known.told == 0 || known.hidden.size() != 1) continue;
        ASSERT_GE(AtLeast(known.people), kMinCell) << seed << " " << line;
      }
      for (const auto& [line, members] : networks) {
        ASSERT_FALSE(members.first > 0 && members.second == 1) << seed << " " << line;
      }
      for (const auto& [unused, people] : sums) {
        ASSERT_GE(AtLeast(people), kMinCell);
        ++joined;
      }
    }
  }
  EXPECT_GT(joined, 20);
}

}  // namespace
}  // namespace borderflow
