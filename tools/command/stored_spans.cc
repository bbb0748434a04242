#include "tools/command/stored_spans.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace borderflow {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kHour = 3600;
constexpr uint64_t kDay = 24 * kHour;
constexpr uint64_t kMostSpans = 20'000;

using Stores = std::vector<std::unique_ptr<Store>>;

absl::StatusOr<Stores> OpenAll(const std::vector<std::string>& paths) {
  Stores stores;
  for (const std::string& path : paths) {
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path, Store::Mode::kRead);
    if (!store.ok()) return store.status();
    stores.push_back(*std::move(store));
  }
  return stores;
}

// How wide a span is to be for periods of `seconds`.
absl::StatusOr<uint64_t> WidthFor(uint64_t seconds, const Stores& stores) {
  if (seconds >= 2 * kDay) return kDay;
  if (seconds >= 2 * kHour) return kHour;
  uint64_t narrowest = kHour;
  for (const std::unique_ptr<Store>& store : stores) {
    const absl::StatusOr<std::vector<Store::Listed>> windows = store->Windows();
    if (!windows.ok()) return windows.status();
    for (const Store::Listed& window : *windows) {
      if (window.end > window.begin) narrowest = std::min(narrowest, window.end - window.begin);
    }
  }
  return narrowest;
}

// What all stores hold of the span, widened until none of them divides anything.
absl::StatusOr<std::vector<StoredRange>> ReadWhole(const Stores& stores, TimeSpan* span) {
  while (true) {
    const TimeSpan before = *span;
    std::vector<StoredRange> found;
    for (const std::unique_ptr<Store>& store : stores) {
      absl::StatusOr<StoredRange> range = store->Read({span->begin, span->end});
      if (!range.ok()) return range.status();
      span->begin = std::min(span->begin, range->from);
      span->end = std::max(span->end, range->to);
      found.push_back(*std::move(range));
    }
    if (span->begin == before.begin && span->end == before.end) return found;
  }
}

}  // namespace

ReadSpans SpansOf(const std::vector<std::string>& stores, const StoredFlags& flags,
                  const Lists& lists, const DecodeTotals& decode) {
  const uint64_t first = decode.first_time_ns / kNsPerSecond;
  const uint64_t last = decode.last_time_ns / kNsPerSecond;
  return [stores, flags, &lists, first, last](uint64_t seconds, TakeSpan take) -> absl::Status {
    const absl::StatusOr<Stores> open = OpenAll(stores);
    if (!open.ok()) return open.status();
    absl::StatusOr<uint64_t> width = WidthFor(seconds, *open);
    if (!width.ok()) return width.status();
    *width *= (last - first) / *width / kMostSpans + 1;
    TimeSpan span;
    for (uint64_t at = first / *width * *width; at <= last; at = span.end) {
      span = {at, at + *width};
      absl::StatusOr<std::vector<StoredRange>> found = ReadWhole(*open, &span);
      if (!found.ok()) return found.status();
      std::vector<Cell> cells;
      for (StoredRange& range : *found) {
        for (StoredCounts& part : range.parts) {
          if (!flags.sensor.empty() && flags.sensor != part.statement.sensor) continue;
          if (absl::Status s = ReadWith(lists, &part); !s.ok()) return s;
          std::vector<Cell>& of = part.counts.snapshot.cells;
          cells.insert(cells.end(), std::make_move_iterator(of.begin()),
                       std::make_move_iterator(of.end()));
        }
      }
      if (cells.empty()) continue;
      SortAndFold(&cells);
      if (absl::Status s = take(span, cells); !s.ok()) return s;
    }
    return absl::OkStatus();
  };
}

}  // namespace borderflow
