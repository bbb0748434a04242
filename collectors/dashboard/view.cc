#include "collectors/dashboard/view.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/dashboard/dependence_view.h"
#include "collectors/dashboard/policy_view.h"
#include "collectors/dashboard/sentence.h"
#include "collectors/export/row_json.h"
#include "collectors/export/rows.h"
#include "collectors/export/times.h"
#include "collectors/report/json_report.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/report_rows.h"

namespace borderflow {
namespace {

// What a statement says at a path of keys; null where it says nothing.
ViewJson At(const ViewJson& json, std::initializer_list<const char*> path) {
  const ViewJson* at = &json;
  for (const char* key : path) {
    if (!at->is_object() || !at->contains(key)) return nullptr;
    at = &at->at(key);
  }
  return *at;
}

ViewJson Ends(TableKey key) {
  return {{"src", Code(Part<Jurisdiction>(key, 0))}, {"dst", Code(Part<Jurisdiction>(key, 1))}};
}

// "other" and, of what a sensor released, "suppressed".
void AddRest(const Table& table, const std::string& prefix, bool released, ViewJson* json) {
  (*json)[prefix + "other"] = ViewCounts(table.other);
  if (released) (*json)[prefix + "suppressed"] = ViewCounts(table.suppressed);
}

// The basis and the age of the first database that is not the user's own.
void AddBasis(Lens lens, const ViewJson& statement, ViewJson* json) {
  (*json)["basis"] = ViewJson::array();
  (*json)["age_days"] = nullptr;
  if (lens == Lens::kOperator) {
    (*json)["basis"].push_back("curated table of operators by AS number");
  }
  for (const ViewJson& geo : At(statement, {"geo"})) {
    if (geo.contains("basis")) (*json)["basis"].push_back(geo["basis"]);
    if ((*json)["age_days"].is_null() && geo.contains("age_days")) {
      (*json)["age_days"] = geo["age_days"];
    }
  }
}

// nullptr when the lens was not measured: not one end is known under it.
ViewJson LensOf(Lens lens, const ViewParts& parts, bool released) {
  const Table& pairs = parts.tables.pairs[static_cast<size_t>(lens)];
  const Table& split = parts.tables.by_category[static_cast<size_t>(lens)];
  uint64_t known = 0;
  bool any = pairs.rows.empty();
  ViewJson rows = ViewJson::array();
  for (const TableRow& row : pairs.rows) {
    const bool source = !IsSpecial(Part<Jurisdiction>(row.key, 0));
    const bool destination = !IsSpecial(Part<Jurisdiction>(row.key, 1));
    if (source && destination) known += row.sum.bytes;
    any = any || source || destination;
    ViewJson entry = Ends(row.key);
    entry.update(ViewCounts(row.sum));
    rows.push_back(std::move(entry));
  }
  if (lens != Lens::kLocation && !any) return nullptr;
  ViewJson json;
  AddBasis(lens, parts.statement, &json);
  json["known"] = ViewShare(known, parts.tables.total.bytes);
  json["pairs"] = std::move(rows);
  AddRest(pairs, "", released, &json);
  json["by_category"] = ViewJson::array();
  for (const TableRow& row : split.rows) {
    ViewJson entry = Ends(row.key);
    entry["category"] = Code(Part<Category>(row.key, 2));
    entry.update(ViewCounts(row.sum));
    json["by_category"].push_back(std::move(entry));
  }
  AddRest(split, "by_category_", released, &json);
  return json;
}

ViewJson DisagreementOf(const std::array<Table, 2>& agreement) {
  ViewJson json;
  for (const auto& [lens, at] : {std::pair{"registered", 0u}, std::pair{"operator", 1u}}) {
    uint64_t differs = 0;
    uint64_t comparable = 0;
    for (const TableRow& row : agreement[at].rows) {
      const auto said = Part<Agreement>(row.key, 0);
      if (said != Agreement::kUnknown) comparable += row.sum.bytes;
      if (said == Agreement::kDiffers) differs += row.sum.bytes;
    }
    json[lens] = {{"bytes", differs}, {"comparable_bytes", comparable}};
  }
  return json;
}

void AddCategories(const Table& categories, bool released, ViewJson* view) {
  struct Sums {
    PolicySum sum;
    std::array<uint64_t, kEvidences> by_evidence{};
  };
  std::array<Sums, kCategories> sums;
  for (const TableRow& row : categories.rows) {
    Sums& of = sums[Part<uint8_t>(row.key, 0)];
    of.sum += row.sum;
    of.by_evidence[Part<uint8_t>(row.key, 1)] += row.sum.bytes;
  }
  std::vector<size_t> order;
  for (size_t i = 0; i < sums.size(); ++i) {
    if (sums[i].sum != PolicySum{}) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&sums](size_t a, size_t b) { return sums[a].sum.bytes > sums[b].sum.bytes; });
  ViewJson list = ViewJson::array();
  for (const size_t i : order) {
    const auto category = static_cast<Category>(i);
    ViewJson row = {{"category", Code(category)}, {"label", Meaning(category)}};
    row.update(ViewCounts(sums[i].sum));
    for (size_t e = kEvidences; e-- > 0;) {
      if (sums[i].by_evidence[e] == 0) continue;
      row["by_evidence"][std::string(Name(static_cast<Evidence>(e)))] = sums[i].by_evidence[e];
    }
    if (!row.contains("by_evidence")) row["by_evidence"] = ViewJson::object();
    list.push_back(std::move(row));
  }
  (*view)["categories"] = std::move(list);
  if (!released) return;
  (*view)["categories_other"] = ViewCounts(categories.other);
  (*view)["categories_suppressed"] = ViewCounts(categories.suppressed);
}

ViewJson StreamsOf(const Table& streams, bool released) {
  ViewJson json = ViewJson::object({{"rows", ViewJson::array()}});
  for (const TableRow& row : streams.rows) {
    ViewJson entry = {{"src", Code(Part<Jurisdiction>(row.key, 0))},
                      {"category", Code(Part<Category>(row.key, 1))},
                      {"dst", Code(Part<Jurisdiction>(row.key, 2))},
                      {"operator", Code(Part<Jurisdiction>(row.key, 3))}};
    entry.update(ViewCounts(row.sum));
    json["rows"].push_back(std::move(entry));
  }
  AddRest(streams, "", released, &json);
  return json;
}

ViewJson CrossingJson(const std::array<PolicySum, kCrossings>& crossing,
                      const PolicySum& suppressed, bool released) {
  ViewJson json;
  for (int i = 0; i < kCrossings; ++i) {
    json[std::string(Name(static_cast<Crossing>(i)))] =
        ViewCounts(crossing[static_cast<size_t>(i)]);
  }
  if (released) json["suppressed"] = ViewCounts(suppressed);
  return json;
}

ViewJson TimelineJson(const Timeline& timeline, bool released) {
  ViewJson json = {
      {"width_seconds", timeline.width()}, {"windows", ViewJson::array()}, {"reason", nullptr}};
  for (const TimelineWindow& window : timeline.windows()) {
    json["windows"].push_back(
        {{"start", Iso8601(window.begin)},
         {"total", ViewCounts(window.total)},
         {"crossing", CrossingJson(window.crossing, window.suppressed, released)}});
  }
  if (!timeline.windows().empty()) return json;
  json["reason"] = timeline.reason().empty() ? "no window has ended yet" : timeline.reason();
  return json;
}

ViewJson HealthOf(const ViewParts& parts) {
  const ViewJson& statement = parts.statement;
  ViewJson json = {{"dropped", At(statement, {"dropped"})}};
  if (json["dropped"].is_null()) json["dropped"] = ViewJson::object();
  json["artefacts"] = At(statement, {"artefacts"});
  json["overflows"] = At(statement, {"overflows"});
  json["ports"] = At(statement, {"live", "ports"});
  json["workers"] = ViewJson::array();
  size_t id = 0;
  for (const ViewJson& lane : At(statement, {"live", "lanes"})) {
    json["workers"].push_back({{"id", id++},
                               {"busy", At(lane, {"busy"})},
                               {"frames", At(lane, {"frames"})},
                               {"full_bursts", At(lane, {"full_bursts"})},
                               {"longest_gap_ns", At(lane, {"longest_gap_ns"})}});
  }
  json["flow_table"] = {{"used", nullptr},
                        {"capacity", nullptr},
                        {"full_frames", At(statement, {"overflows", "stateless_frames"})}};
  json["exporters"] = ViewJson::array();
  for (const ViewJson& exporter : At(statement, {"live", "exporters"})) {
    const ViewJson to = At(exporter, {"to"});  // not released
    json["exporters"].push_back({{"name", to.is_null() ? At(exporter, {"name"}) : to},
                                 {"sent", At(exporter, {"windows", "written"})},
                                 {"queued", At(exporter, {"windows", "queued"})},
                                 {"queue_limit", At(exporter, {"queue_limit"})},
                                 {"lost", At(exporter, {"windows", "overflow"}).get<uint64_t>() +
                                              At(exporter, {"windows", "failed"}).get<uint64_t>()},
                                 {"retries", At(exporter, {"retries"})},
                                 {"spool_bytes", At(exporter, {"spool_bytes"})},
                                 {"blocked", At(exporter, {"blocked"})}});
  }
  json["databases"] = At(statement, {"geo"});
  json["packs"] = ViewJson::array();
  for (const ViewJson& policy : parts.policies) {
    json["packs"].push_back({{"pack", At(policy, {"pack"})},
                             {"version", At(policy, {"version"})},
                             {"as_of", At(policy, {"as_of"})},
                             {"stale", At(policy, {"stale"})}});
  }
  return json;
}

ViewJson ProvenanceOf(const ViewJson& statement) {
  ViewJson json = At(statement, {"provenance"});
  if (!json.is_object()) json = ViewJson::object();
  json["parameters"] = At(statement, {"parameters"});
  json["capture"] = At(statement, {"capture"});
  json["decode"] = At(statement, {"decode"});
  return json;
}

// The English names of the codes that occur, so that nobody need carry a list of them.
ViewJson LabelsOf(const ViewTables& tables) {
  std::set<Jurisdiction> seen;
  for (const Table& pairs : tables.pairs) {
    for (const TableRow& row : pairs.rows) {
      seen.insert({Part<Jurisdiction>(row.key, 0), Part<Jurisdiction>(row.key, 1)});
    }
  }
  for (const TableRow& row : tables.streams[0].rows) seen.insert(Part<Jurisdiction>(row.key, 3));
  ViewJson json = {{"jurisdictions", ViewJson::object()},
                   {"categories", ViewJson::object()},
                   {"verdicts", ViewJson::object()}};
  for (const Jurisdiction jurisdiction : seen) {
    json["jurisdictions"][std::string(Code(jurisdiction))] = Name(jurisdiction);
  }
  for (int i = 0; i < kCategories; ++i) {
    const auto category = static_cast<Category>(i);
    json["categories"][std::string(Code(category))] = Meaning(category);
  }
  for (int i = 0; i < kVerdicts; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    json["verdicts"][std::string(Name(verdict))] = Words(verdict);
  }
  return json;
}

// What a statement repeats of the command line, of files and of databases may be of any length.
// Escaping makes six bytes of one at the worst, twice.
void Bound(ViewJson* json, size_t most_text = 4000) {
  constexpr size_t kMostTextInLists = 160;
  constexpr size_t kMostItems = 60;
  if (json->is_string() && json->get_ref<std::string&>().size() > most_text) {
    std::string& text = json->get_ref<std::string&>();
    text.resize(most_text);
    text += " ...";
  }
  if (json->is_array()) {
    most_text = std::min(most_text, kMostTextInLists);
    if (json->size() > kMostItems) json->erase(json->begin() + kMostItems, json->end());
  }
  while (json->is_object() && json->size() > kMostItems) json->erase(std::prev(json->end()));
  if (!json->is_structured()) return;
  for (ViewJson& member : *json) Bound(&member, most_text);
}

// The largest rows of a report's cells, and how many there are.
ViewJson CellRowsOf(absl::Span<const CellRow> rows, size_t limit, const PolicySum& total) {
  ViewJson json = {{"rows", ViewJson::array()}, {"of", rows.size()}};
  PolicySum other = total;
  for (size_t i = 0; i < std::min(limit, rows.size()); ++i) {
    json["rows"].push_back(ToJson(rows[i]));
    const PolicySum sum = ToSum(rows[i].counters);
    other.frames -= sum.frames;
    other.bytes -= sum.bytes;
    other.flows -= sum.flows;
  }
  json["other"] = ViewCounts(other);
  return json;
}

ViewJson NamesOf(const Snapshot& snapshot) {
  std::vector<const std::pair<const std::string, NameCounters>*> names;
  for (const auto& name : snapshot.names) names.push_back(&name);
  std::stable_sort(names.begin(), names.end(),
                   [](const auto* a, const auto* b) { return a->second.bytes > b->second.bytes; });
  ViewJson json = ViewJson::array();
  for (size_t i = 0; i < std::min(names.size(), kMostViewNames); ++i) {
    const auto& [name, counters] = *names[i];
    json.push_back({{"name", name},
                    {"evidence", Name(counters.evidence)},
                    {"protocol", Name(counters.protocol)},
                    {"category", Code(counters.category)},
                    {"flows", counters.flows},
                    {"bytes", counters.bytes}});
  }
  return json;
}

}  // namespace

ViewJson AssembleView(ViewParts parts) {
  parts.statement.erase("policies");  // they are in parts.policies
  const size_t captures = At(parts.statement, {"provenance", "captures"}).size();
  ViewJson with_geo = GeoChoiceOf(At(parts.statement, {"with_geo"}));
  Bound(&with_geo);
  Bound(&parts.statement);
  const ViewJson& statement = parts.statement;
  const ViewTables& tables = parts.tables;
  const bool released = parts.released;
  ViewJson view;
  view["schema"] = "borderflow.view/1";
  view["software"] = At(statement, {"software"});
  view["source"] = {{"kind", parts.kind},
                    {"sensor", At(statement, {"provenance", "sensor"})},
                    {"first", At(statement, {"capture", "first"})},
                    {"last", At(statement, {"capture", "last"})},
                    {"published", nullptr},
                    {"next", nullptr},
                    {"period_seconds", nullptr}};
  view["privacy"] = {{"suppressed", false}, {"min_cell", nullptr}};
  view["total"] = ViewCounts(tables.total);
  view["sentence"] = SentenceOf(tables);
  view["findings"] = At(statement, {"findings"});
  view["crossing"] = CrossingJson(tables.crossing, tables.crossing_suppressed, released);
  view["coverage"] = At(statement, {"coverage"});
  for (const Lens lens : {Lens::kLocation, Lens::kRegistered, Lens::kOperator}) {
    view["lenses"][std::string(Name(lens))] = LensOf(lens, parts, released);
  }
  view["disagreement"] = DisagreementOf(tables.agreement);
  AddCategories(tables.categories, released, &view);
  view["streams"] = StreamsOf(tables.streams[0], released);
  for (const Lens lens : {Lens::kRegistered, Lens::kOperator}) {
    const std::string name(Name(lens));
    if (view["lenses"][name].is_null()) continue;
    view["streams"][name] = StreamsOf(tables.streams[static_cast<size_t>(lens)], released);
  }
  view["cells"] = std::move(parts.cells);
  view["names"] = std::move(parts.names);
  view["names_of"] = parts.names_of;
  view["timeline"] = TimelineJson(parts.timeline, released);
  view["health"] = HealthOf(parts);
  view["policies"] = std::move(parts.policies);
  view["comparisons"] = std::move(parts.comparisons);
  view["with_geo"] = std::move(with_geo);
  view["dependence"] = std::move(parts.dependence);
  view["conservation"] = At(statement, {"conservation"});
  view["provenance"] = ProvenanceOf(statement);
  view["provenance"]["captures_of"] = captures;
  view["labels"] = LabelsOf(tables);
  return view;
}

ViewJson ViewOf(const Report& report, absl::Span<const Pack> packs, const Timeline& timeline,
                const std::string& kind) {
  const ViewLimits limits;
  const DecodeTotals& decode = report.snapshot.decode;
  const EvaluateOptions options =
      OptionsOf(report.parameters.vantage, decode.first_time_ns, decode.last_time_ns);
  ViewParts parts;
  parts.kind = kind;
  parts.statement = ToStatement(report);
  parts.timeline = timeline;
  std::vector<PolicyCell> cells;
  {
    const std::vector<CellRow> rows = RowsOf(report);
    cells.reserve(rows.size());
    for (const CellRow& row : rows) cells.push_back(ToPolicyCell(row, EntitiesOf(report)));
    parts.tables = TablesOf(cells, report.zones, limits);
    parts.cells = CellRowsOf(rows, limits.cells, parts.tables.total);
  }
  if (report.parameters.names) {
    parts.names = NamesOf(report.snapshot);
    parts.names_of = report.snapshot.names.size();
  }
  const std::optional<MeasureStatement> measures = MeasuresOf(packs, cells, options);
  parts.policies = PoliciesOf(parts.statement["policies"], packs, cells, options, measures);
  parts.comparisons = ComparisonsOf(packs, cells, options);
  parts.dependence = DependenceOf(cells, report.parameters.home, measures);
  return AssembleView(std::move(parts));
}

void StateWaiting(const FrameTotals& waiting, ViewJson* view) {
  if (waiting == FrameTotals{}) return;
  bool ok = true;
  for (ViewJson& line : (*view)["conservation"]["lines"]) {
    if (line["left"] == "ip") {
      line["right"] = line["right"].get<std::string>() + ", and what waits in undecided flows";
      ViewJson& value = line["right_value"];
      value["frames"] = value["frames"].get<uint64_t>() + waiting.frames;
      value["bytes"] = value["bytes"].get<uint64_t>() + waiting.bytes;
      line["ok"] = value == line["left_value"];
    }
    ok = ok && line["ok"].get<bool>();
  }
  (*view)["conservation"]["ok"] = ok;
}

std::string ViewText(const ViewJson& view) {
  return view.dump(-1, ' ', false, ViewJson::error_handler_t::replace);
}

}  // namespace borderflow
