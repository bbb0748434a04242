// Batches for tests: many cells, the same for the same seed.
#ifndef BORDERFLOW_TESTS_COLLECTORS_BATCHES_H_
#define BORDERFLOW_TESTS_COLLECTORS_BATCHES_H_

#include <random>
#include <string>
#include <vector>

#include "collectors/export/batch.h"
#include "rules/jurisdiction/groups.h"
#include "rules/policy/pack.h"

namespace borderflow {

inline std::vector<Cell> RandomCells(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Cell> cells;
  for (size_t i = 0; i < count; ++i) {
    Cell cell;
    for (Endpoint* end : {&cell.key.source, &cell.key.destination}) {
      end->location = static_cast<Jurisdiction>(random() % kJurisdictions);
      end->registered = static_cast<Jurisdiction>(random() % kJurisdictions);
      end->asn = static_cast<uint32_t>(random() % 70000);
    }
    cell.key.role = random() % 2 == 0 ? Role::kInitiator : Role::kResponder;
    Classification& c = cell.key.classification;
    c.category = static_cast<Category>(random() % kCategories);
    c.evidence = static_cast<Evidence>(random() % kEvidences);
    c.confidence = static_cast<uint8_t>(random() % 100);
    c.protection = static_cast<Protection>(random() % 3);
    c.entity = static_cast<uint16_t>(random() % 5);
    const uint64_t frames = 1 + random() % 1000;
    cell.counters = {frames, frames * 100 + random() % 100'000'000'000, frames * 50,
                     cell.key.role == Role::kInitiator ? 1 + random() % 50 : 0};
    for (uint64_t n = 0; n < cell.counters.flows; ++n) cell.clients.AddHash(random());
    cells.push_back(std::move(cell));
  }
  SortAndFold(&cells);
  return cells;
}

inline std::vector<Pack> DataAllies() { return {*LoadPack("data-allies", Groups::BuiltIn())}; }

// Unsuppressed unless `min_cell` says more.
inline ExportBatch RandomBatch(const std::string& sensor, uint64_t sequence, size_t cells,
                               const std::vector<Pack>& packs = DataAllies(),
                               uint64_t min_cell = 1) {
  constexpr uint64_t kMinute = 60'000'000'000;
  ExportBatch batch;
  batch.key = {sensor, 0, 1'780'000'000'000'000'000 + sequence * kMinute, sequence};
  batch.end_ns = batch.key.start_ns + kMinute;
  batch.vantage = "testbed";
  batch.entities_digest = "feed0123456789abcdef";
  batch.geo_digests = {"0123abcd"};
  WindowRelease release(min_cell);
  AddRows(RandomCells(cells, std::hash<std::string>()(sensor) + sequence), {}, packs, {}, &release,
          &batch);
  batch.captured = {batch.total.frames, batch.total.bytes};
  return batch;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_BATCHES_H_
