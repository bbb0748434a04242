#include "collectors/dashboard/stored_view.h"

#include <fstream>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "collectors/dashboard/dependence_view.h"
#include "collectors/dashboard/policy_view.h"
#include "collectors/dashboard/report_text.h"
#include "collectors/dashboard/view.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/read_report.h"

namespace borderflow {
namespace {

// A report without most of what it has many of.
struct Excerpt {
  ViewJson json;
  std::map<std::string, size_t> rows;  // how many there were
};

Excerpt ReadExcerpt(const std::string& path) {
  const std::map<std::string, size_t> limits = {
      {"cells", ViewLimits().cells}, {"names", kMostViewNames}, {"pairs", 0}};
  Excerpt excerpt;
  std::string list;
  const auto keep = [&](int depth, ViewJson::parse_event_t event, ViewJson& parsed) {
    if (depth == 1 && event == ViewJson::parse_event_t::key) list = parsed.get<std::string>();
    if (depth != 2 || event != ViewJson::parse_event_t::object_end) return true;
    const auto limit = limits.find(list);
    return limit == limits.end() || excerpt.rows[list]++ < limit->second;
  };
  std::ifstream file(path, std::ios::binary);
  excerpt.json = ViewJson::parse(file, keep);
  return excerpt;
}

std::vector<Pack> PacksOf(const ViewJson& policies) {
  std::vector<Pack> packs;
  for (const ViewJson& policy : policies) {
    absl::StatusOr<Pack> pack = LoadPack(TextAt(policy, "pack"), Groups::BuiltIn());
    if (pack.ok() && pack->digest == TextAt(policy, "digest")) packs.push_back(*std::move(pack));
  }
  return packs;
}

std::vector<JurisdictionSet> ZonesOf(const ViewJson& names) {
  std::vector<JurisdictionSet> zones;
  for (const ViewJson& name : names) {
    const Group* group =
        name.is_string() ? Groups::BuiltIn().Find(name.get<std::string>()) : nullptr;
    if (group != nullptr) zones.push_back(group->members);
  }
  return zones;
}

ViewJson RestOf(const PolicySum& total, const ViewJson& rows) {
  PolicySum rest = total;
  for (const ViewJson& row : rows) {
    rest.frames -= NumberAt(row, "frames");
    rest.bytes -= NumberAt(row, "bytes");
    rest.flows -= NumberAt(row, "flows");
  }
  return ViewCounts(rest);
}

ViewJson ViewFrom(const StoredReport& report, Excerpt excerpt) {
  const ViewJson& json = excerpt.json;
  const ViewJson& parameters = MemberAt(json, "parameters");
  const EvaluateOptions options =
      OptionsOf(report.vantage, report.first_time_ns, report.last_time_ns);
  const ViewJson policies = MemberAt(json, "policies");
  const std::vector<Pack> packs = PacksOf(policies);
  ViewParts parts;
  parts.kind = absl::StartsWith(report.command, "borderflow live") ? "live" : "replay";
  parts.tables = TablesOf(report.cells, ZonesOf(MemberAt(parameters, "zones")), ViewLimits());
  parts.cells = {{"rows", MemberAt(json, "cells")}, {"of", report.cells.size()}};
  parts.cells["other"] = RestOf(parts.tables.total, parts.cells["rows"]);
  parts.names = MemberAt(json, "names");
  parts.names_of = excerpt.rows["names"];
  const std::optional<MeasureStatement> measures = MeasuresOf(packs, report.cells, options);
  parts.policies = PoliciesOf(policies, packs, report.cells, options, measures);
  parts.comparisons = ComparisonsOf(packs, report.cells, options);
  parts.dependence = DependenceOf(report.cells, FromCode(TextAt(parameters, "home")), measures);
  parts.timeline = Timeline(
      "a JSON report does not hold its windows; a store (--sqlite) does, and so does a report made "
      "with --report and --window");
  for (const char* list : {"cells", "names", "pairs"}) excerpt.json.erase(list);
  parts.statement = std::move(excerpt.json);
  return AssembleView(std::move(parts));
}

}  // namespace

absl::StatusOr<ViewJson> ViewOfReportFile(const std::string& path) {
  const absl::StatusOr<StoredReport> report = ReadReportFile(path);
  if (!report.ok()) return report.status();
  // The rest of the file was not checked by the reader of its cells.
  try {
    return ViewFrom(*report, ReadExcerpt(path));
  } catch (const ViewJson::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is no report that borderflow wrote: ", error.what()));
  }
}

}  // namespace borderflow
