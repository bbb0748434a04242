#include "rules/policy/evaluate.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/policy/compile.h"

namespace borderflow {
namespace {

constexpr uint64_t kPercent = 100;

PolicySum SumOf(const PolicyCell& cell) { return {cell.frames, cell.bytes, cell.flows}; }

// `percent` of `bytes`, rounded down, without overflow.
uint64_t Share(uint64_t bytes, uint64_t percent) {
  return bytes / kPercent * percent + bytes % kPercent * percent / kPercent;
}

// What cells of one outcome add up to.
struct OutcomeSum {
  PolicySum sum;
  std::array<uint64_t, kEvidences> evidence_bytes{};
  uint64_t confident_bytes = 0;
  std::array<PolicySum, 4> lacking{};  // by LackOf; of undetermined cells
};

// Bit 0: the place of an end; bit 1: the kind of data.
size_t LackOf(const PolicyCell& cell) {
  const bool place = IsSpecial(cell.source.location) || IsSpecial(cell.destination.location);
  return (place ? 1u : 0u) | (IsClassified(cell.category) ? 0u : 2u);
}

bool IsStale(const Pack& pack, const std::string& day) {
  absl::CivilDay of_pack;
  absl::CivilDay of_data;
  if (!absl::ParseCivilTime(pack.as_of, &of_pack) || !absl::ParseCivilTime(day, &of_data)) {
    return false;
  }
  return of_data - of_pack > pack.stale_after_days;
}

std::string UnfitVantage(const Pack& pack, const std::string& vantage) {
  const std::string fit = absl::StrJoin(pack.vantage, " or ");
  if (vantage.empty()) return absl::StrCat("no --vantage was declared; the pack needs ", fit);
  return absl::StrCat("the sensor sits at ", vantage, "; the pack needs ", fit);
}

void Describe(const Pack& pack, const EvaluateOptions& options, const OutcomeMaker& maker,
              PolicyResult* result) {
  result->pack = pack.id;
  result->version = pack.version;
  result->title = pack.title;
  result->as_of = pack.as_of;
  result->digest = pack.digest;
  const bool restrictor = (pack.burden == "restrictor") != options.flip_default;
  result->burden = restrictor ? "restrictor" : "transferor";
  result->default_verdict = maker.default_verdict();
  result->options = options;
  result->options.by_time = nullptr;  // need not live as long as the result
  result->treated_tier = pack.treatments.tier;
  if (const PackParameter* missing = pack.Missing(); missing != nullptr) {
    result->missing_parameter = missing->id;
  }
  if (!maker.vantage_fits()) result->unfit_vantage = UnfitVantage(pack, options.vantage);
  result->stale = IsStale(pack, options.day);
}

// A row for every rule, then one for every reason why no rule decided.
std::vector<RuleResult> Rows(const Pack& pack, const EvaluateOptions& options,
                             const OutcomeMaker& maker) {
  static constexpr std::array<std::string_view, kReasonRows> kWhy = {
      "no rule holds",
      "outside what the pack speaks about",
      "naming, time and routing are exempt",
      "as the non-aligned are treated",
      "the pack cannot be answered from here",
      "a template without its parameters",
      "rules disagree",
      "the network cannot tell"};
  std::vector<RuleResult> rows;
  for (size_t r = 0; r < pack.rules.size(); ++r) {
    const Rule& rule = pack.rules[r];
    RuleResult row;
    row.id = rule.id;
    row.says = rule.says;
    row.cite = CitationText(pack, rule.cite);
    row.verdict = maker.RuleVerdict(r);
    row.purpose = rule.purpose;
    row.observability = rule.observability;
    std::copy_if(rule.needs.begin(), rule.needs.end(), std::back_inserter(row.needs),
                 [&options](const std::string& need) {
                   return std::find(options.facts.begin(), options.facts.end(), need) ==
                          options.facts.end();
                 });
    row.is_rule = true;
    row.obligation = rule.obligation;
    row.country_only = rule.country_only;
    row.unverified = rule.unverified;
    rows.push_back(std::move(row));
  }
  for (size_t i = 0; i < kReasonRows; ++i) {
    const auto reason = static_cast<Reason>(i);
    RuleResult row;
    row.id = Name(reason);
    row.cite = kWhy[i];
    switch (reason) {
      case Reason::kDefault:
        row.verdict = maker.default_verdict();
        break;
      case Reason::kScope:
      case Reason::kParameters:
        row.verdict = Verdict::kOutOfScope;
        break;
      case Reason::kExempt:
        row.verdict = Verdict::kPermitted;
        break;
      default:
        break;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void AddOutcome(const PolicyOutcome& outcome, const OutcomeSum& add, const Pack& pack,
                PolicyResult* result) {
  const auto verdict = static_cast<size_t>(outcome.verdict);
  constexpr auto kUndeterminedAt = static_cast<size_t>(Verdict::kUndetermined);
  result->verdicts[verdict] += add.sum;
  VerdictBounds& bounds = result->bounds[verdict];
  for (size_t e = 0; e < kEvidences; ++e) bounds.evidence_bytes[e] += add.evidence_bytes[e];
  bounds.expected_bytes += add.confident_bytes;
  result->bounds[kUndeterminedAt].expected_bytes += add.sum.bytes - add.confident_bytes;
  const bool undetermined = outcome.verdict == Verdict::kUndetermined;
  const Verdict loosest = undetermined ? Loosest(outcome.possible) : outcome.verdict;
  const Verdict strictest = undetermined ? Strictest(outcome.possible) : outcome.verdict;
  result->bounds[static_cast<size_t>(loosest)].loosest_bytes += add.sum.bytes;
  result->bounds[static_cast<size_t>(strictest)].strictest_bytes += add.sum.bytes;
  for (size_t v = 0; undetermined && v < kVerdicts; ++v) {
    if ((outcome.possible >> v & 1) != 0) result->bounds[v].possible_bytes += add.sum.bytes;
  }
  const size_t row = outcome.reason == Reason::kRule
                         ? outcome.rule
                         : pack.rules.size() + static_cast<size_t>(outcome.reason);
  result->rules[row].sum += add.sum;
  if (outcome.reason == Reason::kTreatment) result->rules[row].verdict = outcome.verdict;
  if (outcome.reason == Reason::kRule) {
    result->purposes[pack.rules[outcome.rule].purpose] += add.sum;
  }
  for (const size_t rule : outcome.holds) result->rules[rule].touched += add.sum;
  for (const size_t rule : outcome.may_decide) result->rules[rule].possible += add.sum;
  for (size_t t = 0; t < result->treatments.size(); ++t) {
    result->treatments[t][static_cast<size_t>(outcome.treated[t])] += add.sum;
  }
  if (outcome.reason != Reason::kTie) return;
  TieResult tie;
  for (const size_t rule : outcome.tied) tie.rules.push_back(pack.rules[rule].id);
  tie.looser = loosest;
  tie.stricter = strictest;
  const auto same =
      std::find_if(result->ties.begin(), result->ties.end(),
                   [&tie](const TieResult& other) { return other.rules == tie.rules; });
  TieResult& at = same == result->ties.end() ? result->ties.emplace_back(tie) : *same;
  at.looser = std::min(at.looser, loosest);
  at.stricter = std::max(at.stricter, strictest);
  at.sum += add.sum;
}

void AddUndetermined(const PolicyOutcome& outcome, const OutcomeSum& add,
                     std::vector<UndeterminedPart>* parts) {
  if (outcome.reason != Reason::kUndetermined) return;
  for (size_t lack = 0; lack < add.lacking.size(); ++lack) {
    if (add.lacking[lack] == PolicySum{}) continue;
    const UndeterminedPart part = {Loosest(outcome.possible),
                                   Strictest(outcome.possible),
                                   (lack & 1) != 0,
                                   (lack & 2) != 0,
                                   {}};
    const auto same = std::find_if(parts->begin(), parts->end(), [&](const UndeterminedPart& p) {
      return p.loosest == part.loosest && p.strictest == part.strictest &&
             p.lacks_place == part.lacks_place && p.lacks_kind == part.lacks_kind;
    });
    (same == parts->end() ? parts->emplace_back(part) : *same).sum += add.lacking[lack];
  }
}

// How much of the traffic in scope goes to each tier.
std::vector<TierResult> TierResults(const Pack& pack, std::string_view choice,
                                    absl::Span<const PolicySum> by_destination) {
  const std::vector<JurisdictionSet> members = TierMembers(pack, choice);
  std::vector<TierResult> results;
  for (size_t t = 0; t < members.size(); ++t) {
    TierResult result = {pack.tiers[t].id, static_cast<int>(members[t].count()), {}};
    for (size_t place = 0; place < kJurisdictions; ++place) {
      if (members[t][place]) result.sum += by_destination[place];
    }
    results.push_back(std::move(result));
  }
  return results;
}

VerdictSums VerdictsUnder(const Pack& pack, absl::Span<const PolicyCell> cells,
                          const EvaluateOptions& options) {
  CompiledPack compiled(pack, options);
  const std::vector<uint32_t> decided = compiled.Decide(cells);
  std::vector<PolicySum> sums(compiled.outcomes().size());
  for (size_t i = 0; i < cells.size(); ++i) sums[decided[i]] += SumOf(cells[i]);
  VerdictSums verdicts{};
  for (size_t o = 0; o < sums.size(); ++o) {
    verdicts[static_cast<size_t>(compiled.outcomes()[o].verdict)] += sums[o];
  }
  return verdicts;
}

}  // namespace

absl::Status CheckOptions(const Pack& pack, const EvaluateOptions& options) {
  std::vector<std::string_view> choices = {"any", "all"};
  for (const TierVariant& variant : pack.variants) choices.push_back(variant.id);
  if (!options.tiers.empty() &&
      std::find(choices.begin(), choices.end(), options.tiers) == choices.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("pack ", pack.id, " has no variant ", Quoted(options.tiers),
                     DidYouMean(options.tiers, choices), ": any, all or one of its own"));
  }
  std::vector<std::string_view> facts;
  for (const auto& [fact, unused] : pack.facts) facts.push_back(fact);
  for (const std::string& fact : options.facts) {
    if (std::find(facts.begin(), facts.end(), fact) == facts.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("pack ", pack.id, " knows no fact ", Quoted(fact), DidYouMean(fact, facts)));
    }
  }
  return absl::OkStatus();
}

std::vector<CellVerdict> VerdictsOf(const Pack& pack, absl::Span<const PolicyCell> cells,
                                    const EvaluateOptions& options) {
  CompiledPack compiled(pack, options);
  const std::vector<uint32_t> decided = compiled.Decide(cells);
  std::vector<CellVerdict> verdicts;
  verdicts.reserve(cells.size());
  for (const uint32_t position : decided) {
    const PolicyOutcome& outcome = compiled.outcomes()[position];
    verdicts.push_back({outcome.verdict, DecidedBy(pack, outcome)});
  }
  return verdicts;
}

PolicyResult Evaluate(const Pack& pack, absl::Span<const PolicyCell> cells,
                      const EvaluateOptions& options) {
  CompiledPack compiled(pack, options);
  const std::vector<uint32_t> decided = compiled.Decide(cells);
  const std::vector<PolicyOutcome>& outcomes = compiled.outcomes();

  PolicyResult result;
  Describe(pack, options, compiled.maker(), &result);
  result.rules = Rows(pack, options, compiled.maker());
  if (!pack.treatments.tier.empty()) result.treatments.resize(kTreatments);

  std::vector<OutcomeSum> sums(outcomes.size());
  std::vector<PolicySum> by_destination(kJurisdictions);
  for (size_t i = 0; i < cells.size(); ++i) {
    const PolicyCell& cell = cells[i];
    const PolicyOutcome& outcome = outcomes[decided[i]];
    OutcomeSum& sum = sums[decided[i]];
    sum.sum += SumOf(cell);
    sum.evidence_bytes[static_cast<size_t>(cell.evidence)] += cell.bytes;
    sum.confident_bytes += outcome.by_category
                               ? Share(cell.bytes, std::min<uint64_t>(cell.confidence, kPercent))
                               : cell.bytes;
    if (outcome.verdict == Verdict::kUndetermined) sum.lacking[LackOf(cell)] += SumOf(cell);
    if (outcome.verdict != Verdict::kOutOfScope) {
      const PolicyEnd& destination = options.mirror ? cell.source : cell.destination;
      by_destination[static_cast<size_t>(destination.location)] += SumOf(cell);
    }
  }
  for (size_t o = 0; o < outcomes.size(); ++o) {
    AddOutcome(outcomes[o], sums[o], pack, &result);
    AddUndetermined(outcomes[o], sums[o], &result.undetermined);
  }
  const auto order = [](const UndeterminedPart& part) {
    return std::make_tuple(~part.sum.bytes, part.loosest, part.strictest, part.lacks_place,
                           part.lacks_kind);
  };
  std::sort(result.undetermined.begin(), result.undetermined.end(),
            [&order](const UndeterminedPart& a, const UndeterminedPart& b) {
              return order(a) < order(b);
            });
  result.thresholds = compiled.thresholds();
  result.tiers = TierResults(pack, options.tiers, by_destination);
  if (pack.criteria.empty() || pack.tiers.empty()) return result;

  const auto add_choice = [&](const std::string& id, const std::string& title) {
    EvaluateOptions under = options;
    under.tiers = id;
    result.tier_choices.push_back(
        {id, title, TierResults(pack, id, by_destination), VerdictsUnder(pack, cells, under)});
  };
  add_choice("any", "any one criterion is enough");
  add_choice("all", "every criterion must be met");
  for (const TierVariant& variant : pack.variants) add_choice(variant.id, variant.title);
  return result;
}

}  // namespace borderflow
