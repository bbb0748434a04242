#include "collectors/export/batch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "collectors/report/policy_cells.h"
#include "rules/jurisdiction/operators.h"
#include "rules/policy/evaluate.h"

namespace borderflow {
namespace {

CellKey KeyOf(const CellRow& row) {
  return {row.source,
          row.destination,
          row.role,
          {row.category, row.evidence, row.confidence, row.protection, Protocol::kNone,
           /*named=*/false, row.entity}};
}

// Every row of the window, judged.
std::vector<BatchRow> AllRows(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones,
                              absl::Span<const Pack> packs, const EvaluateOptions& options,
                              const Entities& entities) {
  std::vector<BatchRow> rows;
  std::vector<PolicyCell> judged;
  for (CellRow& cell : Rows(cells)) {
    if (!packs.empty()) judged.push_back(ToPolicyCell(cell, entities));
    BatchRow& row = rows.emplace_back();
    row.cell = std::move(cell);
    row.source_operator = OperatorHome(row.cell.source.asn);
    row.destination_operator = OperatorHome(row.cell.destination.asn);
    row.crossing = CrossingOf(row.cell.source.location, row.cell.destination.location, zones);
  }
  for (const Pack& pack : packs) {
    const std::vector<CellVerdict> verdicts = VerdictsOf(pack, judged, options);
    for (size_t i = 0; i < verdicts.size(); ++i) rows[i].verdicts.push_back(verdicts[i].verdict);
  }
  return rows;
}

}  // namespace

void AddRows(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones,
             absl::Span<const Pack> packs, const EvaluateOptions& options, WindowRelease* release,
             ExportBatch* batch, const Entities& entities) {
  batch->packs.clear();
  batch->rows.clear();
  batch->total = {};
  batch->suppressed = {};
  batch->min_cell = release->min_cell();
  for (const Pack& pack : packs) batch->packs.push_back({pack.id, pack.version, pack.digest});
  const std::vector<Cell> folded = Folded(cells);
  const std::vector<Fate> fates = release->Judge(folded, zones);
  for (BatchRow& row : AllRows(folded, zones, packs, options, entities)) {
    batch->total += row.cell.counters;
    const auto at =
        std::lower_bound(folded.begin(), folded.end(), KeyOf(row.cell),
                         [](const Cell& cell, const CellKey& key) { return cell.key < key; });
    if (fates[static_cast<size_t>(at - folded.begin())] != Fate::kTold) {
      batch->suppressed += row.cell.counters;
      continue;
    }
    if (batch->min_cell > 1) row.cell.clients = RoundedClients(row.cell.clients);
    batch->rows.push_back(std::move(row));
  }
  if (batch->suppressed == CellCounters{}) return;
  BatchRow& rest = batch->rows.emplace_back();
  rest.suppressed = true;
  rest.cell.counters = batch->suppressed;
  rest.verdicts.resize(packs.size());
}

}  // namespace borderflow
