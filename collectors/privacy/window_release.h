// WindowRelease: which cells of each window may leave this machine, and in what detail.
//
// The rules are those of the served tables (suppression.h). A cell is small until it has had
// `min_cell` distinct clients and as many flows since the run began; an answer counts the clients
// of its requests. Nothing that is held back is alone in a row or column of the window: by sender,
// receiver, category and crossing, their pairs, and the AS numbers of either end.
//
// What may not leave as it is first loses its detail (AS numbers, registration, confidence,
// entity): cells of the same locations, role, category, evidence and protection are joined, and
// where enough clients and flows stand behind those that were joined, their sum leaves. The rest is
// suppressed.
//
// A cell that was large enough once stays so in later windows, as a served one does; what a later
// window adds to it may be a single client's.
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

enum class Way : uint8_t {
  kWhole,       // as it is
  kJoined,      // in the sum of all cells of the window that have the same WithoutDetail
  kSuppressed,  // in the one sum of all that is held back
};

// The key that cells are joined under.
CellKey WithoutDetail(const CellKey& key);

class WindowRelease {
 public:
  // 1 or 0 lets everything go as it is.
  explicit WindowRelease(uint64_t min_cell) : min_cell_(min_cell) {}

  // The next window of the run: one way a cell, in their order. `cells` are sorted by key, each key
  // once, and without members that are not exported (Folded, rows.h).
  std::vector<Way> Judge(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones);

  uint64_t min_cell() const { return min_cell_; }

 private:
  // Of a cell of requests, since the run began.
  struct Requests {
    bool enough = false;
    ClientSet clients;  // dropped once they are enough
    uint64_t flows = 0;
  };

  void Learn(const Cell& requests);
  std::vector<Candidate> Candidates(absl::Span<const Cell> cells,
                                    absl::Span<const JurisdictionSet> zones) const;

  const uint64_t min_cell_;
  std::map<CellKey, Requests> requests_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_WINDOW_RELEASE_H_
