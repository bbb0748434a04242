// Thresholds: sums over the cells that meet a rule, as bounds, and what they answer.
//
// Thread safety: pure functions; ThresholdSums has one writer.
#ifndef BORDERFLOW_RULES_POLICY_THRESHOLD_H_
#define BORDERFLOW_RULES_POLICY_THRESHOLD_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/outcome.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Why the threshold cannot be measured over data that cover so long; empty when it can.
std::string NotMeasurable(const Threshold& threshold, uint64_t covered_seconds);

struct ThresholdBounds {
  uint64_t low = 0;
  uint64_t high = 0;
};

// The sums of one threshold, one for each value of what it aggregates by.
class ThresholdSums {
 public:
  // `threshold` must outlive it.
  ThresholdSums(const Threshold& threshold, uint64_t covered_seconds);

  // A cell that surely meets the rule, or may. `swapped`: the rule's source is its receiver.
  void Add(const PolicyCell& cell, bool swapped, bool sure);

  // Whether the sum that the cell belongs to reaches the threshold.
  Told Answer(const PolicyCell& cell, bool swapped) const;

  // The bounds of the largest sum.
  ThresholdResult Result(const std::string& rule) const;

 private:
  uint64_t KeyOf(const PolicyCell& cell, bool swapped) const;
  ThresholdBounds Of(const PolicyCell& cell) const;

  const Threshold& threshold_;
  std::string not_measurable_;
  absl::flat_hash_map<uint64_t, ThresholdBounds> sums_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_THRESHOLD_H_
