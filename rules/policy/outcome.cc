#include "rules/policy/outcome.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <set>

namespace borderflow {
namespace {

constexpr VerdictSet SetOf(Verdict verdict) {
  return static_cast<VerdictSet>(1u << static_cast<int>(verdict));
}

constexpr std::array<std::string_view, kReasonRows> kReasonNames = {
    "default", "scope", "exempt", "treatment", "vantage", "parameters", "tie", "undetermined"};

// The burden of proof changes sides: what was free is presumed against, and the other way round.
Verdict Flipped(Verdict verdict) {
  return IsFinding(verdict) ? Verdict::kPermitted : Verdict::kPresumptivelyProhibited;
}

Verdict TreatedAs(Treatment treatment) {
  switch (treatment) {
    case Treatment::kOpen:
      return Verdict::kPermitted;
    case Treatment::kReview:
      return Verdict::kReview;
    case Treatment::kClosed:
      return Verdict::kPresumptivelyProhibited;
    case Treatment::kByCategory:
      break;
  }
  return Verdict::kUndetermined;
}

// `possible` after something that sets `verdict` where it is so.
VerdictSet Or(VerdictSet possible, Told told, Verdict verdict) {
  if (told == Told::kYes) return SetOf(verdict);
  if (told == Told::kNo) return possible;
  return static_cast<VerdictSet>(possible | SetOf(verdict));
}

}  // namespace

std::string_view Name(Reason reason) {
  return reason == Reason::kRule ? "rule" : kReasonNames[static_cast<size_t>(reason)];
}

std::string_view DecidedBy(const Pack& pack, const PolicyOutcome& outcome) {
  return outcome.reason == Reason::kRule ? std::string_view(pack.rules[outcome.rule].id)
                                         : Name(outcome.reason);
}

Verdict VerdictOf(VerdictSet possible) {
  return std::has_single_bit(possible) ? Loosest(possible) : Verdict::kUndetermined;
}

Verdict Loosest(VerdictSet possible) { return static_cast<Verdict>(std::countr_zero(possible)); }

Verdict Strictest(VerdictSet possible) {
  return static_cast<Verdict>(std::bit_width(possible) - 1);
}

OutcomeMaker::OutcomeMaker(const Pack& pack, const EvaluateOptions& options, const RuleOrder& order)
    : pack_(pack),
      order_(order),
      treatment_(options.treatment.value_or(pack.treatments.chosen)),
      default_(options.flip_default ? Flipped(pack.default_verdict) : pack.default_verdict),
      vantage_fits_(pack.vantage.empty() || std::find(pack.vantage.begin(), pack.vantage.end(),
                                                      options.vantage) != pack.vantage.end()) {
  const std::set<std::string> facts(options.facts.begin(), options.facts.end());
  for (const Rule& rule : pack.rules) {
    const bool met = !rule.needs.empty() && std::all_of(rule.needs.begin(), rule.needs.end(),
                                                        [&facts](const std::string& need) {
                                                          return facts.contains(need);
                                                        });
    verdicts_.push_back(met ? rule.met : rule.verdict);
  }
}

PolicyOutcome OutcomeMaker::Make(const CellAnswers& answers) const {
  PolicyOutcome out;
  if (answers.in_scope == Told::kNo) {
    out.possible = SetOf(Verdict::kOutOfScope);
    out.verdict = Verdict::kOutOfScope;
    out.reason = Reason::kScope;
    out.treated.fill(Verdict::kOutOfScope);
    return out;
  }
  // A rule touches nothing that its pack leaves alone.
  if (answers.exempt != Told::kYes) out.holds = answers.holds;
  // What the rules say.
  const auto may_decide = [&](size_t rule) {
    return std::none_of(answers.holds.begin(), answers.holds.end(),
                        [&](size_t other) { return other != rule && order_.Above(other, rule); });
  };
  VerdictSet winners = 0;
  VerdictSet rules = answers.holds.empty() ? SetOf(default_) : VerdictSet{0};
  const bool circle = std::none_of(answers.holds.begin(), answers.holds.end(), may_decide);
  for (const size_t rule : answers.holds) {
    // Rules in a circle, which Lint refuses, stand above one another: all of them decide.
    if (!circle && !may_decide(rule)) continue;
    if (winners == 0) out.rule = rule;
    winners = static_cast<VerdictSet>(winners | SetOf(verdicts_[rule]));
  }
  for (const size_t rule : answers.cannot_tell) {
    if (!may_decide(rule)) continue;
    rules = static_cast<VerdictSet>(rules | SetOf(verdicts_[rule]));
    out.may_decide.push_back(rule);
  }
  rules = static_cast<VerdictSet>(rules | winners);

  // What stands above them.
  const auto under = [&](Treatment treatment) {
    VerdictSet possible = rules;
    if (treatment != Treatment::kByCategory) {
      possible = Or(possible, answers.in_treated_tier, TreatedAs(treatment));
    }
    possible = Or(possible, answers.exempt, Verdict::kPermitted);
    if (answers.in_scope == Told::kCannotTell) {
      possible = Or(possible, Told::kCannotTell, Verdict::kOutOfScope);
    }
    return possible;
  };
  for (size_t t = 0; t < kTreatments; ++t) {
    out.treated[t] =
        vantage_fits_ ? VerdictOf(under(static_cast<Treatment>(t))) : Verdict::kUndetermined;
  }
  out.possible = under(treatment_);
  out.verdict = VerdictOf(out.possible);
  if (!vantage_fits_) {
    // Here the pack means nothing: whatever it would say, out of scope is as likely.
    out.possible = static_cast<VerdictSet>(out.possible | SetOf(Verdict::kOutOfScope));
    out.verdict = Verdict::kUndetermined;
    out.reason = Reason::kVantage;
  } else if (out.verdict == Verdict::kUndetermined) {
    const bool tie = winners != 0 && !std::has_single_bit(winners);
    out.reason = tie ? Reason::kTie : Reason::kUndetermined;
    if (tie)
      std::copy_if(answers.holds.begin(), answers.holds.end(), std::back_inserter(out.tied),
                   may_decide);
  } else if (answers.exempt == Told::kYes) {
    out.reason = Reason::kExempt;
  } else if (treatment_ != Treatment::kByCategory && answers.in_treated_tier == Told::kYes) {
    out.reason = Reason::kTreatment;
  } else if (answers.holds.empty()) {
    out.reason = Reason::kDefault;
  } else {
    out.reason = Reason::kRule;
    out.by_category = pack_.rules[out.rule].when.categories != 0;
  }
  if (out.verdict == Verdict::kUndetermined) {
    // Those that hold might decide as well.
    for (const size_t rule : answers.holds) {
      if (may_decide(rule)) out.may_decide.push_back(rule);
    }
  } else {
    out.may_decide.clear();
  }
  return out;
}

}  // namespace borderflow
