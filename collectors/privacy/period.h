// Period: what each cell counted since the last time that figures were published, and whose it is.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_PERIOD_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_PERIOD_H_

#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/snapshot.h"

namespace borderflow {

using CountedCell = std::pair<CellKey, CellCounters>;

struct PeriodCell {
  const Cell* cell = nullptr;  // as counted since the start
  CellCounters added;
  // Where the clients and flows of an answer are counted: the cell of its requests. nullptr for a
  // request, and for answers whose requests were never seen.
  const Cell* requests = nullptr;
};

// Cells that counted anything since `before`. Both sorted by key, each key once; pointers are into
// `now`, which counts on from `before`.
std::vector<PeriodCell> Since(absl::Span<const CountedCell> before, absl::Span<const Cell> now);

// What Since needs to know next time.
std::vector<CountedCell> Counted(absl::Span<const Cell> cells);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_PERIOD_H_
