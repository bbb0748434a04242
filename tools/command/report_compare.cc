#include "tools/command/report_compare.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collectors/report/text.h"
#include "collectors/store/statement.h"
#include "tools/account/output_file.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kPairsShown = 20;

uint64_t Distance(const PairDifference& pair) {
  return std::max(pair.one.bytes, pair.other.bytes) - std::min(pair.one.bytes, pair.other.bytes);
}

Json Counts(const CellCounters& counters) {
  return {{"frames", counters.frames}, {"bytes", counters.bytes}, {"flows", counters.flows}};
}

Json Sides(const CellCounters& one, const CellCounters& other) {
  return {{"one", Counts(one)}, {"other", Counts(other)}};
}

std::string ToJson(const Comparison& comparison) {
  Json json;
  json["schema"] = "borderflow.comparison/1";
  json["unlike"] = comparison.unlike.empty() ? Json(nullptr) : Json(comparison.unlike);
  json["total"] = Sides(comparison.one, comparison.other);
  for (int i = 0; i < kCrossings; ++i) {
    const auto at = static_cast<size_t>(i);
    json["crossing"][std::string(Name(static_cast<Crossing>(i)))] =
        Sides(comparison.one_crossing[at], comparison.other_crossing[at]);
  }
  json["pairs"] = Json::array();
  for (const PairDifference& pair : comparison.pairs) {
    Json row = {{"src", Code(pair.source)}, {"dst", Code(pair.destination)}};
    row.update(Sides(pair.one, pair.other));
    json["pairs"].push_back(std::move(row));
  }
  return json.dump(2) + "\n";
}

std::string ToText(const Comparison& comparison) {
  std::string out;
  if (!comparison.unlike.empty()) {
    absl::StrAppendFormat(&out, "Read this first\n  ! the two are unlike: %s\n\n",
                          comparison.unlike);
  }
  const auto line = [&out](const std::string& what, const CellCounters& one,
                           const CellCounters& other) {
    absl::StrAppendFormat(&out, "%-28s %12s %12s %10s %10s flows\n", what, Bytes(one.bytes),
                          Bytes(other.bytes), Grouped(one.flows), Grouped(other.flows));
  };
  line("all", comparison.one, comparison.other);
  for (int i = kCrossings - 1; i >= 0; --i) {
    const auto at = static_cast<size_t>(i);
    line(absl::StrCat("  ", std::string(Name(static_cast<Crossing>(i)))),
         comparison.one_crossing[at], comparison.other_crossing[at]);
  }
  absl::StrAppendFormat(&out, "\n%d pairs of locations differ\n", comparison.pairs.size());
  for (size_t i = 0; i < std::min(kPairsShown, comparison.pairs.size()); ++i) {
    const PairDifference& pair = comparison.pairs[i];
    line(absl::StrFormat("  %-11s -> %s", std::string(Code(pair.source)),
                         std::string(Code(pair.destination))),
         pair.one, pair.other);
  }
  return out;
}

}  // namespace

absl::StatusOr<Comparison> CompareReports(const Report& one, const Report& other, bool mixed) {
  Comparison comparison;
  comparison.unlike = Unlike(one, other);
  if (!comparison.unlike.empty() && !mixed) {
    return absl::FailedPreconditionError(
        absl::StrCat("the two are unlike: ", comparison.unlike,
                     "; a difference would not be the traffic's alone; compare all the same with "
                     "--mixed"));
  }
  comparison.one = one.sums.total;
  comparison.other = other.sums.total;
  comparison.one_crossing = one.sums.crossing;
  comparison.other_crossing = other.sums.crossing;
  std::map<std::pair<Jurisdiction, Jurisdiction>, PairDifference> pairs;
  const auto at = [&pairs](const PairSum& pair) -> PairDifference& {
    PairDifference& difference = pairs[{pair.source, pair.destination}];
    difference.source = pair.source;
    difference.destination = pair.destination;
    return difference;
  };
  for (const PairSum& pair : one.sums.pairs) at(pair).one = pair.counters;
  for (const PairSum& pair : other.sums.pairs) at(pair).other = pair.counters;
  for (const auto& [unused, pair] : pairs) {
    if (pair.one != pair.other) comparison.pairs.push_back(pair);
  }
  std::stable_sort(
      comparison.pairs.begin(), comparison.pairs.end(),
      [](const PairDifference& a, const PairDifference& b) { return Distance(a) > Distance(b); });
  return comparison;
}

absl::Status WriteComparison(const Comparison& comparison, const std::string& json) {
  if (!json.empty()) {
    if (absl::Status s = WriteOutput(json, ToJson(comparison)); !s.ok()) return s;
    if (json == "-") return absl::OkStatus();
  }
  return WriteOutput("-", ToText(comparison));
}

}  // namespace borderflow
