#include "collectors/store/counts_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

// Every number of a Snapshot that is no cell, by name: the one place that lists them.
template <typename Counts, typename Visit>
void ForEachNumber(Counts& s, const Visit& visit) {
  const auto totals = [&visit](const std::string& name, auto& value) {
    visit(name + "_frames", value.frames);
    visit(name + "_bytes", value.bytes);
  };
  totals("captured", s.decode.captured);
  totals("ip", s.decode.ip);
  totals("non_ip", s.decode.non_ip);
  totals("malformed", s.decode.malformed);
  totals("removed", s.decode.duplicates);
  totals("late", s.decode.late);
  totals("ahead", s.decode.ahead);
  totals("undecided", s.undecided);
  visit("length_forged", s.decode.length_forged);
  visit("first_time_ns", s.decode.first_time_ns);
  visit("last_time_ns", s.decode.last_time_ns);
  for (size_t i = 0; i < s.decode.malformed_reasons.size(); ++i) {
    visit("malformed_" + std::string(Name(static_cast<Malformed>(i))),
          s.decode.malformed_reasons[i]);
  }
  visit("tunnelled_frames", s.decode_counters.tunnelled_frames);
  visit("fragments", s.decode_counters.fragments);
  visit("later_fragments_resolved", s.decode_counters.later_fragments_resolved);
  visit("later_fragments_unresolved", s.decode_counters.later_fragments_unresolved);
  visit("fragment_memory_full", s.decode_counters.fragment_memory_full);
  visit("nesting_too_deep", s.decode_counters.nesting_too_deep);
  visit("truncated_frames", s.decode_counters.truncated_frames);
  visit("flows", s.flows.total);
  visit("flows_tcp", s.flows.tcp);
  visit("flows_udp", s.flows.udp);
  visit("flows_other", s.flows.other);
  visit("duplicate_frames", s.artefacts.duplicate_frames);
  visit("duplicate_bytes", s.artefacts.duplicate_bytes);
  visit("one_way_flows", s.artefacts.one_way_flows);
  visit("nat_suspected", s.artefacts.nat_suspected);
  visit("tcp_gap_bytes", s.artefacts.tcp_gap_bytes);
  visit("tunnelled_bytes", s.artefacts.tunnelled_bytes);
  visit("tunnel_differs_bytes", s.artefacts.tunnel_differs_bytes);
  for (size_t id = 0; id < s.round_trips.timed.size(); ++id) {
    const std::string code(Code(static_cast<Jurisdiction>(id)));
    visit("round_trips_" + code, s.round_trips.timed[id]);
    visit("round_trips_contradicted_" + code, s.round_trips.contradicted[id]);
  }
  for (size_t i = 0; i < kContentKinds; ++i) {
    visit("content_" + std::string(MeaningOf(static_cast<ContentKind>(i)).name), s.content_hits[i]);
  }
  visit("stateless_frames", s.overflows.stateless_frames);
  visit("as_numbers_dropped", s.overflows.as_numbers_dropped);
  visit("cells_folded", s.overflows.cells_folded);
  visit("reassembly_slots", s.overflows.reassembly_slots);
  visit("dns_names_replaced", s.overflows.dns_names);
  visit("names_unlisted", s.overflows.names);
}

absl::Status Wrong(std::string_view what) {
  return absl::DataLossError(absl::StrCat("the counts of a span are damaged: ", std::string(what)));
}

// Numbers modulo 2^64; nothing else.
bool ReadNumber(const Json& json, uint64_t* value) {
  if (json.is_number_unsigned()) {
    *value = json.get<uint64_t>();
  } else if (json.is_number_integer()) {
    *value = static_cast<uint64_t>(json.get<int64_t>());
  } else {
    return false;
  }
  return true;
}

absl::Status ReadLinks(const Json& json, std::map<uint16_t, uint64_t>* links) {
  if (!json.is_object()) return Wrong("unknown_links");
  for (const auto& item : json.items()) {
    uint32_t link = 0;
    uint64_t frames = 0;
    if (!absl::SimpleAtoi(item.key(), &link) || link > UINT16_MAX ||
        !ReadNumber(item.value(), &frames)) {
      return Wrong("unknown_links");
    }
    (*links)[static_cast<uint16_t>(link)] += frames;
  }
  return absl::OkStatus();
}

absl::Status ReadDropped(const Json& json, std::map<std::string, uint64_t>* dropped) {
  if (!json.is_object()) return Wrong("dropped");
  for (const auto& item : json.items()) {
    if (!ReadNumber(item.value(), &(*dropped)[item.key()])) return Wrong("dropped");
  }
  return absl::OkStatus();
}

absl::Status ReadDamaged(const Json& json, std::vector<DamageStatement>* damaged) {
  if (!json.is_array()) return Wrong("damaged");
  for (const Json& one : json) {
    DamageStatement damage;
    const bool whole = one.is_object() && one.contains("file") && one["file"].is_string() &&
                       one.contains("reason") && one["reason"].is_string() &&
                       one.contains("offset") && ReadNumber(one["offset"], &damage.offset);
    if (!whole) return Wrong("damaged");
    damage.file = one["file"].get<std::string>();
    damage.reason = one["reason"].get<std::string>();
    damaged->push_back(std::move(damage));
  }
  return absl::OkStatus();
}

}  // namespace

std::string ToCountsJson(const SpanCounts& counts) {
  Json json = Json::object();
  ForEachNumber(counts.snapshot, [&json](const std::string& name, const uint64_t& value) {
    if (value != 0) json[name] = static_cast<int64_t>(value);
  });
  for (const auto& [link, frames] : counts.snapshot.decode.unknown_links) {
    json["unknown_links"][std::to_string(link)] = frames;
  }
  for (const auto& [reason, frames] : counts.dropped) json["dropped"][reason] = frames;
  for (const DamageStatement& damage : counts.damaged) {
    json["damaged"].push_back(
        {{"file", damage.file}, {"offset", damage.offset}, {"reason", damage.reason}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<SpanCounts> FromCountsJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Wrong("no object");
  SpanCounts counts;
  absl::Status status;
  ForEachNumber(counts.snapshot, [&json, &status](const std::string& name, uint64_t& value) {
    const auto at = json.find(name);
    if (at != json.end() && !ReadNumber(*at, &value)) status = Wrong(name);
  });
  if (!status.ok()) return status;
  if (const auto at = json.find("unknown_links"); at != json.end()) {
    status.Update(ReadLinks(*at, &counts.snapshot.decode.unknown_links));
  }
  if (const auto at = json.find("dropped"); at != json.end()) {
    status.Update(ReadDropped(*at, &counts.dropped));
  }
  if (const auto at = json.find("damaged"); at != json.end()) {
    status.Update(ReadDamaged(*at, &counts.damaged));
  }
  if (!status.ok()) return status;
  return counts;
}

void AddCounts(SpanCounts later, SpanCounts* to) {
  AddWindow(std::move(later.snapshot), &to->snapshot);
  for (const auto& [reason, frames] : later.dropped) to->dropped[reason] += frames;
  for (DamageStatement& damage : later.damaged) to->damaged.push_back(std::move(damage));
}

}  // namespace borderflow
