#include "dataplane/geo/geo_layers.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "dataplane/geo/database.h"
#include "dataplane/geo/mmdb.h"
#include "dataplane/geo/overrides.h"
#include "dataplane/geo/read_file.h"
#include "dataplane/geo/sites.h"
#include "dataplane/geo/special_purpose.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

absl::StatusOr<GeoLayer> LoadOverrides(const std::string& path, GeoFile* file) {
  absl::StatusOr<HugeVector<uint8_t>> bytes = ReadWholeFile(path, kLargestOverrides);
  if (!bytes.ok()) return bytes.status();
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  absl::StatusOr<Overrides> overrides = ParseOverrides(text, path);
  if (!overrides.ok()) return overrides.status();
  file->path = path;
  file->type = "overrides";
  file->basis = overrides->geofeed ? Basis::kGeofeed : Basis::kDeclared;
  file->sha256 = Sha256Hex(*bytes);
  file->description = overrides->geofeed ? "RFC 8805 geofeed" : "overrides given by the user";
  file->ranges = overrides->lines.size();
  file->odd_codes = std::move(overrides->odd_codes);
  file->warnings = std::move(overrides->warnings);
  std::vector<LocatedPrefix> prefixes;
  prefixes.reserve(overrides->lines.size());
  for (const Override& line : overrides->lines) prefixes.push_back(line.located);
  return FlattenPrefixes(prefixes);
}

}  // namespace

absl::StatusOr<GeoLayers> LoadDeclared(const GeographyOptions& options) {
  GeoLayers declared;
  for (const std::string& path : options.overrides) {
    GeoFile file;
    absl::StatusOr<GeoLayer> layer = LoadOverrides(path, &file);
    if (!layer.ok()) return layer.status();
    for (const Location& record : layer->records) {
      declared.has_as_numbers |= record.asn != 0;
      declared.has_registered |= record.registered != Jurisdiction::kUnknown;
    }
    declared.layers.push_back(*std::move(layer));
    declared.files.push_back(std::move(file));
  }
  absl::StatusOr<GeoLayer> sites = SiteLayer(options.sites);
  if (!sites.ok()) return sites.status();
  declared.layers.push_back(*std::move(sites));
  declared.layers.push_back(SpecialPurposeLayer(options.home));
  return declared;
}

absl::StatusOr<GeoLayers> LoadDatabases(const GeographyOptions& options,
                                        absl::Span<const std::string> paths) {
  GeoLayers databases;
  for (const std::string& path : paths) {
    absl::StatusOr<MmdbFile> file = MmdbFile::Open(path);
    if (!file.ok()) return file.status();
    const auto custom = options.country_paths.find(path);
    absl::StatusOr<Database> database =
        CompileDatabase(*file, custom == options.country_paths.end() ? "" : custom->second);
    if (!database.ok()) return database.status();
    if (options.digests) database->file.sha256 = file->Sha256();
    databases.has_as_numbers |= database->has_as_numbers;
    databases.has_registered |= database->has_registered;
    databases.layers.push_back(std::move(database->layer));
    databases.files.push_back(std::move(database->file));
  }
  return databases;
}

}  // namespace borderflow
