#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/policy/parse.h"

namespace borderflow {
namespace {

constexpr uint64_t kHoursPerDay = 24;
constexpr uint64_t kLongestPeriod = 100 * 366 * kHoursPerDay;
// A calendar year counts from 1 January: any day may be its last, so a whole one is asked for.
constexpr std::string_view kCalendarYearWord = "calendar_year";
constexpr uint64_t kCalendarYear = 365 * kHoursPerDay;

constexpr std::array<std::string_view, 2> kKinds = {"restriction", "obligation"};
constexpr std::array<std::string_view, 3> kProxies = {"none", "weak", "fair"};
constexpr std::array<std::string_view, kAggregates> kAggregateNames = {
    "source", "destination", "source_operator", "destination_operator", "category"};

std::vector<std::string_view> VerdictNames() {
  std::vector<std::string_view> names;
  for (int i = 0; i < kVerdicts; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (verdict != Verdict::kUndetermined) names.push_back(Name(verdict));
  }
  return names;
}

std::array<std::string_view, kUnits> UnitNames() {
  std::array<std::string_view, kUnits> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = Name(static_cast<Unit>(i));
  return names;
}

// "24h", "365d", "calendar_year", "whole"; false when it is none of these.
bool ReadPeriod(std::string_view text, uint64_t* hours) {
  if (text == "whole") {
    *hours = 0;
    return true;
  }
  if (text == kCalendarYearWord) {
    *hours = kCalendarYear;
    return true;
  }
  if (text.size() < 2 || (text.back() != 'h' && text.back() != 'd')) return false;
  const uint64_t unit = text.back() == 'd' ? kHoursPerDay : 1;
  uint64_t number = 0;
  const std::string digits(text.substr(0, text.size() - 1));
  if (!absl::SimpleAtoi(digits, &number) || number == 0 || number > kLongestPeriod / unit) {
    return false;
  }
  *hours = number * unit;
  return true;
}

bool AsksPlacesOnly(const Rule& rule) {
  const Condition& when = rule.when;
  return when.categories == 0 && !when.protection.has_value() && !when.from_initiator.has_value() &&
         !rule.threshold.has_value() && !when.source.asks_entity() &&
         !when.destination.asks_entity();
}

}  // namespace

absl::Span<const std::string_view> ReservedRuleIds() {
  static constexpr std::array<std::string_view, 8> kIds = {
      "default", "scope", "exempt", "vantage", "parameters", "treatment", "tie", "undetermined"};
  return kIds;
}

absl::Status PackReader::ReadScope() {
  const std::optional<PackNode> section = Nearest("scope");
  if (!section.has_value()) {
    pack_.scope.crosses = true;
    return absl::OkStatus();
  }
  const PackNode at = {section->yaml, section->node["scope"]};
  static constexpr std::array<std::string_view, 4> kKeys = {"source", "destination", "crossing",
                                                            "direction"};
  if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
  if (absl::Status s = ReadCondition(at, &pack_.scope); !s.ok()) return s;
  if (!pack_.scope.source.tier.empty() || !pack_.scope.destination.tier.empty()) {
    return at.yaml->Error(at.node, "a scope knows no tiers: name the jurisdictions");
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadRules() {
  absl::StatusOr<std::vector<PackNode>> items = Items("rules", nullptr);
  if (!items.ok()) return items.status();
  if (items->empty()) return yaml_.Error(document_, "no \"rules\" here");
  for (const PackNode& at : *items) {
    if (absl::Status s = ReadRule(at); !s.ok()) return s;
  }
  return CheckAbove(*items);
}

absl::Status PackReader::ReadRule(const PackNode& at) {
  static constexpr std::array<std::string_view, 15> kKeys = {
      "id",        "says",       "cite",  "purpose", "kind",          "when",
      "threshold", "verdict",    "needs", "met",     "observability", "country_only",
      "above",     "unverified", "note"};
  if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
  Rule rule;
  rule.place = {at.node.Mark().line + 1, at.node.Mark().column + 1, at.yaml != &yaml_};
  if (absl::Status s = ReadIdentifier(at, "id", &rule.id); !s.ok()) return s;
  const absl::Span<const std::string_view> reserved = ReservedRuleIds();
  if (std::find(reserved.begin(), reserved.end(), rule.id) != reserved.end()) {
    return at.yaml->Error(at.node["id"], absl::StrCat(Quoted(rule.id),
                                                      " names a reason of the "
                                                      "evaluation: use another id"));
  }
  if (absl::Status s = at.yaml->Text(at.node, "says", &rule.says); !s.ok()) return s;
  if (absl::Status s = ReadCitations(at, "cite", &rule.cite); !s.ok()) return s;
  size_t word = 0;
  if (absl::Status s = ReadWord(at, "purpose", PurposeNames(), &word); !s.ok()) return s;
  rule.purpose = PurposeNames()[word];
  if (at.node["kind"]) {
    if (absl::Status s = ReadWord(at, "kind", kKinds, &word); !s.ok()) return s;
    rule.obligation = word == 1;
  }
  if (!at.node["when"]) {
    return at.yaml->Error(at.node, "no \"when\" here: a rule without it hits everything");
  }
  if (absl::Status s = ReadCondition({at.yaml, at.node["when"]}, &rule.when); !s.ok()) return s;
  if (at.node["threshold"]) {
    rule.threshold.emplace();
    if (absl::Status s = ReadThreshold({at.yaml, at.node["threshold"]}, &*rule.threshold);
        !s.ok()) {
      return s;
    }
  }
  if (absl::Status s = ReadVerdicts(at, &rule); !s.ok()) return s;
  if (absl::Status s = ReadWord(at, "observability", ObservabilityNames(), &word); !s.ok()) {
    return s;
  }
  rule.observability = ObservabilityNames()[word];
  if (absl::Status s = ReadFlag(at, "country_only", &rule.country_only); !s.ok()) return s;
  if (absl::Status s = at.yaml->OptionalList(at.node, "above", &rule.above); !s.ok()) return s;
  if (absl::Status s = ReadFlag(at, "unverified", &rule.unverified); !s.ok()) return s;
  if (absl::Status s = at.yaml->OptionalText(at.node, "note", &rule.note); !s.ok()) return s;
  if (absl::Status s = CheckRule(at, rule); !s.ok()) return s;
  pack_.rules.push_back(std::move(rule));
  return absl::OkStatus();
}

absl::Status PackReader::ReadVerdicts(const PackNode& at, Rule* rule) {
  const std::vector<std::string_view> names = VerdictNames();
  size_t word = 0;
  if (absl::Status s = ReadWord(at, "verdict", names, &word); !s.ok()) return s;
  rule->verdict = *VerdictFromName(names[word]);
  std::vector<YamlWord> needs;
  if (absl::Status s = at.yaml->OptionalWords(at.node, "needs", &needs); !s.ok()) return s;
  for (YamlWord& need : needs) {
    if (pack_.facts.find(need.text) == pack_.facts.end()) {
      std::vector<std::string_view> known;
      for (const auto& [fact, unused] : pack_.facts) known.push_back(fact);
      return at.yaml->Error(
          need.mark, absl::StrCat("unknown fact ", Quoted(need.text), DidYouMean(need.text, known),
                                  ": say under \"facts\" what it is"));
    }
    rule->needs.push_back(std::move(need.text));
  }
  rule->met = rule->verdict == Verdict::kConditional || rule->verdict == Verdict::kFileRequired
                  ? Verdict::kPermitted
                  : rule->verdict;
  if (!at.node["met"]) return absl::OkStatus();
  if (absl::Status s = ReadWord(at, "met", names, &word); !s.ok()) return s;
  rule->met = *VerdictFromName(names[word]);
  if (!rule->needs.empty()) return absl::OkStatus();
  return at.yaml->Error(at.node["met"],
                        "\"met\" says what holds once the needs are confirmed, but "
                        "this rule has no \"needs\"");
}

// What the keys of a rule ask of one another.
absl::Status PackReader::CheckRule(const PackNode& at, const Rule& rule) {
  if (rule.country_only && !AsksPlacesOnly(rule)) {
    return at.yaml->Error(at.node["country_only"],
                          "this rule asks more than places: take \"country_only\" away");
  }
  if (!rule.country_only && AsksPlacesOnly(rule)) {
    return at.yaml->Error(at.node["when"],
                          "this rule asks for nothing but places: label it \"country_only: true\", "
                          "or ask for categories, protection, entities or volume");
  }
  if (rule.verdict == Verdict::kBreachIfConfirmed && rule.needs.empty()) {
    return at.yaml->Error(at.node["verdict"],
                          "a breach must name under \"needs\" what would "
                          "confirm it");
  }
  if (rule.obligation && rule.verdict != Verdict::kPermitted &&
      rule.verdict != Verdict::kConditional) {
    return at.yaml->Error(at.node["verdict"],
                          "an obligation lets data through: permitted or "
                          "conditional");
  }
  return absl::OkStatus();
}

absl::Status PackReader::CheckAbove(absl::Span<const PackNode> nodes) {
  std::vector<std::string_view> known;
  for (const Rule& rule : pack_.rules) known.push_back(rule.id);
  for (size_t i = 0; i < pack_.rules.size(); ++i) {
    for (const std::string& other : pack_.rules[i].above) {
      if (other == pack_.rules[i].id || pack_.FindRule(other) == nullptr) {
        return nodes[i].yaml->Error(
            nodes[i].node["above"],
            other == pack_.rules[i].id
                ? absl::StrCat("rule ", Quoted(other), " cannot stand above itself")
                : absl::StrCat("unknown rule ", Quoted(other), DidYouMean(other, known)));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadThreshold(const PackNode& at, Threshold* threshold) {
  static constexpr std::array<std::string_view, 8> kKeys = {
      "unit",  "more_than",    "at_least",   "period",
      "proxy", "aggregate_by", "provenance", "unverified"};
  if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
  size_t word = 0;
  if (absl::Status s = ReadWord(at, "unit", UnitNames(), &word); !s.ok()) return s;
  threshold->unit = static_cast<Unit>(word);
  const bool more_than = at.node["more_than"].IsDefined();
  if (more_than == at.node["at_least"].IsDefined()) {
    return at.yaml->Error(at.node, "a threshold has exactly one of \"more_than\" and \"at_least\"");
  }
  const char* key = more_than ? "more_than" : "at_least";
  std::string number;
  if (absl::Status s = at.yaml->Text(at.node, key, &number); !s.ok()) return s;
  constexpr uint64_t kMost = 1'000'000'000'000'000'000;
  if (!absl::SimpleAtoi(number, &threshold->least) || threshold->least > kMost) {
    return at.yaml->Error(
        at.node[key], absl::StrCat("\"", key, "\" must be a whole number, not ", Quoted(number)));
  }
  if (more_than) ++threshold->least;
  if (absl::Status s = at.yaml->Text(at.node, "period", &threshold->period); !s.ok()) return s;
  threshold->calendar_year = threshold->period == kCalendarYearWord;
  if (!ReadPeriod(threshold->period, &threshold->hours)) {
    return at.yaml->Error(at.node["period"],
                          absl::StrCat("\"period\" must be such as 24h, 365d, calendar_year or "
                                       "whole, not ",
                                       Quoted(threshold->period)));
  }
  if (at.node["proxy"]) {
    if (absl::Status s = ReadWord(at, "proxy", kProxies, &word); !s.ok()) return s;
    threshold->proxy = static_cast<Proxy>(word);
    if (threshold->unit != Unit::kPersons) {
      return at.yaml->Error(at.node["proxy"], "only a number of persons has a proxy");
    }
  }
  std::vector<YamlWord> aggregates;
  if (absl::Status s = at.yaml->OptionalWords(at.node, "aggregate_by", &aggregates); !s.ok()) {
    return s;
  }
  for (const YamlWord& aggregate : aggregates) {
    const auto* const found =
        std::find(kAggregateNames.begin(), kAggregateNames.end(), aggregate.text);
    if (found == kAggregateNames.end()) {
      return at.yaml->Error(aggregate.mark,
                            absl::StrCat("unknown \"aggregate_by\" ", Quoted(aggregate.text),
                                         DidYouMean(aggregate.text, kAggregateNames)));
    }
    threshold->aggregate_by |= 1u << (found - kAggregateNames.begin());
  }
  if (!at.node["provenance"]) {
    return at.yaml->Error(at.node,
                          "a threshold without \"provenance\": say where the number comes "
                          "from, as {source: ID, place: TEXT}");
  }
  if (absl::Status s = ReadCitation({at.yaml, at.node["provenance"]}, &threshold->provenance);
      !s.ok()) {
    return s;
  }
  return ReadFlag(at, "unverified", &threshold->unverified);
}

absl::Status PackReader::ReadCitations(const PackNode& at, const char* key,
                                       std::vector<Citation>* cite) {
  const YAML::Node node = at.node[key];
  if (!node) {
    return at.yaml->Error(at.node, absl::StrCat("no \"", key,
                                                "\" here: expected {source: ID, "
                                                "place: \"Article 1\"}"));
  }
  if (!node.IsSequence()) {
    cite->emplace_back();
    return ReadCitation({at.yaml, node}, &cite->back());
  }
  if (node.size() == 0 || node.size() > kMaxPackItems) {
    return at.yaml->Error(node, absl::StrCat("\"", key, "\" must hold at least one citation"));
  }
  for (const YAML::Node& item : node) {
    cite->emplace_back();
    if (absl::Status s = ReadCitation({at.yaml, item}, &cite->back()); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadCitation(const PackNode& at, Citation* cite) {
  static constexpr std::array<std::string_view, 2> kKeys = {"source", "place"};
  if (!at.node.IsMap()) {
    return at.yaml->Error(at.node,
                          "a citation is {source: ID, place: \"Article 1\"}: its date is "
                          "that of the source");
  }
  if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
  if (absl::Status s = at.yaml->Text(at.node, "source", &cite->source); !s.ok()) return s;
  if (pack_.FindSource(cite->source) == nullptr) {
    std::vector<std::string_view> known;
    for (const PackSource& source : pack_.sources) known.push_back(source.id);
    return at.yaml->Error(
        at.node["source"],
        absl::StrCat("unknown source ", Quoted(cite->source), DidYouMean(cite->source, known),
                     ": sources stand under \"pack\" with their dates"));
  }
  return at.yaml->Text(at.node, "place", &cite->place);
}

}  // namespace borderflow
