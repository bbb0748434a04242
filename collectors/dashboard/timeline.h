// Timeline: what each window of a run held, few enough windows to be drawn.
//
// Windows come in order of time. Whenever there are more than kMostWindows, two neighbours become
// one of twice the width, so that a year of minutes is still one picture and every sum stays exact.
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_TIMELINE_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_TIMELINE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "collectors/report/sums.h"
#include "dataplane/count/snapshot.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

struct TimelineWindow {
  uint64_t begin = 0;  // seconds since 1970
  PolicySum total;
  std::array<PolicySum, kCrossings> crossing{};
  PolicySum suppressed;  // only of what a sensor released
};

class Timeline {
 public:
  static constexpr size_t kMostWindows = 1000;

  // Without windows, for `reason`: "the whole is one window; ...".
  explicit Timeline(std::string reason) : reason_(std::move(reason)) {}
  // `width` in seconds, not 0.
  explicit Timeline(uint64_t width) : width_(width) {}

  // Windows without frames need not be added. What begins within the last one is added to it, and
  // so is what is earlier.
  void Add(const TimelineWindow& window);
  // As above, from cells.
  void Add(uint64_t begin, absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones);

  uint64_t width() const { return width_; }
  const std::vector<TimelineWindow>& windows() const { return windows_; }
  // Why there is none; empty when there is.
  const std::string& reason() const { return reason_; }

 private:
  void Widen();

  uint64_t width_ = 0;
  std::vector<TimelineWindow> windows_;
  std::string reason_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_TIMELINE_H_
