#include "plain_evaluator.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "rules/policy/order.h"
#include "rules/policy/threshold.h"

namespace borderflow {
namespace {

Told And(Told a, Told b) { return std::min(a, b); }
Told Or(Told a, Told b) { return std::max(a, b); }
Told FromBool(bool value) { return value ? Told::kYes : Told::kNo; }

Told In(const JurisdictionSet& set, Jurisdiction place) {
  return IsSpecial(place) ? Told::kCannotTell : FromBool(set[static_cast<size_t>(place)]);
}

Told Listed(const EntityPredicate& predicate, uint16_t entity) {
  if (entity == kUnknownEntity) return Told::kCannotTell;
  return FromBool(std::find(predicate.ids.begin(), predicate.ids.end(), entity) !=
                  predicate.ids.end());
}

Told Not(Told told) {
  if (told == Told::kCannotTell) return told;
  return told == Told::kYes ? Told::kNo : Told::kYes;
}

class Plain {
 public:
  Plain(const Pack& pack, const EvaluateOptions& options)
      : pack_(pack), options_(options), tiers_(TierMembers(pack, options.tiers)) {
    for (size_t r = 0; r < pack.rules.size(); ++r) {
      for (Clause& clause : ClausesOf(pack, pack.rules[r].when, tiers_, !options.ablate_origin)) {
        clause.rule = static_cast<int>(r);
        clause.threshold = pack.rules[r].threshold ? &*pack.rules[r].threshold : nullptr;
        clauses_.push_back(clause);
      }
    }
    order_.emplace(pack, clauses_, !options.ablate_origin);
  }

  std::vector<PlainDecision> Run(absl::Span<const PolicyCell> cells) {
    std::vector<PolicyCell> seen(cells.begin(), cells.end());
    for (PolicyCell& cell : seen) {
      if (options_.mirror) std::swap(cell.source, cell.destination);
    }
    for (size_t r = 0; r < pack_.rules.size(); ++r) {
      if (pack_.rules[r].threshold) AddUp(r, seen);
    }
    std::vector<PlainDecision> out;
    for (const PolicyCell& cell : seen) out.push_back(Of(cell));
    return out;
  }

 private:
  Told End(const EndCondition& asks, const PolicyEnd& end, bool places) const {
    Told told = Told::kYes;
    if (!asks.entity.lists.empty()) told = And(told, Listed(asks.entity, end.entity));
    if (!asks.not_entity.lists.empty()) told = And(told, Not(Listed(asks.not_entity, end.entity)));
    if (!places) return told;
    const std::array<Jurisdiction, kLenses> at = {end.location, end.registered, end.operator_home};
    std::optional<Told> either;
    for (size_t l = 0; l < kLenses; ++l) {
      if (asks.all[l]) told = And(told, In(*asks.all[l], at[l]));
      if (asks.either[l]) either = Or(either.value_or(Told::kNo), In(*asks.either[l], at[l]));
    }
    if (either) told = And(told, *either);
    for (size_t t = 0; t < tiers_.size(); ++t) {
      if (pack_.tiers[t].id == asks.tier) told = And(told, In(tiers_[t], end.location));
    }
    return told;
  }

  Told Crosses(const PolicyCell& cell) const {
    const Jurisdiction a = cell.source.location;
    const Jurisdiction b = cell.destination.location;
    return IsSpecial(a) || IsSpecial(b) ? Told::kCannotTell : FromBool(a != b);
  }

  Told When(const Condition& when, const PolicyCell& cell, bool swapped, bool places) const {
    const PolicyEnd& source = swapped ? cell.destination : cell.source;
    const PolicyEnd& destination = swapped ? cell.source : cell.destination;
    Told told = And(End(when.source, source, places), End(when.destination, destination, places));
    if (places && when.crosses) {
      told = And(told, *when.crosses ? Crosses(cell) : Not(Crosses(cell)));
    }
    if (when.categories != 0) {
      const bool known = IsClassified(cell.category) && cell.evidence >= when.minimum_evidence &&
                         cell.confidence >= when.minimum_confidence;
      told = And(
          told, !known ? Told::kCannotTell : FromBool((when.categories & Bit(cell.category)) != 0));
    }
    if (when.protection) {
      told = And(told, cell.protection == Protection::kUnknown
                           ? Told::kCannotTell
                           : FromBool(cell.protection == *when.protection));
    }
    if (when.from_initiator)
      told = And(told, FromBool(cell.from_initiator == *when.from_initiator));
    return told;
  }

  // What the rule answers but for its threshold, and the way round that says so.
  std::pair<Told, bool> Base(size_t r, const PolicyCell& cell) const {
    const Rule& rule = pack_.rules[r];
    const bool places = !options_.ablate_origin;
    if (!places && Specificity(rule, false) == 0) return {Told::kNo, false};
    const Told out =
        rule.when.direction == Direction::kIn ? Told::kNo : When(rule.when, cell, false, places);
    const Told in =
        rule.when.direction == Direction::kOut ? Told::kNo : When(rule.when, cell, true, places);
    return in > out ? std::pair(in, true) : std::pair(out, false);
  }

  Told Scope(const PolicyCell& cell) const {
    const Direction direction = pack_.scope.direction;
    const Told out = When(pack_.scope, cell, false, true);
    const Told in = When(pack_.scope, cell, true, true);
    return direction == Direction::kOut ? out : direction == Direction::kIn ? in : Or(out, in);
  }

  using Key = std::vector<int>;
  Key KeyOf(const Threshold& t, const PolicyCell& cell, bool swapped) const {
    const PolicyEnd& source = swapped ? cell.destination : cell.source;
    const PolicyEnd& destination = swapped ? cell.source : cell.destination;
    const auto asks = [&t](Aggregate a) {
      return (t.aggregate_by >> static_cast<int>(a) & 1) != 0;
    };
    Key key;
    if (asks(Aggregate::kSource)) key.push_back(static_cast<int>(source.location));
    if (asks(Aggregate::kDestination)) key.push_back(static_cast<int>(destination.location));
    if (asks(Aggregate::kSourceOperator)) key.push_back(static_cast<int>(source.operator_home));
    if (asks(Aggregate::kDestinationOperator)) {
      key.push_back(static_cast<int>(destination.operator_home));
    }
    if (asks(Aggregate::kCategory)) key.push_back(static_cast<int>(cell.category));
    return key;
  }

  void AddUp(size_t r, const std::vector<PolicyCell>& cells) {
    const Threshold& t = *pack_.rules[r].threshold;
    for (const PolicyCell& cell : cells) {
      const auto [told, swapped] = Base(r, cell);
      const Told both = And(told, Scope(cell));
      if (both == Told::kNo) continue;
      auto& [low, high] = sums_[{r, KeyOf(t, cell, swapped)}];
      uint64_t least = 0;
      uint64_t most = 0;
      if (t.unit == Unit::kBytes) least = most = cell.bytes;
      if (t.unit == Unit::kFlows) least = most = cell.flows;
      if (t.unit == Unit::kFrames) least = most = cell.frames;
      if (t.unit == Unit::kUploadBytes && cell.from_initiator) least = most = cell.payload_bytes;
      const bool people = t.unit == Unit::kClients || t.unit == Unit::kPersons;
      if (people) {
        least = cell.clients_low;
        most = cell.clients_high;
      }
      high += most;
      if (both == Told::kYes) low = people ? std::max(low, least) : low + least;
    }
  }

  Told Reached(size_t r, const PolicyCell& cell, bool swapped) const {
    const Threshold& t = *pack_.rules[r].threshold;
    if (!NotMeasurable(t, options_.covered_seconds).empty()) return Told::kCannotTell;
    const auto [low, high] = sums_.at({r, KeyOf(t, cell, swapped)});
    // Only the fullest of the periods that hold all of the data counts.
    const uint64_t periods = PeriodsOf(t, options_);
    if (low + periods - 1 >= t.least * periods) return Told::kYes;
    return high < t.least ? Told::kNo : Told::kCannotTell;
  }

  Verdict RuleVerdict(size_t r) const {
    const Rule& rule = pack_.rules[r];
    if (rule.needs.empty()) return rule.verdict;
    for (const std::string& need : rule.needs) {
      if (std::find(options_.facts.begin(), options_.facts.end(), need) == options_.facts.end()) {
        return rule.verdict;
      }
    }
    return rule.met;
  }

  Verdict Default() const {
    if (!options_.flip_default) return pack_.default_verdict;
    const bool free = pack_.default_verdict == Verdict::kPermitted ||
                      pack_.default_verdict == Verdict::kOutOfScope;
    return free ? Verdict::kPresumptivelyProhibited : Verdict::kPermitted;
  }

  // Everything that could be, if the rules in `hold` hold and no others.
  std::set<Verdict> Decide(const std::vector<size_t>& hold) const {
    if (hold.empty()) return {Default()};
    std::set<Verdict> verdicts;
    for (const size_t r : hold) {
      const bool beaten = std::any_of(hold.begin(), hold.end(),
                                      [&](size_t other) { return order_->Above(other, r); });
      if (!beaten) verdicts.insert(RuleVerdict(r));
    }
    return verdicts;
  }

  PlainDecision Of(const PolicyCell& cell) const {
    const Told scope = Scope(cell);
    if (scope == Told::kNo) {
      return {Verdict::kOutOfScope, static_cast<VerdictSet>(1), "scope"};
    }
    std::vector<size_t> hold;
    std::vector<size_t> cannot_tell;
    for (size_t r = 0; r < pack_.rules.size(); ++r) {
      auto [told, swapped] = Base(r, cell);
      if (told != Told::kNo && pack_.rules[r].threshold) {
        told = And(told, Reached(r, cell, swapped));
      }
      if (told == Told::kYes) hold.push_back(r);
      if (told == Told::kCannotTell) cannot_tell.push_back(r);
    }
    std::set<Verdict> possible;
    for (size_t way = 0; way < size_t{1} << cannot_tell.size(); ++way) {
      std::vector<size_t> turned_out = hold;
      for (size_t i = 0; i < cannot_tell.size(); ++i) {
        if ((way >> i & 1) != 0) turned_out.push_back(cannot_tell[i]);
      }
      const std::set<Verdict> decided = Decide(turned_out);
      possible.insert(decided.begin(), decided.end());
    }
    const bool tie = !hold.empty() && Decide(hold).size() > 1;

    const Treatment treatment = options_.treatment.value_or(pack_.treatments.chosen);
    Told treated = Told::kNo;
    for (size_t t = 0; t < tiers_.size(); ++t) {
      if (treatment != Treatment::kByCategory && pack_.tiers[t].id == pack_.treatments.tier) {
        treated = In(tiers_[t], cell.destination.location);
      }
    }
    const std::map<Treatment, Verdict> as = {
        {Treatment::kOpen, Verdict::kPermitted},
        {Treatment::kReview, Verdict::kReview},
        {Treatment::kClosed, Verdict::kPresumptivelyProhibited},
        {Treatment::kByCategory, Verdict::kUndetermined}};
    if (treated == Told::kYes) possible.clear();
    if (treated != Told::kNo) possible.insert(as.at(treatment));
    Told exempt = FromBool((pack_.exempt & Bit(cell.category)) != 0);
    if (pack_.exempt != 0 && !IsClassified(cell.category)) exempt = Told::kCannotTell;
    if (exempt == Told::kYes) possible.clear();
    if (exempt != Told::kNo) possible.insert(Verdict::kPermitted);
    if (scope == Told::kCannotTell) possible.insert(Verdict::kOutOfScope);

    PlainDecision out;
    const bool fits = pack_.vantage.empty() || std::find(pack_.vantage.begin(), pack_.vantage.end(),
                                                         options_.vantage) != pack_.vantage.end();
    const bool decided = fits && possible.size() == 1;
    if (!fits) possible.insert(Verdict::kOutOfScope);
    for (const Verdict v : possible) {
      out.possible = static_cast<VerdictSet>(out.possible | 1u << static_cast<int>(v));
    }
    if (decided) out.verdict = *possible.begin();
    if (!fits) {
      out.decided_by = "vantage";
    } else if (!decided) {
      out.decided_by = tie ? "tie" : "undetermined";
    } else if (exempt == Told::kYes) {
      out.decided_by = "exempt";
    } else if (treated == Told::kYes) {
      out.decided_by = "treatment";
    } else if (hold.empty()) {
      out.decided_by = "default";
    } else {
      for (const size_t r : hold) {
        const bool beaten = std::any_of(hold.begin(), hold.end(),
                                        [&](size_t other) { return order_->Above(other, r); });
        if (!beaten && out.decided_by.empty()) out.decided_by = pack_.rules[r].id;
      }
    }
    return out;
  }

  const Pack& pack_;
  const EvaluateOptions& options_;
  std::vector<JurisdictionSet> tiers_;
  std::vector<Clause> clauses_;
  std::optional<RuleOrder> order_;
  std::map<std::pair<size_t, Key>, std::pair<uint64_t, uint64_t>> sums_;
};

}  // namespace

std::vector<PlainDecision> PlainEvaluate(const Pack& pack, absl::Span<const PolicyCell> cells,
                                         const EvaluateOptions& options) {
  return Plain(pack, options).Run(cells);
}

}  // namespace borderflow
