// CutCost: the other side of the scale. What would be gone if a set of cells were cut: traffic,
// services, counterparties, two-way exchange, and what would have to be served at home instead.
//
// A flow that is cut in one direction ends in both, so what is lost is the cut cells and their
// twins: the cells of the same flows in the other direction, whose keys mirror theirs. Whether a
// cut would really be made, or evaded, traffic cannot say.
//
// Thread safety: const members may be called by any number of threads.
#ifndef BORDERFLOW_RULES_MEASURES_COST_H_
#define BORDERFLOW_RULES_MEASURES_COST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/measures/sides.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// Things that are counted, not weighed. Traffic of which nobody knows whose it is counts nowhere
// here, so that every number is of what is known.
struct Lost {
  uint64_t seen = 0;
  uint64_t touched = 0;  // lose some of their traffic or all
  uint64_t gone = 0;     // nothing is left of them
  // gone / seen; not measurable when none was seen.
  Measured share = Measured::Not("not computed");
};

// Who loses, beside what security evidence there is about the very traffic.
struct Incidence {
  std::string organisation;
  Jurisdiction home = Jurisdiction::kUnknown;
  uint64_t bytes = 0;            // lost
  uint64_t cleartext_bytes = 0;  // of those, readable on the way
  uint64_t control_bytes = 0;    // of those, in categories that give a hold on what runs here
};

struct CutCost {
  PolicySum cut;   // the cells themselves
  PolicySum lost;  // with the other direction of the same flows
  // Breadth: share of all traffic that is touched. A broad rule is not confined to a small part of
  // the economy.
  Measured bytes_share = Measured::Not("not computed");  // lost / all
  Measured flows_share = Measured::Not("not computed");
  Measured encrypted_share = Measured::Not("not computed");  // of all encrypted bytes
  // An organisation's responders in one category count as one service.
  Lost services;
  Lost counterparties;  // organisations of responders
  // Addressable share: jurisdictions other than the user's own that answer.
  Lost jurisdictions;
  // Pairs of jurisdictions between which flows are started both ways.
  Lost two_way_pairs;
  // exp(entropy) of the pairs' mutual bytes min(b_ij, b_ji): how many pairs there effectively are.
  Measured diversity_before = Measured::Not("not computed");
  Measured diversity_after = Measured::Not("not computed");
  // Holdings of organisations before and after, by bytes: what a cut does to concentration.
  Measured hhi_before = Measured::Not("not computed");
  Measured hhi_after = Measured::Not("not computed");
  // Home capacity: lost bytes whose responder is located elsewhere than the user, and the mean rate
  // over the event time, in bit/s: what would have to be served at home.
  uint64_t home_bytes = 0;
  Measured home_mean_rate = Measured::Not("not computed");
  std::vector<Incidence> incidence;  // bytes descending, then names
};

class CostModel {
 public:
  // `seconds` is the event time that the cells span, 0 when not known. `cells` must outlive the
  // model.
  CostModel(absl::Span<const PolicyCell> cells, double seconds);

  // For each cell whether it is lost, not 0, when those for which `is_cut` holds are cut.
  std::vector<char> LostWith(absl::FunctionRef<bool(size_t cell)> is_cut) const;

  // What that costs.
  CutCost CostOf(absl::FunctionRef<bool(size_t cell)> is_cut) const;

 private:
  absl::Span<const PolicyCell> cells_;
  double seconds_;
  Organisations organisations_;
  std::vector<uint32_t> conversation_;  // by cell: a number that twins share
  std::vector<int32_t> organisation_;   // by cell: of the responder, -1 when not known
  uint32_t conversations_ = 0;
};

// One of several windows of the same cells' traffic.
struct RateWindow {
  double seconds = 0;
  absl::Span<const PolicyCell> cells;
  // Of each, where the same cell stands among those of the whole traffic.
  absl::Span<const size_t> whole;
};

// Peak home capacity in bit/s: the largest over the windows of home_bytes x 8 / seconds. Not
// measurable from fewer than two windows: one window has a mean, no peak.
Measured PeakHomeRate(absl::Span<const RateWindow> windows,
                      absl::FunctionRef<bool(size_t whole_cell)> is_cut);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_COST_H_
