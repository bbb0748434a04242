// WindowRelease: which cells of each window may leave this machine.
//
// The rules are those of the served tables (suppression.h), on the exported cells with their AS
// numbers: a cell is small until it has had `min_cell` distinct clients and as many flows since the
// run began, an answer counts the clients of its requests, and no hidden cell is alone in a row or
// column of the window: by sender, receiver, category and crossing, their pairs, and the AS numbers
// of either end. A cell that was large enough once stays so in later windows, as a served one does;
// what a later window adds to it may be a single client's.
//
// Thread safety: none.
// Slow twin in tests: an attacker who subtracts in every line.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_WINDOW_RELEASE_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_WINDOW_RELEASE_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/types/span.h"
#include "collectors/privacy/suppression.h"
#include "dataplane/count/snapshot.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {

class WindowRelease {
 public:
  // 1 or 0 releases everything.
  explicit WindowRelease(uint64_t min_cell) : min_cell_(min_cell) {}

  // The next window of the run: one fate a cell, in their order; only kTold may leave. `cells` are
  // sorted by key, each key once, and without members that are not exported (Folded, rows.h).
  std::vector<Fate> Judge(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones);

  uint64_t min_cell() const { return min_cell_; }

 private:
  // Of a cell of requests, since the run began.
  struct Requests {
    bool enough = false;
    ClientSet clients;  // dropped once they are enough
    uint64_t flows = 0;
  };

  void Learn(const Cell& requests);

  const uint64_t min_cell_;
  std::map<CellKey, Requests> requests_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_WINDOW_RELEASE_H_
