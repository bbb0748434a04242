// Cells that were counted under two sets of address databases (geography.h), as either has them.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_LOCATED_TWICE_H_
#define BORDERFLOW_TOOLS_ACCOUNT_LOCATED_TWICE_H_

#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/geo/geography.h"

namespace borderflow {

// In the order of the cells that were counted; several may have one key.
struct CellsTwice {
  std::vector<Cell> first;
  std::vector<Cell> second;
};

// Where the table of cells overflowed and dropped AS numbers, it dropped the second location with
// them: that end is then as the first set has it, without its AS, and unknown by the second.
// REQUIRES: geography.paired().
CellsTwice TellTwice(absl::Span<const Cell> counted, const Geography& geography);

// The snapshot as the first set alone would have counted it; unchanged where there is one set only.
void KeepFirst(const Geography& geography, Snapshot* snapshot);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_LOCATED_TWICE_H_
