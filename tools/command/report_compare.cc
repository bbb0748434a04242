#include "tools/command/report_compare.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/report/sums.h"
#include "collectors/report/text.h"
#include "collectors/store/statement.h"
#include "tools/account/output_file.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;
using Key = std::vector<std::string>;

constexpr size_t kRowsShown = 12;

PolicySum SumOf(const CellCounters& counters) {
  return {counters.frames, counters.bytes, counters.flows};
}

uint64_t Distance(const ComparedRow& row) {
  return std::max(row.one.bytes, row.other.bytes) - std::min(row.one.bytes, row.other.bytes);
}

double ShareOf(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// Collects a table key by key, one side after the other.
class TableInTheMaking {
 public:
  void Add(bool first, Key key, const PolicySum& sum) {
    ComparedRow& row = rows_[key];
    row.key = std::move(key);
    (first ? row.one : row.other) += sum;
  }
  ComparedTable Finish(std::string name, std::string title, Key keys, uint64_t one_bytes,
                       uint64_t other_bytes) const {
    ComparedTable table{std::move(name), std::move(title), std::move(keys), {}};
    for (const auto& [unused, row] : rows_) {
      table.rows.push_back(row);
      table.rows.back().one_share = ShareOf(row.one.bytes, one_bytes);
      table.rows.back().other_share = ShareOf(row.other.bytes, other_bytes);
    }
    std::stable_sort(
        table.rows.begin(), table.rows.end(),
        [](const ComparedRow& a, const ComparedRow& b) { return Distance(a) > Distance(b); });
    return table;
  }

 private:
  std::map<Key, ComparedRow> rows_;
};

std::string Of(std::string_view code) { return std::string(code); }

Json ToJson(const PolicySum& sum, double share) {
  return {{"frames", sum.frames}, {"bytes", sum.bytes}, {"flows", sum.flows}, {"share", share}};
}

Json Sides(const PolicySum& one, double one_share, const PolicySum& other, double other_share) {
  return {{"one", ToJson(one, one_share)}, {"other", ToJson(other, other_share)}};
}

std::string ToJson(const Comparison& comparison, const std::string& one, const std::string& other) {
  Json json;
  json["schema"] = "borderflow.comparison/1";
  json["one"] = one;
  json["other"] = other;
  json["unlike"] = comparison.unlike.empty() ? Json(nullptr) : Json(comparison.unlike);
  json["total"] = Sides(comparison.one, comparison.one.bytes > 0 ? 1 : 0, comparison.other,
                        comparison.other.bytes > 0 ? 1 : 0);
  for (const ComparedTable& table : comparison.tables) {
    const bool named = table.name == "crossing";  // its few keys are known, and are members
    json[table.name] = named ? Json::object() : Json::array();
    for (const ComparedRow& row : table.rows) {
      Json sides = Sides(row.one, row.one_share, row.other, row.other_share);
      if (named) {
        json[table.name][row.key[0]] = std::move(sides);
        continue;
      }
      Json with_key;
      for (size_t i = 0; i < row.key.size(); ++i) with_key[table.keys[i]] = row.key[i];
      with_key.update(sides);
      json[table.name].push_back(std::move(with_key));
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Keys are codes and words that need no quotes.
std::string ToCsv(const Comparison& comparison) {
  std::string csv =
      "table,key,key2,one_frames,one_bytes,one_flows,one_share,other_frames,other_bytes,"
      "other_flows,other_share\r\n";
  const auto line = [&csv](const std::string& table, const Key& key, const PolicySum& one,
                           double one_share, const PolicySum& other, double other_share) {
    absl::StrAppendFormat(&csv, "%s,%s,%s,%d,%d,%d,%.6f,%d,%d,%d,%.6f\r\n", table,
                          key.empty() ? "" : key[0], key.size() < 2 ? "" : key[1], one.frames,
                          one.bytes, one.flows, one_share, other.frames, other.bytes, other.flows,
                          other_share);
  };
  line("total", {}, comparison.one, comparison.one.bytes > 0 ? 1 : 0, comparison.other,
       comparison.other.bytes > 0 ? 1 : 0);
  for (const ComparedTable& table : comparison.tables) {
    for (const ComparedRow& row : table.rows) {
      line(table.name, row.key, row.one, row.one_share, row.other, row.other_share);
    }
  }
  return csv;
}

std::string Change(uint64_t one, uint64_t other) {
  if (one == other) return "same";
  return other > one ? "+" + Bytes(other - one) : "-" + Bytes(one - other);
}

void AddLine(const std::string& what, const ComparedRow& row, std::string* out) {
  absl::StrAppendFormat(out, "  %-34s %10s %7s  %10s %7s  %11s %+6.1f\n", what,
                        Bytes(row.one.bytes), Percent(row.one_share), Bytes(row.other.bytes),
                        Percent(row.other_share), Change(row.one.bytes, row.other.bytes),
                        (row.other_share - row.one_share) * 100);
}

std::string Shown(const ComparedTable& table, const ComparedRow& row) {
  if (table.name == "pairs") return absl::StrCat(row.key[0], " -> ", row.key[1]);
  return absl::StrJoin(row.key, ": ");
}

std::string ToText(const Comparison& comparison, const std::string& one, const std::string& other) {
  std::string out;
  if (!comparison.unlike.empty()) {
    absl::StrAppendFormat(&out, "Read this first\n  ! the two are unlike: %s\n\n",
                          comparison.unlike);
  }
  absl::StrAppendFormat(&out, "one    %s: %s, %s flows\nother  %s: %s, %s flows\n\n", one,
                        Bytes(comparison.one.bytes), Grouped(comparison.one.flows), other,
                        Bytes(comparison.other.bytes), Grouped(comparison.other.flows));
  absl::StrAppendFormat(&out, "  %-34s %18s  %18s  %11s %6s\n", "", "one", "other", "change",
                        "points");
  ComparedRow all{{}, comparison.one, comparison.other, 1, 1};
  AddLine("all", all, &out);
  for (const ComparedTable& table : comparison.tables) {
    absl::StrAppendFormat(&out, "\n%s\n", table.title);
    size_t shown = 0;
    for (const ComparedRow& row : table.rows) {
      if (row.one.bytes == 0 && row.other.bytes == 0) continue;
      if (++shown > kRowsShown) break;
      AddLine(Shown(table, row), row, &out);
    }
    if (shown > kRowsShown) {
      absl::StrAppendFormat(&out, "  %d rows in all; --json and --csv have them\n",
                            table.rows.size());
    }
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
  comparison.one = SumOf(one.sums.total);
  comparison.other = SumOf(other.sums.total);
  TableInTheMaking crossing, sources, destinations, categories, verdicts, pairs;
  for (const Report* report : {&one, &other}) {
    const bool first = report == &one;
    for (int i = 0; i < kCrossings; ++i) {
      crossing.Add(first, {Of(Name(static_cast<Crossing>(i)))},
                   SumOf(report->sums.crossing[static_cast<size_t>(i)]));
    }
    for (const PairSum& pair : report->sums.pairs) {
      const PolicySum sum = SumOf(pair.counters);
      sources.Add(first, {Of(Code(pair.source))}, sum);
      destinations.Add(first, {Of(Code(pair.destination))}, sum);
      pairs.Add(first, {Of(Code(pair.source)), Of(Code(pair.destination))}, sum);
    }
    for (const Cell& cell : report->snapshot.cells) {
      categories.Add(first, {Of(Code(cell.key.classification.category))}, SumOf(cell.counters));
    }
    for (const PolicyResult& policy : report->policies) {
      for (int i = 0; i < kVerdicts; ++i) {
        verdicts.Add(first, {policy.pack, Of(Name(static_cast<Verdict>(i)))},
                     policy.verdicts[static_cast<size_t>(i)]);
      }
    }
  }
  const auto finish = [&comparison](const TableInTheMaking& table, const char* name,
                                    const char* title, Key keys) {
    comparison.tables.push_back(
        table.Finish(name, title, std::move(keys), comparison.one.bytes, comparison.other.bytes));
  };
  finish(crossing, "crossing", "What crosses a border", {"crossing"});
  finish(sources, "sources", "Where it was sent from (by location)", {"src"});
  finish(destinations, "destinations", "Where it was received (by location)", {"dst"});
  finish(categories, "categories", "Of what kind", {"category"});
  if (!one.policies.empty()) {
    finish(verdicts, "verdicts", "What policies say (indicative, no finding of law)",
           {"pack", "verdict"});
  }
  finish(pairs, "pairs", "From where to where", {"src", "dst"});
  return comparison;
}

absl::Status WriteComparison(const Comparison& comparison, const std::string& one,
                             const std::string& other, const AccountFlags& outputs) {
  absl::Status status;
  if (!outputs.json.empty()) {
    status.Update(WriteOutput(outputs.json, ToJson(comparison, one, other)));
  }
  if (!outputs.csv.empty()) status.Update(WriteOutput(outputs.csv, ToCsv(comparison)));
  if (outputs.json != "-" && outputs.csv != "-") {
    status.Update(WriteOutput("-", ToText(comparison, one, other)));
  }
  return status;
}

}  // namespace borderflow
