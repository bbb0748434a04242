#include "collectors/dashboard/policy_view.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "collectors/dashboard/dependence_view.h"
#include "collectors/report/decided_pack.h"
#include "collectors/report/policy_json.h"
#include "collectors/report/text.h"
#include "rules/policy/compare.h"

namespace borderflow {
namespace {

constexpr size_t kMostDifferences = 20;
constexpr size_t kFewestDifferences = 4;
constexpr size_t kMostPlaces = 30;
constexpr size_t kMostIncidence = 12;

const Pack* FindPack(absl::Span<const Pack> packs, const ViewJson& policy) {
  for (const Pack& pack : packs) {
    if (policy.value("pack", "") == pack.id && policy.value("digest", "") == pack.digest) {
      return &pack;
    }
  }
  return nullptr;
}

ViewJson AboutOf(const Pack& pack) {
  ViewJson sources = ViewJson::array();
  for (const PackSource& source : pack.sources) {
    sources.push_back({{"id", source.id},
                       {"title", source.title},
                       {"date", source.date},
                       {"unverified", source.unverified},
                       {"note", ViewStated(source.note)}});
  }
  return {{"authority", pack.authority},   {"says", pack.says},       {"sees", pack.sees},
          {"cannot_see", pack.cannot_see}, {"vantage", pack.vantage}, {"sources", sources}};
}

// One reading beside the pack as written.
ViewJson VariantOf(const Pack& pack, absl::Span<const PolicyCell> cells,
                   const EvaluateOptions& written, const EvaluateOptions& varied) {
  const ViewJson result = ToJson(Evaluate(pack, cells, varied));
  const PolicyComparison comparison = Compare(pack, written, pack, varied, cells);
  ViewJson rules = ViewJson::array();
  for (const ViewJson& rule : result["rules"]) {
    if (rule["frames"] == 0) continue;
    rules.push_back({{"rule", rule["rule"]},
                     {"verdict", rule["verdict"]},
                     {"frames", rule["frames"]},
                     {"bytes", rule["bytes"]},
                     {"flows", rule["flows"]}});
  }
  PolicySum moved = comparison.total;
  moved.frames -= comparison.same.frames;
  moved.bytes -= comparison.same.bytes;
  moved.flows -= comparison.same.flows;
  const bool found = comparison.findings_a.bytes > 0;
  return {{"default", result["default"]},
          {"verdicts", result["verdicts"]},
          {"bounds", result["bounds"]},
          {"rules", std::move(rules)},
          {"moved", ViewCounts(moved)},
          {"matrix", ToJson(comparison)["matrix"]},
          {"contribution", varied.ablate_origin && found
                               ? ViewJson(ViewRounded(comparison.contribution()))
                               : ViewJson(nullptr)},
          {"reason", nullptr}};
}

void AddVariants(const Pack& pack, absl::Span<const PolicyCell> cells,
                 const EvaluateOptions& options, ViewJson* json) {
  EvaluateOptions flipped = options;
  flipped.flip_default = !options.flip_default;
  EvaluateOptions ablated = options;
  ablated.ablate_origin = true;
  (*json)["variants"] = {{"flip_default", VariantOf(pack, cells, options, flipped)},
                         {"ablate_origin", VariantOf(pack, cells, options, ablated)}};
  (*json)["treatment_bounds"] = ViewJson::object();
  if (pack.treatments.tier.empty()) return;
  for (int t = 0; t < kTreatments; ++t) {
    EvaluateOptions treated = options;
    treated.treatment = static_cast<Treatment>(t);
    const ViewJson bounds = ToJson(Evaluate(pack, cells, treated))["bounds"];
    ViewJson& of = (*json)["treatment_bounds"][std::string(Name(static_cast<Treatment>(t)))];
    of = ViewJson::object();
    for (const auto& [verdict, bound] : bounds.items()) {
      of[verdict] = {{"lower_bytes", bound["lower_bytes"]}, {"upper_bytes", bound["upper_bytes"]}};
    }
  }
}

ViewJson MeasureJson(const MeasureRow& row) {
  ViewJson json = {
      {"measure", row.measure->id},
      {"asks", row.measure->asks},
      {"weight", row.weight.has_value() ? ViewJson(Name(*row.weight)) : ViewJson(nullptr)},
      {"unit", row.measure->unit}};
  if (!row.subject.empty()) json["subject"] = row.subject;
  json.update(ViewMeasured(row.answer));
  return json;
}

ViewJson LostJson(const Lost& lost) {
  return {{"seen", lost.seen}, {"touched", lost.touched}, {"gone", lost.gone}};
}

ViewJson CutJson(const CutCost& cost) {
  return {{"cut", ViewCounts(cost.cut)},
          {"lost", ViewCounts(cost.lost)},
          {"services", LostJson(cost.services)},
          {"counterparties", LostJson(cost.counterparties)},
          {"jurisdictions", LostJson(cost.jurisdictions)},
          {"two_way_pairs", LostJson(cost.two_way_pairs)},
          {"home_bytes", cost.home_bytes}};
}

ViewJson CostOf(const PackMeasures& measures) {
  ViewJson json = {{"exposure", ViewJson::array()},
                   {"cost", ViewJson::array()},
                   {"whole", nullptr},
                   {"rules", ViewJson::array()},
                   {"incidence", ViewJson::array()},
                   {"profiles", ViewJson::array()},
                   {"opposed", false},
                   {"reason", nullptr}};
  if (measures.rules.empty()) {
    json["reason"] = measures.rows.empty() ? "not computed" : measures.rows[0].answer.reason();
    return json;
  }
  for (size_t r = 0; r + 1 < measures.rules.size(); ++r) {
    ViewJson rule = {{"rule", measures.rules[r].rule},
                     {"verdict", Name(measures.rules[r].verdict)}};
    rule.update(CutJson(measures.rules[r].cost));
    json["rules"].push_back(std::move(rule));
  }
  const RuleMeasures& whole = measures.rules.back();
  json["whole"] = CutJson(whole.cost);
  json["opposed"] = whole.profiles.opposed;
  for (const MeasureRow& row : whole.rows) {
    const std::string id(row.measure->id);
    if (id == "profile_balance") {
      json["profiles"].push_back({{"profile", row.subject}, {"balance", MeasureJson(row)}});
    } else if (absl::StartsWith(id, "spared_")) {
      json["exposure"].push_back(MeasureJson(row));
    } else if (absl::StartsWith(id, "cost_") || absl::StartsWith(id, "home_")) {
      json["cost"].push_back(MeasureJson(row));
    }
  }
  const std::vector<Incidence>& incidence = whole.cost.incidence;
  for (size_t i = 0; i < std::min(incidence.size(), kMostIncidence); ++i) {
    json["incidence"].push_back({{"organisation", incidence[i].organisation},
                                 {"home", Code(incidence[i].home)},
                                 {"bytes", incidence[i].bytes},
                                 {"cleartext_bytes", incidence[i].cleartext_bytes},
                                 {"control_bytes", incidence[i].control_bytes}});
  }
  return json;
}

void AddMeasures(const PackMeasures& measures, ViewJson* json) {
  (*json)["cost"] = CostOf(measures);
  (*json)["measures"] = ViewJson::array();
  for (const MeasureRow& row : measures.rows) (*json)["measures"].push_back(MeasureJson(row));
}

// How many packs may be evaluated when all of them together may look at so many cells.
size_t PacksWithin(size_t most, size_t cells) { return most / std::max<size_t>(1, cells); }

// Keeps the first `keep` rows of a list, and says how many there were.
void KeepFirst(const char* list, size_t keep, ViewJson* json) {
  (*json)[absl::StrCat(list, "_of")] = (*json)[list].size();
  ViewJson& rows = (*json)[list];  // only now: a new member moves the others
  if (rows.size() > keep) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(keep), rows.end());
}

}  // namespace

void DescribePack(const Pack& pack, ViewJson* json) {
  (*json)["about"] = AboutOf(pack);
  std::set<std::string> needed;
  for (ViewJson& row : (*json)["rules"]) {
    const Rule* rule = pack.FindRule(row["rule"].get<std::string>());
    if (rule == nullptr) continue;
    row["says"] = rule->says;
    row["note"] = ViewStated(rule->note);
    row["threshold"] = rule->threshold.has_value();
    row["needs"] = rule->needs;
    needed.insert(rule->needs.begin(), rule->needs.end());
  }
  (*json)["facts"] = ViewJson::object();
  for (const std::string& fact : needed) {
    const auto at = pack.facts.find(fact);
    if (at != pack.facts.end()) (*json)["facts"][fact] = at->second;
  }
}

std::optional<MeasureStatement> MeasuresOf(absl::Span<const Pack> packs,
                                           absl::Span<const PolicyCell> cells,
                                           const EvaluateOptions& options) {
  if (cells.size() > kMostMeasuredCells) return std::nullopt;
  std::vector<DecidedPack> decided;
  const size_t measured = std::min(packs.size(), PacksWithin(kMostMeasured, cells.size()));
  for (size_t p = 0; p < measured; ++p) {
    decided.push_back(DecidePack(packs[p], cells, options));
  }
  StatementInput input;
  input.cells = cells;
  input.seconds = static_cast<double>(options.covered_seconds);
  input.packs = decided;
  StatementOptions how;
  how.subjects = 1;
  return StateMeasures(input, Groups::BuiltIn(), how);
}

ViewJson PoliciesOf(const ViewJson& results, absl::Span<const Pack> packs,
                    absl::Span<const PolicyCell> cells, const EvaluateOptions& options,
                    const std::optional<MeasureStatement>& measures) {
  ViewJson policies = ViewJson::array();
  for (const ViewJson& result : results) {
    ViewJson policy = result;
    const Pack* pack = FindPack(packs, policy);
    policy["variants"] = nullptr;
    policy["variants_reason"] = nullptr;
    policy["cost"] = nullptr;
    if (pack == nullptr) {
      policy["variants_reason"] = "the pack of this version is not at hand";
      policies.push_back(std::move(policy));
      continue;
    }
    DescribePack(*pack, &policy);
    const size_t at = static_cast<size_t>(pack - packs.data());
    if (at >= PacksWithin(kMostVaried, cells.size())) {
      policy["variants_reason"] = absl::StrCat(
          "not evaluated for pack ", at + 1, " of ", packs.size(), " over ", Grouped(cells.size()),
          " cells, which would take too long; borderflow policy evaluate --input "
          "REPORT.json answers for any");
    } else if (pack->Missing() != nullptr) {
      policy["variants_reason"] =
          absl::StrCat("its parameter \"", pack->Missing()->id, "\" was not given");
    } else {
      AddVariants(*pack, cells, options, &policy);
    }
    if (measures.has_value() && at < measures->packs.size()) {
      AddMeasures(measures->packs[at], &policy);
    } else {
      policy["cost"] = {
          {"reason", absl::StrCat("not computed for pack ", at + 1, " of ", packs.size(), " over ",
                                  Grouped(cells.size()),
                                  " cells, which would take too long; borderflow policy measures "
                                  "--input REPORT.json answers for any")}};
    }
    policies.push_back(std::move(policy));
  }
  return policies;
}

ViewJson ComparisonsOf(absl::Span<const Pack> packs, absl::Span<const PolicyCell> cells,
                       const EvaluateOptions& options) {
  ViewJson comparisons = ViewJson::array();
  std::vector<const Pack*> judging;
  std::vector<std::vector<CellVerdict>> verdicts;
  for (const Pack& pack : packs) {
    if (pack.Missing() != nullptr) continue;
    if (judging.size() >= PacksWithin(kMostVaried, cells.size())) break;
    judging.push_back(&pack);
    verdicts.push_back(VerdictsOf(pack, cells, options));
  }
  const size_t pairs = std::min(judging.size() * (judging.size() - 1) / 2, kMostComparisons);
  const size_t rows = std::clamp(10 * kMostDifferences / std::max<size_t>(1, pairs),
                                 kFewestDifferences, kMostDifferences);
  for (size_t b = 1; b < judging.size(); ++b) {
    for (size_t a = 0; a < b && comparisons.size() < kMostComparisons; ++a) {
      ViewJson json = {{"a", judging[a]->id}, {"b", judging[b]->id}};
      json.update(ToJson(CompareVerdicts(cells, verdicts[a], verdicts[b])));
      for (const char* list : {"by_pair", "by_rule"}) KeepFirst(list, rows, &json);
      comparisons.push_back(std::move(json));
    }
  }
  return comparisons;
}

ViewJson GeoChoiceOf(ViewJson with_geo) {
  if (!with_geo.is_object()) return nullptr;
  if (with_geo.contains("places")) KeepFirst("places", kMostPlaces, &with_geo);
  if (!with_geo.contains("policies")) return with_geo;
  for (ViewJson& policy : with_geo["policies"]) {
    ViewJson& comparison = policy["comparison"];
    for (const char* list : {"by_pair", "by_rule"}) {
      if (comparison.contains(list)) KeepFirst(list, kFewestDifferences, &comparison);
    }
  }
  return with_geo;
}

}  // namespace borderflow
