// Two reports side by side: what crosses, and which pairs of locations differ most.
//
// Thread safety: pure functions but for writing.
#ifndef BORDERFLOW_TOOLS_COMMAND_REPORT_COMPARE_H_
#define BORDERFLOW_TOOLS_COMMAND_REPORT_COMPARE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "collectors/report/sums.h"

namespace borderflow {

struct PairDifference {
  Jurisdiction source;
  Jurisdiction destination;
  CellCounters one;
  CellCounters other;
};

struct Comparison {
  std::string unlike;  // in words, empty when alike
  CellCounters one;
  CellCounters other;
  std::array<CellCounters, kCrossings> one_crossing{};
  std::array<CellCounters, kCrossings> other_crossing{};
  std::vector<PairDifference> pairs;  // that differ; the largest difference in bytes first
};

// Errors: FailedPrecondition for reports that are unlike, unless `mixed`.
absl::StatusOr<Comparison> CompareReports(const Report& one, const Report& other, bool mixed);

// To `json`, or as a table to standard output.
absl::Status WriteComparison(const Comparison& comparison, const std::string& json);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_REPORT_COMPARE_H_
