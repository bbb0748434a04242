// Two banks: what is swapped and drained, each time and in all, against maps that are simply
// replaced.
#include <gtest/gtest.h>

#include <atomic>
#include <iterator>
#include <map>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "dataplane/count/cell_table.h"

namespace borderflow {
namespace {

// How many pairs without AS numbers the table adds to its capacity (cell_table.cc).
constexpr uint32_t kWithoutAs = 65536;

struct TwinCell {
  CellCounters counters;
  ClientSet clients;
};
using Twin = std::map<CellKey, TwinCell>;

Jurisdiction Place(uint64_t number) { return static_cast<Jurisdiction>(number % kJurisdictions); }

IpAddress Client(uint64_t number) {
  return IpAddress::FromV4(static_cast<uint32_t>(0x0a000000 + number));
}

CellKey KeyOf(const PairKey& pair, Role role) {
  return role == Role::kInitiator
             ? CellKey{pair.initiator, pair.responder, role, pair.classification}
             : CellKey{pair.responder, pair.initiator, role, pair.classification};
}

// Counts at random in the table and in its twin, alike. What a pair stands for is taken from the
// table, since a full one gives a less precise pair.
class Counting {
 public:
  Counting(CellTable* table, uint64_t seed, uint32_t asns) : table_(table), random_(seed) {
    for (uint32_t asn = 0; asn < asns; ++asn) asns_.push_back(asn);
  }

  void Count(size_t times, Twin* twin) {
    for (size_t i = 0; i < times; ++i) {
      PairKey key;
      key.initiator = {asns_[random_() % asns_.size()], Place(random_() % 3), Place(random_() % 2)};
      key.responder = {asns_[random_() % asns_.size()], Place(random_() % 3), Place(7)};
      key.classification.named = random_() % 2 == 0;
      const uint32_t pair = table_->Intern(key);
      key = table_->key(pair);
      const Role role = random_() % 2 == 0 ? Role::kInitiator : Role::kResponder;
      const uint64_t frames = random_() % 4 + 1, bytes = random_() % 9000;
      table_->Add(pair, role, frames, bytes, bytes / 3);
      (*twin)[KeyOf(key, role)].counters += {frames, bytes, bytes / 3, 0};
      if (random_() % 2 == 0) continue;
      // Few clients in some pairs, many in others: exact sets, sketches, and those that turn.
      const IpAddress client = Client(random_() % (key.classification.named ? 12 : 300));
      table_->AddFlow(pair, client);
      TwinCell& cell = (*twin)[KeyOf(key, Role::kInitiator)];
      ++cell.counters.flows;
      cell.clients.Add(client);
    }
  }

 private:
  CellTable* table_;
  std::mt19937_64 random_;
  std::vector<uint32_t> asns_;
};

void ExpectEqual(std::vector<Cell> cells, const Twin& twin) {
  SortAndFold(&cells);
  ASSERT_EQ(cells.size(), twin.size());
  auto expected = twin.begin();
  for (const Cell& cell : cells) {
    ASSERT_EQ(cell.key, expected->first);
    ASSERT_EQ(cell.counters, expected->second.counters);
    ASSERT_EQ(cell.clients.exact(), expected->second.clients.exact());
    ASSERT_EQ(cell.clients.Estimate(), expected->second.clients.Estimate());
    ++expected;
  }
}

void Merge(const Twin& from, Twin* to) {
  for (const auto& [key, cell] : from) {
    (*to)[key].counters += cell.counters;
    (*to)[key].clients.Merge(cell.clients);
  }
}

// Many rounds of counting, handing over and draining late: each bank gives what was counted in it,
// and all of them together what a table without banks would hold, sets of clients included.
void ExpectRoundsAgree(CellTable* table, Counting* counting, int rounds, size_t most) {
  std::mt19937_64 random(3);
  Twin active, all;
  std::vector<Cell> drained;
  for (int round = 0; round < rounds; ++round) {
    counting->Count(random() % most, &active);
    const CellTable::Filled filled = table->Swap();
    const Twin left = std::exchange(active, {});
    // The worker goes on in the other bank while this one is being drained.
    counting->Count(random() % most, &active);
    std::vector<Cell> cells;
    table->Drain(filled, &cells);
    ExpectEqual(cells, left);
    Merge(left, &all);
    std::move(cells.begin(), cells.end(), std::back_inserter(drained));
  }
  std::vector<Cell> rest;
  table->AppendTo(&rest);
  ExpectEqual(std::exchange(rest, {}), active);
  table->Drain(table->Swap(), &rest);
  ExpectEqual(rest, active);
  Merge(active, &all);
  std::move(rest.begin(), rest.end(), std::back_inserter(drained));
  ExpectEqual(std::move(drained), all);
}

TEST(CellTableSwap, EveryBankAndTheirSumAgreeWithTheTwin) {
  CellTable table(1 << 12);
  Counting counting(&table, 1, 3);
  ExpectRoundsAgree(&table, &counting, 60, 2000);
  EXPECT_EQ(table.as_numbers_dropped(), 0u);
}

TEST(CellTableSwap, SoDoesAFullArenaWithItsReserve) {
  CellTable table(40);
  Counting counting(&table, 2, 50);
  ExpectRoundsAgree(&table, &counting, 10, 500);
  EXPECT_GT(table.as_numbers_dropped(), 0u) << "the first step of less precision";
  EXPECT_EQ(table.folded(), 0u);
  // What is interned and never counted takes the rest of the room, and is no cell.
  PairKey key;
  for (uint32_t i = 0; table.folded() == 0; ++i) {
    ASSERT_LE(i, kWithoutAs);
    key.classification.entity = static_cast<uint16_t>(i);
    key.classification.confidence = static_cast<uint8_t>(i >> 16);
    key.initiator.registered = Place(9);
    table.Intern(key);
  }
  Counting others(&table, 3, 50);
  for (int i = 0; i < 20; ++i) {
    key.responder.location = Place(100 + i);  // pairs of locations that only the reserve knows
    const uint32_t pair = table.Intern(key);
    Twin twin;
    table.Add(pair, Role::kInitiator, 2, 300, 10);
    table.AddFlow(pair, Client(i));
    TwinCell& cell = twin[KeyOf(table.key(pair), Role::kInitiator)];
    cell.counters += {2, 300, 10, 1};
    cell.clients.Add(Client(i));
    others.Count(200, &twin);
    std::vector<Cell> cells;
    table.Drain(table.Swap(), &cells);
    ExpectEqual(cells, twin);
  }
  EXPECT_GE(table.folded(), 20u);
}

TEST(CellTableSwap, ADrainedBankIsEmpty) {
  CellTable table(40);
  Counting counting(&table, 4, 50);
  for (int round = 0; round < 3; ++round) {
    for (int bank = 0; bank < 2; ++bank) {
      Twin twin;
      counting.Count(3000, &twin);
      std::vector<Cell> cells;
      table.Drain(table.Swap(), &cells);
      ExpectEqual(cells, twin);
    }
    for (int bank = 0; bank < 2; ++bank) {
      std::vector<Cell> cells;
      table.Drain(table.Swap(), &cells);
      EXPECT_TRUE(cells.empty()) << "bank " << bank << " of round " << round;
    }
  }
}

// As in a live run: the worker counts without a pause while another thread drains.
TEST(CellTableSwap, DrainingByAnotherThreadLosesNothing) {
  constexpr int kBursts = 20'000;
  constexpr int kEvery = 16;
  CellTable table(40);
  Counting counting(&table, 5, 50);
  Twin twin;
  CellTable::Filled filled;
  std::atomic<bool> handed_over{false};
  std::atomic<bool> done{false};
  std::vector<Cell> cells;
  std::thread drainer([&] {
    while (true) {
      const bool last = done.load(std::memory_order_acquire);
      if (handed_over.load(std::memory_order_acquire)) {
        table.Drain(filled, &cells);
        handed_over.store(false, std::memory_order_release);
      } else if (last) {
        return;
      }
      std::this_thread::yield();
    }
  });
  for (int burst = 0; burst < kBursts; ++burst) {
    counting.Count(8, &twin);
    if (burst % kEvery != 0 || handed_over.load(std::memory_order_acquire)) continue;
    filled = table.Swap();
    handed_over.store(true, std::memory_order_release);
  }
  done.store(true, std::memory_order_release);
  drainer.join();
  table.Drain(table.Swap(), &cells);
  ExpectEqual(std::move(cells), twin);
}

}  // namespace
}  // namespace borderflow
