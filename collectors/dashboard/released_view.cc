#include "collectors/dashboard/released_view.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/dashboard/dependence_view.h"
#include "collectors/dashboard/policy_view.h"
#include "collectors/dashboard/view.h"
#include "collectors/export/rows.h"
#include "collectors/export/times.h"
#include "collectors/report/findings.h"
#include "collectors/report/json_report.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/policy_json.h"

namespace borderflow {
namespace {

constexpr char kBySubtraction[] =
    "a sensor publishes the pack as written only, for other readings would let single cells be "
    "told by subtraction; borderflow report --sqlite STORE --report FILE.html has them";

// The parts of a ledger's key that make a table's, in that order.
template <size_t kParts>
Table TableFrom(const PublishedTable& published, const std::array<size_t, kParts>& parts,
                size_t limit) {
  TableBuilder builder;
  for (const auto& [key, series] : published.series) {
    TableKey table_key = 0;
    int shift = 24;
    for (const size_t part : parts) {
      table_key |= static_cast<TableKey>(key[part] & 0xFF) << shift;
      shift -= 8;
    }
    builder.Add(table_key, ToSum(series.counters));
  }
  Table table = builder.Largest(limit);
  table.other += ToSum(published.other);
  table.suppressed = ToSum(published.suppressed);
  return table;
}

PolicySum SumOf(const PublishedTable& table, uint16_t key) {
  const auto at = table.series.find({key});
  return at == table.series.end() ? PolicySum{} : ToSum(at->second.counters);
}

ViewTables TablesFrom(const Figures& figures) {
  const ViewLimits limits;
  ViewTables tables;
  tables.total = ToSum(figures.total);
  for (int i = 0; i < kCrossings; ++i) {
    tables.crossing[static_cast<size_t>(i)] = SumOf(figures.crossing, static_cast<uint16_t>(i));
  }
  tables.crossing_suppressed = ToSum(figures.crossing.suppressed);
  const auto at = [](Lens lens) { return static_cast<size_t>(lens); };
  tables.pairs[at(Lens::kLocation)] =
      TableFrom(figures.jurisdiction, std::array<size_t, 2>{0, 1}, limits.pairs);
  tables.by_category[at(Lens::kLocation)] =
      TableFrom(figures.jurisdiction, std::array<size_t, 3>{0, 1, 2}, limits.pairs_by_category);
  tables.pairs[at(Lens::kRegistered)] =
      TableFrom(figures.registered, std::array<size_t, 2>{0, 1}, limits.pairs);
  tables.pairs[at(Lens::kOperator)] =
      TableFrom(figures.operators, std::array<size_t, 2>{0, 1}, limits.pairs);
  // Other lenses are not published by category.
  for (const Lens lens : {Lens::kRegistered, Lens::kOperator}) {
    tables.by_category[at(lens)].suppressed = tables.total;
  }
  tables.categories =
      TableFrom(figures.category, std::array<size_t, 2>{0, 1}, kCategories * kEvidences);
  tables.streams[at(Lens::kLocation)] =
      TableFrom(figures.streams, std::array<size_t, 4>{0, 2, 1, 3}, limits.streams);
  tables.agreement = {
      TableFrom(figures.registered_agreement, std::array<size_t, 1>{0}, kAgreements),
      TableFrom(figures.operator_agreement, std::array<size_t, 1>{0}, kAgreements)};
  return tables;
}

template <typename Enum>
Enum As(uint16_t number) {
  return static_cast<Enum>(number);
}

ViewJson CellsFrom(const PublishedTable& cells) {
  std::vector<const std::pair<const LedgerKey, LedgerSeries>*> rows;
  for (const auto& row : cells.series) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return a->second.counters.bytes > b->second.counters.bytes;
  });
  PolicySum other = ToSum(cells.other);
  ViewJson json = {{"rows", ViewJson::array()}, {"of", rows.size()}};
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& [key, series] = *rows[i];
    if (i >= ViewLimits().cells) {
      other += ToSum(series.counters);
      continue;
    }
    ViewJson row = {
        {"src", Code(As<Jurisdiction>(key[0]))},  {"dst", Code(As<Jurisdiction>(key[1]))},
        {"role", Name(As<Role>(key[3]))},         {"category", Code(As<Category>(key[2]))},
        {"evidence", Name(As<Evidence>(key[4]))}, {"protection", Name(As<Protection>(key[5]))}};
    row.update(ViewCounts(ToSum(series.counters)));
    row["clients"] = series.clients;
    json["rows"].push_back(std::move(row));
  }
  json["other"] = ViewCounts(other);
  json["suppressed"] = ViewCounts(ToSum(cells.suppressed));
  return json;
}

// What the released tables say at least; null where they cannot tell.
ViewJson CoverageFrom(const ViewTables& tables) {
  const uint64_t total = tables.total.bytes;
  uint64_t located = 0;
  for (const TableRow& row : tables.pairs[0].rows) {
    const auto place = [&row](int part) {
      const auto end = Part<Jurisdiction>(row.key, part);
      return !IsSpecial(end) || end == Jurisdiction::kAnycast;
    };
    if (place(0) && place(1)) located += row.sum.bytes;
  }
  std::array<uint64_t, kEvidences> bytes{};
  for (const TableRow& row : tables.categories.rows) {
    const bool classified = IsClassified(Part<Category>(row.key, 0));
    const auto evidence = classified ? Part<Evidence>(row.key, 1) : Evidence::kNone;
    bytes[static_cast<size_t>(evidence)] += row.sum.bytes;
  }
  ViewJson by_evidence;
  for (size_t e = kEvidences; e-- > 0;) {
    by_evidence[std::string(Name(static_cast<Evidence>(e)))] = ViewShare(bytes[e], total);
  }
  const auto of = [&bytes](Evidence e) { return bytes[static_cast<size_t>(e)]; };
  const uint64_t low = of(Evidence::kContent) + of(Evidence::kProtocol);
  const uint64_t middle = low + of(Evidence::kName);
  const uint64_t up = middle + of(Evidence::kOperator) + of(Evidence::kPort);
  return {{"located", ViewShare(located, total)},
          {"named", nullptr},
          {"classified", ViewShare(up, total)},
          {"by_evidence", std::move(by_evidence)},
          {"L", ViewShare(low, total)},
          {"M", ViewShare(middle, total)},
          {"U", ViewShare(up, total)}};
}

ViewJson FramesJson(const FrameTotals& totals) {
  return {{"frames", totals.frames}, {"bytes", totals.bytes}};
}

ViewJson LineJson(const char* left, const char* right, const FrameTotals& one,
                  const FrameTotals& other) {
  return {{"left", left},
          {"right", right},
          {"left_value", FramesJson(one)},
          {"right_value", FramesJson(other)},
          {"ok", one == other}};
}

ViewJson ConservationFrom(const Publication& publication) {
  const DecodeTotals& decode = publication.statement.snapshot.decode;
  const Figures& figures = *publication.figures;
  FrameTotals classes = decode.ip;
  classes += decode.non_ip;
  classes += decode.malformed;
  classes += decode.duplicates;
  FrameTotals told = {figures.total.frames, figures.total.bytes};
  told += figures.waiting;
  return {{"ok", publication.conserved && told == figures.ip},
          {"lines",
           {LineJson("captured", "ip + non_ip + malformed", decode.captured, classes),
            LineJson("ip, as published",
                     "every table with what is suppressed, and what waits in "
                     "flows that are not decided",
                     figures.ip, told)}}};
}

// The pack in words, with the counts that were released.
ViewJson PolicyFrom(const PublishedPolicy& policy, const Report& statement) {
  const DecodeTotals& decode = statement.snapshot.decode;
  const EvaluateOptions options =
      OptionsOf(statement.parameters.vantage, decode.first_time_ns, decode.last_time_ns);
  ViewJson json = ToJson(Evaluate(*policy.text, {}, options));
  DescribePack(*policy.text, &json);
  for (int v = 0; v < kVerdicts; ++v) {
    json["verdicts"][std::string(Name(static_cast<Verdict>(v)))] =
        ViewCounts(SumOf(policy.verdicts, static_cast<uint16_t>(v)));
  }
  json["verdicts_suppressed"] = ViewCounts(ToSum(policy.verdicts.suppressed));
  for (ViewJson& rule : json["rules"]) {
    rule.erase("touched");
    rule.erase("possible");
    const std::string id = rule["rule"];
    for (size_t i = 0; i < policy.rule_ids.size(); ++i) {
      if (policy.rule_ids[i] == id) {
        rule.update(ViewCounts(SumOf(policy.rules, static_cast<uint16_t>(i))));
      }
    }
  }
  json["rules_other"] = ViewCounts(ToSum(policy.rules.other));
  json["rules_suppressed"] = ViewCounts(ToSum(policy.rules.suppressed));
  // Sums of cells that nobody released.
  for (const char* key : {"bounds", "purposes"}) json[key] = ViewJson::object();
  for (const char* key : {"thresholds", "ties", "tiers", "tier_choices"}) {
    json[key] = ViewJson::array();
  }
  json.erase("treatments");
  json["variants"] = nullptr;
  json["variants_reason"] = kBySubtraction;
  json["cost"] = {{"reason", kBySubtraction}};
  return json;
}

// As cells of which no more is known than what was released.
std::vector<PolicyCell> CellsOfServers(const PublishedTable& servers) {
  std::vector<PolicyCell> cells;
  for (const auto& [key, series] : servers.series) {
    PolicyCell cell;
    cell.category = As<Category>(key[0]);
    cell.destination.operator_home = As<Jurisdiction>(key[1]);
    cell.frames = series.counters.frames;
    cell.bytes = series.counters.bytes;
    cell.flows = series.counters.flows;
    cells.push_back(cell);
  }
  return cells;
}

std::vector<PolicyCell> CellsOfPairs(const Table& pairs) {
  std::vector<PolicyCell> cells;
  for (const TableRow& row : pairs.rows) {
    PolicyCell cell;
    cell.source.location = Part<Jurisdiction>(row.key, 0);
    cell.destination.location = Part<Jurisdiction>(row.key, 1);
    cell.frames = row.sum.frames;
    cell.bytes = row.sum.bytes;
    cell.flows = row.sum.flows;
    cells.push_back(cell);
  }
  return cells;
}

ViewJson DependenceFrom(const Figures& figures, const ViewTables& tables,
                        std::optional<Jurisdiction> home) {
  ViewJson json = DependenceOf(CellsOfServers(figures.servers), home, std::nullopt);
  const ViewJson pairs = DependenceOf(CellsOfPairs(tables.pairs[0]), home, std::nullopt);
  for (const char* key : {"reciprocity", "other"}) json[key] = pairs[key];
  json["unattributed"] = ViewJson::array();
  ViewJson by_operator = ViewJson::array();
  for (ViewJson& row : json["concentration"]) {
    if (row["of"] == "operator") by_operator.push_back(std::move(row));
  }
  json["concentration"] = std::move(by_operator);
  json["suppressed"] = ViewCounts(ToSum(figures.servers.suppressed));
  constexpr char kReason[] =
      "a sensor does not publish organisations; borderflow report --sqlite STORE --report "
      "FILE.html has them";
  json["reason"] = kReason;
  json["vectors_reason"] = kReason;
  return json;
}

Timeline TimelineFrom(const Publication& publication) {
  const std::vector<PublishedWindow>& windows = *publication.windows;
  if (windows.empty()) return Timeline("no period has ended yet");
  uint64_t width = publication.figures->period_seconds;
  if (publication.own_windows) width = windows.back().end - windows.back().begin;
  Timeline timeline(std::max<uint64_t>(1, width));
  for (const PublishedWindow& published : windows) {
    TimelineWindow window;
    window.begin = published.begin;
    window.total = ToSum(published.total);
    for (int i = 0; i < kCrossings; ++i) {
      window.crossing[static_cast<size_t>(i)] = SumOf(published.crossing, static_cast<uint16_t>(i));
    }
    window.suppressed = ToSum(published.crossing.suppressed);
    timeline.Add(window);
  }
  return timeline;
}

ViewJson FindingsFrom(const Publication& publication) {
  Report statement = publication.statement;
  statement.sums.total = publication.figures->total;
  ViewJson findings = ViewJson::array();
  for (const Finding& finding : Misleading(statement)) {
    findings.push_back({{"text", finding.what}, {"remedy", ViewStated(finding.remedy)}});
  }
  if (publication.figures->periods == 0) {
    findings.push_back({{"text", absl::StrCat("no period has ended yet; the first figures come at ",
                                              Iso8601(publication.figures->next_at))},
                        {"remedy", nullptr}});
  }
  return findings;
}

// The arguments of a virtual device may name files, and an exporter names a host or a file.
void ShortenDevices(ViewJson* statement) {
  if (!statement->contains("live")) return;
  for (ViewJson& port : (*statement)["live"]["ports"]) {
    const auto device = port.value("device", std::string());
    port["device"] = device.substr(0, device.find(','));
  }
  for (ViewJson& exporter : (*statement)["live"]["exporters"]) exporter.erase("to");
}

}  // namespace

ViewJson ReleasedView(const Publication& publication) {
  const Figures& figures = *publication.figures;
  ViewParts parts;
  parts.kind = "live";
  parts.released = true;
  parts.tables = TablesFrom(figures);
  parts.statement = ToStatement(publication.statement);
  ShortenDevices(&parts.statement);
  parts.statement["coverage"] = CoverageFrom(parts.tables);
  parts.statement["conservation"] = ConservationFrom(publication);
  parts.statement["findings"] = FindingsFrom(publication);
  // Where files lie on the sensor is nobody's business.
  for (ViewJson& geo : parts.statement["geo"]) geo["path"] = nullptr;
  parts.cells = CellsFrom(figures.cells);
  parts.policies = ViewJson::array();
  for (const PublishedPolicy& policy : figures.policies) {
    parts.policies.push_back(PolicyFrom(policy, publication.statement));
  }
  parts.comparisons = ViewJson::array();
  parts.dependence = DependenceFrom(figures, parts.tables, publication.statement.parameters.home);
  parts.timeline = TimelineFrom(publication);
  ViewJson view = AssembleView(std::move(parts));
  ViewJson& source = view["source"];
  if (figures.published_at != 0) source["published"] = Iso8601(figures.published_at);
  source["next"] = Iso8601(figures.next_at);
  source["period_seconds"] = figures.period_seconds;
  view["privacy"] = {{"suppressed", figures.min_cell > 1}, {"min_cell", figures.min_cell}};
  view["comparisons_reason"] = kBySubtraction;
  for (const char* lens : {"registered", "operator"}) {
    if (!view["lenses"][lens].is_object()) continue;
    view["lenses"][lens].erase("by_category");
    view["lenses"][lens].erase("by_category_other");
    view["lenses"][lens].erase("by_category_suppressed");
    view["streams"].erase(lens);
  }
  CutView(kViewBytes, &view);
  return view;
}

}  // namespace borderflow
