#include "tools/command/geo_databases.h"

#include <bitset>
#include <set>

#include "absl/strings/str_cat.h"
#include "dataplane/geo/mmdb.h"
#include "rules/jurisdiction/jurisdiction.h"
#include "tools/command/geo_text.h"

namespace borderflow {

absl::StatusOr<Database> OpenDatabase(const std::string& path) {
  absl::StatusOr<MmdbFile> file = MmdbFile::Open(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<Database> database = CompileDatabase(*file, /*country_path=*/"");
  if (!database.ok()) return database.status();
  database->file.sha256 = file->Sha256();
  return database;
}

DatabaseCounts CountDatabase(const Database& database) {
  DatabaseCounts counts;
  std::bitset<kJurisdictions> countries;
  std::bitset<kJurisdictions> registered;
  std::set<uint32_t> as_numbers;
  for (const Location& record : database.layer.records) {
    countries.set(static_cast<size_t>(record.location));
    registered.set(static_cast<size_t>(record.registered));
    if (record.asn != 0) as_numbers.insert(record.asn);
  }
  countries.reset(static_cast<size_t>(Jurisdiction::kUnknown));
  registered.reset(static_cast<size_t>(Jurisdiction::kUnknown));
  counts.countries = countries.count();
  counts.registered = registered.count();
  counts.as_numbers = as_numbers.size();

  const auto& steps = database.layer.v4;
  for (size_t i = 0; i < steps.size(); ++i) {
    const uint64_t end = i + 1 < steps.size() ? steps[i + 1].first : uint64_t{1} << 32;
    const uint64_t addresses = end - steps[i].first;
    const Location& location = database.layer.records[steps[i].record];
    if (location.location != Jurisdiction::kUnknown) counts.ipv4_located += addresses;
    if (location.registered != Jurisdiction::kUnknown) counts.ipv4_registered += addresses;
    if (location.asn != 0) counts.ipv4_with_as += addresses;
    if (location.flags & kFlagAnycast) counts.ipv4_anycast += addresses;
  }
  return counts;
}

std::string LensLine(const GeoFile& file) {
  const std::string_view basis = Name(file.basis);
  return absl::StrCat(file.type, ", basis ", absl::string_view(basis.data(), basis.size()), ", of ",
                      DateAndAge(static_cast<int64_t>(file.build_time)));
}

}  // namespace borderflow
