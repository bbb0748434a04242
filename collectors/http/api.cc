#include "collectors/http/api.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collectors/dashboard/released_view.h"
#include "collectors/export/rows.h"
#include "collectors/export/times.h"
#include "collectors/http/api_windows.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;
using Query = std::map<std::string, std::string>;

constexpr uint64_t kDefaultRows = 1000;
constexpr uint64_t kMaxRows = 20000;

Json Counts(const CellCounters& counters) {
  return {{"frames", counters.frames}, {"bytes", counters.bytes}, {"flows", counters.flows}};
}

template <typename Enum>
Enum As(uint16_t number) {
  return static_cast<Enum>(number);
}

Json Period(const Figures& figures) {
  return {{"published",
           figures.published_at == 0 ? Json(nullptr) : Json(Iso8601(figures.published_at))},
          {"next", Iso8601(figures.next_at)},
          {"seconds", figures.period_seconds}};
}

Json Privacy(const Figures& figures) {
  Json json = {{"suppressed", figures.min_cell > 1}, {"min_cell", figures.min_cell}};
  if (figures.min_cell <= 1) {
    json["warning"] =
        "unsuppressed: single persons may be recognised in these figures; do not pass "
        "them on";
  }
  return json;
}

// What every answer begins with.
Json Envelope(const Figures& figures) {
  return {{"schema", "borderflow.api/1"},
          {"period", Period(figures)},
          {"privacy", Privacy(figures)},
          {"total", Counts(figures.total)}};
}

absl::Status OnlyParameters(const Query& query, const std::vector<std::string>& known) {
  for (const auto& [name, unused] : query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("no parameter '", name, "'; this path takes ",
                     known.empty() ? "none" : absl::StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> NumberOf(const Query& query, const std::string& name, uint64_t otherwise,
                                  uint64_t most) {
  const auto at = query.find(name);
  if (at == query.end()) return otherwise;
  uint64_t value = 0;
  if (!absl::SimpleAtoi(at->second, &value) || value > most) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": expected a number from 0 to ", most));
  }
  return value;
}

// Which rows are asked for, and which part of them.
struct Selection {
  std::optional<Jurisdiction> source;
  std::optional<Jurisdiction> destination;
  std::optional<Category> category;
  uint64_t limit = kDefaultRows;
  uint64_t offset = 0;
};

absl::StatusOr<Selection> ReadSelection(const Query& query, bool with_category) {
  std::vector<std::string> known = {"src", "dst", "limit", "offset"};
  if (with_category) known.push_back("category");
  if (absl::Status s = OnlyParameters(query, known); !s.ok()) return s;
  Selection selection;
  for (const auto& [name, end] :
       {std::pair{"src", &selection.source}, std::pair{"dst", &selection.destination}}) {
    const auto at = query.find(name);
    if (at == query.end()) continue;
    *end = FromCode(at->second);
    if (!end->has_value()) {
      const std::string near(SuggestCode(at->second));
      return absl::InvalidArgumentError(
          absl::StrCat(name, ": '", at->second, "' is no jurisdiction such as DE or private",
                       near.empty() ? "" : absl::StrCat(" (did you mean '", near, "'?)")));
    }
  }
  if (const auto at = query.find("category"); at != query.end()) {
    selection.category = CategoryFromCode(at->second);
    if (!selection.category.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("category: '", at->second, "' is no code such as HLT"));
    }
  }
  const absl::StatusOr<uint64_t> limit = NumberOf(query, "limit", kDefaultRows, kMaxRows);
  if (!limit.ok()) return limit.status();
  const absl::StatusOr<uint64_t> offset = NumberOf(query, "offset", 0, ~uint64_t{0});
  if (!offset.ok()) return offset.status();
  selection.limit = *limit;
  selection.offset = *offset;
  return selection;
}

struct Row {
  LedgerKey key;
  LedgerSeries series;
};

// The rows asked for, bytes descending, with `of` rows in all and what has no row.
Json Rows(const PublishedTable& table, const Selection& selection,
          Json (*describe)(const LedgerKey&, const LedgerSeries&)) {
  std::vector<Row> rows;
  for (const auto& [key, series] : table.series) {
    if (selection.source.has_value() && As<Jurisdiction>(key[0]) != *selection.source) continue;
    if (selection.destination.has_value() && As<Jurisdiction>(key[1]) != *selection.destination) {
      continue;
    }
    if (selection.category.has_value() && As<Category>(key[2]) != *selection.category) continue;
    rows.push_back({key, series});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.series.counters.bytes > b.series.counters.bytes;
  });
  Json list = Json::array();
  const uint64_t first = std::min<uint64_t>(selection.offset, rows.size());
  const uint64_t last = first + std::min<uint64_t>(selection.limit, rows.size() - first);
  for (uint64_t i = first; i < last; ++i) {
    Json row = describe(rows[i].key, rows[i].series);
    row.update(Counts(rows[i].series.counters));
    list.push_back(std::move(row));
  }
  return {{"rows", std::move(list)},
          {"offset", first},
          {"of", rows.size()},
          {"other", Counts(table.other)},
          {"suppressed", Counts(table.suppressed)}};
}

Json DescribePair(const LedgerKey& key, const LedgerSeries& unused) {
  static_cast<void>(unused);
  return {{"src", Code(As<Jurisdiction>(key[0]))}, {"dst", Code(As<Jurisdiction>(key[1]))}};
}

Json DescribeCell(const LedgerKey& key, const LedgerSeries& series) {
  Json json = DescribePair(key, series);
  json["category"] = Code(As<Category>(key[2]));
  json["role"] = Name(As<Role>(key[3]));
  json["evidence"] = Name(As<Evidence>(key[4]));
  json["protection"] = Name(As<Protection>(key[5]));
  json["clients"] = series.clients;
  return json;
}

absl::StatusOr<Json> Pairs(const Query& query, const Publication& publication) {
  const absl::StatusOr<Selection> selection = ReadSelection(query, false);
  if (!selection.ok()) return selection.status();
  const PublishedTable& cells = publication.figures->jurisdiction;
  PublishedTable pairs;
  pairs.other = cells.other;
  pairs.suppressed = cells.suppressed;
  for (const auto& [key, series] : cells.series) {
    pairs.series[{key[0], key[1]}].counters += series.counters;
  }
  Json json = Envelope(*publication.figures);
  json.update(Rows(pairs, *selection, DescribePair));
  return json;
}

absl::StatusOr<Json> CellsOf(const Query& query, const Publication& publication) {
  const absl::StatusOr<Selection> selection = ReadSelection(query, true);
  if (!selection.ok()) return selection.status();
  Json json = Envelope(*publication.figures);
  json.update(Rows(publication.figures->cells, *selection, DescribeCell));
  return json;
}

absl::StatusOr<Json> Crossings(const Query& query, const Publication& publication) {
  if (absl::Status s = OnlyParameters(query, {}); !s.ok()) return s;
  const PublishedTable& table = publication.figures->crossing;
  Json json = Envelope(*publication.figures);
  json["crossing"] = Json::object();
  for (int i = 0; i < kCrossings; ++i) {
    const auto at = table.series.find({static_cast<uint16_t>(i)});
    json["crossing"][std::string(Name(static_cast<Crossing>(i)))] =
        Counts(at == table.series.end() ? CellCounters{} : at->second.counters);
  }
  json["suppressed"] = Counts(table.suppressed);
  return json;
}

absl::StatusOr<Json> Windows(const Query& query, const Publication& publication) {
  if (absl::Status s = OnlyParameters(query, {"limit"}); !s.ok()) return s;
  const absl::StatusOr<uint64_t> limit =
      NumberOf(query, "limit", kDefaultWindows, kMaxPublishedWindows);
  if (!limit.ok()) return limit.status();
  Json json = Envelope(*publication.figures);
  json.update(WindowsJson(publication, *limit));
  return json;
}

absl::StatusOr<Json> Verdicts(const Query& query, const Publication& publication) {
  if (absl::Status s = OnlyParameters(query, {}); !s.ok()) return s;
  Json json = Envelope(*publication.figures);
  json["indicative"] = true;
  json["policies"] = Json::array();
  for (const PublishedPolicy& policy : publication.figures->policies) {
    Json verdicts = Json::object();
    for (int i = 0; i < kVerdicts; ++i) {
      const auto at = policy.verdicts.series.find({static_cast<uint16_t>(i)});
      verdicts[std::string(Name(static_cast<Verdict>(i)))] =
          Counts(at == policy.verdicts.series.end() ? CellCounters{} : at->second.counters);
    }
    verdicts["suppressed"] = Counts(policy.verdicts.suppressed);
    Json rules = Json::array();
    for (const auto& [key, series] : policy.rules.series) {
      Json row = {{"rule", policy.rule_ids[key[0]]}};
      row.update(Counts(series.counters));
      rules.push_back(std::move(row));
    }
    json["policies"].push_back({{"pack", policy.pack},
                                {"title", policy.title},
                                {"version", policy.version},
                                {"as_of", policy.as_of},
                                {"digest", policy.digest},
                                {"verdicts", std::move(verdicts)},
                                {"rules", std::move(rules)},
                                {"rules_other", Counts(policy.rules.other)},
                                {"rules_suppressed", Counts(policy.rules.suppressed)}});
  }
  return json;
}

absl::StatusOr<Json> Geo(const Query& query, const Publication& publication) {
  if (absl::Status s = OnlyParameters(query, {}); !s.ok()) return s;
  const Report& report = publication.statement;
  Json files = Json::array();
  for (const GeoStatement& geo : report.geo) {
    files.push_back(
        {{"type", geo.type},
         {"basis", geo.basis},
         {"build_time", geo.build_time == 0 ? Json(nullptr) : Json(Iso8601(geo.build_time))},
         {"sha256", geo.sha256},
         {"description", geo.description},
         {"ranges", geo.ranges},
         {"odd_codes", geo.odd_codes}});
  }
  return Json{{"schema", "borderflow.api/1"},
              {"databases", std::move(files)},
              {"registered", report.has_registered},
              {"as_numbers", report.has_as_numbers},
              {"home", report.parameters.home.has_value() ? Json(Code(*report.parameters.home))
                                                          : Json(nullptr)},
              {"zones", report.parameters.zones},
              {"anycast", report.parameters.anycast}};
}

absl::StatusOr<Json> Build(const Query& query, const Publication& publication) {
  if (absl::Status s = OnlyParameters(query, {}); !s.ok()) return s;
  const Report& report = publication.statement;
  return Json{{"schema", "borderflow.api/1"},
              {"software", {{"name", "borderflow"}, {"version", report.version}}},
              {"build", report.build},
              {"digests",
               {{"groups", report.groups_digest},
                {"rules", report.rules_digest},
                {"packs", report.pack_digests}}},
              {"vantage", report.parameters.vantage},
              {"purpose", report.parameters.purpose},
              {"tunnel", report.parameters.tunnel},
              {"dedup", report.parameters.dedup},
              {"privacy", Privacy(*publication.figures)}};
}

absl::StatusOr<Json> View(const Query& query, const Publication& publication) {
  if (absl::Status s = OnlyParameters(query, {}); !s.ok()) return s;
  return ReleasedView(publication);
}

using Answerer = absl::StatusOr<Json> (*)(const Query&, const Publication&);
const std::map<std::string, Answerer>& Paths() {
  static const auto* const paths = new std::map<std::string, Answerer>{
      {"/api/v1/build", Build}, {"/api/v1/cells", CellsOf},  {"/api/v1/crossings", Crossings},
      {"/api/v1/geo", Geo},     {"/api/v1/pairs", Pairs},    {"/api/v1/verdicts", Verdicts},
      {"/api/v1/view", View},   {"/api/v1/windows", Windows}};
  return *paths;
}

}  // namespace

absl::StatusOr<std::string> ApiAnswer(const HttpRequest& request, const Publication& publication) {
  absl::StatusOr<Json> json = absl::NotFoundError("no such path");
  if (request.path == "/api/v1") {
    Json paths = Json::array();
    for (const auto& [path, unused] : Paths()) paths.push_back(path);
    json = Json{{"schema", "borderflow.api/1"}, {"paths", std::move(paths)}};
  } else if (const auto at = Paths().find(request.path); at != Paths().end()) {
    json = at->second(request.query, publication);
  }
  if (!json.ok()) return json.status();
  return json->dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace borderflow
