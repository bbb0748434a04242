// Balance and reciprocity between jurisdictions, by location.
//
// w_ij is what users in i start towards, or upload to, responders in j. Bytes are not offered: what
// is answered dominates them, so that a balance of bytes says who serves, not who gives. One
// vantage sees its own pairs only; a network measure over them describes the vantage. Pairs with an
// end that is no jurisdiction, and what stays in one, are left out.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_BALANCE_H_
#define BORDERFLOW_RULES_MEASURES_BALANCE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// Net balance: B_ij = (w_ij - w_ji) / (w_ij + w_ji), -1 .. 1; positive when i gives more. Not
// measurable when both are 0.
Measured NetBalance(uint64_t w_ij, uint64_t w_ji);

// Reciprocity of a pair: 2 min(w_ij, w_ji) / (w_ij + w_ji), 0 .. 1: the network measure below for
// this pair alone, and 1 - |B_ij|.
Measured PairReciprocity(uint64_t w_ij, uint64_t w_ji);

struct PairBalance {
  Jurisdiction a = Jurisdiction::kUnknown;  // the lesser of the two
  Jurisdiction b = Jurisdiction::kUnknown;
  uint64_t flows_ab = 0;
  uint64_t flows_ba = 0;
  uint64_t upload_ab = 0;  // payload bytes
  uint64_t upload_ba = 0;
  uint64_t bytes = 0;  // both directions, to say how much the pair matters
};

// Every pair of jurisdictions with traffic; bytes descending, then codes.
std::vector<PairBalance> Balances(absl::Span<const PolicyCell> cells);

// What the balances of all pairs say of the network of jurisdictions seen.
struct NetworkReciprocity {
  // r_w = sum of min(w_ij, w_ji) over ordered pairs / sum of w_ij over i != j.
  // Source: Squartini, Picciolo, Ruzzenenti and Garlaschelli, Reciprocity of weighted networks,
  // Scientific Reports 3:2729, 2013. They compare it with a null model, which is not done here.
  Measured weighted_flows = Measured::Not("not computed");
  Measured weighted_upload = Measured::Not("not computed");
  // rho = (r - a) / (1 - a), with r the share of directed links (w_ij > 0, by flows) that are
  // answered by one, and a = L / (N (N - 1)) their density among N jurisdictions: positive when
  // links are answered more often than by chance. Not measurable when every link exists.
  // Source: Garlaschelli and Loffredo, Patterns of Link Reciprocity in Directed Networks, Physical
  // Review Letters 93, 268701, 2004.
  Measured binary = Measured::Not("not computed");
};
NetworkReciprocity ReciprocityOf(absl::Span<const PairBalance> pairs);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_BALANCE_H_
