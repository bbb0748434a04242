// Tables of the picture model: sums by key, of which the largest are rows and the rest one sum.
//
// Conservation: rows + other + suppressed = what was added, exactly.
//
// Thread safety: values and pure functions.
// Slow twin in tests: sums over maps of codes.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_TABLES_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_TABLES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "collectors/privacy/table_shapes.h"
#include "collectors/report/sums.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// Up to four numbers of enumerations, the first in the highest byte, so that keys sort by them.
using TableKey = uint32_t;

template <typename... Enums>
TableKey KeyOf(Enums... parts) {
  static_assert(sizeof...(parts) <= 4);
  TableKey key = 0;
  int shift = 24;
  ((key |= static_cast<TableKey>(static_cast<uint8_t>(parts)) << shift, shift -= 8), ...);
  return key;
}

template <typename Enum>
Enum Part(TableKey key, int part) {
  return static_cast<Enum>(static_cast<uint8_t>(key >> (24 - 8 * part)));
}

struct TableRow {
  TableKey key = 0;
  PolicySum sum;
};

struct Table {
  std::vector<TableRow> rows;  // bytes descending, then keys
  PolicySum other;             // of what has no row
  PolicySum suppressed;        // only of what a sensor released (privacy/ledger.h)

  PolicySum Total() const;
};

class TableBuilder {
 public:
  void Add(TableKey key, const PolicySum& sum) { sums_[key] += sum; }
  // The `limit` largest by bytes; `other` has the rest.
  Table Largest(size_t limit) const;

 private:
  absl::flat_hash_map<TableKey, PolicySum> sums_;
};

// How many rows each table may have.
struct ViewLimits {
  size_t pairs = 2000;  // of a lens
  size_t pairs_by_category = 2000;
  size_t streams = 5000;
  size_t streams_by_lens = 1500;  // by each other lens
  size_t cells = 2000;
};

struct ViewTables {
  PolicySum total;
  std::array<PolicySum, kCrossings> crossing{};
  PolicySum crossing_suppressed;
  std::array<Table, kLenses> pairs;        // {source, destination}, by Lens
  std::array<Table, kLenses> by_category;  // {source, destination, Category}, by Lens
  Table categories;                        // {Category, Evidence}, every one
  // {source, Category, destination, operator's home of the receiver}, by Lens
  std::array<Table, kLenses> streams;
  std::array<Table, 2> agreement;  // {Agreement} of the receiver: registered, operator
};

ViewTables TablesOf(absl::Span<const PolicyCell> cells, absl::Span<const JurisdictionSet> zones,
                    const ViewLimits& limits);

// Where an end is under a lens.
Jurisdiction Seen(const PolicyEnd& end, Lens lens);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_TABLES_H_
