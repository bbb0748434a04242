#include "collectors/report/policy_json.h"

#include <cmath>
#include <string>
#include <utility>

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

Json Counts(const PolicySum& sum) {
  return {{"frames", sum.frames}, {"bytes", sum.bytes}, {"flows", sum.flows}};
}

// Shares with as many digits as anybody can defend.
double Rounded(double value) { return std::round(value * 1e6) / 1e6; }

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : Rounded(static_cast<double>(part) / static_cast<double>(whole));
}

std::string Key(Verdict verdict) { return std::string(Name(verdict)); }

Json VerdictsOf(const VerdictSums& verdicts) {
  Json json = Json::object();
  for (size_t v = 0; v < kVerdicts; ++v) json[Key(static_cast<Verdict>(v))] = Counts(verdicts[v]);
  return json;
}

// How sure each verdict's sum is; verdicts that no cell has and none could have are left out.
Json BoundsOf(const PolicyResult& policy) {
  Json json = Json::object();
  for (size_t v = 0; v < kVerdicts; ++v) {
    const VerdictBounds& b = policy.bounds[v];
    const uint64_t bytes = policy.verdicts[v].bytes;
    if (policy.verdicts[v].frames == 0 && b.possible_bytes == 0 && b.expected_bytes == 0) continue;
    Json by_evidence = Json::object();
    for (size_t e = kEvidences; e-- > 0;) {
      by_evidence[std::string(Name(static_cast<Evidence>(e)))] = b.evidence_bytes[e];
    }
    const auto of = [&b](Evidence e) { return b.evidence_bytes[static_cast<size_t>(e)]; };
    const uint64_t low = of(Evidence::kContent) + of(Evidence::kProtocol);
    const uint64_t middle = low + of(Evidence::kName);
    const uint64_t high = middle + of(Evidence::kOperator) + of(Evidence::kPort);
    json[Key(static_cast<Verdict>(v))] = {{"lower_bytes", bytes},
                                          {"upper_bytes", bytes + b.possible_bytes},
                                          {"expected_bytes", b.expected_bytes},
                                          {"loosest_bytes", b.loosest_bytes},
                                          {"strictest_bytes", b.strictest_bytes},
                                          {"evidence_bytes", std::move(by_evidence)},
                                          {"L", Share(low, bytes)},
                                          {"M", Share(middle, bytes)},
                                          {"U", Share(high, bytes)}};
  }
  return json;
}

Json RulesOf(const PolicyResult& policy) {
  Json rules = Json::array();
  for (const RuleResult& rule : policy.rules) {
    Json row = {{"rule", rule.id}, {"verdict", Name(rule.verdict)}, {"cite", rule.cite}};
    row.update(Counts(rule.sum));
    if (rule.is_rule) {
      row["says"] = rule.says;
      row["touched"] = Counts(rule.touched);
      row["possible"] = Counts(rule.possible);
      row["purpose"] = rule.purpose;
      row["observability"] = rule.observability;
      row["not_confirmed"] = rule.needs;
      row["kind"] = rule.obligation ? "obligation" : "restriction";
      row["country_only"] = rule.country_only;
      row["unverified"] = rule.unverified;
    }
    rules.push_back(std::move(row));
  }
  return rules;
}

Json TiersOf(const std::vector<TierResult>& results) {
  Json tiers = Json::array();
  for (const TierResult& tier : results) {
    Json row = {{"tier", tier.id}, {"jurisdictions", tier.jurisdictions}};
    row.update(Counts(tier.sum));
    tiers.push_back(std::move(row));
  }
  return tiers;
}

Json ThresholdsOf(const PolicyResult& policy) {
  static constexpr std::string_view kProxies[] = {"none", "weak", "fair"};
  Json thresholds = Json::array();
  for (const ThresholdResult& t : policy.thresholds) {
    thresholds.push_back(
        {{"rule", t.rule},
         {"unit", Name(t.unit)},
         {"proxy", kProxies[static_cast<size_t>(t.proxy)]},
         {"at_least", t.least},
         {"period", t.period},
         {"measurable", t.not_measurable.empty()},
         {"reason", t.not_measurable.empty() ? Json(nullptr) : Json(t.not_measurable)},
         {"largest", {t.low, t.high}},
         {"sums", t.sums},
         {"basis", Name(t.basis)}});
  }
  return thresholds;
}

Json OptionsJson(const EvaluateOptions& options) {
  const auto stated = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  return {
      {"flip_default", options.flip_default},
      {"ablate_origin", options.ablate_origin},
      {"mirror", options.mirror},
      {"tiers", stated(options.tiers)},
      {"treatment", options.treatment.has_value() ? Json(Name(*options.treatment)) : Json(nullptr)},
      {"vantage", stated(options.vantage)},
      {"covered_seconds", options.covered_seconds},
      {"facts", options.facts}};
}

Json DifferencesOf(const std::vector<PolicyDifference>& differences, bool by_pair) {
  Json json = Json::array();
  for (const PolicyDifference& d : differences) {
    Json row = by_pair ? Json{{"src", Code(d.source)}, {"dst", Code(d.destination)}}
                       : Json{{"rule_a", d.rule_a}, {"rule_b", d.rule_b}};
    row["a"] = Name(d.a);
    row["b"] = Name(d.b);
    row.update(Counts(d.sum));
    json.push_back(std::move(row));
  }
  return json;
}

}  // namespace

Json ToJson(const PolicyResult& policy) {
  Json json = {{"pack", policy.pack},     {"version", policy.version},
               {"as_of", policy.as_of},   {"stale", policy.stale},
               {"title", policy.title},   {"digest", policy.digest},
               {"indicative", true},      {"default", Name(policy.default_verdict)},
               {"burden", policy.burden}, {"options", OptionsJson(policy.options)}};
  if (!policy.missing_parameter.empty()) json["missing_parameter"] = policy.missing_parameter;
  if (!policy.unfit_vantage.empty()) json["unfit_vantage"] = policy.unfit_vantage;
  json["verdicts"] = VerdictsOf(policy.verdicts);
  json["bounds"] = BoundsOf(policy);
  json["rules"] = RulesOf(policy);
  json["purposes"] = Json::object();
  for (const auto& [purpose, sum] : policy.purposes) json["purposes"][purpose] = Counts(sum);
  json["thresholds"] = ThresholdsOf(policy);
  json["ties"] = Json::array();
  for (const TieResult& tie : policy.ties) {
    Json row = {
        {"rules", tie.rules}, {"looser", Name(tie.looser)}, {"stricter", Name(tie.stricter)}};
    row.update(Counts(tie.sum));
    json["ties"].push_back(std::move(row));
  }
  json["undetermined"] = Json::array();
  for (const UndeterminedPart& part : policy.undetermined) {
    Json lacks = Json::array();
    if (part.lacks_place) lacks.push_back("place");
    if (part.lacks_kind) lacks.push_back("kind");
    if (lacks.empty()) lacks.push_back("other");
    Json row = {{"loosest", Name(part.loosest)},
                {"strictest", Name(part.strictest)},
                {"missing", std::move(lacks)}};
    row.update(Counts(part.sum));
    json["undetermined"].push_back(std::move(row));
  }
  json["tiers"] = TiersOf(policy.tiers);
  json["tier_choices"] = Json::array();
  for (const TierChoice& choice : policy.tier_choices) {
    json["tier_choices"].push_back({{"choice", choice.id},
                                    {"title", choice.title},
                                    {"tiers", TiersOf(choice.tiers)},
                                    {"verdicts", VerdictsOf(choice.verdicts)}});
  }
  if (policy.treatments.empty()) return json;
  json["treated_tier"] = policy.treated_tier;
  for (size_t t = 0; t < policy.treatments.size(); ++t) {
    json["treatments"][std::string(Name(static_cast<Treatment>(t)))] =
        VerdictsOf(policy.treatments[t]);
  }
  return json;
}

Json ToJson(const PolicyComparison& comparison) {
  Json matrix = Json::object();
  for (size_t row = 0; row < kVerdicts; ++row) {
    for (size_t column = 0; column < kVerdicts; ++column) {
      const PolicySum& sum = comparison.matrix[row][column];
      if (sum == PolicySum{}) continue;
      matrix[Key(static_cast<Verdict>(row))][Key(static_cast<Verdict>(column))] = Counts(sum);
    }
  }
  return {{"indicative", true},
          {"total", Counts(comparison.total)},
          {"same", Counts(comparison.same)},
          {"disagreement", Rounded(1 - (comparison.total.bytes == 0
                                            ? 1
                                            : static_cast<double>(comparison.same.bytes) /
                                                  static_cast<double>(comparison.total.bytes)))},
          {"matrix", std::move(matrix)},
          {"findings",
           {{"a", Counts(comparison.findings_a)},
            {"b", Counts(comparison.findings_b)},
            {"only_a", Counts(comparison.only_a)},
            {"only_b", Counts(comparison.only_b)},
            {"contribution", Rounded(comparison.contribution())}}},
          {"by_pair", DifferencesOf(comparison.by_pair, true)},
          {"by_rule", DifferencesOf(comparison.by_rule, false)}};
}

Json ToJson(const GeoChoice& choice) {
  Json places = Json::array();
  for (const PlaceMove& move : choice.places) {
    Json row = {{"first", Code(move.first)}, {"second", Code(move.second)}};
    row.update(Counts(move.sum));
    places.push_back(std::move(row));
  }
  Json policies = Json::array();
  for (const GeoChoice::Policy& policy : choice.policies) {
    // Of each verdict by the first, what the second judges otherwise.
    Json moved = Json::object();
    for (size_t v = 0; v < kVerdicts; ++v) {
      PolicySum first;
      PolicySum otherwise;
      for (size_t w = 0; w < kVerdicts; ++w) {
        first += policy.comparison.matrix[v][w];
        if (w != v) otherwise += policy.comparison.matrix[v][w];
      }
      if (first == PolicySum{}) continue;
      moved[Key(static_cast<Verdict>(v))] = {{"in_use", Counts(first)},
                                             {"otherwise", Counts(otherwise)},
                                             {"bytes_share", Share(otherwise.bytes, first.bytes)},
                                             {"flows_share", Share(otherwise.flows, first.flows)}};
    }
    policies.push_back({{"pack", policy.pack},
                        {"version", policy.version},
                        {"moved", std::move(moved)},
                        {"comparison", ToJson(policy.comparison)}});
  }
  return {{"total", Counts(choice.total)},
          {"moved", Counts(choice.moved)},
          {"crossing_changed", Counts(choice.crossing_changed)},
          {"places", std::move(places)},
          {"policies", std::move(policies)}};
}

}  // namespace borderflow
