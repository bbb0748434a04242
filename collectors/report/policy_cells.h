// Cells as policies see them: with the operator's home beside location and registration.
#ifndef BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_
#define BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/types/span.h"
#include "collectors/export/rows.h"
#include "dataplane/count/snapshot.h"
#include "rules/entity/entities.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// A number of clients is exact to 16 and an estimate beyond, whose bounds are three standard errors
// (3.25 % each) to either side.
ThresholdBounds BoundsOfClients(uint64_t estimate);

// One row as a policy sees it. `entities` tell the organisation of an end; those of the run that
// counted the row.
PolicyCell ToPolicyCell(const CellRow& row, const Entities& entities = Entities::BuiltIn());

// What tells a cell from every other: all of it but the counters.
using PolicyEndKey = std::tuple<uint32_t, Jurisdiction, Jurisdiction, Jurisdiction, uint16_t>;
using PolicyCellKey =
    std::tuple<PolicyEndKey, PolicyEndKey, bool, Category, Evidence, uint8_t, Protection>;
PolicyCellKey KeyOf(const PolicyCell& cell);

// The key of what a policy sees of the cell; protocol and `named` are no part of it.
PolicyCellKey KeyOf(const Cell& cell, const Entities& entities);

// By way of Rows, so that a report that is read again has the very same cells.
std::vector<PolicyCell> ToPolicyCells(absl::Span<const Cell> cells,
                                      const Entities& entities = Entities::BuiltIn());

// What the data themselves say to an evaluation: where they were taken, how long they cover and on
// which day they end. `first_ns` and `last_ns` are those of the frames; both 0 without any.
EvaluateOptions OptionsOf(const std::string& vantage, uint64_t first_ns, uint64_t last_ns);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_POLICY_CELLS_H_
