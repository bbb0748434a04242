#include "dataplane/geo/geography.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "dataplane/geo/combiner.h"
#include "dataplane/geo/embedded.h"
#include "dataplane/geo/geo_layers.h"

namespace borderflow {
namespace {

// Where the declared layers leave IPv4 to the databases.
class QuietV4 {
 public:
  explicit QuietV4(const std::vector<GeoLayer>& declared) {
    Combiner combiner(declared, {}, LayerCursor::Family::kV4, /*anycast_from_database=*/false);
    IpAddress first = kFirstV4;
    while (true) {
      steps_.push_back({first.v4(), combiner.Combine().source == GeoSource::kNone});
      if (combiner.Next() == nullptr) return;
      first = *combiner.Next();
      combiner.AdvanceTo(first);
    }
  }

  // Whether they do at `address`; `end`: behind it, where this may change, 2^32 for nowhere.
  bool At(uint32_t address, uint64_t* end) const {
    const auto after =
        std::upper_bound(steps_.begin(), steps_.end(), address,
                         [](uint32_t wanted, const Step& step) { return wanted < step.first; });
    *end = after == steps_.end() ? uint64_t{1} << 32 : after->first;
    return std::prev(after)->quiet;
  }

 private:
  struct Step {
    uint32_t first;
    bool quiet;
  };
  std::vector<Step> steps_;
};

// Combines the layers of both families into a map.
class MapMaker {
 public:
  MapMaker(const GeoLayers& declared, PrefixMap::Builder* builder)
      : quiet_v4_(declared.layers), builder_(builder) {}

  // `combine`: the location for the place at which `combiners` are.
  template <typename Combine>
  absl::Status AddFamily(bool v4, absl::Span<Combiner* const> combiners, const Combine& combine);

 private:
  void Add(const IpAddress& first, const IpAddress& last, const Location& location) {
    if (location == Location{}) return;  // gaps are unknown
    const GeoRange range = {first, last, location};
    if (absl::Status added = v4_ ? builder_->Add(range) : AddV6Range(range, builder_);
        !added.ok()) {
      status_ = std::move(added);
    }
  }
  // Where IPv6 addresses from `first` on stand for IPv4 ones of which the map says the same, lets
  // it answer for them. Returns the address behind them, `first` when there are none, nullopt when
  // there is none behind.
  std::optional<IpAddress> AddAlias(const IpAddress& first, absl::Span<Combiner* const> combiners);

  const QuietV4 quiet_v4_;
  PrefixMap::Builder* const builder_;
  bool v4_ = true;
  absl::Status status_;
};

std::optional<IpAddress> MapMaker::AddAlias(const IpAddress& first,
                                            absl::Span<Combiner* const> combiners) {
  std::optional<Combiner::Alias> shared;
  std::optional<IpAddress> end;
  for (const Combiner* combiner : combiners) {
    const std::optional<Combiner::Alias> alias = combiner->SharedAlias();
    if (!alias.has_value()) return first;
    if (shared.has_value() && (alias->prefix != shared->prefix || alias->depth != shared->depth)) {
      return first;
    }
    shared = alias;
    if (alias->end.has_value() && (!end.has_value() || *alias->end < *end)) end = alias->end;
  }
  uint64_t quiet_end = 0;
  if (!quiet_v4_.At(EmbeddedV4(first, shared->depth), &quiet_end)) return first;
  if (quiet_end >> 32 == 0) {
    const IpAddress spoken = Embed(shared->prefix, shared->depth, static_cast<uint32_t>(quiet_end));
    if (!end.has_value() || spoken < *end) end = spoken;
  }
  const IpAddress last = end.has_value() ? Before(*end) : kLastV6;
  if (first <= kLastV4 && last >= kFirstV4) return first;  // no honest alias holds ::ffff:0:0/96
  if (absl::Status added = builder_->AddEmbedded(first, last, shared->depth); !added.ok()) {
    status_ = std::move(added);
  }
  if (end.has_value()) {
    for (Combiner* combiner : combiners) combiner->SkipTo(*end);
  }
  return end;
}

template <typename Combine>
absl::Status MapMaker::AddFamily(bool v4, absl::Span<Combiner* const> combiners,
                                 const Combine& combine) {
  v4_ = v4;
  IpAddress first = v4 ? kFirstV4 : IpAddress{};
  while (status_.ok()) {
    if (!v4) {
      const std::optional<IpAddress> behind = AddAlias(first, combiners);
      if (!behind.has_value()) break;
      first = *behind;
    }
    if (combiners.size() == 1) {
      first = combiners[0]->AddLone(
          first, [this](const auto& from, const auto& to, const Location& location) {
            Add(from, to, location);
          });
    }
    const IpAddress* next = nullptr;
    for (const Combiner* combiner : combiners) {
      const IpAddress* own = combiner->Next();
      if (own != nullptr && (next == nullptr || *own < *next)) next = own;
    }
    const IpAddress last = next == nullptr ? (v4 ? kLastV4 : kLastV6) : Before(*next);
    Add(first, last, combine());
    if (next == nullptr) break;
    first = *next;
    for (Combiner* combiner : combiners) combiner->AdvanceTo(first);
  }
  return status_;
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
  MapMaker maker(*declared, &builder);
  for (const bool v4 : {true, false}) {
    const auto family = v4 ? LayerCursor::Family::kV4 : LayerCursor::Family::kV6;
    const bool from_database = options.anycast_from_database;
    Combiner one(declared->layers, databases->layers, family, from_database);
    Combiner other(declared->layers, others->layers, family, from_database);
    const std::array<Combiner*, 2> both = {&one, &other};
    const absl::Status added =
        maker.AddFamily(v4, absl::MakeConstSpan(both).first(paired ? 2 : 1), [&] {
          Location location = one.Combine();
          if (!paired) return location;
          const Location second = other.Combine();
          const bool known =
              location.source != GeoSource::kNone || second.source != GeoSource::kNone;
          location.asn = known ? numbers.Of(location, second) : 0;
          return location;
        });
    if (!added.ok()) return added;
  }
  geography.map_ = builder.Finish();
  return geography;
}

}  // namespace borderflow
