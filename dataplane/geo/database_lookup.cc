#include "dataplane/geo/database_lookup.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dataplane/geo/database.h"
#include "dataplane/geo/mmdb_layout.h"
#include "dataplane/geo/sites.h"

namespace borderflow {
namespace {

using PathSteps = std::vector<std::string>;

// The value under `steps`; nullopt when the record has none.
std::optional<MMDB_entry_data_s> Value(MMDB_entry_s* entry, const PathSteps& steps) {
  std::vector<const char*> path;
  for (const std::string& step : steps) path.push_back(step.c_str());
  path.push_back(nullptr);
  MMDB_entry_data_s value;
  const int status = MMDB_aget_value(entry, &value, path.data());
  if (status != MMDB_SUCCESS || !value.has_data) return std::nullopt;
  return value;
}

std::string Text(MMDB_entry_s* entry, const PathSteps& steps) {
  const std::optional<MMDB_entry_data_s> value = Value(entry, steps);
  if (!value.has_value() || value->type != MMDB_DATA_TYPE_UTF8_STRING) return "";
  return std::string(value->utf8_string, value->data_size);
}

std::string FirstText(MMDB_entry_s* entry, const std::vector<PathSteps>& paths) {
  for (const PathSteps& path : paths) {
    if (std::string text = Text(entry, path); !text.empty()) return text;
  }
  return "";
}

uint64_t Number(const MMDB_entry_data_s& value) {
  switch (value.type) {
    case MMDB_DATA_TYPE_UINT16:
      return value.uint16;
    case MMDB_DATA_TYPE_UINT32:
      return value.uint32;
    case MMDB_DATA_TYPE_UINT64:
      return value.uint64;
    case MMDB_DATA_TYPE_BOOLEAN:
      return value.boolean ? 1 : 0;
    default:
      return 0;
  }
}

std::optional<uint32_t> AsNumber(MMDB_entry_s* entry) {
  const std::vector<PathSteps> paths = {
      {"autonomous_system_number"}, {"asn"}, {"traits", "autonomous_system_number"}};
  for (const PathSteps& path : paths) {
    const std::optional<MMDB_entry_data_s> value = Value(entry, path);
    if (!value.has_value()) continue;
    const uint64_t number = value->type == MMDB_DATA_TYPE_UTF8_STRING
                                ? ParseAsNumber({value->utf8_string, value->data_size}).value_or(0)
                                : Number(*value);
    if (number != 0 && number <= UINT32_MAX) return static_cast<uint32_t>(number);
  }
  return std::nullopt;
}

uint8_t Flags(MMDB_entry_s* entry) {
  static constexpr std::pair<const char*, uint8_t> kFlags[] = {
      {"is_anycast", kFlagAnycast},
      {"is_satellite_provider", kFlagSatellite},
      {"is_satellite", kFlagSatellite},
      {"is_anonymous_proxy", kFlagProxy}};
  uint8_t flags = 0;
  for (const auto& [name, flag] : kFlags) {
    for (const PathSteps& path : {PathSteps{name}, PathSteps{"traits", name}}) {
      const std::optional<MMDB_entry_data_s> value = Value(entry, path);
      if (value.has_value() && (Number(*value) != 0 || Text(entry, path) == "true")) flags |= flag;
    }
  }
  return flags;
}

MMDB_lookup_result_s LookUp(const MMDB_s& library, const IpAddress& address, int* error) {
  if (address.IsV4Mapped()) {
    sockaddr_in socket_address = {};
    socket_address.sin_family = AF_INET;
    socket_address.sin_addr.s_addr = htonl(address.v4());
    return MMDB_lookup_sockaddr(&library, reinterpret_cast<const sockaddr*>(&socket_address),
                                error);
  }
  sockaddr_in6 socket_address = {};
  socket_address.sin6_family = AF_INET6;
  for (int i = 0; i < 8; ++i) {
    socket_address.sin6_addr.s6_addr[i] = static_cast<uint8_t>(address.high >> (56 - 8 * i));
    socket_address.sin6_addr.s6_addr[8 + i] = static_cast<uint8_t>(address.low >> (56 - 8 * i));
  }
  return MMDB_lookup_sockaddr(&library, reinterpret_cast<const sockaddr*>(&socket_address), error);
}

// The block of `length` bits around `address`.
Prefix BlockAround(const IpAddress& address, int length) {
  Prefix block{address, length};
  const auto keep = [](int bits) {
    return bits <= 0 ? 0 : ~uint64_t{0} << (64 - std::min(bits, 64));
  };
  block.address.high &= keep(length);
  block.address.low &= keep(length - 64);
  return block;
}

}  // namespace

void DatabaseLookup::Close::operator()(MMDB_s* library) const {
  MMDB_close(library);
  delete library;
}

absl::StatusOr<DatabaseLookup> DatabaseLookup::Open(const std::string& path,
                                                    const std::string& country_path) {
  absl::StatusOr<MmdbFile> file = MmdbFile::Open(path);
  if (!file.ok()) return file.status();
  if (absl::StatusOr<Database> database = CompileDatabase(*file, country_path); !database.ok()) {
    return database.status();
  }
  auto library = std::make_unique<MMDB_s>();
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, library.get());
  if (status != MMDB_SUCCESS) {
    return file->Damaged(absl::StrCat("libmaxminddb says: ", MMDB_strerror(status)));
  }
  DatabaseLookup lookup;
  lookup.file_ = std::make_unique<MmdbFile>(*std::move(file));
  lookup.library_.reset(library.release());
  lookup.country_path_ = country_path;
  return lookup;
}

absl::Status DatabaseLookup::ReadAnswer(MMDB_entry_s* entry, SourceAnswer* answer) const {
  MmdbData::Budget budget = file_->NewBudget();
  const MmdbData data = file_->data();
  absl::StatusOr<MmdbRecord> readable = ReadRecord(data, entry->offset, country_path_, budget);
  if (!readable.ok()) {
    return file_->Damaged(absl::StrCat("data section, ", readable.status().message()));
  }

  answer->code = country_path_.empty()
                     ? FirstText(entry, {{"country", "iso_code"}, {"country_code"}, {"country"}})
                     : Text(entry, absl::StrSplit(country_path_, '.'));
  if (!answer->code.empty()) answer->location = NormalizeCode(answer->code).jurisdiction;
  const std::string registered =
      FirstText(entry, {{"registered_country", "iso_code"}, {"registered_country"}});
  if (!registered.empty()) answer->registered = NormalizeCode(registered).jurisdiction;
  answer->asn = AsNumber(entry);
  answer->as_name = FirstText(entry, {{"autonomous_system_organization"},
                                      {"traits", "autonomous_system_organization"},
                                      {"as_name"}});
  answer->flags = Flags(entry);

  absl::StatusOr<MmdbValue> top = data.At(entry->offset, budget);
  if (!top.ok()) return absl::OkStatus();
  absl::StatusOr<std::optional<MmdbValue>> sources = data.Path(*top, "sources", budget);
  if (!sources.ok() || !sources->has_value()) return absl::OkStatus();
  MmdbData::Members members(data, **sources);
  while (true) {
    absl::StatusOr<bool> more = members.Next(budget);
    if (!more.ok() || !*more) return absl::OkStatus();
    answer->origins[std::string(members.key())] =
        Text(entry, {"sources", std::string(members.key())});
  }
}

absl::StatusOr<SourceAnswer> DatabaseLookup::Ask(const IpAddress& address) const {
  SourceAnswer answer;
  answer.layer = GeoSource::kDatabase;
  answer.source = file_->name();
  int error = MMDB_SUCCESS;
  MMDB_lookup_result_s result = LookUp(*library_, address, &error);
  if (error == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR) return answer;
  if (error != MMDB_SUCCESS) {
    return file_->Damaged(
        absl::StrCat("libmaxminddb says of ", ToString(address), ": ", MMDB_strerror(error)));
  }
  if (!result.found_entry) return answer;
  // The library counts bits from the top of its own tree, 32 or 128 deep.
  const bool short_tree = file_->metadata().ip_version == 4;
  int length = result.netmask + (short_tree ? 96 : 0);
  if (address.IsV4Mapped()) length = std::max(length, 96);
  answer.network = PrefixText(BlockAround(address, length));
  if (absl::Status read = ReadAnswer(&result.entry, &answer); !read.ok()) return read;
  return answer;
}

}  // namespace borderflow
