#include "dataplane/geo/geography.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/geo/database.h"
#include "dataplane/geo/layer.h"
#include "dataplane/geo/mmdb.h"
#include "dataplane/geo/overrides.h"
#include "dataplane/geo/read_file.h"
#include "dataplane/geo/sites.h"
#include "dataplane/geo/special_purpose.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

constexpr IpAddress kFirstV4 = IpAddress::FromV4(0);
constexpr IpAddress kLastV4 = IpAddress::FromV4(0xffff'ffff);
constexpr IpAddress kLastV6 = {~uint64_t{0}, ~uint64_t{0}};

IpAddress Before(const IpAddress& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

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

// Walks all layers of one family at once and hands out the steps of their combination.
class Combiner {
 public:
  // `declared` layers decide `location` whatever they say; of `databases` the first that knows.
  Combiner(const std::vector<GeoLayer>& declared, const std::vector<GeoLayer>& databases,
           LayerCursor::Family family, bool anycast_from_database)
      : declared_(declared.size()), anycast_from_database_(anycast_from_database) {
    for (const GeoLayer& layer : declared) cursors_.emplace_back(layer, family);
    for (const GeoLayer& layer : databases) cursors_.emplace_back(layer, family);
  }

  Location Combine() const;
  // The next address at which any layer changes; nullptr when none does.
  const IpAddress* Next() const;
  // REQUIRES: Next() != nullptr, `to` == *Next().
  void AdvanceTo(const IpAddress& to);

 private:
  const size_t declared_;
  const bool anycast_from_database_;
  std::vector<LayerCursor> cursors_;
};

Location Combiner::Combine() const {
  Location combined;
  for (size_t i = 0; i < cursors_.size(); ++i) {
    const Location& said = cursors_[i].location();
    if (said.source == GeoSource::kNone) continue;
    const bool open =
        combined.source == GeoSource::kNone ||
        (combined.source == GeoSource::kDatabase && combined.location == Jurisdiction::kUnknown);
    if (open) {
      combined.location = said.location;
      combined.source = said.source;
    }
    if (combined.registered == Jurisdiction::kUnknown) combined.registered = said.registered;
    if (combined.asn == 0) combined.asn = said.asn;
    if (combined.flags == 0) combined.flags = said.flags;
  }
  if (combined.source == GeoSource::kDatabase && (combined.flags & kFlagAnycast) != 0 &&
      !anycast_from_database_) {
    combined.location = Jurisdiction::kAnycast;
    combined.source = GeoSource::kAnycast;
  }
  return combined;
}

const IpAddress* Combiner::Next() const {
  const IpAddress* next = nullptr;
  for (const LayerCursor& cursor : cursors_) {
    if (!cursor.last() && (next == nullptr || cursor.next() < *next)) next = &cursor.next();
  }
  return next;
}

void Combiner::AdvanceTo(const IpAddress& to) {
  for (LayerCursor& cursor : cursors_) {
    while (!cursor.last() && cursor.next() <= to) cursor.Advance();
  }
}

// Adds a range, leaving out what an IPv6 range has in common with IPv4.
absl::Status AddOutsideV4(const GeoRange& range, PrefixMap::Builder* builder) {
  if (range.last < kFirstV4 || range.first > kLastV4) return builder->Add(range);
  if (range.first < kFirstV4) {
    absl::Status added = builder->Add({range.first, Before(kFirstV4), range.location});
    if (!added.ok()) return added;
  }
  if (range.last <= kLastV4) return absl::OkStatus();
  return builder->Add({{kLastV4.high, kLastV4.low + 1}, range.last, range.location});
}

absl::Status AddFamily(Combiner combiner, bool v4, PrefixMap::Builder* builder) {
  IpAddress first = v4 ? kFirstV4 : IpAddress{};
  const IpAddress end = v4 ? kLastV4 : kLastV6;
  while (true) {
    const IpAddress* next = combiner.Next();
    const IpAddress last = next == nullptr ? end : Before(*next);
    const Location location = combiner.Combine();
    if (location.source != GeoSource::kNone) {
      const GeoRange range{first, last, location};
      absl::Status added = v4 ? builder->Add(range) : AddOutsideV4(range, builder);
      if (!added.ok()) return added;
    }
    if (next == nullptr) return absl::OkStatus();
    first = *next;
    combiner.AdvanceTo(first);
  }
}

}  // namespace

std::string_view Name(Basis basis) {
  switch (basis) {
    case Basis::kMeasured:
      return "measured";
    case Basis::kRegistry:
      return "registry-derived";
    case Basis::kGeofeed:
      return "geofeed";
    case Basis::kCurated:
      return "curated";
    case Basis::kPlurality:
      return "plurality";
    case Basis::kDeclared:
      return "declared";
    case Basis::kVendor:
      return "vendor";
  }
  return "vendor";
}

absl::StatusOr<Geography> Geography::Load(const GeographyOptions& options) {
  Geography geography;
  std::vector<GeoLayer> declared;
  std::vector<GeoLayer> databases;

  for (const std::string& path : options.overrides) {
    GeoFile file;
    absl::StatusOr<GeoLayer> layer = LoadOverrides(path, &file);
    if (!layer.ok()) return layer.status();
    for (const Location& record : layer->records) {
      geography.has_as_numbers_ |= record.asn != 0;
      geography.has_registered_ |= record.registered != Jurisdiction::kUnknown;
    }
    declared.push_back(*std::move(layer));
    geography.files_.push_back(std::move(file));
  }
  absl::StatusOr<GeoLayer> sites = SiteLayer(options.sites);
  if (!sites.ok()) return sites.status();
  declared.push_back(*std::move(sites));
  declared.push_back(SpecialPurposeLayer(options.home));

  for (const std::string& path : options.databases) {
    absl::StatusOr<MmdbFile> file = MmdbFile::Open(path);
    if (!file.ok()) return file.status();
    const auto custom = options.country_paths.find(path);
    absl::StatusOr<Database> database =
        CompileDatabase(*file, custom == options.country_paths.end() ? "" : custom->second);
    if (!database.ok()) return database.status();
    database->file.sha256 = file->Sha256();
    geography.has_as_numbers_ |= database->has_as_numbers;
    geography.has_registered_ |= database->has_registered;
    databases.push_back(std::move(database->layer));
    geography.files_.push_back(std::move(database->file));
  }

  PrefixMap::Builder builder;
  for (const bool v4 : {true, false}) {
    const auto family = v4 ? LayerCursor::Family::kV4 : LayerCursor::Family::kV6;
    absl::Status added = AddFamily(
        Combiner(declared, databases, family, options.anycast_from_database), v4, &builder);
    if (!added.ok()) return added;
  }
  geography.map_ = builder.Finish();
  return geography;
}

}  // namespace borderflow
