// Cells as policies see them: with the operator's home beside location and registration.
#ifndef BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_
#define BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_

#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/snapshot.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

std::vector<PolicyCell> ToPolicyCells(absl::Span<const Cell> cells);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_
