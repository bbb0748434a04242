#include "collectors/report/refuted_locations.h"

#include <algorithm>
#include <cstddef>
#include <tuple>

#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

RefutedLocations RefutedBy(const RoundTripTotals& totals) {
  constexpr size_t kMost = 5;
  RefutedLocations refuted;
  for (size_t id = 0; id < totals.timed.size(); ++id) {
    refuted.timed += totals.timed[id];
    refuted.contradicted += totals.contradicted[id];
    if (totals.contradicted[id] == 0) continue;
    refuted.most.emplace_back(Code(static_cast<Jurisdiction>(id)), totals.contradicted[id]);
  }
  std::sort(refuted.most.begin(), refuted.most.end(), [](const auto& a, const auto& b) {
    return std::tie(b.second, a.first) < std::tie(a.second, b.first);
  });
  if (refuted.most.size() > kMost) refuted.most.resize(kMost);
  return refuted;
}

}  // namespace borderflow
