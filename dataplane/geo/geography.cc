#include "dataplane/geo/geography.h"

#include <array>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "dataplane/geo/combiner.h"
#include "dataplane/geo/geo_layers.h"

namespace borderflow {
namespace {

// Hands out the steps of one family, as long as `add` takes them.
// `add`: absl::Status(const IpAddress& first, const IpAddress& last).
template <typename Add>
absl::Status WalkSteps(bool v4, absl::Span<Combiner* const> combiners, const Add& add) {
  IpAddress first = v4 ? kFirstV4 : IpAddress{};
  while (true) {
    const IpAddress* next = nullptr;
    for (const Combiner* combiner : combiners) {
      const IpAddress* own = combiner->Next();
      if (own != nullptr && (next == nullptr || *own < *next)) next = own;
    }
    const IpAddress last = next == nullptr ? (v4 ? kLastV4 : kLastV6) : Before(*next);
    if (absl::Status added = add(first, last); !added.ok()) return added;
    if (next == nullptr) return absl::OkStatus();
    first = *next;
    for (Combiner* combiner : combiners) combiner->AdvanceTo(first);
  }
}

// Each step of a layer begins a range at most.
void Reserve(std::initializer_list<const GeoLayers*> all, PrefixMap::Builder* builder) {
  size_t v4 = 0;
  size_t v6 = 0;
  for (const GeoLayers* layers : all) {
    for (const GeoLayer& layer : layers->layers) {
      v4 += layer.v4.size();
      v6 += layer.v6.size();
    }
  }
  builder->Reserve(v4, v6);
}

// Without what a cell does not keep, so that there are few different pairs.
Location Kept(const Location& location) {
  return {location.location, location.registered, 0, GeoSource::kNone, location.asn};
}

// Numbers pairs in the order of their first use.
class PairNumbers {
 public:
  explicit PairNumbers(std::vector<LocatedTwice>* pairs) : pairs_(pairs) {}

  uint32_t Of(const Location& first, const Location& second) {
    const LocatedTwice pair = {Kept(first), Kept(second)};
    const auto [found, is_new] =
        numbers_.try_emplace({Word(pair.first), Word(pair.second)}, pairs_->size());
    if (is_new) pairs_->push_back(pair);
    return static_cast<uint32_t>(found->second);
  }

 private:
  static uint64_t Word(const Location& l) {
    return uint64_t{l.asn} << 16 | uint64_t{static_cast<uint8_t>(l.location)} << 8 |
           static_cast<uint8_t>(l.registered);
  }
  std::vector<LocatedTwice>* pairs_;
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, size_t> numbers_;
};

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
  absl::StatusOr<GeoLayers> declared = LoadDeclared(options);
  if (!declared.ok()) return declared.status();
  absl::StatusOr<GeoLayers> databases = LoadDatabases(options, options.databases);
  if (!databases.ok()) return databases.status();
  absl::StatusOr<GeoLayers> others = LoadDatabases(options, options.other_databases);
  if (!others.ok()) return others.status();
  geography.has_as_numbers_ = declared->has_as_numbers || databases->has_as_numbers;
  geography.has_registered_ = declared->has_registered || databases->has_registered;
  geography.files_ = std::move(declared->files);
  std::move(databases->files.begin(), databases->files.end(), std::back_inserter(geography.files_));
  geography.other_files_ = std::move(others->files);
  const bool paired = !options.other_databases.empty();
  if (paired) geography.pairs_.emplace_back();
  PairNumbers numbers(&geography.pairs_);

  PrefixMap::Builder builder;
  Reserve({&*declared, &*databases, &*others}, &builder);
  for (const bool v4 : {true, false}) {
    const auto family = v4 ? LayerCursor::Family::kV4 : LayerCursor::Family::kV6;
    const bool from_database = options.anycast_from_database;
    Combiner one(declared->layers, databases->layers, family, from_database);
    Combiner other(declared->layers, others->layers, family, from_database);
    const std::array<Combiner*, 2> both = {&one, &other};
    const absl::Status added = WalkSteps(
        v4, absl::MakeConstSpan(both).first(paired ? 2 : 1),
        [&](const IpAddress& first, const IpAddress& last) {
          Location location = one.Combine();
          bool known = location.source != GeoSource::kNone;
          if (paired) {
            const Location second = other.Combine();
            known = known || second.source != GeoSource::kNone;
            location.asn = known ? numbers.Of(location, second) : 0;
          }
          return known ? AddRange({first, last, location}, v4, &builder) : absl::OkStatus();
        });
    if (!added.ok()) return added;
  }
  geography.map_ = builder.Finish();
  return geography;
}

}  // namespace borderflow
