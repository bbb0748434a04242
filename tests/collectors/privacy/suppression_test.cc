// Suppression against an attacker who subtracts in every line.
#include "collectors/privacy/suppression.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "tests/collectors/privacy/people.h"

namespace borderflow {
namespace {

Candidate Make(uint64_t bytes, uint64_t clients, std::vector<uint64_t> lines) {
  Candidate candidate;
  candidate.added.bytes = bytes;
  candidate.added.frames = bytes > 0 ? 1 : 0;
  for (uint64_t i = 0; i < clients; ++i) candidate.clients.AddHash(HashOfClient(bytes * 100 + i));
  candidate.flows = clients;
  candidate.lines = std::move(lines);
  return candidate;
}

bool Counted(const Candidate& candidate) { return candidate.added != CellCounters{}; }

// What an attacker learns who knows every line's sum and what is told: keys of which everything
// follows by one subtraction.
std::set<size_t> Subtracted(const std::vector<Candidate>& candidates,
                            const std::vector<Fate>& fates) {
  std::map<uint64_t, std::vector<size_t>> lines;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!Counted(candidates[i])) continue;
    for (const uint64_t line : candidates[i].lines) lines[line].push_back(i);
  }
  std::set<size_t> learnt;
  for (const auto& [line, members] : lines) {
    uint64_t rest = 0;
    for (const size_t i : members) rest += candidates[i].added.bytes;
    std::vector<size_t> hidden;
    for (const size_t i : members) {
      if (fates[i] == Fate::kTold) {
        rest -= candidates[i].added.bytes;
      } else {
        hidden.push_back(i);
      }
    }
    // A line of one key is the key: its sum is not told either.
    if (hidden.size() == 1 && members.size() > 1 && rest == candidates[hidden[0]].added.bytes) {
      learnt.insert(hidden[0]);
    }
  }
  return learnt;
}

TEST(SuppressionTest, NoHiddenCellOfAnySmallMatrixFollowsFromARowOrColumn) {
  // Every matrix of 3 x 3 with cells that are absent, small or large.
  for (int matrix = 0; matrix < 19683; ++matrix) {
    std::vector<Candidate> candidates;
    int rest = matrix;
    for (uint64_t cell = 0; cell < 9; ++cell, rest /= 3) {
      if (rest % 3 == 0) continue;
      candidates.push_back(
          Make(1000 + (1u << cell), rest % 3 == 1 ? 3 : 20, {cell / 3, 100 + cell % 3, 1000}));
    }
    const std::vector<Fate> fates = Decide(candidates, 8);
    ASSERT_TRUE(Subtracted(candidates, fates).empty()) << matrix;
  }
}

TEST(SuppressionTest, TheAttackerOfThisTestLearnsWhereNothingIsHeldBack) {
  const std::vector<Candidate> candidates = {Make(10, 3, {1}), Make(20, 30, {1})};
  EXPECT_EQ(Subtracted(candidates, {Fate::kSmall, Fate::kTold}), std::set<size_t>({0}));
}

TEST(SuppressionTest, NoHiddenKeyOfRandomTablesFollowsFromAnyLine) {
  std::mt19937 random(7);
  for (int table = 0; table < 3000; ++table) {
    std::vector<Candidate> candidates;
    for (uint64_t i = 0; i < 1 + random() % 40; ++i) {
      candidates.push_back(Make(random() % 5 == 0 ? 0 : 1 + random() % 1'000'000, random() % 20,
                                {random() % 6, 100 + random() % 6, 200 + random() % 3}));
      candidates.back().released = random() % 3 == 0;
      candidates.back().withheld = random() % 10 == 0;
    }
    const std::vector<Fate> fates = Decide(candidates, 8);
    ASSERT_TRUE(Subtracted(candidates, fates).empty()) << table;
    for (size_t i = 0; i < candidates.size(); ++i) {
      const Candidate& c = candidates[i];
      const bool small = !c.released && (c.flows < 8 || c.clients.Estimate() < 8);
      ASSERT_EQ(fates[i] == Fate::kSmall, small) << table << " " << i;
      ASSERT_FALSE(c.withheld && fates[i] == Fate::kTold);
    }
  }
}

TEST(SuppressionTest, AKeyNeedsAsManyClientsAndAsManyFlows) {
  Candidate few_flows = Make(10, 20, {});
  few_flows.flows = 7;
  Candidate one_busy_client = Make(20, 1, {});
  one_busy_client.flows = 500;
  const std::vector<Candidate> candidates = {Make(1, 7, {}), Make(2, 8, {}), few_flows,
                                             one_busy_client};
  EXPECT_EQ(Decide(candidates, 8),
            (std::vector<Fate>{Fate::kSmall, Fate::kTold, Fate::kSmall, Fate::kSmall}));
}

TEST(SuppressionTest, WhoSharesTheCommonSumAreNeverFewWhileOthersAreThere) {
  // Three small keys of the same two people would be a sum of two people.
  std::vector<Candidate> candidates;
  for (uint64_t i = 0; i < 3; ++i) {
    candidates.push_back(Make(10 + i, 0, {}));
    for (uint64_t person = 0; person < 2; ++person) {
      candidates.back().clients.AddHash(HashOfClient(person));
    }
    candidates.back().flows = 2;
  }
  candidates.push_back(Make(500, 30, {}));
  candidates.push_back(Make(400, 30, {}));
  EXPECT_EQ(Decide(candidates, 8), (std::vector<Fate>{Fate::kSmall, Fate::kSmall, Fate::kSmall,
                                                      Fate::kTold, Fate::kHeld}));
}

TEST(SuppressionTest, AThresholdOfOneTellsEverything) {
  EXPECT_EQ(Decide(std::vector<Candidate>{Make(10, 1, {1}), Make(0, 0, {1})}, 1),
            (std::vector<Fate>{Fate::kTold, Fate::kTold}));
}

TEST(SuppressionTest, ClientsAreRoundedToMultiplesOfEight) {
  EXPECT_EQ(RoundedClients(0), 0u);
  for (uint64_t clients = 1; clients < 1000; ++clients) {
    const uint64_t rounded = RoundedClients(clients);
    EXPECT_EQ(rounded % 8, 0u);
    EXPECT_GE(rounded, 8u);
    const uint64_t off = rounded > clients ? rounded - clients : clients - rounded;
    EXPECT_LE(off, clients < 8 ? 7u : 4u);
  }
}

TEST(SuppressionTest, AnEstimateIsTrustedWithinTwoStandardErrorsOnly) {
  ClientSet many;
  for (uint64_t i = 0; i < 1000; ++i) many.AddHash(HashOfClient(i));
  ASSERT_FALSE(many.exact());
  EXPECT_LT(AtLeast(many), many.Estimate());
  EXPECT_LE(AtLeast(many), 1000u);
}

}  // namespace
}  // namespace borderflow
