// Combiner: layers walked side by side -> one location a step (precedence: geography.h).
//
// Thread safety: none; the layers must outlive it.
#ifndef BORDERFLOW_DATAPLANE_GEO_COMBINER_H_
#define BORDERFLOW_DATAPLANE_GEO_COMBINER_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "dataplane/geo/layer.h"
#include "dataplane/geo/prefix_map.h"

namespace borderflow {

inline constexpr IpAddress kFirstV4 = IpAddress::FromV4(0);
inline constexpr IpAddress kLastV4 = IpAddress::FromV4(0xffff'ffff);
inline constexpr IpAddress kLastV6 = {~uint64_t{0}, ~uint64_t{0}};

// Of one family.
class Combiner {
 public:
  // `declared` layers decide `location` whatever they say; of `databases` the first that knows.
  Combiner(const std::vector<GeoLayer>& declared, const std::vector<GeoLayer>& databases,
           LayerCursor::Family family, bool anycast_from_database)
      : anycast_from_database_(anycast_from_database) {
    for (const GeoLayer& layer : declared) cursors_.emplace_back(layer, family);
    for (const GeoLayer& layer : databases) cursors_.emplace_back(layer, family);
  }

  Location Combine() const;
  // The next address at which any layer changes; nullptr when none does.
  const IpAddress* Next() const;
  // REQUIRES: Next() != nullptr, `to` == *Next().
  void AdvanceTo(const IpAddress& to);

 private:
  const bool anycast_from_database_;
  std::vector<LayerCursor> cursors_;
};

// The address before one that is not the first.
IpAddress Before(const IpAddress& address);

// Adds a range of either family, leaving out what an IPv6 range has in common with IPv4.
absl::Status AddRange(const GeoRange& range, bool v4, PrefixMap::Builder* builder);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_COMBINER_H_
