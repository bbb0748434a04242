// The cell table as text for other programs: CSV (RFC 4180) and NDJSON, one row a cell.
//
// Both hold full cells, unsuppressed: they are for the user's own disk.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_TABLE_H_
#define BORDERFLOW_COLLECTORS_EXPORT_TABLE_H_

#include <string>

#include "absl/types/span.h"
#include "collectors/export/rows.h"

namespace borderflow {

// Column names as the keys of the JSON report's cells; header line first.
std::string ToCsv(absl::Span<const CellRow> rows);

std::string ToNdjson(absl::Span<const CellRow> rows);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_TABLE_H_
