#include "rules/measures/substitution.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace borderflow {
namespace {

struct Period {
  std::map<std::string, uint64_t> known;  // by holder
  uint64_t unknown = 0;
  uint64_t total() const {
    uint64_t sum = unknown;
    for (const auto& [holder, weight] : known) sum += weight;
    return sum;
  }
};

Period PeriodOf(absl::Span<const PolicyCell> cells, Holder holder, Weight weight) {
  Organisations organisations;
  std::vector<uint64_t> by_holder;
  Period period;
  for (const PolicyCell& cell : cells) {
    const std::optional<size_t> who = HolderOf(cell, holder, &organisations);
    const uint64_t w = WeightOf(cell, weight);
    if (!who.has_value()) {
      period.unknown += w;
      continue;
    }
    if (*who >= by_holder.size()) by_holder.resize(*who + 1);
    by_holder[*who] += w;
  }
  for (size_t who = 0; who < by_holder.size(); ++who) {
    if (by_holder[who] == 0) continue;
    period.known[holder == Holder::kOrganisation
                     ? organisations.name(who)
                     : std::string(Code(static_cast<Jurisdiction>(who)))] = by_holder[who];
  }
  return period;
}

double UnknownShare(const Period& period) {
  return static_cast<double>(period.unknown) / static_cast<double>(period.total());
}

}  // namespace

Substitution SubstitutionBetween(absl::Span<const PolicyCell> before,
                                 absl::Span<const PolicyCell> after, Holder holder, Weight weight) {
  const Period first = PeriodOf(before, holder, weight);
  const Period second = PeriodOf(after, holder, weight);
  Substitution result;
  if (first.known.empty() || second.known.empty()) {
    result.index = Measured::Not("one of the two periods has no traffic whose holder is known");
    return result;
  }
  std::map<std::string, Shift> shifts;
  for (const auto& [who, w] : first.known) {
    shifts[who].before =
        static_cast<double>(w) / static_cast<double>(first.total() - first.unknown);
  }
  for (const auto& [who, w] : second.known) {
    shifts[who].after =
        static_cast<double>(w) / static_cast<double>(second.total() - second.unknown);
  }
  double index = 0;
  for (auto& [who, shift] : shifts) {
    index += std::abs(shift.after - shift.before) / 2;
    shift.holder = who;
    result.shifts.push_back(shift);
  }
  std::stable_sort(result.shifts.begin(), result.shifts.end(), [](const Shift& a, const Shift& b) {
    return std::abs(a.after - a.before) > std::abs(b.after - b.before);
  });
  // A period's true distribution is its known one but for the unknown share, so it is at most that
  // far from it, and so is the distance of two such.
  const double slack = UnknownShare(first) + UnknownShare(second);
  result.index =
      Measured::Between(std::max(0.0, index - slack), index, std::min(1.0, index + slack));
  return result;
}

}  // namespace borderflow
