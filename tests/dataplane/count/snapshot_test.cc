#include "dataplane/count/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "dataplane/count/snapshot_numbers.h"
#include "tests/dataplane/count/describe.h"

namespace borderflow {
namespace {

Cell RandomCell(std::mt19937_64* random) {
  const auto below = [random](uint64_t bound) { return (*random)() % bound; };
  Cell cell;
  cell.key.source.asn = static_cast<uint32_t>(below(3));
  cell.key.destination.location = static_cast<Jurisdiction>(below(3));
  cell.key.role = below(2) == 0 ? Role::kInitiator : Role::kResponder;
  cell.key.classification.category = static_cast<Category>(below(3));
  cell.counters = {below(100), below(10'000), below(1000), below(3)};
  for (uint64_t left = below(14); left > 0; --left) {
    cell.clients.Add(IpAddress::FromV4(static_cast<uint32_t>(below(100))));
  }
  return cell;
}

// What one worker or the front may have counted; some of it nothing, some at time 0.
Snapshot RandomSnapshot(std::mt19937_64* random) {
  const auto below = [random](uint64_t bound) { return (*random)() % bound; };
  Snapshot snapshot;
  DecodeTotals& d = snapshot.decode;
  if (below(4) != 0) {
    for (FrameTotals* totals : {&d.captured, &d.ip, &d.non_ip, &d.malformed, &d.duplicates}) {
      *totals = {below(9) + 1, below(9000)};
    }
    for (uint64_t& reason : d.malformed_reasons) reason = below(5);
    d.length_forged = below(3);
    d.first_time_ns = below(3);
    d.last_time_ns = d.first_time_ns + below(1000);
  }
  snapshot.decode_counters = {below(9), below(9), below(9), below(9), below(9), below(9), below(9)};
  snapshot.flows = {below(9), below(9), below(9), below(9)};
  snapshot.artefacts = {below(9), below(9), below(9), below(9), below(9), below(9), below(9)};
  snapshot.round_trips.timed[below(kJurisdictions)] = below(9);
  snapshot.round_trips.contradicted[below(kJurisdictions)] = below(9);
  snapshot.overflows = {below(9), below(9), below(9), below(9), below(9), below(9)};
  for (uint64_t left = below(30); left > 0; --left) snapshot.cells.push_back(RandomCell(random));
  SortAndFold(&snapshot.cells);
  for (const char* name : {"a.example", "b.example"}) {
    if (below(2) == 0) continue;
    snapshot.names[name] = {Evidence::kName, Category::kHlt, static_cast<Protocol>(below(3)),
                            below(5), below(500)};
  }
  return snapshot;
}

TEST(Snapshot, EveryNumberHasANameOfItsOwn) {
  std::set<std::string> names;
  size_t numbers = 0;
  const Snapshot snapshot;
  VisitNumbers(
      [&](const auto& name, NumberKind, const uint64_t&) {
        ++numbers;
        names.insert(name());
      },
      snapshot);
  EXPECT_EQ(names.size(), numbers);
  EXPECT_GT(numbers, 500u);
}

TEST(Snapshot, SubtractingWhatWasCountedEarlierUndoesItForRunningNumbersOnly) {
  Snapshot earlier, later;
  uint64_t next = 1;
  const auto number = [&next](const auto&, NumberKind, uint64_t& value) { value = next++; };
  VisitNumbers(number, earlier);
  VisitNumbers(number, later);
  const Snapshot before = later;
  SubtractEarlier(earlier, &later);
  int running = 0;
  VisitNumbers(
      [&](const auto& name, NumberKind kind, const uint64_t& was, const uint64_t& taken,
          const uint64_t& is) {
        const bool runs = kind == NumberKind::kRunning || kind == NumberKind::kShared;
        EXPECT_EQ(is, runs ? was - taken : was) << name();
        running += runs ? 1 : 0;
      },
      before, earlier, later);
  EXPECT_GT(running, 500);
}

TEST(Snapshot, MergeDependsOnNoOrder) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 30; ++round) {
    std::vector<Snapshot> parts;
    for (int i = 0; i < 4; ++i) parts.push_back(RandomSnapshot(&random));
    Snapshot expected;
    for (const Snapshot& part : parts) Merge(part, &expected);
    std::vector<size_t> order(parts.size());
    std::iota(order.begin(), order.end(), 0);
    while (std::next_permutation(order.begin(), order.end())) {
      Snapshot merged, first_two = parts[order[0]];
      Merge(parts[order[1]], &first_two);
      Merge(parts[order[2]], &merged);
      Merge(first_two, &merged);
      Merge(parts[order[3]], &merged);
      ExpectSame(merged, expected);
      if (HasFatalFailure()) FAIL() << "round " << round;
    }
  }
}

TEST(Snapshot, MergeWithNothingChangesNothing) {
  std::mt19937_64 random(2);
  const Snapshot some = RandomSnapshot(&random);
  Snapshot merged;
  Merge(some, &merged);
  ExpectSame(merged, some);
  Merge({}, &merged);
  ExpectSame(merged, some);
}

TEST(Snapshot, FirstTimeIsTheEarliestAndLastTheLatest) {
  Snapshot merged;
  for (const uint64_t time : {50, 20, 90}) {
    Snapshot part;
    part.decode.captured = {1, 60};
    part.decode.first_time_ns = time;
    part.decode.last_time_ns = time + 5;
    Merge(part, &merged);
  }
  Merge({}, &merged);  // a worker, which captures nothing
  EXPECT_EQ(merged.decode.first_time_ns, 20u);
  EXPECT_EQ(merged.decode.last_time_ns, 95u);
}

TEST(Snapshot, SortAndFoldAgreesWithMap) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 100; ++round) {
    std::vector<Cell> cells;
    std::map<CellKey, CellCounters> twin;
    std::map<CellKey, ClientSet> clients;
    for (uint64_t left = random() % 100; left > 0; --left) {
      cells.push_back(RandomCell(&random));
      twin[cells.back().key] += cells.back().counters;
      clients[cells.back().key].Merge(cells.back().clients);
    }
    SortAndFold(&cells);
    ASSERT_EQ(cells.size(), twin.size());
    auto expected = twin.begin();
    for (const Cell& cell : cells) {
      ASSERT_EQ(cell.key, expected->first);
      EXPECT_EQ(cell.counters, expected->second);
      EXPECT_EQ(cell.clients.Estimate(), clients[cell.key].Estimate());
      ++expected;
    }
  }
}

TEST(Overflows, AnySeesEachOfThem) {
  EXPECT_FALSE(Overflows{}.any());
  EXPECT_TRUE((Overflows{.stateless_frames = 1}.any()));
  EXPECT_TRUE((Overflows{.as_numbers_dropped = 1}.any()));
  EXPECT_TRUE((Overflows{.cells_folded = 1}.any()));
  EXPECT_TRUE((Overflows{.reassembly_slots = 1}.any()));
  EXPECT_TRUE((Overflows{.dns_names = 1}.any()));
  EXPECT_TRUE((Overflows{.names = 1}.any()));
}

}  // namespace
}  // namespace borderflow
