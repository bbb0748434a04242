#include "tools/bench/places.h"

#include <optional>

#include "dataplane/geo/special_purpose.h"
#include "tools/bench/mix.h"

namespace borderflow {
namespace {

constexpr int kV4HostBits = 12;
constexpr uint32_t kV4Blocks = uint32_t{1} << (32 - kV4HostBits);

// Of the upper half of an IPv6 address, below the three bits that all global unicast shares.
constexpr int kV6HostBits = 45;
constexpr uint32_t kV6Blocks = uint32_t{1} << (61 - kV6HostBits);
constexpr uint64_t kGlobalUnicast = 0x2000'0000'0000'0000ULL;

bool IsGlobalUnicast(const IpAddress& address) { return address.high >> 61 == 1; }
uint32_t V6Block(const IpAddress& address) {
  return static_cast<uint32_t>((address.high - kGlobalUnicast) >> kV6HostBits);
}

// A block of the country's: every countries-th one, from its own number on.
uint32_t DrawBlock(uint32_t country, uint32_t countries, uint32_t blocks, uint64_t random) {
  return country + Below(random, (blocks - country + countries - 1) / countries) * countries;
}

Location LocationOf(uint32_t country) {
  constexpr uint32_t kFirstAs = 1000;
  const auto jurisdiction = static_cast<Jurisdiction>(kSpecialJurisdictions + country);
  return {jurisdiction, jurisdiction, 0, GeoSource::kDatabase, kFirstAs + country};
}

}  // namespace

Places::Places(uint32_t countries)
    : countries_(countries), public_v4_(kV4Blocks, true), public_v6_(kV6Blocks, true) {
  for (const SpecialBlock& special : SpecialBlocks()) {
    const std::optional<Prefix> prefix = ParsePrefix(special.prefix);
    if (special.reach == Reach::kGlobal || !prefix.has_value()) continue;
    const IpAddress first = prefix->address;
    const IpAddress last = prefix->last();
    if (first.IsV4Mapped()) {
      for (uint32_t block = first.v4() >> kV4HostBits; block <= last.v4() >> kV4HostBits; ++block) {
        public_v4_[block] = false;
      }
    } else if (IsGlobalUnicast(first)) {
      for (uint32_t block = V6Block(first); block <= V6Block(last); ++block) {
        public_v6_[block] = false;
      }
    }
  }
}

IpAddress Places::V4(uint32_t country, uint64_t random) const {
  for (;; random = Mix(random)) {
    const uint32_t block = DrawBlock(country, countries_, kV4Blocks, random);
    if (!public_v4_[block]) continue;
    constexpr uint32_t kHost = (uint32_t{1} << kV4HostBits) - 1;
    return IpAddress::FromV4(block << kV4HostBits | (static_cast<uint32_t>(random) & kHost));
  }
}

IpAddress Places::V6(uint32_t country, uint64_t random) const {
  for (;; random = Mix(random)) {
    const uint32_t block = DrawBlock(country, countries_, kV6Blocks, random);
    if (!public_v6_[block]) continue;
    const uint64_t host = Mix(random);
    return {kGlobalUnicast | uint64_t{block} << kV6HostBits | host >> (64 - kV6HostBits), random};
  }
}

absl::StatusOr<PrefixMap> Places::Map() const {
  PrefixMap::Builder builder;
  for (uint32_t block = 0; block < kV4Blocks; ++block) {
    if (!public_v4_[block]) continue;
    const uint32_t first = block << kV4HostBits;
    const uint32_t last = first | ((uint32_t{1} << kV4HostBits) - 1);
    const absl::Status added = builder.Add(
        {IpAddress::FromV4(first), IpAddress::FromV4(last), LocationOf(block % countries_)});
    if (!added.ok()) return added;
  }
  for (uint32_t block = 0; block < kV6Blocks; ++block) {
    if (!public_v6_[block]) continue;
    const uint64_t first = kGlobalUnicast | uint64_t{block} << kV6HostBits;
    const uint64_t last = first | ((uint64_t{1} << kV6HostBits) - 1);
    const absl::Status added =
        builder.Add({{first, 0}, {last, ~uint64_t{0}}, LocationOf(block % countries_)});
    if (!added.ok()) return added;
  }
  return builder.Finish();
}

}  // namespace borderflow
