#include "collectors/privacy/ledger.h"

#include <algorithm>

namespace borderflow {
namespace {

constexpr uint64_t kWholeTable = ~uint64_t{0};

// What the period's cells make of each key. An answer's clients are those of its requests, and are
// not counted again where both are of one key.
std::map<LedgerKey, Candidate> Gather(const TableShape& shape,
                                      absl::Span<const PeriodCell> period) {
  std::map<LedgerKey, Candidate> candidates;
  for (const PeriodCell& part : period) {
    const LedgerKey key = shape.key(part.cell->key);
    Candidate& candidate = candidates[key];
    candidate.added += part.added;
    const Cell* people = part.cell->key.role == Role::kInitiator ? part.cell : part.requests;
    if (people == nullptr) continue;
    candidate.clients.Merge(people->clients);
    // Flows of requests that were silent in this period are left out: too few rather than too many.
    if (people == part.cell || shape.key(people->key) != key) {
      candidate.flows += people->counters.flows;
    }
  }
  return candidates;
}

}  // namespace

CellCounters PublishedTable::Total() const {
  CellCounters total = other;
  total += suppressed;
  for (const auto& [unused, one] : series) total += one.counters;
  return total;
}

void Ledger::Reserve(absl::Span<const LedgerKey> keys, size_t limit) {
  reserved_.clear();
  for (const LedgerKey& key : keys) {
    if (reserved_.size() >= limit) break;
    reserved_.insert(key);
  }
}

std::vector<LedgerKey> Ledger::Admitted() const {
  std::vector<LedgerKey> keys(reserved_.begin(), reserved_.end());
  for (const auto& [key, unused] : table_.series) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

void Ledger::Publish(const TableShape& shape, absl::Span<const PeriodCell> period,
                     uint64_t min_cell) {
  table_.limit = shape.limit;
  hidden_now_.clear();
  std::vector<LedgerKey> keys;
  std::vector<Candidate> candidates;
  for (auto& [key, candidate] : Gather(shape, period)) {
    candidate.released = released_.contains(key);
    candidate.withheld = shape.withheld != nullptr && shape.withheld(key);
    if (shape.lines != nullptr) candidate.lines = shape.lines(key);
    candidate.lines.push_back(kWholeTable);
    keys.push_back(key);
    candidates.push_back(std::move(candidate));
  }
  const std::vector<Fate> fates = Decide(candidates, min_cell);

  std::vector<size_t> told;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (fates[i] == Fate::kSmall) {
      never_released_.insert(keys[i]);
    } else {
      released_.insert(keys[i]);
      never_released_.erase(keys[i]);
    }
    if (fates[i] == Fate::kTold) {
      told.push_back(i);
    } else {
      hidden_now_.insert(keys[i]);
      table_.suppressed += candidates[i].added;
    }
  }
  std::stable_sort(told.begin(), told.end(), [&candidates](size_t a, size_t b) {
    return candidates[a].added.bytes > candidates[b].added.bytes;
  });
  for (const size_t i : told) {
    auto at = table_.series.find(keys[i]);
    if (at == table_.series.end() &&
        (reserved_.erase(keys[i]) > 0 || table_.series.size() + reserved_.size() < table_.limit)) {
      at = table_.series.emplace(keys[i], LedgerSeries{}).first;
    }
    if (at == table_.series.end()) {
      table_.other += candidates[i].added;
      continue;
    }
    at->second.counters += candidates[i].added;
    at->second.clients =
        std::max(at->second.clients, RoundedClients(candidates[i].clients.Estimate()));
  }
  table_.hidden_keys = never_released_.size();
}

}  // namespace borderflow
