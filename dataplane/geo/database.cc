#include "dataplane/geo/database.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dataplane/geo/mmdb_layout.h"
#include "dataplane/geo/mmdb_walk.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {
namespace {

// A hostile file could name a new code in every record.
constexpr size_t kMostOddCodes = 256;
constexpr size_t kLongestCode = 16;

void CountOddCode(std::string_view code, uint64_t ranges, GeoFile* file) {
  std::string name;
  for (const char c : code.substr(0, kLongestCode)) name += c > 0x20 && c < 0x7f ? c : '?';
  const bool known = file->odd_codes.contains(name);
  if (!known && file->odd_codes.size() >= kMostOddCodes) name = "(others)";
  file->odd_codes[name] += ranges;
}

// The jurisdiction of a code that is not empty, counted when it is an odd one.
Jurisdiction Normalize(std::string_view code, uint64_t ranges, GeoFile* file) {
  const NormalizedCode normalized = NormalizeCode(code);
  if (normalized.kind != CodeKind::kExact) CountOddCode(code, ranges, file);
  return normalized.jurisdiction;
}

}  // namespace

Basis BasisOf(std::string_view database_type) {
  const std::string type =
      absl::AsciiStrToLower(absl::string_view(database_type.data(), database_type.size()));
  // The data of tor-geoipdb and libloc are made from the registries' delegations.
  if (absl::StartsWith(type, "borderflow") || absl::StartsWith(type, "tor-") ||
      absl::StrContains(type, "ipfire") || absl::StrContains(type, "libloc")) {
    return Basis::kRegistry;
  }
  return Basis::kVendor;
}

absl::StatusOr<Database> CompileDatabase(const MmdbFile& file, std::string_view country_path) {
  Database database;
  const MmdbMetadata& metadata = file.metadata();
  database.file.path = file.name();
  database.file.type = metadata.database_type;
  database.file.basis = BasisOf(metadata.database_type);
  database.file.build_time = metadata.build_epoch;
  database.file.description = metadata.description;

  absl::StatusOr<MmdbTree> tree = WalkTree(file);
  if (!tree.ok()) return tree.status();
  database.layer.v4 = std::move(tree->v4);
  database.layer.v6 = std::move(tree->v6);
  database.layer.records.reserve(tree->offsets.size() + 1);

  const MmdbData data = file.data();
  MmdbData::Budget budget = file.NewBudget();
  bool has_countries = false;
  for (size_t i = 0; i < tree->offsets.size(); ++i) {
    absl::StatusOr<MmdbRecord> record = ReadRecord(data, tree->offsets[i], country_path, budget);
    if (!record.ok()) {
      return file.Damaged(absl::StrCat("data section, ", record.status().message()));
    }
    const uint64_t ranges = tree->leaves[i];
    Location location{.flags = record->flags, .source = GeoSource::kDatabase, .asn = record->asn};
    if (!record->country.empty()) {
      has_countries = true;
      location.location = Normalize(record->country, ranges, &database.file);
    }
    if (!record->registered.empty()) {
      has_countries = true;
      database.has_registered = true;
      location.registered = record->registered == record->country
                                ? location.location
                                : Normalize(record->registered, ranges, &database.file);
    }
    database.has_as_numbers |= record->asn != 0;
    const bool silent = record->country.empty() && record->registered.empty() && record->asn == 0 &&
                        record->flags == 0;
    database.layer.records.push_back(silent ? Location{} : location);
    database.file.ranges += ranges;
  }
  if (!has_countries && !database.has_as_numbers) {
    const std::string wanted = country_path.empty()
                                   ? "has neither countries nor AS numbers"
                                   : absl::StrCat("has no country at \"", std::string(country_path),
                                                  "\" and no AS numbers");
    return absl::InvalidArgumentError(absl::StrCat(
        file.name(), ": a database of type \"", metadata.database_type, "\" ", wanted,
        "; give a country, city or ASN database, or name the path of its country code"));
  }
  return database;
}

}  // namespace borderflow
