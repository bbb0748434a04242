#include "collectors/report/sliding_sums.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "collectors/report/policy_cells.h"
#include "rules/policy/threshold.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecondsPerHour = 3600;

bool CountsClients(const Threshold& threshold) {
  return threshold.unit == Unit::kClients || threshold.unit == Unit::kPersons;
}

absl::civil_year_t YearOf(uint64_t seconds) {
  return absl::ToCivilYear(absl::FromUnixSeconds(static_cast<int64_t>(seconds)),
                           absl::UTCTimeZone())
      .year();
}

// The first and the last calendar year that a span touches.
std::pair<absl::civil_year_t, absl::civil_year_t> YearsOf(const TimeSpan& span) {
  return {YearOf(span.begin), YearOf(std::max(span.begin, span.end - 1))};
}

// The union of a run of sets whose ends only go forward; unions cannot be taken back, so what
// leaves first is kept as unions with all that leaves after it.
class SlidingUnion {
 public:
  void Push(const ClientSet& set) {
    back_.push_back(&set);
    back_union_.Merge(set);
  }

  void Pop() {
    if (front_.empty()) {
      ClientSet all;
      for (; !back_.empty(); back_.pop_back()) {
        all.Merge(*back_.back());
        front_.push_back(all);
      }
      back_union_ = ClientSet();
    }
    front_.pop_back();
  }

  uint64_t Estimate() const {
    if (front_.empty()) return back_union_.Estimate();
    ClientSet all = front_.back();
    all.Merge(back_union_);
    return all.Estimate();
  }

 private:
  std::vector<ClientSet> front_;  // the next to leave last
  std::vector<const ClientSet*> back_;
  ClientSet back_union_;
};

// The largest value of a run, each divided among the periods that it takes.
template <typename Add, typename Remove, typename Value>
uint64_t Largest(const std::vector<SpanRun>& runs, const Add& add, const Remove& remove,
                 const Value& value) {
  uint64_t largest = 0;
  size_t first = 0;
  size_t behind = 0;
  for (const SpanRun& run : runs) {
    for (; behind < run.behind; ++behind) add(behind);
    for (; first < run.first; ++first) remove(first);
    largest = std::max(largest, LeastShare(value(), run.periods));
  }
  return largest;
}

uint64_t LargestSum(const std::vector<SpanRun>& runs, absl::Span<const SpanSum> sums,
                    uint64_t SpanSum::*member) {
  uint64_t sum = 0;
  return Largest(
      runs, [&](size_t i) { sum += sums[i].*member; }, [&](size_t i) { sum -= sums[i].*member; },
      [&] { return sum; });
}

uint64_t MostClients(const std::vector<SpanRun>& runs, absl::Span<const SpanSum> sums,
                     ClientSet SpanSum::*member, uint64_t ThresholdBounds::*bound) {
  SlidingUnion sets;
  return Largest(
      runs, [&](size_t i) { sets.Push(sums[i].*member); }, [&](size_t) { sets.Pop(); },
      [&] { return BoundsOfClients(sets.Estimate()).*bound; });
}

}  // namespace

std::vector<SpanRun> RunsWithin(absl::Span<const TimeSpan> spans, const Threshold& threshold) {
  const uint64_t period = threshold.hours * kSecondsPerHour;
  std::vector<SpanRun> runs;
  size_t behind = 0;
  for (size_t first = 0; first < spans.size(); ++first) {
    const auto fits = [&](size_t last) {
      if (!threshold.calendar_year) return spans[last].end - spans[first].begin <= period;
      return YearsOf(spans[first]).first == YearsOf(spans[last]).second;
    };
    behind = std::max(behind, first);
    while (behind < spans.size() && fits(behind)) ++behind;
    if (behind > first) {
      runs.push_back({first, behind, 1});
      continue;
    }
    const auto [year, last_year] = YearsOf(spans[first]);
    runs.push_back({first, first + 1,
                    threshold.calendar_year
                        ? static_cast<uint64_t>(last_year - year + 1)
                        : LeastShare(spans[first].end - spans[first].begin, period)});
    behind = first + 1;
  }
  return runs;
}

std::vector<SpanRun> RunsAround(absl::Span<const TimeSpan> spans, const Threshold& threshold) {
  const uint64_t period = threshold.hours * kSecondsPerHour;
  std::vector<SpanRun> runs;
  size_t behind = 0;
  for (size_t first = 0; first < spans.size(); ++first) {
    // By a period that begins at the very end of the first span, or in its last year.
    const auto touched = [&](size_t other) {
      if (!threshold.calendar_year) return spans[other].begin < spans[first].end + period;
      return YearsOf(spans[other]).first <= YearsOf(spans[first]).second;
    };
    while (behind < spans.size() && touched(behind)) ++behind;
    runs.push_back({first, behind, 1});
  }
  return runs;
}

ThresholdBounds MostInAPeriod(absl::Span<const TimeSpan> spans, absl::Span<const SpanSum> sums,
                              const Threshold& threshold) {
  const std::vector<SpanRun> within = RunsWithin(spans, threshold);
  const std::vector<SpanRun> around = RunsAround(spans, threshold);
  ThresholdBounds most;
  if (CountsClients(threshold)) {
    most.low = MostClients(within, sums, &SpanSum::sure, &ThresholdBounds::low);
    most.high = MostClients(around, sums, &SpanSum::possible, &ThresholdBounds::high);
  } else {
    most.low = LargestSum(within, sums, &SpanSum::low);
    most.high = LargestSum(around, sums, &SpanSum::high);
  }
  most.high = std::max(most.high, most.low);  // estimates of one set and of another
  return most;
}

}  // namespace borderflow
