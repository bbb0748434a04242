#include "collectors/report/report_rows.h"

#include <algorithm>

#include "collectors/report/policy_cells.h"

namespace borderflow {

CellKey KeyOfRow(const CellRow& row) {
  CellKey key;
  key.source = row.source;
  key.destination = row.destination;
  key.role = row.role;
  Classification& c = key.classification;
  c.category = row.category;
  c.evidence = row.evidence;
  c.confidence = row.confidence;
  c.protection = row.protection;
  c.entity = row.entity;
  return key;
}

std::vector<CellRow> RowsOf(const Report& report) {
  std::vector<CellRow> rows = Rows(report.snapshot.cells);
  if (report.client_bounds.empty()) return rows;
  for (CellRow& row : rows) {
    const auto at = report.client_bounds.find(KeyOfRow(row));
    if (at == report.client_bounds.end()) continue;
    row.clients_at_most = row.clients + at->second.most;
    row.clients = std::max(row.clients, at->second.least);
  }
  return rows;
}

std::vector<PolicyCell> PolicyCellsOf(const Report& report) {
  std::vector<PolicyCell> cells;
  for (const CellRow& row : RowsOf(report)) {
    cells.push_back(ToPolicyCell(row, EntitiesOf(report)));
  }
  return cells;
}

}  // namespace borderflow
