#include "tools/command/geo_compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/types/span.h"
#include "dataplane/packet/address.h"

namespace borderflow {
namespace {

using Family = LayerCursor::Family;

constexpr int kBitsBelow48 = 128 - 48;

// A stretch of addresses, both ends included.
struct Stretch {
  IpAddress first;
  IpAddress last;
};

constexpr Stretch kV4Space[] = {{IpAddress::FromV4(0), IpAddress::FromV4(UINT32_MAX)}};

// 2000::/3 without 2001::/32 and 2002::/16.
constexpr Stretch kV6Space[] = {
    {{0x2000'0000'0000'0000, 0}, {0x2001'0000'0000'0000 - 1, UINT64_MAX}},
    {{0x2001'0001'0000'0000, 0}, {0x2002'0000'0000'0000 - 1, UINT64_MAX}},
    {{0x2003'0000'0000'0000, 0}, {0x4000'0000'0000'0000 - 1, UINT64_MAX}}};

double Units(const Stretch& stretch, Family family) {
  const uint64_t low = stretch.last.low - stretch.first.low;
  const uint64_t borrow = stretch.last.low < stretch.first.low ? 1 : 0;
  const uint64_t high = stretch.last.high - stretch.first.high - borrow;
  const double addresses = std::ldexp(static_cast<double>(high), 64) + static_cast<double>(low) + 1;
  return family == Family::kV4 ? addresses : std::ldexp(addresses, -kBitsBelow48);
}

class Comparison {
 public:
  explicit Comparison(Family family)
      : family_(family),
        space_(family == Family::kV4 ? absl::MakeConstSpan(kV4Space)
                                     : absl::MakeConstSpan(kV6Space)) {}

  // All of `stretch` has the locations `a` and `b`. Stretches must come in ascending order.
  void Add(const Stretch& stretch, Jurisdiction a, Jurisdiction b) {
    for (const Stretch& part : space_) {
      const Stretch clipped{std::max(stretch.first, part.first), std::min(stretch.last, part.last)};
      if (clipped.first <= clipped.last) Count(clipped, a, b);
    }
  }

  FamilyDiff Finish() {
    for (const auto& [codes, count] : pairs_) {
      diff_.pairs.push_back({codes.first, codes.second, count});
    }
    // The map is in the order of codes already.
    std::stable_sort(
        diff_.pairs.begin(), diff_.pairs.end(),
        [](const PairDiff& x, const PairDiff& y) { return x.count.units > y.count.units; });
    return std::move(diff_);
  }

 private:
  void Count(const Stretch& stretch, Jurisdiction a, Jurisdiction b) {
    const bool in_a = a != Jurisdiction::kUnknown;
    const bool in_b = b != Jurisdiction::kUnknown;
    // A step of a database may end where only its AS number changes.
    const bool continues = a == last_a_ && b == last_b_;
    last_a_ = a;
    last_b_ = b;
    if (!in_a && !in_b) return;
    const SpaceCount count{Units(stretch, family_), continues ? 0u : 1u};
    SpaceCount& sum = !in_b    ? diff_.only_a
                      : !in_a  ? diff_.only_b
                      : a == b ? diff_.agree
                               : diff_.disagree;
    sum = sum + count;
    if (in_a && in_b && a != b) {
      SpaceCount& pair = pairs_[{a, b}];
      pair = pair + count;
    }
  }

  const Family family_;
  const absl::Span<const Stretch> space_;
  Jurisdiction last_a_ = Jurisdiction::kUnknown;
  Jurisdiction last_b_ = Jurisdiction::kUnknown;
  FamilyDiff diff_;
  std::map<std::pair<Jurisdiction, Jurisdiction>, SpaceCount> pairs_;
};

IpAddress Before(const IpAddress& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

FamilyDiff CompareFamily(const GeoLayer& layer_a, const GeoLayer& layer_b, Family family) {
  LayerCursor a(layer_a, family);
  LayerCursor b(layer_b, family);
  Comparison comparison(family);
  IpAddress first = family == Family::kV4 ? IpAddress::FromV4(0) : IpAddress{};
  while (true) {
    const Jurisdiction in_a = a.location().location;
    const Jurisdiction in_b = b.location().location;
    if (a.last() && b.last()) {
      const IpAddress last =
          family == Family::kV4 ? IpAddress::FromV4(UINT32_MAX) : IpAddress{UINT64_MAX, UINT64_MAX};
      comparison.Add({first, last}, in_a, in_b);
      return comparison.Finish();
    }
    const IpAddress next = a.last() ? b.next() : b.last() ? a.next() : std::min(a.next(), b.next());
    comparison.Add({first, Before(next)}, in_a, in_b);
    if (!a.last() && a.next() == next) a.Advance();
    if (!b.last() && b.next() == next) b.Advance();
    first = next;
  }
}

}  // namespace

DatabaseDiff CompareLocations(const GeoLayer& a, const GeoLayer& b) {
  return {CompareFamily(a, b, Family::kV4), CompareFamily(a, b, Family::kV6)};
}

}  // namespace borderflow
