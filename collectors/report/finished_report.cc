#include "collectors/report/finished_report.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "collectors/report/read_report.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

// The members asked for; the rest, which may be large, is passed over while reading.
Json ReadMembers(std::istream& input) {
  static const auto* const wanted = new std::set<std::string>{
      "artefacts", "capture", "decode", "flows", "geo", "parameters", "provenance", "software"};
  const auto filter = [](int depth, Json::parse_event_t event, Json& parsed) {
    return depth != 1 || event != Json::parse_event_t::key ||
           wanted->contains(parsed.get<std::string>());
  };
  return Json::parse(input, filter);
}

Cell ToCell(const PolicyCell& from) {
  Cell cell;
  cell.key.source = {from.source.asn, from.source.location, from.source.registered};
  cell.key.destination = {from.destination.asn, from.destination.location,
                          from.destination.registered};
  cell.key.role = from.from_initiator ? Role::kInitiator : Role::kResponder;
  Classification& c = cell.key.classification;
  c.category = from.category;
  c.evidence = from.evidence;
  c.confidence = from.confidence;
  c.protection = from.protection;
  cell.counters = {from.frames, from.bytes, from.payload_bytes, from.flows};
  return cell;
}

FrameTotals Totals(const Json& json) { return {json.at("frames"), json.at("bytes")}; }

void ReadCounts(const Json& json, Snapshot* to) {
  const Json& decode = json.at("decode");
  to->decode.captured = Totals(json.at("capture"));
  to->decode.ip = Totals(decode.at("ip"));
  to->decode.non_ip = Totals(decode.at("non_ip"));
  to->decode.malformed = Totals(decode.at("malformed"));
  if (decode.contains("duplicates")) to->decode.duplicates = Totals(decode.at("duplicates"));
  for (size_t i = 0; i < to->decode.malformed_reasons.size(); ++i) {
    const std::string name(Name(static_cast<Malformed>(i)));
    to->decode.malformed_reasons[i] = decode.at("malformed").at("reasons").value(name, uint64_t{0});
  }
  to->decode_counters.truncated_frames = json.at("capture").value("truncated_frames", uint64_t{0});
  const Json& flows = json.at("flows");
  to->flows = {flows.at("total"), flows.at("tcp"), flows.at("udp"), flows.at("other")};
}

void ReadStatement(const Json& json, Report* to) {
  to->version = json.at("software").value("version", "");
  to->build = json.at("provenance").value("build", "");
  for (const Json& geo : json.at("geo")) {
    GeoStatement statement;
    statement.type = geo.value("type", "");
    statement.basis = geo.value("basis", "");
    statement.sha256 = geo.value("sha256", "");
    absl::Time built;
    std::string unused;
    if (geo.at("build_time").is_string() &&
        absl::ParseTime(absl::RFC3339_full, geo.at("build_time").get<std::string>(), &built,
                        &unused)) {
      statement.build_time = static_cast<uint64_t>(absl::ToUnixSeconds(built));
    }
    to->geo.push_back(std::move(statement));
  }
  for (const Json& zone : json.at("parameters").value("zones", Json::array())) {
    const Group* group = Groups::BuiltIn().Find(zone.get<std::string>());
    if (group == nullptr) continue;
    to->parameters.zones.push_back(zone);
    to->zones.push_back(group->members);
  }
}

}  // namespace

absl::StatusOr<Report> ReadFinishedReport(const std::string& path) {
  const absl::StatusOr<StoredReport> stored = ReadReportFile(path);
  if (!stored.ok()) return stored.status();
  Report report;
  report.parameters.vantage = stored->vantage;
  try {
    std::ifstream file(path, std::ios::binary);
    const Json json = ReadMembers(file);
    ReadCounts(json, &report.snapshot);
    ReadStatement(json, &report);
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is no report that borderflow wrote: ", error.what()));
  }
  report.snapshot.decode.first_time_ns = stored->first_time_ns;
  report.snapshot.decode.last_time_ns = stored->last_time_ns;
  for (const PolicyCell& cell : stored->cells) report.snapshot.cells.push_back(ToCell(cell));
  SortAndFold(&report.snapshot.cells);
  report.sums = SumUp(report.snapshot.cells, report.zones);
  return report;
}

}  // namespace borderflow
