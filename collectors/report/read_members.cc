#include "collectors/report/read_members.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

// The members asked for; the rest, which may be large, is passed over while reading.
Json ParseMembers(std::istream& input) {
  static const auto* const wanted = new std::set<std::string>{
      "artefacts",  "capture",     "content",  "coverage",  "decode",     "dropped",
      "flows",      "geo",         "names",    "overflows", "parameters", "protocols",
      "provenance", "round_trips", "software", "windows"};
  const auto filter = [](int depth, Json::parse_event_t event, Json& parsed) {
    return depth != 1 || event != Json::parse_event_t::key ||
           wanted->contains(parsed.get<std::string>());
  };
  return Json::parse(input, filter);
}

template <typename Enum>
Enum FromNameOf(std::string_view name, int count) {
  for (int i = 0; i < count; ++i) {
    if (Name(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return static_cast<Enum>(0);
}

FrameTotals Totals(const Json& json) { return {json.at("frames"), json.at("bytes")}; }

// Empty for null and for what is not there.
std::string TextOf(const Json& json, const char* name) {
  const auto at = json.find(name);
  return at == json.end() || at->is_null() ? "" : at->get<std::string>();
}

const Json& MemberOrEmpty(const Json& json, const char* name) {
  static const Json* const kEmpty = new Json(Json::object());
  const auto at = json.find(name);
  return at == json.end() || at->is_null() ? *kEmpty : *at;
}

void ReadDecode(const Json& json, Snapshot* to) {
  const Json& decode = json.at("decode");
  const Json& capture = json.at("capture");
  to->decode.captured = Totals(capture);
  to->decode.ip = Totals(decode.at("ip"));
  to->decode.non_ip = Totals(decode.at("non_ip"));
  to->decode.malformed = Totals(decode.at("malformed"));
  if (decode.contains("duplicates")) to->decode.duplicates = Totals(decode.at("duplicates"));
  for (size_t i = 0; i < to->decode.malformed_reasons.size(); ++i) {
    const std::string name(Name(static_cast<Malformed>(i)));
    to->decode.malformed_reasons[i] = decode.at("malformed").at("reasons").value(name, uint64_t{0});
  }
  DecodeCounters& c = to->decode_counters;
  c.truncated_frames = capture.value("truncated_frames", uint64_t{0});
  c.tunnelled_frames = decode.value("tunnelled_frames", uint64_t{0});
  const Json& fragments = MemberOrEmpty(decode, "fragments");
  c.fragments = fragments.value("frames", uint64_t{0});
  c.later_fragments_resolved = fragments.value("later_resolved", uint64_t{0});
  c.later_fragments_unresolved = fragments.value("later_unresolved", uint64_t{0});
  const Json& flows = json.at("flows");
  to->flows = {flows.at("total"), flows.at("tcp"), flows.at("udp"), flows.at("other")};
  if (const Json& windows = MemberOrEmpty(json, "windows"); !windows.empty()) {
    to->decode.late = Totals(windows.at("late"));
    to->decode.ahead = Totals(windows.at("ahead"));
    to->undecided = Totals(windows.at("undecided"));
  }
}

void ReadDoubts(const Json& json, Snapshot* to) {
  const auto read = [](const Json& from, const char* name, uint64_t* number) {
    *number = from.value(name, uint64_t{0});
  };
  const Json& artefacts = MemberOrEmpty(json, "artefacts");
  Artefacts& a = to->artefacts;
  read(artefacts, "duplicate_frames", &a.duplicate_frames);
  read(artefacts, "duplicate_bytes", &a.duplicate_bytes);
  read(artefacts, "one_way_flows", &a.one_way_flows);
  read(artefacts, "length_forged", &to->decode.length_forged);
  read(artefacts, "nat_suspected", &a.nat_suspected);
  read(artefacts, "tcp_gap_bytes", &a.tcp_gap_bytes);
  read(artefacts, "tunnelled_bytes", &a.tunnelled_bytes);
  read(artefacts, "tunnel_differs_bytes", &a.tunnel_differs_bytes);
  const Json& overflows = MemberOrEmpty(json, "overflows");
  Overflows& o = to->overflows;
  read(overflows, "stateless_frames", &o.stateless_frames);
  read(overflows, "as_numbers_dropped", &o.as_numbers_dropped);
  read(overflows, "cells_folded", &o.cells_folded);
  read(overflows, "reassembly_slots", &o.reassembly_slots);
  read(overflows, "dns_names", &o.dns_names);
  read(overflows, "names", &o.names);
  const Json& content = MemberOrEmpty(json, "content");
  for (size_t i = 0; i < kContentKinds; ++i) {
    const std::string name(MeaningOf(static_cast<ContentKind>(i)).name);
    read(content, name.c_str(), &to->content_hits[i]);
  }
  for (const Json& row : MemberOrEmpty(json, "round_trips").value("by_location", Json::array())) {
    const auto at = static_cast<size_t>(
        FromCode(row.at("location").get<std::string>()).value_or(Jurisdiction::kUnknown));
    to->round_trips.timed[at] += row.at("timed_flows").get<uint64_t>();
    to->round_trips.contradicted[at] += row.at("location_contradicted").get<uint64_t>();
  }
}

void ReadNames(const Json& json, Snapshot* to) {
  const auto names = json.find("names");
  if (names == json.end()) return;
  for (const Json& row : *names) {
    NameCounters& name = to->names[row.at("name").get<std::string>()];
    name.evidence = FromNameOf<Evidence>(row.at("evidence").get<std::string>(), kEvidences);
    name.protocol = FromNameOf<Protocol>(row.at("protocol").get<std::string>(),
                                         static_cast<int>(Protocol::kCount));
    name.category =
        CategoryFromCode(row.at("category").get<std::string>()).value_or(Category::kUnk);
    name.flows = row.at("flows");
    name.bytes = row.at("bytes");
  }
}

std::vector<ProtocolSum> ReadProtocols(const Json& json) {
  std::vector<ProtocolSum> protocols;
  for (const Json& row : json.at("protocols")) {
    protocols.push_back({FromNameOf<Protocol>(row.at("protocol").get<std::string>(),
                                              static_cast<int>(Protocol::kCount)),
                         FromNameOf<Evidence>(row.at("evidence").get<std::string>(), kEvidences),
                         {row.at("frames"), row.at("bytes"), 0, row.at("flows")}});
  }
  return protocols;
}

GeoStatement ReadGeoStatement(const Json& geo) {
  GeoStatement statement;
  statement.path = TextOf(geo, "path");
  statement.type = TextOf(geo, "type");
  statement.basis = TextOf(geo, "basis");
  statement.sha256 = TextOf(geo, "sha256");
  statement.description = TextOf(geo, "description");
  statement.ranges = geo.value("ranges", uint64_t{0});
  statement.odd_codes = geo.value("odd_codes", std::map<std::string, uint64_t>());
  absl::Time built;
  std::string unused;
  if (absl::ParseTime(absl::RFC3339_full, TextOf(geo, "build_time"), &built, &unused)) {
    statement.build_time = static_cast<uint64_t>(absl::ToUnixSeconds(built));
  }
  return statement;
}

void ReadParameters(const Json& json, Report* to) {
  const Json& from = json.at("parameters");
  Parameters& p = to->parameters;
  p.home = FromCode(TextOf(from, "home"));
  for (const Json& site : from.value("sites", Json::array())) {
    p.sites.emplace_back(TextOf(site, "prefix"),
                         FromCode(TextOf(site, "location")).value_or(Jurisdiction::kUnknown));
  }
  p.overrides = from.value("overrides", p.overrides);
  p.rules = from.value("rules", p.rules);
  p.tunnel = from.value("tunnel", p.tunnel);
  p.anycast = from.value("anycast", p.anycast);
  p.dedup = from.value("dedup", p.dedup);
  p.content = from.value("content", p.content);
  p.names = from.value("names", p.names);
  p.window_seconds = from.value("window_seconds", p.window_seconds);
  for (const Json& zone : from.value("zones", Json::array())) {
    const Group* group = Groups::BuiltIn().Find(zone.get<std::string>());
    if (group == nullptr) continue;
    p.zones.push_back(zone);
    to->zones.push_back(group->members);
  }
}

void ReadProvenance(const Json& json, Report* to) {
  const Json& from = json.at("provenance");
  to->version = TextOf(json.at("software"), "version");
  to->build = TextOf(from, "build");
  to->command = TextOf(from, "command");
  to->sensor = TextOf(from, "sensor");
  to->parameters.vantage = TextOf(from, "vantage");
  to->parameters.purpose = TextOf(from, "purpose");
  to->parameters.place = TextOf(from, "place");
  const Json& digests = MemberOrEmpty(from, "digests");
  to->groups_digest = TextOf(digests, "groups");
  to->entities_digest = TextOf(digests, "entities");
  to->rules_digest = TextOf(digests, "rules");
  to->pack_digests = digests.value("packs", to->pack_digests);
  for (const Json& capture : from.value("captures", Json::array())) {
    to->captures.push_back({TextOf(capture, "file"), TextOf(capture, "sha256")});
  }
  for (const Json& geo : json.at("geo")) to->geo.push_back(ReadGeoStatement(geo));
  for (const Json& damage : json.at("capture").value("damaged", Json::array())) {
    to->damaged.push_back(
        {TextOf(damage, "file"), damage.value("offset", uint64_t{0}), TextOf(damage, "reason")});
  }
}

}  // namespace

absl::StatusOr<ReportMembers> ReadMembers(std::istream& input, const std::string& name) {
  ReportMembers members;
  try {
    const Json json = ParseMembers(input);
    ReadDecode(json, &members.report.snapshot);
    ReadDoubts(json, &members.report.snapshot);
    ReadNames(json, &members.report.snapshot);
    ReadParameters(json, &members.report);
    ReadProvenance(json, &members.report);
    members.protocols = ReadProtocols(json);
    members.named = json.at("coverage").value("named", 0.0);
    members.dropped = json.value("dropped", members.dropped);
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": is no report that borderflow wrote: ", error.what()));
  }
  return members;
}

}  // namespace borderflow
