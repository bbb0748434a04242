#include "rules/policy/evaluate.h"

#include <algorithm>
#include <map>

namespace borderflow {
namespace {

// Three-valued: a cell answers a predicate with yes or no, or cannot answer it.
enum class Answer { kNo, kCannotTell, kYes };

Answer And(Answer a, Answer b) { return std::min(a, b); }

Answer FromBool(bool value) { return value ? Answer::kYes : Answer::kNo; }

Answer InTier(const Pack& pack, const std::string& tier, Jurisdiction location) {
  if (IsSpecial(location)) return Answer::kCannotTell;
  return FromBool(pack.FindTier(tier)->members[static_cast<size_t>(location)]);
}

Answer Holds(const Pack& pack, const Condition& when, const PolicyCell& cell) {
  Answer answer = Answer::kYes;
  if (when.source_tier.has_value()) {
    answer = And(answer, InTier(pack, *when.source_tier, cell.source.location));
  }
  if (when.destination_tier.has_value()) {
    answer = And(answer, InTier(pack, *when.destination_tier, cell.destination.location));
  }
  if (!when.categories.empty()) {
    const bool known = IsClassified(cell.category) && cell.confidence >= when.minimum_confidence;
    answer = And(answer, !known ? Answer::kCannotTell
                                : FromBool(std::find(when.categories.begin(), when.categories.end(),
                                                     cell.category) != when.categories.end()));
  }
  if (when.protection.has_value()) {
    answer = And(answer, cell.protection == Protection::kUnknown
                             ? Answer::kCannotTell
                             : FromBool(cell.protection == *when.protection));
  }
  return answer;
}

void Add(const PolicyCell& cell, PolicySum* sum) {
  sum->frames += cell.frames;
  sum->bytes += cell.bytes;
  sum->flows += cell.flows;
}

}  // namespace

Verdict VerdictOf(const Pack& pack, const PolicyCell& cell, std::string_view* rule) {
  const Jurisdiction source = cell.source.location;
  const Jurisdiction destination = cell.destination.location;
  if (!IsSpecial(source) && source == destination) {
    *rule = "scope";
    return Verdict::kOutOfScope;
  }
  *rule = "undetermined";
  if (IsSpecial(source) || IsSpecial(destination)) return Verdict::kUndetermined;
  // Verdicts of rules that might hold; all must agree with the one that is reached in the end.
  const Rule* maybe = nullptr;
  for (const Rule& candidate : pack.rules) {
    const Answer answer = Holds(pack, candidate.when, cell);
    if (answer == Answer::kNo) continue;
    if (maybe != nullptr && maybe->verdict != candidate.verdict) return Verdict::kUndetermined;
    if (answer == Answer::kYes) {
      *rule = candidate.id;
      return candidate.verdict;
    }
    maybe = &candidate;
  }
  if (maybe != nullptr && maybe->verdict != pack.default_verdict) return Verdict::kUndetermined;
  *rule = "default";
  return pack.default_verdict;
}

PolicyResult Evaluate(const Pack& pack, absl::Span<const PolicyCell> cells) {
  PolicyResult result;
  result.pack = pack.id;
  result.version = pack.version;
  result.title = pack.title;
  result.as_of = pack.as_of;
  result.digest = pack.digest;
  for (const Rule& rule : pack.rules)
    result.rules.push_back({rule.id, rule.cite, rule.verdict, {}});
  result.rules.push_back({"default", "no rule holds", pack.default_verdict, {}});
  result.rules.push_back({"scope", "stays in one jurisdiction", Verdict::kOutOfScope, {}});
  result.rules.push_back({"undetermined", "the network cannot tell", Verdict::kUndetermined, {}});
  std::map<std::string_view, RuleResult*> by_id;
  for (RuleResult& rule : result.rules) by_id[rule.id] = &rule;
  for (const Tier& tier : pack.tiers) {
    result.tiers.push_back({tier.id, static_cast<int>(tier.members.count()), {}});
  }
  for (const PolicyCell& cell : cells) {
    std::string_view rule;
    const Verdict verdict = VerdictOf(pack, cell, &rule);
    Add(cell, &result.verdicts[static_cast<size_t>(verdict)]);
    Add(cell, &by_id[rule]->sum);
    if (verdict == Verdict::kOutOfScope) continue;
    for (size_t t = 0; t < pack.tiers.size(); ++t) {
      if (pack.tiers[t].members[static_cast<size_t>(cell.destination.location)]) {
        Add(cell, &result.tiers[t].sum);
      }
    }
  }
  return result;
}

}  // namespace borderflow
