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
    for (const GeoLayer& layer : declared) Add(LayerCursor(layer, family));
    for (const GeoLayer& layer : databases) Add(LayerCursor(layer, family));
    FindNext();
  }
  Combiner(const Combiner&) = delete;  // next_ points into cursors_
  Combiner& operator=(const Combiner&) = delete;

  Location Combine() const;
  // The next address at which any layer changes; nullptr when none does.
  const IpAddress* Next() const { return next_; }
  // REQUIRES: `to` <= *Next(), if there is one.
  void AdvanceTo(const IpAddress& to);

 private:
  void Add(LayerCursor cursor) {
    if (!cursor.silent()) cursors_.push_back(cursor);
  }

  void FindNext();

  const bool anycast_from_database_;
  std::vector<LayerCursor> cursors_;
  const IpAddress* next_ = nullptr;
};

// The address before one that is not the first.
inline IpAddress Before(const IpAddress& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

// Adds a range of either family, leaving out what an IPv6 range has in common with IPv4.
absl::Status AddRange(const GeoRange& range, bool v4, PrefixMap::Builder* builder);

// Inline: asked for every range of a database.
inline Location Combiner::Combine() const {
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

inline void Combiner::AdvanceTo(const IpAddress& to) {
  for (LayerCursor& cursor : cursors_) {
    if (!cursor.last() && cursor.next() == to) cursor.Advance();
  }
  FindNext();
}

inline void Combiner::FindNext() {
  next_ = nullptr;
  for (const LayerCursor& cursor : cursors_) {
    if (!cursor.last() && (next_ == nullptr || cursor.next() < *next_)) next_ = &cursor.next();
  }
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_COMBINER_H_
