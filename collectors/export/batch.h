// ExportBatch: what leaves this sensor for one window: rows of cells and where they come from.
//
// Exporters see a batch and nothing else, and whatever privacy holds back is gone when it is made:
// AddRows lets through what a WindowRelease releases, with clients rounded, joins what it joins,
// and adds up the rest in one last row, so that a batch's rows add up to the window.
//
// Thread safety: a value; exporters share it as const.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_BATCH_H_
#define BORDERFLOW_COLLECTORS_EXPORT_BATCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "collectors/export/rows.h"
#include "collectors/privacy/window_release.h"
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

// What stands in place of a word that is held back, as in the metrics.
inline constexpr std::string_view kSuppressed = "suppressed";

struct BatchRow {
  CellRow cell;
  // Of a joined row, AS numbers, entity and confidence are 0, and what Detail gives is held back;
  // of the suppressed one, only counters mean anything.
  Way way = Way::kWhole;
  Jurisdiction source_operator = Jurisdiction::kUnknown;
  Jurisdiction destination_operator = Jurisdiction::kUnknown;
  Crossing crossing = Crossing::kUndetermined;
  // One for each of the batch's packs; nullopt where cells of several verdicts were joined.
  std::vector<std::optional<Verdict>> verdicts;

  // A word of the row as it may leave; `Detail` for registration and operator.
  std::string_view Word(std::string_view word) const {
    return way == Way::kSuppressed ? kSuppressed : word;
  }
  std::string_view Detail(std::string_view word) const {
    return way == Way::kWhole ? word : kSuppressed;
  }
  std::string_view VerdictOf(size_t pack) const {
    return verdicts[pack].has_value() ? Word(Name(*verdicts[pack])) : kSuppressed;
  }
};

struct ExportBatch {
  WindowKey key;
  uint64_t end_ns = 0;  // event time
  std::string vantage;
  std::string groups_digest;
  std::string rules_digest;
  std::string entities_digest;
  std::vector<std::string> geo_digests;
  uint64_t min_cell = 1;  // cells below so many clients or flows have no row of their own
  FrameTotals captured;
  FrameTotals non_ip;
  FrameTotals malformed;
  uint64_t dropped_frames = 0;  // before a worker had them; live only
  std::vector<BatchPack> packs;
  std::vector<BatchRow> rows;
  CellCounters total;       // of the rows, and so of the window
  CellCounters suppressed;  // of them, what is held back
};

// Fills `packs`, `rows`, `min_cell`, `total` and `suppressed` of `batch`. The rows are those of the
// JSON report, in its order, as far as `release` lets them go; packs judge them before that.
// `entities` as of ToPolicyCell.
void AddRows(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones,
             absl::Span<const Pack> packs, const EvaluateOptions& options, WindowRelease* release,
             ExportBatch* batch, const Entities& entities = Entities::BuiltIn());

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_BATCH_H_
