#include "rules/policy/order.h"

#include <algorithm>
#include <iterator>

namespace borderflow {
namespace {

ClauseEnd Resolve(const Pack& pack, const EndCondition& end,
                  absl::Span<const JurisdictionSet> tiers, bool places) {
  ClauseEnd out;
  if (places) {
    out.all = end.all;
    out.either = end.either;
    for (size_t i = 0; i < tiers.size(); ++i) {
      if (end.tier.empty() || pack.tiers[i].id != end.tier) continue;
      std::optional<JurisdictionSet>& location = out.all[static_cast<size_t>(Lens::kLocation)];
      location = location.has_value() ? *location & tiers[i] : tiers[i];
    }
  }
  out.asks_entity = !end.entity.lists.empty();
  out.asks_not_entity = !end.not_entity.lists.empty();
  out.entities = end.entity.ids;
  out.not_entities = end.not_entity.ids;
  return out;
}

bool IsSubset(const JurisdictionSet& inner, const JurisdictionSet& outer) {
  return (inner & ~outer).none();
}

bool IsSubset(absl::Span<const uint16_t> inner, absl::Span<const uint16_t> outer) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

bool Share(absl::Span<const uint16_t> a, absl::Span<const uint16_t> b) {
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

// `narrow` meets at least one lens of `either`, whatever its other lenses are.
bool EitherContains(const std::array<std::optional<JurisdictionSet>, kLenses>& either,
                    const ClauseEnd& narrow) {
  for (size_t l = 0; l < kLenses; ++l) {
    if (either[l].has_value() && narrow.all[l].has_value() &&
        IsSubset(*narrow.all[l], *either[l])) {
      return true;
    }
  }
  if (!narrow.asks_either()) return false;
  for (size_t l = 0; l < kLenses; ++l) {
    if (!narrow.either[l].has_value()) continue;
    if (!either[l].has_value() || !IsSubset(*narrow.either[l], *either[l])) return false;
  }
  return true;
}

bool Contains(const ClauseEnd& wide, const ClauseEnd& narrow) {
  for (size_t l = 0; l < kLenses; ++l) {
    if (!wide.all[l].has_value()) continue;
    if (!narrow.all[l].has_value() || !IsSubset(*narrow.all[l], *wide.all[l])) return false;
  }
  if (wide.asks_either() && !EitherContains(wide.either, narrow)) return false;
  if (wide.asks_entity && !(narrow.asks_entity && IsSubset(narrow.entities, wide.entities))) {
    return false;
  }
  if (!wide.asks_not_entity) return true;
  return (narrow.asks_not_entity && IsSubset(wide.not_entities, narrow.not_entities)) ||
         (narrow.asks_entity && !Share(narrow.entities, wide.not_entities));
}

std::optional<ClauseEnd> Both(const ClauseEnd& a, const ClauseEnd& b) {
  ClauseEnd out = a;
  for (size_t l = 0; l < kLenses; ++l) {
    if (b.all[l].has_value()) out.all[l] = a.all[l].has_value() ? *a.all[l] & *b.all[l] : *b.all[l];
    if (out.all[l].has_value() && out.all[l]->none()) return std::nullopt;
  }
  if (!a.asks_either()) out.either = b.either;
  if (a.asks_entity && b.asks_entity && !Share(a.entities, b.entities)) return std::nullopt;
  if (a.asks_entity && b.asks_not_entity && IsSubset(a.entities, b.not_entities)) {
    return std::nullopt;
  }
  if (b.asks_entity && a.asks_not_entity && IsSubset(b.entities, a.not_entities)) {
    return std::nullopt;
  }
  if (!a.asks_entity && b.asks_entity) {
    out.asks_entity = true;
    out.entities = b.entities;
  }
  return out;
}

// A predicate that `wide` has is one that `narrow` has too, with the same value.
template <typename T>
bool AsksAsMuch(const std::optional<T>& wide, const std::optional<T>& narrow) {
  return !wide.has_value() || wide == narrow;
}

bool Contains(const Threshold* wide, const Threshold* narrow) {
  if (wide == nullptr) return true;
  return narrow != nullptr && narrow->unit == wide->unit && narrow->hours == wide->hours &&
         narrow->aggregate_by == wide->aggregate_by && narrow->least >= wide->least;
}

template <typename T>
bool Differ(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() && b.has_value() && *a != *b;
}

int Count(const EndCondition& end, bool places) {
  int count = int{!end.entity.lists.empty()} + int{!end.not_entity.lists.empty()};
  if (!places) return count;
  bool either = false;
  for (size_t l = 0; l < kLenses; ++l) {
    count += int{end.all[l].has_value()};
    either = either || end.either[l].has_value();
  }
  return count + int{either} + int{!end.tier.empty()};
}

}  // namespace

bool ClauseEnd::asks_either() const {
  return std::any_of(either.begin(), either.end(), [](const auto& set) { return set.has_value(); });
}

std::vector<Clause> ClausesOf(const Pack& pack, const Condition& when,
                              absl::Span<const JurisdictionSet> tiers, bool places) {
  Clause out;
  out.sender = Resolve(pack, when.source, tiers, places);
  out.receiver = Resolve(pack, when.destination, tiers, places);
  if (places) out.crosses = when.crosses;
  out.categories = when.categories;
  out.minimum_evidence = when.minimum_evidence;
  out.minimum_confidence = when.minimum_confidence;
  out.protection = when.protection;
  out.from_initiator = when.from_initiator;
  if (when.direction == Direction::kOut) return {out};
  Clause in = out;
  std::swap(in.sender, in.receiver);
  in.swapped = true;
  if (when.direction == Direction::kIn) return {in};
  return {out, in};
}

bool Contains(const Clause& wide, const Clause& narrow) {
  if (!Contains(wide.sender, narrow.sender) || !Contains(wide.receiver, narrow.receiver)) {
    return false;
  }
  if (wide.categories != 0 &&
      (narrow.categories == 0 || (narrow.categories & ~wide.categories) != 0)) {
    return false;
  }
  return AsksAsMuch(wide.crosses, narrow.crosses) &&
         AsksAsMuch(wide.protection, narrow.protection) &&
         AsksAsMuch(wide.from_initiator, narrow.from_initiator) &&
         Contains(wide.threshold, narrow.threshold);
}

std::optional<Clause> Both(const Clause& a, const Clause& b) {
  Clause out = a;
  const std::optional<ClauseEnd> sender = Both(a.sender, b.sender);
  const std::optional<ClauseEnd> receiver = Both(a.receiver, b.receiver);
  if (!sender.has_value() || !receiver.has_value()) return std::nullopt;
  out.sender = *sender;
  out.receiver = *receiver;
  if (b.categories != 0) {
    out.categories = a.categories != 0 ? a.categories & b.categories : b.categories;
    if (out.categories == 0) return std::nullopt;
  }
  if (Differ(a.crosses, b.crosses) || Differ(a.protection, b.protection) ||
      Differ(a.from_initiator, b.from_initiator)) {
    return std::nullopt;
  }
  if (!out.crosses.has_value()) out.crosses = b.crosses;
  if (!out.protection.has_value()) out.protection = b.protection;
  if (!out.from_initiator.has_value()) out.from_initiator = b.from_initiator;
  // Within one jurisdiction both ends must find room there, between two they must find two.
  const auto& from = out.sender.all[static_cast<size_t>(Lens::kLocation)];
  const auto& to = out.receiver.all[static_cast<size_t>(Lens::kLocation)];
  if (!out.crosses.has_value() || !from.has_value() || !to.has_value()) return out;
  const bool never = *out.crosses ? from->count() == 1 && *from == *to : (*from & *to).none();
  return never ? std::nullopt : std::optional<Clause>(out);
}

int Specificity(const Rule& rule, bool places) {
  const Condition& when = rule.when;
  int count = Count(when.source, places) + Count(when.destination, places);
  if (places) count += int{when.crosses.has_value()};
  return count + int{when.categories != 0} + int{when.protection.has_value()} +
         int{when.from_initiator.has_value()} + int{rule.threshold.has_value()};
}

RuleOrder::RuleOrder(const Pack& pack, absl::Span<const Clause> clauses, bool places)
    : rules_(pack.rules.size()), above_(rules_ * rules_) {
  std::vector<std::vector<const Clause*>> by_rule(rules_);
  for (const Clause& clause : clauses) {
    by_rule[static_cast<size_t>(clause.rule)].push_back(&clause);
  }
  // Every clause of `narrow` lies within one of `wide`.
  const auto contains = [&by_rule](size_t wide, size_t narrow) {
    return std::all_of(by_rule[narrow].begin(), by_rule[narrow].end(), [&](const Clause* inner) {
      return std::any_of(by_rule[wide].begin(), by_rule[wide].end(),
                         [inner](const Clause* outer) { return Contains(*outer, *inner); });
    });
  };
  const auto declared = [&pack](size_t a, size_t b) {
    const std::vector<std::string>& above = pack.rules[a].above;
    return std::find(above.begin(), above.end(), pack.rules[b].id) != above.end();
  };
  for (size_t a = 0; a < rules_; ++a) {
    for (size_t b = 0; b < rules_; ++b) {
      if (a == b || declared(b, a)) continue;
      if (declared(a, b)) {
        above_[a * rules_ + b] = true;
        continue;
      }
      const int difference =
          Specificity(pack.rules[a], places) - Specificity(pack.rules[b], places);
      above_[a * rules_ + b] =
          difference > 0 || (difference == 0 && contains(b, a) && !contains(a, b));
    }
  }
}

std::vector<size_t> RuleOrder::Circle() const {
  // Take away whatever nothing left stands above; what remains holds a circle.
  std::vector<bool> left(rules_, true);
  for (bool taken = true; taken;) {
    taken = false;
    for (size_t r = 0; r < rules_; ++r) {
      if (!left[r]) continue;
      bool topmost = true;
      for (size_t other = 0; other < rules_; ++other) {
        topmost = topmost && !(left[other] && Above(other, r));
      }
      if (topmost) {
        left[r] = false;
        taken = true;
      }
    }
  }
  std::vector<size_t> circle;
  for (size_t r = 0; r < rules_; ++r) {
    if (left[r]) circle.push_back(r);
  }
  return circle;
}

}  // namespace borderflow
