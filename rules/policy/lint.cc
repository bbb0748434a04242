#include "rules/policy/lint.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "rules/policy/order.h"
#include "rules/policy/threshold.h"

namespace borderflow {
namespace {

// Longer than any data, so that only what can never be measured is not.
constexpr uint64_t kForever = ~uint64_t{0};

std::string_view FirstOf(const std::optional<JurisdictionSet>& set, std::string_view otherwise) {
  for (size_t place = 0; set.has_value() && place < kJurisdictions; ++place) {
    if ((*set)[place]) return Code(static_cast<Jurisdiction>(place));
  }
  return otherwise;
}

// A cell that meets the clause, in words: "DE -> US (operator CN), HLT, cleartext".
std::string Example(const Clause& clause) {
  constexpr auto kLocationAt = static_cast<size_t>(Lens::kLocation);
  constexpr auto kOperatorAt = static_cast<size_t>(Lens::kOperator);
  std::string text =
      absl::StrCat(std::string(FirstOf(clause.sender.all[kLocationAt], "any")), " -> ",
                   std::string(FirstOf(clause.receiver.all[kLocationAt], "any")));
  if (clause.receiver.all[kOperatorAt].has_value()) {
    absl::StrAppend(&text, " (operator ",
                    std::string(FirstOf(clause.receiver.all[kOperatorAt], "any")), ")");
  }
  for (int c = 0; c < kCategories; ++c) {
    const auto category = static_cast<Category>(c);
    if ((clause.categories & Bit(category)) == 0) continue;
    absl::StrAppend(&text, ", ", std::string(Code(category)));
    break;
  }
  if (clause.protection.has_value()) {
    absl::StrAppend(&text, ", ", std::string(Name(*clause.protection)));
  }
  return text;
}

// Finds what is wrong with the rules of a pack that can be evaluated.
class RuleLinter {
 public:
  RuleLinter(const Pack& pack, std::vector<PackRemark>* remarks)
      : pack_(pack), clauses_(RuleClauses(pack)), order_(pack, clauses_), remarks_(*remarks) {}

  void Run() {
    Circle();
    for (size_t rule = 0; rule < pack_.rules.size(); ++rule) Reach(rule);
    for (size_t b = 1; b < pack_.rules.size(); ++b) {
      for (size_t a = 0; a < b; ++a) Conflict(a, b);
    }
  }

 private:
  static std::vector<Clause> RuleClauses(const Pack& pack) {
    const std::vector<JurisdictionSet> tiers = TierMembers(pack, "");
    std::vector<Clause> clauses;
    for (size_t r = 0; r < pack.rules.size(); ++r) {
      for (Clause& clause : ClausesOf(pack, pack.rules[r].when, tiers)) {
        clause.rule = static_cast<int>(r);
        clause.threshold =
            pack.rules[r].threshold.has_value() ? &*pack.rules[r].threshold : nullptr;
        clauses.push_back(std::move(clause));
      }
    }
    return clauses;
  }

  // What a clause asks within the scope and outside of what is exempt.
  std::optional<Clause> InScope(const Clause& clause) const {
    for (const Clause& scope : ClausesOf(pack_, pack_.scope, {})) {
      std::optional<Clause> both = Both(clause, scope);
      if (!both.has_value()) continue;
      if (both->categories == 0) return both;
      both->categories &= ~pack_.exempt;
      if (both->categories != 0) return both;
    }
    return std::nullopt;
  }

  void Error(size_t rule, std::string what) {
    remarks_.push_back({true, pack_.rules[rule].place, std::move(what)});
  }

  void Circle() {
    const std::vector<size_t> circle = order_.Circle();
    if (circle.empty()) return;
    const auto append = [this](std::string* out, size_t rule) {
      absl::StrAppend(out, pack_.rules[rule].id);
    };
    Error(circle.front(),
          absl::StrCat("\"above\" runs in a circle among ", absl::StrJoin(circle, ", ", append),
                       ": take one of them away"));
  }

  void Reach(size_t rule) {
    bool meets_scope = false;
    // Whether one and the same other rule always stands above this one.
    std::set<int> shadows;
    for (size_t other = 0; other < pack_.rules.size(); ++other) {
      if (order_.Above(other, rule)) shadows.insert(static_cast<int>(other));
    }
    const std::set<int> together = Together(rule, shadows);
    for (const Clause& clause : clauses_) {
      if (clause.rule != static_cast<int>(rule)) continue;
      meets_scope = meets_scope || InScope(clause).has_value();
      std::set<int> still;
      for (const Clause& wide : clauses_) {
        if (shadows.contains(wide.rule) && Contains(wide, clause)) still.insert(wide.rule);
      }
      shadows = still;
    }
    const std::string& id = pack_.rules[rule].id;
    if (!meets_scope) {
      Error(rule, absl::StrCat("rule \"", id,
                               "\" can never hold: nothing within the scope and "
                               "outside of what is exempt meets it"));
    } else if (!shadows.empty()) {
      Error(rule, absl::StrCat("rule \"", id, "\" can never decide: rule \"",
                               pack_.rules[static_cast<size_t>(*shadows.begin())].id,
                               "\" holds wherever it does and stands above it; narrow that one"));
    } else if (!together.empty()) {
      const auto append = [this](std::string* out, int other) {
        absl::StrAppend(out, "\"", pack_.rules[static_cast<size_t>(other)].id, "\"");
      };
      Error(rule, absl::StrCat("rule \"", id, "\" can never decide: one or another of the rules ",
                               absl::StrJoin(together, ", ", append),
                               " holds for each of its categories and stands above it; narrow one "
                               "of them"));
    }
  }

  // Of the rules that stand above `rule`, those that hold for one of its categories wherever it
  // does; empty where they leave a category to it, or where it asks for none.
  std::set<int> Together(size_t rule, const std::set<int>& above) const {
    std::set<int> together;
    for (const Clause& clause : clauses_) {
      if (clause.rule != static_cast<int>(rule)) continue;
      if (clause.categories == 0) return {};
      for (int c = 0; c < kCategories; ++c) {
        Clause one = clause;
        one.categories &= Bit(static_cast<Category>(c)) & ~pack_.exempt;
        if (one.categories == 0) continue;
        const auto holds = std::find_if(clauses_.begin(), clauses_.end(), [&](const Clause& wide) {
          return above.contains(wide.rule) && Contains(wide, one);
        });
        if (holds == clauses_.end()) return {};
        together.insert(holds->rule);
      }
    }
    return together;
  }

  void Conflict(size_t a, size_t b) {
    const Rule& first = pack_.rules[a];
    const Rule& second = pack_.rules[b];
    if (first.verdict == second.verdict || order_.Above(a, b) || order_.Above(b, a)) return;
    for (const Clause& x : clauses_) {
      if (x.rule != static_cast<int>(a)) continue;
      for (const Clause& y : clauses_) {
        if (y.rule != static_cast<int>(b)) continue;
        const std::optional<Clause> both = Both(x, y);
        const std::optional<Clause> meeting = both.has_value() ? InScope(*both) : std::nullopt;
        if (!meeting.has_value()) continue;
        Error(b, absl::StrCat("rule \"", second.id, "\" (", std::string(Name(second.verdict)),
                              ") and rule \"", first.id, "\" (", std::string(Name(first.verdict)),
                              ") disagree at equal specificity, for example on ", Example(*meeting),
                              ": narrow one, or write \"above: [", first.id,
                              "]\" if this one decides"));
        return;
      }
    }
  }

  const Pack& pack_;
  std::vector<Clause> clauses_;
  RuleOrder order_;
  std::vector<PackRemark>& remarks_;
};

void Warn(FilePlace place, std::string what, std::vector<PackRemark>* remarks) {
  remarks->push_back({false, place, std::move(what)});
}

void WarnOfAge(const Pack& pack, std::string_view today, std::vector<PackRemark>* remarks) {
  absl::CivilDay as_of;
  absl::CivilDay now;
  if (!absl::ParseCivilTime(pack.as_of, &as_of) ||
      !absl::ParseCivilTime(std::string(today), &now) || now - as_of <= pack.stale_after_days) {
    return;
  }
  Warn({},
       absl::StrCat("stale: its facts are of ", pack.as_of, ", ", now - as_of,
                    " days ago, and hold for ", pack.stale_after_days,
                    "; check them again and set \"as_of\""),
       remarks);
}

void WarnOfRules(const Pack& pack, std::vector<PackRemark>* remarks) {
  for (const Rule& rule : pack.rules) {
    if (rule.country_only) {
      Warn(rule.place,
           absl::StrCat("rule \"", rule.id, "\" asks for nothing but places (country_only)"),
           remarks);
    }
    if (rule.unverified) {
      Warn(rule.place, absl::StrCat("rule \"", rule.id, "\" rests on a fact that is not verified"),
           remarks);
    }
    if (!rule.threshold.has_value()) continue;
    const std::string never = NotMeasurable(*rule.threshold, kForever);
    if (!never.empty()) {
      Warn(rule.place,
           absl::StrCat("the threshold of rule \"", rule.id, "\" can never be measured: ", never),
           remarks);
    }
    if (rule.threshold->unverified) {
      Warn(rule.place, absl::StrCat("the threshold of rule \"", rule.id, "\" is not verified"),
           remarks);
    }
  }
}

void WarnOfUnused(const Pack& pack, std::vector<PackRemark>* remarks) {
  std::set<std::string> facts;
  std::set<std::string> sources;
  for (const Rule& rule : pack.rules) {
    facts.insert(rule.needs.begin(), rule.needs.end());
    for (const Citation& cite : rule.cite) sources.insert(cite.source);
    if (rule.threshold.has_value()) sources.insert(rule.threshold->provenance.source);
  }
  for (const auto& [fact, unused] : pack.facts) {
    if (!facts.contains(fact)) Warn({}, absl::StrCat("no rule needs the fact ", fact), remarks);
  }
  for (const PackSource& source : pack.sources) {
    if (!sources.contains(source.id)) {
      Warn({}, absl::StrCat("no rule cites the source ", source.id), remarks);
    }
    if (source.unverified) {
      Warn({}, absl::StrCat("the source ", source.id, " is not verified"), remarks);
    }
  }
}

}  // namespace

std::vector<PackRemark> Lint(const Pack& pack, std::string_view today) {
  std::vector<PackRemark> remarks;
  if (pack.Missing() == nullptr) RuleLinter(pack, &remarks).Run();
  WarnOfAge(pack, today, &remarks);
  WarnOfRules(pack, &remarks);
  WarnOfUnused(pack, &remarks);
  return remarks;
}

std::string Text(const Pack& pack, const PackRemark& remark) {
  if (remark.place.line == 0) return absl::StrCat(pack.file, ": ", remark.what);
  const std::string extended = absl::StrCat(pack.extends, ".yaml");
  return absl::StrCat(remark.place.extended ? extended : pack.file, ":", remark.place.line, ":",
                      remark.place.column, ": ", remark.what);
}

}  // namespace borderflow
