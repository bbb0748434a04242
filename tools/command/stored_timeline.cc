// What each window of stores held.
#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "tools/command/stored_report.h"

namespace borderflow {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kHour = 3600;

// Where windows of a store begin and end, and how wide the narrowest is.
struct Extent {
  uint64_t from = std::numeric_limits<uint64_t>::max();
  uint64_t to = 0;
  uint64_t width = kHour;
};

absl::StatusOr<Extent> ExtentOf(Store* store, const TimeRange& range, const DecodeTotals& decode) {
  Extent extent;
  const absl::StatusOr<std::vector<Store::Listed>> windows = store->Windows();
  if (!windows.ok()) return windows.status();
  for (const Store::Listed& window : *windows) {
    extent.from = std::min(extent.from, window.begin);
    extent.to = std::max(extent.to, window.end);
    if (window.end > window.begin) {
      extent.width = std::min(extent.width, window.end - window.begin);
    }
  }
  // Windows that were pruned are known by the times of their frames only.
  extent.from = std::min(extent.from, decode.first_time_ns / kNsPerSecond / kHour * kHour);
  extent.to = std::max(extent.to, decode.last_time_ns / kNsPerSecond + 1);
  if (range.from.has_value()) extent.from = std::max(extent.from, *range.from);
  if (range.to.has_value()) extent.to = std::min(extent.to, *range.to);
  // Few enough steps, each of whole windows.
  const uint64_t span = extent.to > extent.from ? extent.to - extent.from : 0;
  const uint64_t steps = span / extent.width / Timeline::kMostWindows + 1;
  extent.width *= steps;
  extent.from = extent.from / extent.width * extent.width;
  if (range.from.has_value()) extent.from = std::max(extent.from, *range.from);
  return extent;
}

TimelineWindow WindowOf(const StoredRange& found, const StoredFlags& flags,
                        absl::Span<const JurisdictionSet> zones) {
  Timeline one(uint64_t{1});
  for (const StoredCounts& part : found.parts) {
    if (!flags.sensor.empty() && flags.sensor != part.statement.sensor) continue;
    one.Add(found.from, part.counts.snapshot.cells, zones);
  }
  return one.windows().empty() ? TimelineWindow() : one.windows().front();
}

}  // namespace

absl::StatusOr<Timeline> TimelineOf(const std::vector<std::string>& stores,
                                    const StoredFlags& flags, const Report& report) {
  const absl::StatusOr<TimeRange> range = RangeOf(flags);
  if (!range.ok()) return range.status();
  std::vector<TimelineWindow> windows;
  uint64_t width = 0;
  for (const std::string& path : stores) {
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path, Store::Mode::kRead);
    if (!store.ok()) return store.status();
    const absl::StatusOr<Extent> extent = ExtentOf(store->get(), *range, report.snapshot.decode);
    if (!extent.ok()) return extent.status();
    width = std::max(width, extent->width);
    for (uint64_t at = extent->from; at < extent->to;) {
      TimeRange step;
      step.from = at;
      step.to = std::min(at + extent->width, extent->to);
      const absl::StatusOr<StoredRange> found = (*store)->Read(step);
      if (!found.ok()) return found.status();
      TimelineWindow window = WindowOf(*found, flags, report.zones);
      if (window.total != PolicySum{}) windows.push_back(window);
      at = std::max(found->to, *step.to);
    }
  }
  if (windows.empty()) return Timeline("no window of the store lies in that time");
  std::stable_sort(
      windows.begin(), windows.end(),
      [](const TimelineWindow& a, const TimelineWindow& b) { return a.begin < b.begin; });
  Timeline timeline(width);
  PolicySum total;
  for (const TimelineWindow& window : windows) {
    timeline.Add(window);
    total += window.total;
  }
  // A writer that prunes at the same time could have moved something between two looks.
  const CellCounters& all = report.sums.total;
  if (total != PolicySum{all.frames, all.bytes, all.flows}) {
    return Timeline("the store changed while it was read; make the report again");
  }
  return timeline;
}

}  // namespace borderflow
