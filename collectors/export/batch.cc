#include "collectors/export/batch.h"

#include <algorithm>
#include <map>
#include <optional>
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

// The rows of a window that are joined, by what they have in common.
class JoinedRows {
 public:
  // `clients` are those of the row's cell.
  void Add(const BatchRow& row, const ClientSet& clients) {
    const CellKey key = WithoutDetail(KeyOf(row.cell));
    const auto [at, added] = rows_.try_emplace(key);
    auto& [sum, people] = at->second;
    if (added) {
      const Classification& c = key.classification;
      sum.cell = {key.source, key.destination, key.role, c.category,      c.evidence,
                  0,          c.protection,    0,        /*counters=*/{}, /*clients=*/0};
      sum.way = Way::kJoined;
      sum.crossing = row.crossing;
      sum.verdicts = row.verdicts;
    }
    sum.cell.counters += row.cell.counters;
    people.Merge(clients);
    for (size_t i = 0; i < sum.verdicts.size(); ++i) {
      if (sum.verdicts[i] != row.verdicts[i]) sum.verdicts[i] = std::nullopt;
    }
  }

  void MoveTo(std::vector<BatchRow>* rows) {
    for (auto& [unused, joined] : rows_) {
      joined.first.cell.clients = joined.second.Estimate();
      rows->push_back(std::move(joined.first));
    }
  }

 private:
  std::map<CellKey, std::pair<BatchRow, ClientSet>> rows_;
};

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
  const std::vector<Way> ways = release->Judge(folded, zones);
  JoinedRows joined;
  for (BatchRow& row : AllRows(folded, zones, packs, options, entities)) {
    batch->total += row.cell.counters;
    const auto at =
        std::lower_bound(folded.begin(), folded.end(), KeyOf(row.cell),
                         [](const Cell& cell, const CellKey& key) { return cell.key < key; });
    switch (ways[static_cast<size_t>(at - folded.begin())]) {
      case Way::kWhole:
        batch->rows.push_back(std::move(row));
        break;
      case Way::kJoined:
        joined.Add(row, at->clients);
        break;
      case Way::kSuppressed:
        batch->suppressed += row.cell.counters;
        break;
    }
  }
  joined.MoveTo(&batch->rows);
  std::stable_sort(batch->rows.begin(), batch->rows.end(),
                   [](const BatchRow& a, const BatchRow& b) {
                     return a.cell.counters.bytes > b.cell.counters.bytes;
                   });
  if (batch->min_cell > 1) {
    for (BatchRow& row : batch->rows) row.cell.clients = RoundedClients(row.cell.clients);
  }
  if (batch->suppressed == CellCounters{}) return;
  BatchRow& rest = batch->rows.emplace_back();
  rest.way = Way::kSuppressed;
  rest.cell.counters = batch->suppressed;
  rest.verdicts.resize(packs.size());
}

}  // namespace borderflow
