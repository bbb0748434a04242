// A JSON report read back: its cells as policies and measures see them.
//
// Evaluating what is read gives the same numbers as the run that wrote it.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_COLLECTORS_REPORT_READ_REPORT_H_
#define BORDERFLOW_COLLECTORS_REPORT_READ_REPORT_H_

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/export/rows.h"
#include "rules/entity/entities.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

struct StoredReport {
  std::string command;  // that made it
  std::string vantage;  // empty: not stated
  // Event time of the first and the last frame, ns since 1970; both 0 when there was none.
  uint64_t first_time_ns = 0;
  uint64_t last_time_ns = 0;
  // How many windows it holds. A replay without --window is one, which has no peak rate.
  int windows = 1;
  // What is to be said of the reading; empty: nothing.
  std::string note;
  std::vector<PolicyCell> cells;
  std::vector<CellRow> rows;  // the same as they stand there, entities by the report's own numbers
};

// The report that `input` holds. Cells are taken one at a time; the rest of the report is skipped.
// `name` is only for messages. `entities` tell the organisation of an end by its AS; one that a
// name told is taken over where the report was made with the very same lists. Errors:
// InvalidArgument with the place for what is no JSON, no borderflow report, a member that is
// missing or of the wrong kind, and a code, category or word that does not exist.
absl::StatusOr<StoredReport> ReadReport(std::istream& input, std::string_view name,
                                        const Entities& entities = Entities::BuiltIn());

// As above, from a file.
// Errors: NotFound when it cannot be opened.
absl::StatusOr<StoredReport> ReadReportFile(const std::string& path,
                                            const Entities& entities = Entities::BuiltIn());

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_READ_REPORT_H_
