// ExportBatch: what leaves this sensor for one window: rows of cells and where they come from.
//
// Exporters see a batch and nothing else. Whatever privacy holds back is gone before one is made:
// MakeBatch is given the cells that may leave.
//
// Thread safety: a value; exporters share it as const.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_BATCH_H_
#define BORDERFLOW_COLLECTORS_EXPORT_BATCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "collectors/export/rows.h"
#include "collectors/report/sums.h"
#include "rules/entity/entities.h"
#include "rules/jurisdiction/groups.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Which window of which sensor. Two batches of equal key are the same window: a store keeps one.
struct WindowKey {
  std::string sensor;     // as named by --sensor; may be empty where nothing is stored
  uint64_t run = 0;       // replay: from the captures' totals; live: its start, ns since 1970
  uint64_t start_ns = 0;  // event time
  uint64_t sequence = 0;  // of the window within the run
  friend auto operator<=>(const WindowKey&, const WindowKey&) = default;
};

// A pack by which every row was judged.
struct BatchPack {
  std::string id;
  std::string version;
  std::string digest;
};

struct BatchRow {
  CellRow cell;
  Jurisdiction source_operator = Jurisdiction::kUnknown;
  Jurisdiction destination_operator = Jurisdiction::kUnknown;
  Crossing crossing = Crossing::kUndetermined;
  std::vector<Verdict> verdicts;  // one for each of the batch's packs
};

struct ExportBatch {
  WindowKey key;
  uint64_t end_ns = 0;  // event time
  std::string vantage;
  std::string groups_digest;
  std::string rules_digest;
  std::vector<std::string> geo_digests;
  uint64_t min_cell = 1;  // cells below so many clients or flows are not among the rows
  FrameTotals captured;
  FrameTotals non_ip;
  FrameTotals malformed;
  uint64_t dropped_frames = 0;  // before a worker had them; live only
  std::vector<BatchPack> packs;
  std::vector<BatchRow> rows;
  CellCounters total;  // of the rows
};

// Fills `packs`, `rows` and `total` of `batch`. The rows are those of the JSON report, in its
// order. `entities` as of ToPolicyCell.
void AddRows(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones,
             absl::Span<const Pack> packs, const EvaluateOptions& options, ExportBatch* batch,
             const Entities& entities = Entities::BuiltIn());

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_BATCH_H_
