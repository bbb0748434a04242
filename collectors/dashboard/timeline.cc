#include "collectors/dashboard/timeline.h"

#include <utility>

#include "collectors/dashboard/view_json.h"

namespace borderflow {
namespace {

void AddTo(const TimelineWindow& from, TimelineWindow* to) {
  to->total += from.total;
  to->suppressed += from.suppressed;
  for (size_t i = 0; i < to->crossing.size(); ++i) to->crossing[i] += from.crossing[i];
}

}  // namespace

void Timeline::Add(const TimelineWindow& window) {
  const uint64_t begin = window.begin / width_ * width_;
  if (!windows_.empty() && begin <= windows_.back().begin) {
    AddTo(window, &windows_.back());
    return;
  }
  windows_.push_back(window);
  windows_.back().begin = begin;
  while (windows_.size() > kMostWindows) Widen();
}

void Timeline::Add(uint64_t begin, absl::Span<const Cell> cells,
                   absl::Span<const JurisdictionSet> zones) {
  TimelineWindow window;
  window.begin = begin;
  for (const Cell& cell : cells) {
    const PolicySum sum = ToSum(cell.counters);
    window.total += sum;
    const Crossing crossing =
        CrossingOf(cell.key.source.location, cell.key.destination.location, zones);
    window.crossing[static_cast<size_t>(crossing)] += sum;
  }
  Add(window);
}

void Timeline::Widen() {
  width_ *= 2;
  const std::vector<TimelineWindow> narrow = std::exchange(windows_, {});
  for (const TimelineWindow& window : narrow) {
    const uint64_t begin = window.begin / width_ * width_;
    if (!windows_.empty() && windows_.back().begin == begin) {
      AddTo(window, &windows_.back());
    } else {
      windows_.push_back(window);
      windows_.back().begin = begin;
    }
  }
}

}  // namespace borderflow
