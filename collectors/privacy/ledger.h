// Ledger: one published table: counters that only go up, of a bounded number of series.
//
// In each period what a key counted goes to exactly one of three places: its own series, `other`
// (released, but there was no room for a series when it came), or `suppressed` (suppression.h).
// A series stays until the end, and over a restart if its key is reserved then; nothing ever moves
// between the three, so every rate is right and series + other + suppressed is, to the byte, what
// was counted.
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_LEDGER_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_LEDGER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/types/span.h"
#include "collectors/privacy/period.h"
#include "collectors/privacy/suppression.h"

namespace borderflow {

// What the numbers mean is the table's own affair; unused ones are 0.
using LedgerKey = std::array<uint16_t, 6>;

struct LedgerSeries {
  CellCounters counters;
  uint64_t clients = 0;  // since the start, rounded; those who asked, of either direction
};

struct PublishedTable {
  std::map<LedgerKey, LedgerSeries> series;
  CellCounters other;
  CellCounters suppressed;
  size_t limit = 0;
  size_t hidden_keys = 0;  // never released so far

  CellCounters Total() const;
};

struct TableShape {
  size_t limit = 0;  // of series
  std::function<LedgerKey(const CellKey&)> key;
  // In which a hidden key must not be alone, beside the whole table.
  std::function<std::vector<uint64_t>(const LedgerKey&)> lines;
  // Whether a coarser table hides, in this period, what the key is a part of.
  std::function<bool(const LedgerKey&)> withheld;
};

class Ledger {
 public:
  // Adds a period. The largest of the keys that are released for the first time get what room
  // there is for series.
  void Publish(const TableShape& shape, absl::Span<const PeriodCell> period, uint64_t min_cell);

  // Keeps room for the series of `keys`, in their order as far as the limit goes: those that had
  // one in an earlier run. Before the first period.
  void Reserve(absl::Span<const LedgerKey> keys, size_t limit);
  // The keys with a series or room for one, in order.
  std::vector<LedgerKey> Admitted() const;

  const PublishedTable& table() const { return table_; }
  // Of the last period.
  bool Hid(const LedgerKey& key) const { return hidden_now_.contains(key); }

 private:
  PublishedTable table_;
  std::set<LedgerKey> reserved_;  // no series yet
  std::set<LedgerKey> released_;
  std::set<LedgerKey> never_released_;
  std::set<LedgerKey> hidden_now_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_LEDGER_H_
