#include "collectors/export/rows.h"

#include <algorithm>

namespace borderflow {

std::string_view Name(Role role) { return role == Role::kInitiator ? "initiator" : "responder"; }

std::vector<Cell> Folded(absl::Span<const Cell> cells) {
  std::vector<Cell> folded(cells.begin(), cells.end());
  for (Cell& cell : folded) {
    cell.key.classification.protocol = Protocol::kNone;
    cell.key.classification.named = false;
  }
  SortAndFold(&folded);
  return folded;
}

std::vector<CellRow> Rows(absl::Span<const Cell> cells) {
  std::vector<Cell> folded = Folded(cells);
  std::stable_sort(folded.begin(), folded.end(), [](const Cell& a, const Cell& b) {
    return a.counters.bytes > b.counters.bytes;
  });
  std::vector<CellRow> rows;
  rows.reserve(folded.size());
  for (const Cell& cell : folded) {
    const Classification& c = cell.key.classification;
    rows.push_back({cell.key.source, cell.key.destination, cell.key.role, c.category, c.evidence,
                    c.confidence, c.protection, c.entity, cell.counters, cell.clients.Estimate(),
                    0});
  }
  return rows;
}

}  // namespace borderflow
