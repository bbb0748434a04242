// GeoLayer: what one source says of the whole address space, as steps.
//
// A step holds from its first address until the next step; the steps of a family cover it wholly.
// Steps point at records, so that a hundred thousand blocks of one operator share one Location.
//
// In an MMDB the IPv4 tree may be reachable under several IPv6 prefixes (::/96, 2001::/32,
// 2002::/16). Such an alias is one step that leads to the IPv4 steps, expanded by the cursor.
//
// Thread safety: plain data.
#ifndef BORDERFLOW_DATAPLANE_GEO_LAYER_H_
#define BORDERFLOW_DATAPLANE_GEO_LAYER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/geo/huge_pages.h"
#include "dataplane/geo/location.h"
#include "dataplane/packet/address.h"

namespace borderflow {

inline constexpr uint32_t kSilent = 0;  // record 0: the source says nothing

struct V4Step {
  uint32_t first = 0;
  uint32_t record = kSilent;
};

struct V6Step {
  IpAddress first;
  uint32_t record = kSilent;  // without meaning where alias_depth >= 0
  int32_t alias_depth = -1;   // bits before the embedded IPv4 address, 0 .. 96; -1: no alias
};

struct GeoLayer {
  std::vector<Location> records = {Location{}};
  HugeVector<V4Step> v4 = {V4Step{}};
  HugeVector<V6Step> v6 = {V6Step{}};
};

struct LocatedPrefix {
  Prefix prefix;
  Location location;
};

// The layer of possibly nested prefixes, where the longest wins; of equal ones the last in order.
GeoLayer FlattenPrefixes(absl::Span<const LocatedPrefix> prefixes);

// Walks a layer's steps of one family in ascending order. The layer must outlive it.
class LayerCursor {
 public:
  enum class Family : uint8_t { kV4, kV6 };
  LayerCursor(const GeoLayer& layer, Family family);

  const Location& location() const { return layer_.records[record_]; }
  // That the source never says anything of the family.
  bool silent() const { return last_ && record_ == kSilent && v4_at_ == 0 && v6_at_ == 0; }
  // The first address of the step after this one. REQUIRES: !last().
  const IpAddress& next() const { return next_; }
  bool last() const { return last_; }
  // REQUIRES: !last().
  void Advance();
  // Goes on to the step around `address`, by bisection. REQUIRES: it lies in this or a later step.
  void SkipTo(const IpAddress& address);

  // The alias that is being expanded; nullptr outside aliases.
  const V6Step* alias() const { return in_alias_ ? &layer_.v6[v6_at_] : nullptr; }
  // The address behind the alias; nullptr where it ends with the last one. REQUIRES: in an alias.
  const IpAddress* alias_end() const {
    return v6_at_ + 1 == layer_.v6.size() ? nullptr : &layer_.v6[v6_at_ + 1].first;
  }

 private:
  void Enter();
  void FindNext();
  void AdvanceInV6();

  const GeoLayer& layer_;
  const Family family_;
  size_t v4_at_ = 0;
  size_t v6_at_ = 0;
  bool in_alias_ = false;
  uint32_t record_ = kSilent;
  bool last_ = false;
  IpAddress next_;
};

// Inline: taken for every range of a database.
inline void LayerCursor::Advance() {
  if (family_ == Family::kV6) {
    AdvanceInV6();
    return;
  }
  ++v4_at_;
  record_ = layer_.v4[v4_at_].record;
  last_ = v4_at_ + 1 == layer_.v4.size();
  if (!last_) next_ = IpAddress::FromV4(layer_.v4[v4_at_ + 1].first);
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_LAYER_H_
