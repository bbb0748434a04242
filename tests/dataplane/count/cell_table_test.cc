#include "dataplane/count/cell_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace borderflow {
namespace {

// How many pairs without AS numbers the table adds to its capacity (cell_table.cc).
constexpr uint32_t kWithoutAs = 65536;

Jurisdiction Place(uint64_t number) { return static_cast<Jurisdiction>(number % kJurisdictions); }

PairKey RandomKey(std::mt19937_64* random, uint32_t variety) {
  const auto below = [random](uint64_t bound) { return (*random)() % bound; };
  PairKey key;
  for (Endpoint* end : {&key.initiator, &key.responder}) {
    *end = {static_cast<uint32_t>(below(variety)), Place(below(variety)), Place(below(2))};
  }
  Classification& kind = key.classification;
  kind.category = static_cast<Category>(below(3));
  kind.evidence = static_cast<Evidence>(below(2));
  kind.confidence = static_cast<uint8_t>(below(2) * 95);
  kind.protection = static_cast<Protection>(below(2));
  kind.protocol = static_cast<Protocol>(below(2));
  kind.named = below(2) != 0;
  kind.entity = static_cast<uint16_t>(below(2) * 300);
  return key;
}

CellKey KeyOf(const PairKey& pair, Role role) {
  return role == Role::kInitiator
             ? CellKey{pair.initiator, pair.responder, role, pair.classification}
             : CellKey{pair.responder, pair.initiator, role, pair.classification};
}

std::vector<Cell> CellsOf(CellTable& table) {
  std::vector<Cell> cells;
  table.AppendTo(&cells);
  SortAndFold(&cells);
  return cells;
}

IpAddress Client(uint32_t number) { return IpAddress::FromV4(0x0a000000 + number); }

TEST(CellTable, AgreesWithMap) {
  CellTable table(1 << 16);
  std::map<CellKey, CellCounters> twin;
  std::map<CellKey, std::set<IpAddress>> clients;
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const PairKey key = RandomKey(&random, 3);
    const uint32_t pair = table.Intern(key);
    ASSERT_EQ(table.Intern(key), pair);
    ASSERT_EQ(table.key(pair), key);
    const Role role = random() % 2 == 0 ? Role::kInitiator : Role::kResponder;
    const uint64_t frames = random() % 5 + 1, bytes = random() % 2'000'000, payload = bytes / 2;
    table.Add(pair, role, frames, bytes, payload);
    twin[KeyOf(key, role)] += {frames, bytes, payload, 0};
    if (random() % 4 != 0) continue;
    const IpAddress client = Client(static_cast<uint32_t>(random() % 12));
    table.AddFlow(pair, client);
    ++twin[KeyOf(key, Role::kInitiator)].flows;
    clients[KeyOf(key, Role::kInitiator)].insert(client);
  }
  const std::vector<Cell> cells = CellsOf(table);
  ASSERT_EQ(cells.size(), twin.size());
  auto expected = twin.begin();
  for (const Cell& cell : cells) {
    ASSERT_EQ(cell.key, expected->first);
    EXPECT_EQ(cell.counters, expected->second);
    EXPECT_EQ(cell.clients.Estimate(), clients[cell.key].size());
    ++expected;
  }
  EXPECT_EQ(table.as_numbers_dropped(), 0u);
  EXPECT_EQ(table.folded(), 0u);
}

TEST(CellTable, EveryMemberMakesAnotherPair) {
  CellTable table(64);
  const PairKey key;
  std::vector<PairKey> others(13, key);
  others[0].initiator.asn = 1;
  others[1].initiator.location = Place(1);
  others[2].initiator.registered = Place(1);
  others[3].responder.asn = 1;
  others[4].responder.location = Place(1);
  others[5].responder.registered = Place(1);
  others[6].classification.category = Category::kHlt;
  others[7].classification.evidence = Evidence::kPort;
  others[8].classification.confidence = 1;
  others[9].classification.protection = Protection::kCleartext;
  others[10].classification.protocol = Protocol::kTls;
  others[11].classification.named = true;
  others[12].classification.entity = 256;
  std::set<uint32_t> pairs = {table.Intern(key)};
  for (const PairKey& other : others) EXPECT_TRUE(pairs.insert(table.Intern(other)).second);
}

TEST(CellTable, WhatCountedNothingIsNoCell) {
  CellTable table(8);
  std::mt19937_64 random(1);
  table.Intern(RandomKey(&random, 3));
  EXPECT_TRUE(CellsOf(table).empty());
  // A flow whose initiator was never heard still is one.
  const uint32_t pair = table.Intern(RandomKey(&random, 3));
  table.AddFlow(pair, Client(1));
  table.Add(pair, Role::kResponder, 1, 60, 0);
  const std::vector<Cell> cells = CellsOf(table);
  ASSERT_EQ(cells.size(), 2u);
  EXPECT_EQ(cells[0].counters.flows + cells[1].counters.flows, 1u);
}

TEST(CellTable, ClientsAreExactToSixteenThenWithinFiveStandardErrors) {
  for (const uint32_t size : {1u, 15u, 16u, 17u, 18u, 100u, 1000u, 20'000u}) {
    SCOPED_TRACE(size);
    CellTable table(2);
    PairKey other;
    other.classification.named = true;
    const uint32_t pair = table.Intern({});
    const uint32_t neighbour = table.Intern(other);
    for (int again = 0; again < 3; ++again) {
      for (uint32_t i = 0; i < size; ++i) table.AddFlow(pair, Client(i));
    }
    table.AddFlow(neighbour, Client(0));
    const std::vector<Cell> cells = CellsOf(table);
    ASSERT_EQ(cells.size(), 2u);
    EXPECT_EQ(cells[0].counters.flows, 3 * size);
    const double tolerance = size <= ClientSet::kExact ? 0 : 5 * 0.0325 * size;
    EXPECT_NEAR(static_cast<double>(cells[0].clients.Estimate()), size, tolerance);
    EXPECT_EQ(cells[0].clients.exact(), size <= ClientSet::kExact);
    EXPECT_EQ(cells[1].clients.Estimate(), 1u);
  }
}

TEST(CellTable, FullArenaDropsAsNumbersAndNothingElse) {
  constexpr size_t kCapacity = 10;
  CellTable table(kCapacity);
  std::mt19937_64 random(5);
  std::map<uint32_t, PairKey> precise;
  while (precise.size() < kCapacity) {
    PairKey key = RandomKey(&random, 200);
    key.initiator.asn |= 1;
    precise.emplace(table.Intern(key), key);
  }
  EXPECT_EQ(table.as_numbers_dropped(), 0u);
  for (uint64_t i = 1; i <= 1000; ++i) {
    PairKey key = RandomKey(&random, 200);
    key.responder.asn = 0x10000;  // none of the precise ones
    const uint32_t pair = table.Intern(key);
    EXPECT_EQ(table.as_numbers_dropped(), i);
    key.initiator.asn = key.responder.asn = 0;
    EXPECT_EQ(table.key(pair), key);
  }
  for (const auto& [pair, key] : precise) EXPECT_EQ(table.Intern(key), pair);
  EXPECT_EQ(table.as_numbers_dropped(), 1000u) << "what has its place keeps it";
  EXPECT_EQ(table.folded(), 0u);
}

// Ten times as many pairs as fit: sums by location, and in all, stay what they were.
TEST(CellTable, LocationsStayExactHoweverFullTheArena) {
  CellTable table(100);
  std::mt19937_64 random(6);
  std::map<std::pair<Jurisdiction, Jurisdiction>, CellCounters> twin;
  uint64_t flows = 0;
  for (uint32_t i = 0; i < 3 * kWithoutAs; ++i) {
    PairKey key = RandomKey(&random, 255);
    key.initiator.registered = Place(i % 251);
    key.classification.entity = static_cast<uint16_t>(i);
    const uint32_t pair = table.Intern(key);
    ASSERT_EQ(table.key(pair).initiator.location, key.initiator.location);
    ASSERT_EQ(table.key(pair).responder.location, key.responder.location);
    table.Add(pair, Role::kInitiator, 1, i, i / 2);
    table.Add(pair, Role::kResponder, 2, 7, 0);
    table.AddFlow(pair, Client(i));
    ++flows;
    twin[{key.initiator.location, key.responder.location}] += {1, i, i / 2, 1};
    twin[{key.responder.location, key.initiator.location}] += {2, 7, 0, 0};
  }
  EXPECT_GT(table.folded(), uint64_t{kWithoutAs});
  EXPECT_EQ(table.as_numbers_dropped(), flows - 100);
  std::map<std::pair<Jurisdiction, Jurisdiction>, CellCounters> sums;
  for (const Cell& cell : CellsOf(table)) {
    sums[{cell.key.source.location, cell.key.destination.location}] += cell.counters;
  }
  EXPECT_TRUE(sums == twin);
}

// What was folded lost its category, its AS numbers and its registered jurisdictions.
TEST(CellTable, FoldedPairsSayNothingButLocations) {
  CellTable table(1);
  PairKey key;
  key.initiator = {64496, Place(7), Place(8)};
  key.responder = {64497, Place(254), Place(9)};
  key.classification.category = Category::kHlt;
  uint32_t pair = 0;
  for (uint32_t i = 0; i <= kWithoutAs + 1; ++i) {
    key.classification.entity = static_cast<uint16_t>(i);
    key.classification.confidence = static_cast<uint8_t>(i >> 16);
    pair = table.Intern(key);
    if (i <= kWithoutAs) {
      ASSERT_EQ(table.folded(), 0u) << i;
    }
  }
  EXPECT_EQ(table.folded(), 1u);
  PairKey expected;
  expected.initiator.location = Place(7);
  expected.responder.location = Place(254);
  EXPECT_EQ(table.key(pair), expected);
  // The decision on a flow that was folded when it began leads to the same place.
  expected.classification.category = Category::kFin;
  EXPECT_EQ(table.Intern(expected), pair);
}

}  // namespace
}  // namespace borderflow
