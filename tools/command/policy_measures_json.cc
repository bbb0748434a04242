#include <cmath>
#include <string_view>

#include "collectors/export/times.h"
#include "tools/command/policy_measures_output.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

// As many digits as anybody can defend; a bound that is hardly more than 0 stays above it.
double Rounded(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10, 8 - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

Json ToJson(const Measured& answer) {
  if (!answer.answered()) return {{"not_measurable", answer.reason()}};
  return {{"value", Rounded(answer.value())},
          {"low", Rounded(answer.low())},
          {"high", Rounded(answer.high())}};
}

Json ToJson(const PolicySum& sum) {
  return {{"frames", sum.frames}, {"bytes", sum.bytes}, {"flows", sum.flows}};
}

Json ToJson(const Lost& lost) {
  return {{"seen", lost.seen}, {"touched", lost.touched}, {"gone", lost.gone}};
}

Json ToJson(const std::vector<MeasureRow>& rows) {
  Json json = Json::array();
  for (const MeasureRow& row : rows) {
    Json entry = {{"measure", row.measure->id},
                  {"subject", row.subject},
                  {"weight", row.weight.has_value() ? Json(Name(*row.weight)) : Json(nullptr)},
                  {"unit", row.measure->unit}};
    entry.update(ToJson(row.answer));
    json.push_back(std::move(entry));
  }
  return json;
}

Json ToJson(const RuleMeasures& rule, bool whole_pack) {
  Json incidence = Json::array();
  for (const Incidence& loser : rule.cost.incidence) {
    incidence.push_back({{"organisation", loser.organisation},
                         {"home", Code(loser.home)},
                         {"bytes", loser.bytes},
                         {"cleartext_bytes", loser.cleartext_bytes},
                         {"control_bytes", loser.control_bytes}});
  }
  Json left_out = Json::object();
  for (const ProfileScore& score : rule.profiles.scores) {
    Json aspects = Json::array();
    for (const Aspect aspect : score.left_out) aspects.push_back(Name(aspect));
    left_out[std::string(score.profile)] = std::move(aspects);
  }
  return {{"rule", whole_pack ? Json(nullptr) : Json(rule.rule)},
          {"verdict", whole_pack ? Json(nullptr) : Json(Name(rule.verdict))},
          {"cut", ToJson(rule.cost.cut)},
          {"lost", ToJson(rule.cost.lost)},
          {"services", ToJson(rule.cost.services)},
          {"counterparties", ToJson(rule.cost.counterparties)},
          {"jurisdictions", ToJson(rule.cost.jurisdictions)},
          {"two_way_pairs", ToJson(rule.cost.two_way_pairs)},
          {"home_bytes", rule.cost.home_bytes},
          {"measures", ToJson(rule.rows)},
          {"left_out", std::move(left_out)},
          {"opposed", rule.profiles.opposed},
          {"incidence", std::move(incidence)}};
}

Json ToJson(const Conflict& conflict) {
  return {{"agreement", conflict.commitment->id},
          {"src", Code(conflict.source)},
          {"dst", Code(conflict.destination)},
          {"transfer", conflict.commitment->transfer},
          {"location", conflict.commitment->location},
          {"exception", conflict.commitment->exception},
          {"unverified", !conflict.commitment->verified},
          {"forbidden", ToJson(conflict.forbidden)},
          {"conditioned", ToJson(conflict.conditioned)}};
}

Json ToJson(const PackMeasures& pack) {
  Json rules = Json::array();
  for (size_t r = 0; r < pack.rules.size(); ++r) {
    rules.push_back(ToJson(pack.rules[r], r + 1 == pack.rules.size()));
  }
  Json conflicts = Json::array();
  for (const Conflict& conflict : pack.conflicts) conflicts.push_back(ToJson(conflict));
  return {{"pack", pack.pack},
          {"measures", ToJson(pack.rows)},
          {"rules", std::move(rules)},
          {"conflicts", std::move(conflicts)}};
}

Json VectorsOf(const MeasureStatement& statement, const std::optional<ThresholdLevels>& levels) {
  Json json = Json::array();
  for (const FourQuestions& vector : statement.vectors) {
    json.push_back({{"organisation", vector.organisation},
                    {"home", Code(vector.home)},
                    {"category", Code(vector.category)},
                    {"bytes", vector.bytes},
                    {"reach", ToJson(vector.reach)},
                    {"access", ToJson(vector.access)},
                    {"dependence", ToJson(vector.dependence)},
                    {"opacity", ToJson(vector.opacity)},
                    {"judged", Name(ConcernOf(vector, levels))}});
  }
  return json;
}

Json LevelsOf(const MeasureStatement& statement, const std::optional<ThresholdLevels>& levels) {
  if (!levels.has_value()) return nullptr;
  Json sweep = Json::array();
  for (const auto& [factor, concerns] : statement.sweep) {
    sweep.push_back({{"factor", factor}, {"concerns", concerns}});
  }
  return {{"reach", levels->reach},
          {"access", levels->access},
          {"dependence", levels->dependence},
          {"provenance", levels->provenance},
          {"sweep", std::move(sweep)}};
}

Json ShiftsOf(const MeasureStatement& statement) {
  Json json = Json::array();
  for (size_t h = 0; h < statement.substitutions.size(); ++h) {
    for (const Shift& shift : statement.substitutions[h].shifts) {
      json.push_back({{"by", Name(static_cast<Holder>(h))},
                      {"holder", shift.holder},
                      {"before", Rounded(shift.before)},
                      {"after", Rounded(shift.after)}});
    }
  }
  return json;
}

}  // namespace

Json MeasuresAsJson(const MeasureStatement& statement, const MeasuredReport& report,
                    const std::optional<ThresholdLevels>& levels) {
  const bool any = report.sum.frames > 0;
  Json json;
  json["schema"] = "borderflow.measures/1";
  json["indicative"] = true;
  json["report"] = {{"file", report.file},
                    {"command", report.command},
                    {"vantage", report.vantage.empty() ? Json(nullptr) : Json(report.vantage)},
                    {"first", any ? Json(Iso8601Nanoseconds(report.first_time_ns)) : Json(nullptr)},
                    {"last", any ? Json(Iso8601Nanoseconds(report.last_time_ns)) : Json(nullptr)}};
  json["report"].update(ToJson(report.sum));
  json["measures"] = ToJson(statement.rows);
  json["vectors"] = VectorsOf(statement, levels);
  json["levels"] = LevelsOf(statement, levels);
  json["packs"] = Json::array();
  for (const PackMeasures& pack : statement.packs) json["packs"].push_back(ToJson(pack));
  json["shifts"] = ShiftsOf(statement);
  json["catalogue"] = Json::array();
  for (const MeasureInfo& info : MeasureCatalogue()) {
    json["catalogue"].push_back({{"id", info.id},
                                 {"asks", info.asks},
                                 {"formula", info.formula},
                                 {"source", info.source},
                                 {"unit", info.unit}});
  }
  return json;
}

}  // namespace borderflow
