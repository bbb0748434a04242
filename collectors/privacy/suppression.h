// Suppression: which keys of a table may be told for one period.
//
// A key is small until it has had `min_cell` distinct clients and as many flows; what a small key
// counted goes into a common sum, `suppressed`. Once released, a key stays released. Where a line
// of the table (a row, a column, a crossing ...) has exactly one hidden key beside told ones, the
// hidden one would follow by subtraction from the line's sum, so another is held back as well: for
// this period only, and what it counted goes into `suppressed` for good, so that no counter ever
// goes down.
//
// What this does not prevent: sums of several lines solved as equations, what is known from
// elsewhere, and the growth of a released key from one period to the next, which may be a single
// client's.
//
// Thread safety: pure functions.
// Slow twin in tests: an attacker who subtracts in every line.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_SUPPRESSION_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_SUPPRESSION_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/cell.h"
#include "dataplane/count/client_set.h"

namespace borderflow {

inline constexpr uint64_t kDefaultMinCell = 8;

// One key of a table in one period.
struct Candidate {
  CellCounters added;           // counted in this period; a key that counted nothing cannot leak
  ClientSet clients;            // since the start
  uint64_t flows = 0;           // since the start
  bool released = false;        // in an earlier period
  bool withheld = false;        // a coarser table hides what this is a part of
  std::vector<uint64_t> lines;  // that it lies in; equal numbers are the same line
};

enum class Fate : uint8_t {
  kTold,
  kSmall,  // too few clients or flows yet
  kHeld,   // large enough, but a small one would follow from it
};

// One fate a candidate, in their order. `min_cell` 1 or 0 tells everything.
std::vector<Fate> Decide(absl::Span<const Candidate> candidates, uint64_t min_cell);

// The clients that there are at least, as far as the estimate can be trusted (two standard errors).
uint64_t AtLeast(const ClientSet& clients);

// To the nearest multiple of 8, as Tor rounds its counts of users; 8 for 1 to 11.
uint64_t RoundedClients(uint64_t clients);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_SUPPRESSION_H_
