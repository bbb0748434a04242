// Rows: cells as outputs show them, without the members that the design's key does not have.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_ROWS_H_
#define BORDERFLOW_COLLECTORS_EXPORT_ROWS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/snapshot.h"

namespace borderflow {

struct CellRow {
  Endpoint source;
  Endpoint destination;
  Role role = Role::kInitiator;
  Category category = Category::kUnk;
  Evidence evidence = Evidence::kNone;
  uint8_t confidence = 0;  // percent
  Protection protection = Protection::kUnknown;
  uint16_t entity = 0;
  CellCounters counters;
  uint64_t clients = 0;
  // Where no sketch covers all that was added up: the sum, with `clients` the largest of what was
  // added. 0: `clients` is all that there is to say.
  uint64_t clients_at_most = 0;
};

// "initiator", "responder"
std::string_view Name(Role role);

// Cells that differ only in protocol or `named` as one cell, without these; sorted by key.
std::vector<Cell> Folded(absl::Span<const Cell> cells);

// Cells that differ only in protocol or `named` become one row. Sorted by bytes descending, then by
// key, so that the first rows matter most and the order is always the same.
std::vector<CellRow> Rows(absl::Span<const Cell> cells);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_ROWS_H_
