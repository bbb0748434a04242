#include "tools/command/policy_sweep.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/report/text.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

uint64_t TotalBytes(const VerdictSums& verdicts) {
  uint64_t bytes = 0;
  for (const PolicySum& sum : verdicts) bytes += sum.bytes;
  return bytes;
}

}  // namespace

absl::StatusOr<PolicySweep> Sweep(const PreparedPack& prepared, absl::Span<const PolicyCell> cells,
                                  const SweepRequest& request, bool whole_period) {
  Pack pack = prepared.pack;
  std::vector<std::string> with_threshold;
  std::optional<size_t> at;
  for (size_t i = 0; i < pack.rules.size(); ++i) {
    if (!pack.rules[i].threshold.has_value()) continue;
    with_threshold.push_back(pack.rules[i].id);
    if (pack.rules[i].id == request.rule) at = i;
  }
  if (!at.has_value()) {
    const std::vector<std::string_view> known(with_threshold.begin(), with_threshold.end());
    return absl::InvalidArgumentError(absl::StrCat(
        "--sweep: ", pack.id, " has no rule ", Quoted(request.rule), " with a threshold",
        DidYouMean(request.rule, known),
        with_threshold.empty() ? "; none of its rules has one"
                               : absl::StrCat("; there is ", absl::StrJoin(with_threshold, ", "))));
  }
  PolicySweep sweep;
  Threshold& threshold = *pack.rules[*at].threshold;
  sweep.pack = pack.id;
  sweep.rule = request.rule;
  sweep.threshold = threshold;
  sweep.provenance = CitationText(pack, absl::MakeConstSpan(&threshold.provenance, 1));
  sweep.whole_period = whole_period && threshold.hours != 0;
  if (whole_period) {
    threshold.hours = 0;
    threshold.period = "whole";
  }
  std::vector<uint64_t> values = request.values;
  values.push_back(threshold.least);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  const uint64_t written = threshold.least;
  for (const uint64_t value : values) {
    threshold.least = value;
    PolicyResult result = Evaluate(pack, cells, prepared.options);
    for (ThresholdResult& measured : result.thresholds) {
      if (measured.rule == request.rule) sweep.measured = std::move(measured);
    }
    sweep.points.push_back(
        {value, value == written, result.verdicts, std::move(result.rules[*at])});
  }
  return sweep;
}

std::string SweepText(const PolicySweep& sweep) {
  std::string out = absl::StrCat(
      "\n",
      Wrapped(absl::StrFormat("%s, %s: %s, written as %s over %s (%s%s)", sweep.pack, sweep.rule,
                              std::string(Name(sweep.threshold.unit)),
                              Grouped(sweep.threshold.least), sweep.threshold.period,
                              sweep.provenance, sweep.threshold.unverified ? ", NOT VERIFIED" : ""),
              0),
      "\n");
  if (sweep.whole_period) {
    absl::StrAppend(&out,
                    "  as if its period were what the data cover: no reading of the law, only of "
                    "the numbers\n");
  }
  if (sweep.measured.not_measurable.empty()) {
    absl::StrAppendFormat(&out, "  measured: the largest of %s sums is %s to %s\n",
                          Grouped(sweep.measured.sums), Grouped(sweep.measured.low),
                          Grouped(sweep.measured.high));
  } else {
    absl::StrAppendFormat(&out, "  not measurable here: %s; so no value changes anything%s\n",
                          sweep.measured.not_measurable,
                          sweep.whole_period || sweep.threshold.hours == 0
                              ? ""
                              : "\n  (--sweep-period whole asks as if the data covered it)");
  }
  absl::StrAppendFormat(&out, "  %15s %12s %12s", "from ... on", "decided by", "may be by");
  std::vector<size_t> shown;
  for (size_t v = 0; v < kVerdicts; ++v) {
    const bool any = std::any_of(sweep.points.begin(), sweep.points.end(),
                                 [v](const SweepPoint& p) { return p.verdicts[v].frames != 0; });
    if (any) shown.push_back(v);
  }
  for (const size_t v : shown) {
    absl::StrAppendFormat(&out, " %13.13s", std::string(Name(static_cast<Verdict>(v))));
  }
  absl::StrAppend(&out, "\n");
  for (const SweepPoint& point : sweep.points) {
    const uint64_t total = TotalBytes(point.verdicts);
    absl::StrAppendFormat(&out, "%s %15s %12s %12s", point.written ? " *" : "  ",
                          Grouped(point.least), Percent(point.rule.sum.bytes, total),
                          Percent(point.rule.possible.bytes, total));
    for (const size_t v : shown) {
      absl::StrAppendFormat(&out, " %13s", Percent(point.verdicts[v].bytes, total));
    }
    absl::StrAppend(&out, "\n");
  }
  absl::StrAppend(&out, "  * as written; shares of bytes; indicative, not a finding of law\n");
  return out;
}

nlohmann::ordered_json SweepJson(const PolicySweep& sweep) {
  const auto counts = [](const PolicySum& sum) -> nlohmann::ordered_json {
    return {{"frames", sum.frames}, {"bytes", sum.bytes}, {"flows", sum.flows}};
  };
  nlohmann::ordered_json points = nlohmann::ordered_json::array();
  for (const SweepPoint& point : sweep.points) {
    nlohmann::ordered_json verdicts;
    for (size_t v = 0; v < kVerdicts; ++v) {
      verdicts[std::string(Name(static_cast<Verdict>(v)))] = counts(point.verdicts[v]);
    }
    points.push_back({{"at_least", point.least},
                      {"written", point.written},
                      {"verdicts", std::move(verdicts)},
                      {"decided", counts(point.rule.sum)},
                      {"possible", counts(point.rule.possible)}});
  }
  return {{"indicative", true},
          {"pack", sweep.pack},
          {"rule", sweep.rule},
          {"unit", Name(sweep.threshold.unit)},
          {"period", sweep.threshold.period},
          {"as_if_period_were_the_data", sweep.whole_period},
          {"provenance", sweep.provenance},
          {"unverified", sweep.threshold.unverified},
          {"not_measurable", sweep.measured.not_measurable.empty()
                                 ? nlohmann::ordered_json(nullptr)
                                 : nlohmann::ordered_json(sweep.measured.not_measurable)},
          {"measured", {{"low", sweep.measured.low}, {"high", sweep.measured.high}}},
          {"points", std::move(points)}};
}

}  // namespace borderflow
