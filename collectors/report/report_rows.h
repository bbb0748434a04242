// A report's cells as rows, with what is known of their clients.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_REPORT_REPORT_ROWS_H_
#define BORDERFLOW_COLLECTORS_REPORT_REPORT_ROWS_H_

#include <vector>

#include "collectors/export/rows.h"
#include "collectors/report/report.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// As Rows. Clients of cells that came without a sketch are the interval from the largest number to
// the sum (design section 1), since nobody can say how many are the same.
std::vector<CellRow> RowsOf(const Report& report);

// The same as policies see them.
std::vector<PolicyCell> PolicyCellsOf(const Report& report);

// The key under which Report::client_bounds has a row's.
CellKey KeyOfRow(const CellRow& row);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_REPORT_ROWS_H_
