// Cells with people behind them, for tests.
#ifndef BORDERFLOW_TESTS_COLLECTORS_PRIVACY_PEOPLE_H_
#define BORDERFLOW_TESTS_COLLECTORS_PRIVACY_PEOPLE_H_

#include <algorithm>
#include <random>
#include <vector>

#include "tests/collectors/cells.h"

namespace borderflow {

// SplitMix64: bits as even as those of a hash of an address.
inline uint64_t HashOfClient(uint64_t number) {
  uint64_t z = (number + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// Clients number `first` to `first + clients - 1`, a flow each.
inline void AddPeople(uint64_t first, uint64_t clients, Cell* cell) {
  for (uint64_t i = 0; i < clients; ++i) cell->clients.AddHash(HashOfClient(first + i));
  cell->counters.flows = clients;
}

inline void SortCells(std::vector<Cell>* cells) {
  std::sort(cells->begin(), cells->end(),
            [](const Cell& a, const Cell& b) { return a.key < b.key; });
}

// A run of `steps` cumulative snapshots of a small world: few jurisdictions and categories, so that
// rows and columns are thin; requests and answers; cells that come late and cells that fall silent.
inline std::vector<std::vector<Cell>> GrowingWorld(uint32_t seed, int steps) {
  static constexpr const char* kPlaces[] = {"DE", "FR", "US", "SG", "private"};
  static constexpr Category kKinds[] = {Category::kHlt, Category::kFin, Category::kUnk};
  std::mt19937 random(seed);
  std::vector<Cell> world;
  std::vector<std::vector<Cell>> snapshots;
  for (int step = 0; step < steps; ++step) {
    for (int i = 0; i < 12; ++i) {
      const char* source = kPlaces[random() % 5];
      const char* destination = kPlaces[random() % 5];
      Cell cell = MakeCell(source, destination, 0, kKinds[random() % 3],
                           random() % 2 == 0 ? Evidence::kName : Evidence::kPort);
      if (random() % 3 == 0) cell.key.role = Role::kResponder;
      auto at = std::find_if(world.begin(), world.end(),
                             [&cell](const Cell& other) { return other.key == cell.key; });
      if (at == world.end()) {
        cell.counters = {};
        at = world.insert(world.end(), cell);
      }
      // Sizes that no sum of others equals by chance.
      at->counters.bytes += random() % 1'000'000'007;
      at->counters.frames += 1 + random() % 100;
      if (at->key.role == Role::kResponder) continue;
      const uint64_t people = random() % 4 == 0 ? 6 + random() % 8 : 1 + random() % 2;
      for (uint64_t p = 0; p < people; ++p) {
        at->clients.AddHash(HashOfClient(random() % 60));
        ++at->counters.flows;
      }
    }
    SortCells(&world);
    snapshots.push_back(world);
  }
  return snapshots;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_PRIVACY_PEOPLE_H_
