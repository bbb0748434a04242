// Cells as policies see them: with the operator's home beside location and registration.
#ifndef BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_
#define BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "collectors/export/rows.h"
#include "dataplane/count/snapshot.h"
#include "rules/entity/entities.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// One row as a policy sees it. The number of clients is exact to 16 and an estimate beyond, whose
// bounds are three standard errors (3.25 % each) to either side. `entities` tell the organisation
// of an end; those of the run that counted the row.
PolicyCell ToPolicyCell(const CellRow& row, const Entities& entities = Entities::BuiltIn());

// By way of Rows, so that a report that is read again has the very same cells.
std::vector<PolicyCell> ToPolicyCells(absl::Span<const Cell> cells,
                                      const Entities& entities = Entities::BuiltIn());

// What the data themselves say to an evaluation: where they were taken, how long they cover and on
// which day they end. `first_ns` and `last_ns` are those of the frames; both 0 without any.
EvaluateOptions OptionsOf(const std::string& vantage, uint64_t first_ns, uint64_t last_ns);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_
