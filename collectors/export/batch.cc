#include "collectors/export/batch.h"

#include <utility>
#include <vector>

#include "collectors/report/policy_cells.h"
#include "rules/jurisdiction/operators.h"
#include "rules/policy/evaluate.h"

namespace borderflow {
void AddRows(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones,
             absl::Span<const Pack> packs, const EvaluateOptions& options, ExportBatch* batch,
             const Entities& entities) {
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
    batch->total += row.cell.counters;
    batch->rows.push_back(std::move(row));
  }
  std::vector<PolicyCell> judged;
  judged.reserve(batch->rows.size());
  for (const BatchRow& row : batch->rows) {
    judged.push_back(ToPolicyCell(row.cell, entities));
  }
  for (const Pack& pack : packs) {
    const std::vector<CellVerdict> verdicts = VerdictsOf(pack, judged, options);
    for (size_t i = 0; i < verdicts.size(); ++i) {
      batch->rows[i].verdicts.push_back(verdicts[i].verdict);
    }
  }
}

}  // namespace borderflow
