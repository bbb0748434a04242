#include "rules/measures/cost.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "rules/measures/exposure.h"
#include "rules/measures/sensitivity.h"

namespace borderflow {
namespace {

// What both directions of a flow have in common.
auto ConversationKey(const PolicyCell& cell) {
  const PolicyEnd& i = Initiator(cell);
  const PolicyEnd& r = Responder(cell);
  return std::make_tuple(i.location, i.registered, i.operator_home, i.asn, i.entity, r.location,
                         r.registered, r.operator_home, r.asn, r.entity, cell.category,
                         cell.evidence, cell.confidence, cell.protection);
}

void Add(const PolicyCell& cell, PolicySum* sum) {
  sum->frames += cell.frames;
  sum->bytes += cell.bytes;
  sum->flows += cell.flows;
}

Measured ShareOf(uint64_t part, uint64_t whole, const std::string& of) {
  return Share{part, 0, whole}.measured(of);
}

// Frames before and after, by anything that can be lost.
struct Remains {
  uint64_t before = 0;
  uint64_t after = 0;
};

template <typename Map>
Lost LostOf(const Map& remains, const std::string& of) {
  Lost lost;
  for (const auto& [key, r] : remains) {
    if (r.before == 0) continue;
    ++lost.seen;
    if (r.after < r.before) ++lost.touched;
    if (r.after == 0) ++lost.gone;
  }
  lost.share = ShareOf(lost.gone, lost.seen, of);
  return lost;
}

struct PairFlows {
  uint64_t bytes[2] = {0, 0};  // by direction of travel
  uint64_t flows[2] = {0, 0};  // by direction of the initiator
};
using Pairs = std::map<std::pair<Jurisdiction, Jurisdiction>, PairFlows>;

void Add(const PolicyCell& cell, Pairs* pairs) {
  const Jurisdiction from = cell.source.location;
  const Jurisdiction to = cell.destination.location;
  if (Same(from, to) != Reply::kNo) return;
  PairFlows& pair = (*pairs)[std::minmax(from, to)];
  pair.bytes[from < to ? 0 : 1] += cell.bytes;
  pair.flows[from < to ? 0 : 1] += cell.flows;  // only where the initiator sends
}

Measured Diversity(const Pairs& pairs) {
  Holdings mutual;
  for (const auto& [key, pair] : pairs) {
    const uint64_t both = std::min(pair.bytes[0], pair.bytes[1]);
    if (both > 0) mutual.weights.push_back(both);
  }
  if (mutual.weights.empty()) return Measured::Not("no two jurisdictions exchange both ways");
  return EntropyNumber(mutual);
}

Lost TwoWay(const Pairs& before, const Pairs& after) {
  Lost lost;
  for (const auto& [key, pair] : before) {
    if (pair.flows[0] == 0 || pair.flows[1] == 0) continue;
    ++lost.seen;
    const auto left = after.find(key);
    const bool any = left != after.end();
    if (!any || left->second.flows[0] < pair.flows[0] || left->second.flows[1] < pair.flows[1]) {
      ++lost.touched;
    }
    if (!any || left->second.flows[0] == 0 || left->second.flows[1] == 0) ++lost.gone;
  }
  lost.share = ShareOf(lost.gone, lost.seen, "pair of jurisdictions that start flows both ways");
  return lost;
}

bool ServedAbroad(const PolicyCell& cell) {
  return Same(Initiator(cell).location, Responder(cell).location) == Reply::kNo;
}

}  // namespace

CostModel::CostModel(absl::Span<const PolicyCell> cells, double seconds)
    : cells_(cells), seconds_(seconds) {
  absl::flat_hash_map<decltype(ConversationKey(cells[0])), uint32_t> numbers;
  conversation_.reserve(cells.size());
  organisation_.reserve(cells.size());
  for (const PolicyCell& cell : cells) {
    conversation_.push_back(
        numbers.try_emplace(ConversationKey(cell), static_cast<uint32_t>(numbers.size()))
            .first->second);
    const std::optional<size_t> who = organisations_.Intern(Responder(cell).asn);
    organisation_.push_back(who.has_value() ? static_cast<int32_t>(*who) : -1);
  }
  conversations_ = static_cast<uint32_t>(numbers.size());
}

std::vector<char> CostModel::LostWith(absl::FunctionRef<bool(size_t cell)> is_cut) const {
  std::vector<char> ended(conversations_, 0);
  for (size_t c = 0; c < cells_.size(); ++c) {
    if (is_cut(c)) ended[conversation_[c]] = 1;
  }
  std::vector<char> lost(cells_.size());
  for (size_t c = 0; c < cells_.size(); ++c) lost[c] = ended[conversation_[c]];
  return lost;
}

CutCost CostModel::CostOf(absl::FunctionRef<bool(size_t cell)> is_cut) const {
  CutCost cost;
  for (size_t c = 0; c < cells_.size(); ++c) {
    if (is_cut(c)) Add(cells_[c], &cost.cut);
  }
  const std::vector<char> lost = LostWith(is_cut);

  PolicySum all;
  uint64_t encrypted = 0;
  uint64_t encrypted_lost = 0;
  absl::flat_hash_map<std::pair<int32_t, Category>, Remains> services;
  absl::flat_hash_map<Jurisdiction, Remains> jurisdictions;
  struct OfOrganisation {
    Remains frames;
    Remains bytes;
    Incidence incidence;
  };
  std::vector<OfOrganisation> organisations(organisations_.size() + 1);  // the last: not known
  Pairs pairs_before;
  Pairs pairs_after;
  for (size_t c = 0; c < cells_.size(); ++c) {
    const PolicyCell& cell = cells_[c];
    const bool gone = lost[c] != 0;
    const auto count = [gone](uint64_t weight, Remains* remains) {
      remains->before += weight;
      if (!gone) remains->after += weight;
    };
    const int32_t who = organisation_[c];
    OfOrganisation& of = organisations[who < 0 ? organisations_.size() : static_cast<size_t>(who)];
    Add(cell, &all);
    Add(cell, &pairs_before);
    count(cell.frames, &of.frames);
    count(cell.bytes, &of.bytes);
    if (who >= 0 && IsClassified(cell.category)) {
      count(cell.frames, &services[{who, cell.category}]);
    }
    if (ServedAbroad(cell)) count(cell.frames, &jurisdictions[Responder(cell).location]);
    if (cell.protection == Protection::kEncrypted) encrypted += cell.bytes;
    if (!gone) {
      Add(cell, &pairs_after);
      continue;
    }
    Add(cell, &cost.lost);
    if (cell.protection == Protection::kEncrypted) encrypted_lost += cell.bytes;
    if (ServedAbroad(cell)) cost.home_bytes += cell.bytes;
    of.incidence.bytes += cell.bytes;
    if (IsCleartext(cell) == Reply::kYes) of.incidence.cleartext_bytes += cell.bytes;
    if (IsControl(cell.category) == Reply::kYes) of.incidence.control_bytes += cell.bytes;
  }

  cost.bytes_share = ShareOf(cost.lost.bytes, all.bytes, "traffic");
  cost.flows_share = ShareOf(cost.lost.flows, all.flows, "flow");
  cost.encrypted_share = ShareOf(encrypted_lost, encrypted, "encrypted traffic");
  cost.services = LostOf(services, "service whose organisation and category are known");
  cost.jurisdictions = LostOf(jurisdictions, "jurisdiction that answers from elsewhere");
  cost.two_way_pairs = TwoWay(pairs_before, pairs_after);
  cost.diversity_before = Diversity(pairs_before);
  cost.diversity_after = Diversity(pairs_after);
  std::vector<std::pair<size_t, Remains>> known;
  Holdings before;
  Holdings after;
  for (size_t who = 0; who < organisations.size(); ++who) {
    OfOrganisation& of = organisations[who];
    const bool is_known = who < organisations_.size();
    if (is_known) {
      known.emplace_back(who, of.frames);
      if (of.bytes.before > 0) before.weights.push_back(of.bytes.before);
      if (of.bytes.after > 0) after.weights.push_back(of.bytes.after);
    } else {
      before.unknown = of.bytes.before;
      after.unknown = of.bytes.after;
    }
    if (of.incidence.bytes == 0) continue;
    of.incidence.organisation = is_known ? organisations_.name(who) : "unknown";
    if (is_known) of.incidence.home = organisations_.home(who);
    cost.incidence.push_back(of.incidence);
  }
  cost.counterparties = LostOf(known, "organisation");
  cost.hhi_before = Hhi(before);
  cost.hhi_after = Hhi(after);
  std::sort(cost.incidence.begin(), cost.incidence.end(),
            [](const Incidence& a, const Incidence& b) {
              return std::tie(b.bytes, a.organisation) < std::tie(a.bytes, b.organisation);
            });
  cost.home_mean_rate = seconds_ > 0
                            ? Measured::Exactly(static_cast<double>(cost.home_bytes) * 8 / seconds_)
                            : Measured::Not("the cells do not say how much time they span");
  return cost;
}

Measured PeakHomeRate(absl::Span<const RateWindow> windows,
                      absl::FunctionRef<bool(size_t whole_cell)> is_cut) {
  if (windows.size() < 2) {
    return Measured::Not("a peak needs several windows, and the report holds one");
  }
  double peak = 0;
  for (const RateWindow& window : windows) {
    if (window.seconds <= 0) return Measured::Not("a window does not say how long it is");
    const CostModel model(window.cells, window.seconds);
    const CutCost cost = model.CostOf([&](size_t c) { return is_cut(window.whole[c]); });
    peak = std::max(peak, cost.home_mean_rate.value());
  }
  return Measured::Exactly(peak);
}

}  // namespace borderflow
