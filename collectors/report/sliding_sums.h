// The most that any one period of a threshold held, out of what spans of time held.
//
// A period may begin anywhere, spans are what they are. So the most is bounded: every run of spans
// that fits into a period lies in one, and whatever a period holds lies in the spans that it
// touches. Distinct clients are counted over the union of the spans' sets.
//
// Thread safety: pure functions over values.
// Slow twin in tests: every run of spans, and every period by the second.
#ifndef BORDERFLOW_COLLECTORS_REPORT_SLIDING_SUMS_H_
#define BORDERFLOW_COLLECTORS_REPORT_SLIDING_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/client_set.h"
#include "rules/policy/cells_by_time.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Seconds since 1970, begin <= time < end.
struct TimeSpan {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// What one span held of one sum.
struct SpanSum {
  uint64_t low = 0;  // of bytes, flows ..., surely and perhaps
  uint64_t high = 0;
  ClientSet sure;  // of clients, likewise
  ClientSet possible;
};

// Spans from `first` to before `behind`.
struct SpanRun {
  size_t first = 0;
  size_t behind = 0;
  uint64_t periods = 1;  // how many it takes to hold the run: more than one for a long span only
};

// Runs of which each lies in one period, or for a span longer than that in as few as hold it; and
// runs of which one holds whatever one period does. Neither the first nor the end of a run ever
// goes back. `spans` are disjoint and in order. REQUIRES: threshold.hours > 0.
std::vector<SpanRun> RunsWithin(absl::Span<const TimeSpan> spans, const Threshold& threshold);
std::vector<SpanRun> RunsAround(absl::Span<const TimeSpan> spans, const Threshold& threshold);

// `sums` are by span. REQUIRES: as many as `spans`.
ThresholdBounds MostInAPeriod(absl::Span<const TimeSpan> spans, absl::Span<const SpanSum> sums,
                              const Threshold& threshold);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_SLIDING_SUMS_H_
