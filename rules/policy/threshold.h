// Thresholds: sums over the cells that meet a rule, as bounds, and what they answer.
//
// Thread safety: pure functions; ThresholdSums has one writer.
#ifndef BORDERFLOW_RULES_POLICY_THRESHOLD_H_
#define BORDERFLOW_RULES_POLICY_THRESHOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "rules/policy/cells_by_time.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/outcome.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Why the threshold cannot be measured over data that cover so long; empty when it can.
std::string NotMeasurable(const Threshold& threshold, uint64_t covered_seconds);

// What the fullest of so many periods holds at the least, of what all of them hold.
uint64_t LeastShare(uint64_t whole, uint64_t periods);

// How many periods of the threshold, one behind the other, it takes to hold what the data cover.
uint64_t PeriodsOf(const Threshold& threshold, const EvaluateOptions& options);

// The sums of one threshold, one for each value of what it aggregates by.
class ThresholdSums {
 public:
  // `threshold` must outlive it.
  ThresholdSums(const Threshold& threshold, const EvaluateOptions& options);

  // A cell that surely meets the rule, or may. `swapped`: the rule's source is its receiver.
  // Returns the number of the sum that it belongs to, from 0 in order of appearance.
  uint32_t Add(const PolicyCell& cell, bool swapped, bool sure);

  // Whether the data cover more than one period, so that sums over all of it are not yet what the
  // threshold asks for. Once all is added, then, one of these:
  bool LongerThanAPeriod() const { return not_measurable_.empty() && periods_ > 1; }
  // ... the most that one period held, by number of the sum;
  void Slide(CellsByTime::Most most);
  // ... or the bounds that follow from the whole: at most all of it lies in one period, and the
  // fullest of `n` periods that hold all of it holds an n-th at least.
  void Spread();

  // Whether the sum that the cell belongs to reaches the threshold.
  Told Answer(const PolicyCell& cell, bool swapped) const;

  const Threshold& threshold() const { return threshold_; }
  size_t size() const { return sums_.size(); }  // how many sums there are

  // The bounds of the largest sum.
  ThresholdResult Result(const std::string& rule) const;

 private:
  uint64_t KeyOf(const PolicyCell& cell, bool swapped) const;
  ThresholdBounds Of(const PolicyCell& cell) const;

  const Threshold& threshold_;
  std::string not_measurable_;
  uint64_t periods_;  // that it takes, one behind the other, to hold all of the data's time
  PeriodBasis basis_ = PeriodBasis::kWhole;
  absl::flat_hash_map<uint64_t, uint32_t> numbers_;  // by key
  std::vector<ThresholdBounds> sums_;                // by number
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_THRESHOLD_H_
