#include "dataplane/geo/prefix_map.h"

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/geo/embedded.h"
#include "dataplane/geo/v4_table.h"
#include "dataplane/geo/v6_table.h"

namespace borderflow {
namespace {

constexpr uint64_t kV4Addresses = uint64_t{1} << 32;
constexpr IpAddress kFirstV4 = IpAddress::FromV4(0);
constexpr IpAddress kLastV6 = {~uint64_t{0}, ~uint64_t{0}};

IpAddress Next(const IpAddress& address) {
  return {address.high + (address.low == ~uint64_t{0} ? 1 : 0), address.low + 1};
}

std::string Text(const GeoRange& range) {
  return absl::StrCat(ToString(range.first), " - ", ToString(range.last));
}

absl::Status Refuse(const GeoRange& range, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("range ", Text(range), " ", problem));
}

// Room for values that are written before they are read: those of an array would all be set first.
template <typename T, size_t kSize>
class Room {
  static_assert(std::is_trivially_copyable_v<T> && std::is_aggregate_v<T>);

 public:
  T* data() { return std::launder(reinterpret_cast<T*>(bytes_)); }
  T& operator[](size_t i) { return data()[i]; }

 private:
  alignas(T) std::byte bytes_[kSize * sizeof(T)];
};

}  // namespace

struct PrefixMap::Tables {
  V4Table v4;
  V6Table v6;

  // What the IPv6 half found for `address`, or what IPv4 says where it is to be asked.
  Location Resolve(const IpAddress& address, const Location& found) const {
    if (found.source != kEmbedded) return found;
    return v4.Find(EmbeddedV4(address, static_cast<int>(found.asn)));
  }
};

PrefixMap::Builder::Builder() : tables_(std::make_unique<Tables>()) {}
PrefixMap::Builder::~Builder() = default;

void PrefixMap::Builder::Reserve(size_t v4_ranges, size_t v6_ranges) {
  tables_->v4.Reserve(2 * v4_ranges);  // with a gap before each
  tables_->v6.Reserve(2 * v6_ranges);
}

absl::Status PrefixMap::Builder::Add(const GeoRange& range) {
  if (range.last < range.first) return Refuse(range, "ends before it begins");
  if (range.location.source > GeoSource::kNone) return Refuse(range, "has no valid source");
  if (range.first.IsV4Mapped()) {
    if (!range.last.IsV4Mapped()) return Refuse(range, "leaves IPv4 (::ffff:0:0/96)");
    const uint64_t first = range.first.v4();
    const uint64_t end = uint64_t{range.last.v4()} + 1;
    if (first < next_v4_) return Refuse(range, "begins before the end of the range before it");
    if (next_v4_ < first) tables_->v4.Append(next_v4_, first, Location{});
    tables_->v4.Append(first, end, range.location);
    next_v4_ = end;
    return absl::OkStatus();
  }
  return AddV6(range);
}

absl::Status PrefixMap::Builder::AddEmbedded(const IpAddress& first, const IpAddress& last,
                                             int depth) {
  const GeoRange range = {first, last, EmbeddedMark(depth)};
  if (last < first) return Refuse(range, "ends before it begins");
  if (first.IsV4Mapped()) return Refuse(range, "is IPv4 itself");
  return AddV6(range);
}

absl::Status PrefixMap::Builder::AddV6(const GeoRange& range) {
  if (range.first < kFirstV4 && range.last >= kFirstV4) {
    return Refuse(range, "runs into IPv4 (::ffff:0:0/96)");
  }
  if (v6_complete_ || range.first < next_v6_) {
    return Refuse(range, "begins before the end of the range before it");
  }
  if (range.first > next_v6_) tables_->v6.Append(next_v6_, Location{});
  tables_->v6.Append(range.first, range.location);
  v6_complete_ = range.last == kLastV6;
  next_v6_ = Next(range.last);
  return absl::OkStatus();
}

PrefixMap PrefixMap::Builder::Finish() {
  tables_->v4.Append(next_v4_, kV4Addresses, Location{});
  tables_->v4.Seal();
  if (!v6_complete_) tables_->v6.Append(next_v6_, Location{});
  tables_->v6.Seal();
  return PrefixMap(std::move(tables_));
}

absl::StatusOr<PrefixMap> PrefixMap::Build(absl::Span<const GeoRange> ranges) {
  Builder builder;
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (i > 0 && ranges[i].first <= ranges[i - 1].last) {
      return absl::InvalidArgumentError(
          absl::StrCat("ranges ", Text(ranges[i - 1]), " and ", Text(ranges[i]),
                       " overlap or are out of order; sort them by first address"));
    }
    if (absl::Status added = builder.Add(ranges[i]); !added.ok()) return added;
  }
  return builder.Finish();
}

PrefixMap::PrefixMap() = default;
PrefixMap::~PrefixMap() = default;
PrefixMap::PrefixMap(PrefixMap&&) noexcept = default;
PrefixMap& PrefixMap::operator=(PrefixMap&&) noexcept = default;
PrefixMap::PrefixMap(std::unique_ptr<Tables> tables) : tables_(std::move(tables)) {}

void PrefixMap::FindV4(absl::Span<const uint32_t> addresses, absl::Span<Location> out) const {
  if (tables_ == nullptr) {
    std::fill_n(out.begin(), addresses.size(), Location{});
    return;
  }
  for (size_t done = 0; done < addresses.size(); done += V4Table::kBurst) {
    const size_t count = std::min(V4Table::kBurst, addresses.size() - done);
    tables_->v4.FindBurst(&addresses[done], count, &out[done]);
  }
}

void PrefixMap::Find(absl::Span<const IpAddress> addresses, absl::Span<Location> out) const {
  if (tables_ == nullptr) {
    std::fill_n(out.begin(), addresses.size(), Location{});
    return;
  }
  // Each family walks its own stages; a burst is nearly always of one family.
  constexpr size_t kBurst = V6Table::kBurst;
  static_assert(kBurst <= V4Table::kBurst);
  for (size_t done = 0; done < addresses.size(); done += kBurst) {
    const size_t count = std::min(kBurst, addresses.size() - done);
    uint32_t v4[kBurst];
    Room<IpAddress, kBurst> v6;
    uint8_t v4_places[kBurst];
    uint8_t v6_places[kBurst];
    size_t v4_count = 0;
    size_t v6_count = 0;
    // Into both lists, of which one grows: no branch tells which family comes next.
    for (size_t i = 0; i < count; ++i) {
      const IpAddress& address = addresses[done + i];
      const bool is_v4 = address.IsV4Mapped();
      v4_places[v4_count] = v6_places[v6_count] = static_cast<uint8_t>(i);
      v4[v4_count] = address.v4();
      v6[v6_count] = address;
      v4_count += size_t{is_v4};
      v6_count += size_t{!is_v4};
    }
    Room<Location, kBurst> found;
    if (v4_count > 0) tables_->v4.FindBurst(v4, v4_count, found.data());
    for (size_t i = 0; i < v4_count; ++i) out[done + v4_places[i]] = found[i];
    if (v6_count > 0) tables_->v6.FindBurst(v6.data(), v6_count, found.data());
    for (size_t i = 0; i < v6_count; ++i) {
      out[done + v6_places[i]] = tables_->Resolve(v6[i], found[i]);
    }
  }
}

Location PrefixMap::Find(const IpAddress& address) const {
  if (tables_ == nullptr) return Location{};
  return address.IsV4Mapped() ? tables_->v4.Find(address.v4())
                              : tables_->Resolve(address, tables_->v6.Find(address));
}

size_t PrefixMap::memory_bytes() const {
  return tables_ == nullptr ? 0 : tables_->v4.memory_bytes() + tables_->v6.memory_bytes();
}

}  // namespace borderflow
