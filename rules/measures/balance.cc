#include "rules/measures/balance.h"

#include <algorithm>
#include <map>
#include <utility>

#include "rules/jurisdiction/groups.h"
#include "rules/measures/sides.h"

namespace borderflow {

Measured NetBalance(uint64_t w_ij, uint64_t w_ji) {
  if (w_ij == 0 && w_ji == 0) return Measured::Not("neither side gives any");
  const auto out = static_cast<double>(w_ij);
  const auto in = static_cast<double>(w_ji);
  return Measured::Exactly((out - in) / (out + in));
}

Measured PairReciprocity(uint64_t w_ij, uint64_t w_ji) {
  if (w_ij == 0 && w_ji == 0) return Measured::Not("neither side gives any");
  return Measured::Exactly(2 * static_cast<double>(std::min(w_ij, w_ji)) /
                           (static_cast<double>(w_ij) + static_cast<double>(w_ji)));
}

std::vector<PairBalance> Balances(absl::Span<const PolicyCell> cells) {
  std::map<std::pair<Jurisdiction, Jurisdiction>, PairBalance> pairs;
  for (const PolicyCell& cell : cells) {
    const Jurisdiction from = Initiator(cell).location;
    const Jurisdiction to = Responder(cell).location;
    if (Same(from, to) != Reply::kNo) continue;
    const auto [a, b] = std::minmax(from, to);
    PairBalance& pair = pairs[{a, b}];
    pair.a = a;
    pair.b = b;
    (from == a ? pair.flows_ab : pair.flows_ba) += WeightOf(cell, Weight::kFlows);
    (from == a ? pair.upload_ab : pair.upload_ba) += WeightOf(cell, Weight::kUpload);
    pair.bytes += cell.bytes;
  }
  std::vector<PairBalance> sorted;
  for (const auto& [key, pair] : pairs) sorted.push_back(pair);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const PairBalance& x, const PairBalance& y) { return x.bytes > y.bytes; });
  return sorted;
}

namespace {

Measured Weighted(uint64_t answered, uint64_t all, const char* none) {
  if (all == 0) return Measured::Not(none);
  return Measured::Exactly(static_cast<double>(answered) / static_cast<double>(all));
}

Measured Binary(absl::Span<const PairBalance> pairs) {
  JurisdictionSet seen;
  double links = 0;
  double answered = 0;
  for (const PairBalance& pair : pairs) {
    if (pair.flows_ab == 0 && pair.flows_ba == 0) continue;
    seen.set(static_cast<size_t>(pair.a));
    seen.set(static_cast<size_t>(pair.b));
    const bool both = pair.flows_ab > 0 && pair.flows_ba > 0;
    links += both ? 2 : 1;
    answered += both ? 2 : 0;
  }
  if (links == 0) return Measured::Not("no flow between two jurisdictions was seen");
  const auto n = static_cast<double>(seen.count());
  const double density = links / (n * (n - 1));
  if (density >= 1) return Measured::Not("every possible link exists, so chance explains all");
  return Measured::Exactly((answered / links - density) / (1 - density));
}

}  // namespace

NetworkReciprocity ReciprocityOf(absl::Span<const PairBalance> pairs) {
  uint64_t flows = 0;
  uint64_t answered_flows = 0;
  uint64_t upload = 0;
  uint64_t answered_upload = 0;
  for (const PairBalance& pair : pairs) {
    flows += pair.flows_ab + pair.flows_ba;
    answered_flows += 2 * std::min(pair.flows_ab, pair.flows_ba);
    upload += pair.upload_ab + pair.upload_ba;
    answered_upload += 2 * std::min(pair.upload_ab, pair.upload_ba);
  }
  return {Weighted(answered_flows, flows, "no flow between two jurisdictions was seen"),
          Weighted(answered_upload, upload, "no upload between two jurisdictions was seen"),
          Binary(pairs)};
}

}  // namespace borderflow
