#include "collectors/privacy/period.h"

#include <algorithm>

namespace borderflow {
namespace {

CellCounters Difference(const CellCounters& now, const CellCounters& before) {
  return {now.frames - before.frames, now.bytes - before.bytes,
          now.payload_bytes - before.payload_bytes, now.flows - before.flows};
}

const Cell* Requests(const CellKey& answers, absl::Span<const Cell> cells) {
  CellKey wanted = answers;
  std::swap(wanted.source, wanted.destination);
  wanted.role = Role::kInitiator;
  const auto at =
      std::lower_bound(cells.begin(), cells.end(), wanted,
                       [](const Cell& cell, const CellKey& key) { return cell.key < key; });
  return at != cells.end() && at->key == wanted ? &*at : nullptr;
}

}  // namespace

std::vector<PeriodCell> Since(absl::Span<const CountedCell> before, absl::Span<const Cell> now) {
  std::vector<PeriodCell> period;
  auto old = before.begin();
  for (const Cell& cell : now) {
    while (old != before.end() && old->first < cell.key) ++old;
    const bool known = old != before.end() && old->first == cell.key;
    const CellCounters added = known ? Difference(cell.counters, old->second) : cell.counters;
    if (added == CellCounters{}) continue;
    const bool answers = cell.key.role == Role::kResponder;
    period.push_back({&cell, added, answers ? Requests(cell.key, now) : nullptr});
  }
  return period;
}

std::vector<CountedCell> Counted(absl::Span<const Cell> cells) {
  std::vector<CountedCell> counted;
  counted.reserve(cells.size());
  for (const Cell& cell : cells) counted.emplace_back(cell.key, cell.counters);
  return counted;
}

}  // namespace borderflow
