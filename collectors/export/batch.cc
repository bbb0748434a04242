#include "collectors/export/batch.h"

#include <string_view>
#include <utility>

#include "rules/jurisdiction/operators.h"
#include "rules/policy/evaluate.h"

namespace borderflow {
namespace {

// Rows have every member of a cell that a policy asks for.
PolicyCell AsPolicyCell(const BatchRow& row) {
  const CellRow& cell = row.cell;
  return {{cell.source.location, cell.source.registered, row.source_operator},
          {cell.destination.location, cell.destination.registered, row.destination_operator},
          cell.role == Role::kInitiator,
          cell.category,
          cell.evidence,
          cell.confidence,
          cell.protection,
          cell.entity,
          cell.counters.frames,
          cell.counters.bytes,
          cell.counters.payload_bytes,
          cell.counters.flows};
}

}  // namespace

void AddRows(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones,
             absl::Span<const Pack> packs, ExportBatch* batch) {
  batch->packs.clear();
  batch->rows.clear();
  batch->total = {};
  for (const Pack& pack : packs) batch->packs.push_back({pack.id, pack.version, pack.digest});
  for (CellRow& cell : Rows(cells)) {
    BatchRow row;
    row.cell = std::move(cell);
    row.source_operator = OperatorHome(row.cell.source.asn);
    row.destination_operator = OperatorHome(row.cell.destination.asn);
    row.crossing = CrossingOf(row.cell.source.location, row.cell.destination.location, zones);
    for (const Pack& pack : packs) {
      std::string_view rule;
      row.verdicts.push_back(VerdictOf(pack, AsPolicyCell(row), &rule));
    }
    batch->total += row.cell.counters;
    batch->rows.push_back(std::move(row));
  }
}

}  // namespace borderflow
