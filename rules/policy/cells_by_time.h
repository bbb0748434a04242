// CellsByTime: the same cells in parts by time, for thresholds over periods that are shorter than
// what the data cover.
//
// An evaluation sees each cell once, summed over all of its time. Where somebody still holds the
// parts (a store of windows), it is asked for the most that any one period held.
//
// Thread safety: as the implementation says.
#ifndef BORDERFLOW_RULES_POLICY_CELLS_BY_TIME_H_
#define BORDERFLOW_RULES_POLICY_CELLS_BY_TIME_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "rules/policy/pack.h"

namespace borderflow {

struct ThresholdBounds {
  uint64_t low = 0;
  uint64_t high = 0;
  friend bool operator==(const ThresholdBounds&, const ThresholdBounds&) = default;
};

class CellsByTime {
 public:
  // A cell that adds to a sum, surely or perhaps. Cells by their position, sums by number from 0.
  struct Part {
    uint32_t cell = 0;
    uint32_t sum = 0;
    bool sure = false;
  };
  struct Asked {
    const Threshold* threshold = nullptr;
    size_t sums = 0;
    std::vector<Part> parts;
  };
  // Bounds by sum, or why there are none.
  struct Most {
    std::vector<ThresholdBounds> bounds;
    std::string not_measurable;
  };

  virtual ~CellsByTime() = default;

  // For each that is asked, the most that a sum came to in any one period of the threshold: any
  // stretch of time so long, or any one calendar year.
  virtual std::vector<Most> MostInAPeriod(absl::Span<const Asked> asked) const = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_CELLS_BY_TIME_H_
