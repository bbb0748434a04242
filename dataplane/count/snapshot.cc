#include "dataplane/count/snapshot.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dataplane/count/snapshot_numbers.h"

namespace borderflow {
namespace {

// Adds every number; `shared` does it for those that each worker counts alike.
template <typename Shared>
void AddNumbers(const Snapshot& from, Snapshot* to, const Shared& shared) {
  const bool has_time = from.decode.captured.frames > 0;
  const bool had_time = to->decode.captured.frames > 0;
  VisitNumbers(
      [&](const auto&, NumberKind kind, const uint64_t& addend, uint64_t& sum) {
        switch (kind) {
          case NumberKind::kCounted:
          case NumberKind::kRunning:
            sum += addend;
            break;
          case NumberKind::kShared:
            sum = shared(sum, addend);
            break;
          case NumberKind::kFirstTime:
            if (has_time) sum = had_time ? std::min(sum, addend) : addend;
            break;
          case NumberKind::kLastTime:
            if (has_time) sum = std::max(sum, addend);
            break;
        }
      },
      from, *to);
  for (const auto& [link, frames] : from.decode.unknown_links) {
    to->decode.unknown_links[link] += frames;
  }
}

void MergeNames(std::map<std::string, NameCounters> from, std::map<std::string, NameCounters>* to) {
  for (auto& [name, counters] : from) {
    const auto [at, added] = to->try_emplace(name, counters);
    if (added) continue;
    at->second.flows += counters.flows;
    at->second.bytes += counters.bytes;
    // The better evidence names the category; equal evidence the lower protocol, so that the order
    // of merging does not matter.
    const auto rank = [](const NameCounters& n) {
      return std::pair(static_cast<int>(n.evidence), -static_cast<int>(n.protocol));
    };
    if (rank(counters) > rank(at->second)) {
      at->second.evidence = counters.evidence;
      at->second.category = counters.category;
      at->second.protocol = counters.protocol;
    }
  }
}

}  // namespace

void SortAndFold(std::vector<Cell>* cells) {
  std::sort(cells->begin(), cells->end(),
            [](const Cell& a, const Cell& b) { return a.key < b.key; });
  size_t kept = 0;
  for (size_t i = 0; i < cells->size(); ++i) {
    Cell& cell = (*cells)[i];
    if (kept > 0 && (*cells)[kept - 1].key == cell.key) {
      (*cells)[kept - 1].counters += cell.counters;
      (*cells)[kept - 1].clients.Merge(cell.clients);
    } else {
      if (kept != i) (*cells)[kept] = std::move(cell);
      ++kept;
    }
  }
  cells->resize(kept);
}

namespace {

void AddCells(Snapshot from, Snapshot* to) {
  to->cells.insert(to->cells.end(), std::make_move_iterator(from.cells.begin()),
                   std::make_move_iterator(from.cells.end()));
  SortAndFold(&to->cells);
  MergeNames(std::move(from.names), &to->names);
}

}  // namespace

void Merge(Snapshot from, Snapshot* to) {
  AddNumbers(from, to, [](uint64_t one, uint64_t other) { return std::max(one, other); });
  AddCells(std::move(from), to);
}

void AddWindow(Snapshot window, Snapshot* to) {
  AddNumbers(window, to, [](uint64_t one, uint64_t other) { return one + other; });
  AddCells(std::move(window), to);
}

void SubtractEarlier(const Snapshot& earlier, Snapshot* to) {
  VisitNumbers(
      [](const auto&, NumberKind kind, const uint64_t& before, uint64_t& number) {
        if (kind == NumberKind::kRunning || kind == NumberKind::kShared) number -= before;
      },
      earlier, *to);
}

}  // namespace borderflow
