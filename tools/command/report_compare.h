// Two reports side by side: what changed from one to the other, by crossing, jurisdiction,
// category, verdict and pair of locations.
//
// Thread safety: pure functions but for writing.
#ifndef BORDERFLOW_TOOLS_COMMAND_REPORT_COMPARE_H_
#define BORDERFLOW_TOOLS_COMMAND_REPORT_COMPARE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "rules/policy/evaluate.h"
#include "tools/account/options.h"

namespace borderflow {

// What both counted under one key, and its share of each side's bytes.
struct ComparedRow {
  std::vector<std::string> key;  // {"DE", "US"}; {"HLT"}; {"data-allies", "permitted"}
  PolicySum one;
  PolicySum other;
  double one_share = 0;
  double other_share = 0;
};

// Each adds up to the totals, verdicts for each pack.
struct ComparedTable {
  std::string name;               // "crossing", "sources" ...
  std::string title;              // "Of what kind"
  std::vector<std::string> keys;  // names of the parts of a key
  std::vector<ComparedRow> rows;  // the largest change in bytes first, then by key
};

struct Comparison {
  std::string unlike;  // in words, empty when alike
  PolicySum one;
  PolicySum other;
  std::vector<ComparedTable> tables;
};

// Verdicts are those of packs by which both were judged.
// Errors: FailedPrecondition for reports that are unlike, unless `mixed`.
absl::StatusOr<Comparison> CompareReports(const Report& one, const Report& other, bool mixed);

// To --json and --csv of `outputs`, and as text to standard output where neither takes that.
// The names are those of the inputs.
absl::Status WriteComparison(const Comparison& comparison, const std::string& one,
                             const std::string& other, const AccountFlags& outputs);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_REPORT_COMPARE_H_
