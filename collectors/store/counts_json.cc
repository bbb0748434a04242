#include "collectors/store/counts_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dataplane/count/snapshot_numbers.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

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
  VisitNumbers(
      [&json](const auto& name, NumberKind, const uint64_t& value) {
        if (value != 0) json[name()] = static_cast<int64_t>(value);
      },
      counts.snapshot);
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
  VisitNumbers(
      [&json, &status](const auto& name, NumberKind, uint64_t& value) {
        const auto at = json.find(name());
        if (at != json.end() && !ReadNumber(*at, &value)) status = Wrong(name());
      },
      counts.snapshot);
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
