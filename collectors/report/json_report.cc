#include "collectors/report/json_report.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "collectors/export/row_json.h"
#include "collectors/export/rows.h"
#include "collectors/export/times.h"
#include "collectors/report/findings.h"
#include "collectors/report/policy_json.h"
#include "collectors/report/report_rows.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

Json Counts(const FrameTotals& totals) {
  return {{"frames", totals.frames}, {"bytes", totals.bytes}};
}

Json Counts(const CellCounters& counters) {
  return {{"frames", counters.frames}, {"bytes", counters.bytes}, {"flows", counters.flows}};
}

// Shares and days with as many digits as anybody can defend.
double Rounded(double value) { return std::round(value * 1e6) / 1e6; }

Json ParametersOf(const Parameters& parameters) {
  Json sites = Json::array();
  for (const auto& [prefix, jurisdiction] : parameters.sites) {
    sites.push_back({{"prefix", prefix}, {"location", Code(jurisdiction)}});
  }
  Json json;
  json["home"] = parameters.home.has_value() ? Json(Code(*parameters.home)) : Json(nullptr);
  json["sites"] = std::move(sites);
  json["zones"] = parameters.zones;
  json["overrides"] = parameters.overrides;
  json["rules"] = parameters.rules;
  json["tunnel"] = parameters.tunnel;
  json["anycast"] = parameters.anycast;
  json["dedup"] = parameters.dedup;
  json["content"] = parameters.content;
  json["names"] = parameters.names;
  if (parameters.window_seconds > 0) json["window_seconds"] = parameters.window_seconds;
  return json;
}

Json ProvenanceOf(const Report& report) {
  Json captures = Json::array();
  for (const CaptureStatement& capture : report.captures) {
    captures.push_back({{"file", capture.file},
                        {"sha256", capture.sha256.empty() ? Json(nullptr) : Json(capture.sha256)}});
  }
  const auto stated = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  return {{"command", report.command},
          {"build", report.build},
          {"captures", std::move(captures)},
          {"digests",
           {{"groups", report.groups_digest},
            {"entities", report.entities_digest},
            {"rules", report.rules_digest},
            {"packs", report.pack_digests}}},
          {"vantage", stated(report.parameters.vantage)},
          {"purpose", stated(report.parameters.purpose)},
          {"content", report.parameters.content ? "searched for patterns" : "not looked at"},
          {"place", stated(report.parameters.place)},
          {"sensor", stated(report.sensor)}};
}

Json GeoOf(const std::vector<GeoStatement>& statements, const Report& report) {
  Json files = Json::array();
  for (const GeoStatement& geo : statements) {
    const std::optional<double> age = AgeInDays(geo, report.snapshot.decode);
    files.push_back(
        {{"path", geo.path},
         {"type", geo.type},
         {"basis", geo.basis},
         {"build_time", geo.build_time == 0 ? Json(nullptr) : Json(Iso8601(geo.build_time))},
         {"sha256", geo.sha256},
         {"age_days", age.has_value() ? Json(std::round(*age * 10) / 10) : Json(nullptr)},
         {"description", geo.description},
         {"ranges", geo.ranges},
         {"odd_codes", geo.odd_codes}});
  }
  return files;
}

Json CaptureOf(const Report& report) {
  const Snapshot& snapshot = report.snapshot;
  Json damaged = Json::array();
  for (const DamageStatement& damage : report.damaged) {
    damaged.push_back(
        {{"file", damage.file}, {"offset", damage.offset}, {"reason", damage.reason}});
  }
  const bool any = snapshot.decode.captured.frames > 0;
  return {{"files", report.captures.size()},
          {"frames", snapshot.decode.captured.frames},
          {"bytes", snapshot.decode.captured.bytes},
          {"first", any ? Json(Iso8601Nanoseconds(snapshot.decode.first_time_ns)) : Json(nullptr)},
          {"last", any ? Json(Iso8601Nanoseconds(snapshot.decode.last_time_ns)) : Json(nullptr)},
          {"truncated_frames", snapshot.decode_counters.truncated_frames},
          {"damaged", std::move(damaged)}};
}

Json DecodeOf(const Snapshot& snapshot) {
  Json malformed = Counts(snapshot.decode.malformed);
  Json reasons = Json::object();
  for (size_t i = 0; i < snapshot.decode.malformed_reasons.size(); ++i) {
    const uint64_t frames = snapshot.decode.malformed_reasons[i];
    if (frames > 0) reasons[std::string(Name(static_cast<Malformed>(i)))] = frames;
  }
  malformed["reasons"] = std::move(reasons);
  const DecodeCounters& c = snapshot.decode_counters;
  Json json = {{"ip", Counts(snapshot.decode.ip)},
               {"non_ip", Counts(snapshot.decode.non_ip)},
               {"malformed", std::move(malformed)}};
  if (snapshot.decode.duplicates.frames > 0) {
    json["duplicates"] = Counts(snapshot.decode.duplicates);
  }
  json["tunnelled_frames"] = c.tunnelled_frames;
  json["fragments"] = {{"frames", c.fragments},
                       {"later_resolved", c.later_fragments_resolved},
                       {"later_unresolved", c.later_fragments_unresolved}};
  return json;
}

// Frames that count in another window than their own, and those whose kind had to be told before
// their flow was decided.
Json WindowsOf(const Snapshot& snapshot) {
  return {{"late", Counts(snapshot.decode.late)},
          {"ahead", Counts(snapshot.decode.ahead)},
          {"undecided", Counts(snapshot.undecided)}};
}

Json CoverageOf(const Coverage& coverage) {
  Json by_evidence = Json::object();
  for (int i = kEvidences - 1; i >= 0; --i) {
    by_evidence[std::string(Name(static_cast<Evidence>(i)))] =
        Rounded(coverage.by_evidence[static_cast<size_t>(i)]);
  }
  return {{"located", Rounded(coverage.located)},       {"named", Rounded(coverage.named)},
          {"classified", Rounded(coverage.classified)}, {"by_evidence", std::move(by_evidence)},
          {"L", Rounded(coverage.content_protocol)},    {"M", Rounded(coverage.with_name)},
          {"U", Rounded(coverage.with_operator_port)}};
}

Json NamesOf(const Snapshot& snapshot) {
  std::vector<std::pair<std::string, NameCounters>> names(snapshot.names.begin(),
                                                          snapshot.names.end());
  std::stable_sort(names.begin(), names.end(),
                   [](const auto& a, const auto& b) { return a.second.bytes > b.second.bytes; });
  Json json = Json::array();
  for (const auto& [name, counters] : names) {
    json.push_back({{"name", name},
                    {"evidence", Name(counters.evidence)},
                    {"protocol", Name(counters.protocol)},
                    {"category", Code(counters.category)},
                    {"flows", counters.flows},
                    {"bytes", counters.bytes}});
  }
  return json;
}

Json ProtocolsOf(const Sums& sums) {
  Json json = Json::array();
  for (const ProtocolSum& sum : sums.protocols) {
    Json row = {{"protocol", Name(sum.protocol)}, {"evidence", Name(sum.evidence)}};
    row.update(Counts(sum.counters));
    json.push_back(std::move(row));
  }
  return json;
}

Json ArtefactsOf(const Snapshot& snapshot) {
  const Artefacts& a = snapshot.artefacts;
  return {{"duplicate_frames", a.duplicate_frames},
          {"duplicate_bytes", a.duplicate_bytes},
          {"one_way_flows", a.one_way_flows},
          {"truncated_frames", snapshot.decode_counters.truncated_frames},
          {"length_forged", snapshot.decode.length_forged},
          {"nat_suspected", a.nat_suspected},
          {"tcp_gap_bytes", a.tcp_gap_bytes},
          {"tunnelled_bytes", a.tunnelled_bytes},
          {"tunnel_differs_bytes", a.tunnel_differs_bytes}};
}

// Hits in readable flows, by kind.
Json ContentOf(const ContentHits& hits) {
  Json kinds = Json::object();
  for (size_t i = 0; i < kContentKinds; ++i) {
    kinds[std::string(MeaningOf(static_cast<ContentKind>(i)).name)] = hits[i];
  }
  return kinds;
}

// Flows by their server's location, where the handshake was timed.
Json RoundTripsOf(const RoundTripTotals& totals) {
  Json rows = Json::array();
  uint64_t timed = 0;
  uint64_t contradicted = 0;
  for (size_t id = 0; id < totals.timed.size(); ++id) {
    if (totals.timed[id] == 0) continue;
    timed += totals.timed[id];
    contradicted += totals.contradicted[id];
    rows.push_back({{"location", Code(static_cast<Jurisdiction>(id))},
                    {"timed_flows", totals.timed[id]},
                    {"location_contradicted", totals.contradicted[id]}});
  }
  return {{"timed_flows", timed}, {"location_contradicted", contradicted}, {"by_location", rows}};
}

Json OverflowsOf(const Overflows& o) {
  return {{"stateless_frames", o.stateless_frames},
          {"as_numbers_dropped", o.as_numbers_dropped},
          {"cells_folded", o.cells_folded},
          {"reassembly_slots", o.reassembly_slots},
          {"dns_names", o.dns_names},
          {"names", o.names}};
}

Json FindingsOf(const Report& report) {
  Json findings = Json::array();
  for (const Finding& finding : Misleading(report)) {
    findings.push_back({{"text", finding.what},
                        {"remedy", finding.remedy.empty() ? Json(nullptr) : Json(finding.remedy)}});
  }
  return findings;
}

Json ExportersOf(const LiveStatement& live) {
  Json exporters = Json::array();
  for (const auto& [name, to, c] : live.exporters) {
    exporters.push_back(
        {{"name", name},
         {"to", to},
         {"windows",
          {{"offered", c.offered_batches},
           {"written", c.exported_batches},
           {"overflow", c.overflow_batches},
           {"failed", c.failed_batches},
           {"queued", c.queued_batches}}},
         {"cells",
          {{"written", c.exported_rows}, {"overflow", c.overflow_rows}, {"failed", c.failed_rows}}},
         {"queue_limit", c.queue_limit},
         {"retries", c.retries},
         {"waiting_parts", c.waiting},
         {"spool_bytes", c.spool_limit_bytes == 0 ? Json(nullptr) : Json(c.spool_bytes)},
         {"last_success", c.last_success == 0 ? Json(nullptr) : Json(Iso8601(c.last_success))},
         {"blocked", c.blocked}});
  }
  return exporters;
}

Json LiveOf(const LiveStatement& live) {
  Json ports = Json::array();
  for (const PortStatement& port : live.ports) {
    ports.push_back({{"device", port.device},
                     {"driver", port.driver},
                     {"link_up", port.link_up},
                     {"link_losses", port.link_losses},
                     {"wire_frames", port.wire_frames},
                     {"dropped", port.dropped},
                     {"rx_nombuf", port.no_mbuf},
                     {"notes", port.notes}});
  }
  Json lanes = Json::array();
  for (const LaneStatement& lane : live.lanes) {
    lanes.push_back({{"frames", lane.frames},
                     {"busy", Rounded(lane.busy_share)},
                     {"full_bursts", Rounded(lane.full_burst_share)},
                     {"longest_gap_ns", lane.longest_gap_ns}});
  }
  return {{"ports", std::move(ports)},
          {"lanes", std::move(lanes)},
          {"time", live.burst_clock ? "burst" : "frame"},
          {"reloads", live.reloads},
          {"exporters", ExportersOf(live)}};
}

Json ConservationOf(const Report& report) {
  Json lines = Json::array();
  bool ok = true;
  for (const ConservationLine& line : Conservation(report)) {
    ok = ok && line.holds();
    lines.push_back({{"left", line.left},
                     {"right", line.right},
                     {"left_value", Counts(line.left_value)},
                     {"right_value", Counts(line.right_value)},
                     {"ok", line.holds()}});
  }
  return {{"ok", ok}, {"lines", std::move(lines)}};
}

// `add_rows` adds pairs, cells and names in their place; nullptr: they are left out.
Json Whole(const Report& report, void (*add_rows)(const Report& report, Json* json)) {
  Json json;
  json["schema"] = "borderflow.report/1";
  json["software"] = {{"name", "borderflow"}, {"version", report.version}};
  json["suppressed"] = false;
  json["parameters"] = ParametersOf(report.parameters);
  json["provenance"] = ProvenanceOf(report);
  json["geo"] = GeoOf(report.geo, report);
  json["capture"] = CaptureOf(report);
  json["decode"] = DecodeOf(report.snapshot);
  if (report.parameters.window_seconds > 0) json["windows"] = WindowsOf(report.snapshot);
  const FlowTotals& flows = report.snapshot.flows;
  json["flows"] = {
      {"total", flows.total}, {"tcp", flows.tcp}, {"udp", flows.udp}, {"other", flows.other}};
  json["coverage"] = CoverageOf(report.sums.coverage);
  json["crossing"] = Json::object();
  for (int i = 0; i < kCrossings; ++i) {
    json["crossing"][std::string(Name(static_cast<Crossing>(i)))] =
        Counts(report.sums.crossing[static_cast<size_t>(i)]);
  }
  if (add_rows != nullptr) add_rows(report, &json);
  json["protocols"] = ProtocolsOf(report.sums);
  json["artefacts"] = ArtefactsOf(report.snapshot);
  json["content"] =
      report.parameters.content ? ContentOf(report.snapshot.content_hits) : Json(nullptr);
  if (!report.parameters.place.empty()) {
    json["round_trips"] = RoundTripsOf(report.snapshot.round_trips);
  }
  json["overflows"] = OverflowsOf(report.snapshot.overflows);
  json["findings"] = FindingsOf(report);
  json["policies"] = Json::array();
  for (const PolicyResult& policy : report.policies) json["policies"].push_back(ToJson(policy));
  if (report.geo_choice.has_value()) {
    json["with_geo"] = {{"geo", GeoOf(report.other_geo, report)}};
    json["with_geo"].update(ToJson(*report.geo_choice));
  }
  if (report.live.has_value()) {
    json["dropped"] = Dropped(*report.live);
    json["live"] = LiveOf(*report.live);
  }
  json["conservation"] = ConservationOf(report);
  return json;
}

}  // namespace

nlohmann::ordered_json ToStatement(const Report& report) { return Whole(report, nullptr); }

std::string ToJson(const Report& report) {
  return Whole(report,
               [](const Report& of, Json* json) {
                 json->emplace("pairs", Json::array());
                 for (const PairSum& pair : of.sums.pairs) {
                   Json row = {{"src", Code(pair.source)}, {"dst", Code(pair.destination)}};
                   row.update(Counts(pair.counters));
                   (*json)["pairs"].push_back(std::move(row));
                 }
                 json->emplace("cells", Json::array());
                 for (const CellRow& row : RowsOf(of)) (*json)["cells"].push_back(ToJson(row));
                 if (of.parameters.names) (*json)["names"] = NamesOf(of.snapshot);
               })
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace borderflow
