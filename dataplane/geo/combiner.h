// Combiner: layers walked side by side -> one location a step (precedence: geography.h).
//
// Thread safety: none; the layers must outlive it.
#ifndef BORDERFLOW_DATAPLANE_GEO_COMBINER_H_
#define BORDERFLOW_DATAPLANE_GEO_COMBINER_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "dataplane/geo/layer.h"
#include "dataplane/geo/prefix_map.h"

namespace borderflow {

inline constexpr IpAddress kFirstV4 = IpAddress::FromV4(0);
inline constexpr IpAddress kLastV4 = IpAddress::FromV4(0xffff'ffff);
inline constexpr IpAddress kLastV6 = {~uint64_t{0}, ~uint64_t{0}};

// The address before one that is not the first.
inline IpAddress Before(const IpAddress& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

// Of one family.
class Combiner {
 public:
  // `declared` layers decide `location` whatever they say; of `databases` the first that knows.
  Combiner(const std::vector<GeoLayer>& declared, const std::vector<GeoLayer>& databases,
           LayerCursor::Family family, bool anycast_from_database)
      : anycast_from_database_(anycast_from_database) {
    for (const GeoLayer& layer : declared) AddCursor(LayerCursor(layer, family));
    declared_ = cursors_.size();
    for (const GeoLayer& layer : databases) AddCursor(LayerCursor(layer, family));
    silent_databases_ = declared_ + databases.size() != cursors_.size();
    FindNext();
  }
  Combiner(const Combiner&) = delete;  // next_ points into cursors_
  Combiner& operator=(const Combiner&) = delete;

  Location Combine() const;
  // The next address at which any layer changes; nullptr when none does.
  const IpAddress* Next() const { return next_; }
  // REQUIRES: `to` <= *Next(), if there is one.
  void AdvanceTo(const IpAddress& to);
  // Goes on to any later address.
  void SkipTo(const IpAddress& to);

  // Hands out the steps from `first` on for as long as one layer alone speaks and changes, which
  // is nearly all of a database: take(first, last, location). Returns where the next step begins.
  template <typename Take>
  IpAddress AddLone(IpAddress first, const Take& take);

  // Where every database is in one alias of the IPv4 tree, and no declared layer speaks: the alias,
  // and until which address (excluded; nullopt for all that follow) this holds.
  struct Alias {
    IpAddress prefix;
    int depth = 0;
    std::optional<IpAddress> end;
  };
  std::optional<Alias> SharedAlias() const;

 private:
  void AddCursor(LayerCursor cursor) {
    if (!cursor.silent()) cursors_.push_back(cursor);
  }

  void FindNext();
  // With the anycast flag applied.
  Location Decided(Location location) const {
    if (location.source == GeoSource::kDatabase && (location.flags & kFlagAnycast) != 0 &&
        !anycast_from_database_) {
      location.location = Jurisdiction::kAnycast;
      location.source = GeoSource::kAnycast;
    }
    return location;
  }

  const bool anycast_from_database_;
  std::vector<LayerCursor> cursors_;  // those that ever say anything of the family
  size_t declared_ = 0;               // of them, ahead of the databases
  bool silent_databases_ = false;     // that there are others
  const IpAddress* next_ = nullptr;
};

// Adds a range of IPv6 addresses, leaving out what it has in common with IPv4.
absl::Status AddV6Range(const GeoRange& range, PrefixMap::Builder* builder);

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
  return Decided(combined);
}

template <typename Take>
IpAddress Combiner::AddLone(IpAddress first, const Take& take) {
  LayerCursor* lone = nullptr;
  const IpAddress* end = nullptr;
  for (LayerCursor& cursor : cursors_) {
    if (!cursor.last() && &cursor.next() == next_) {
      lone = &cursor;
      continue;
    }
    if (cursor.location().source != GeoSource::kNone) return first;
    if (!cursor.last() && (end == nullptr || cursor.next() < *end)) end = &cursor.next();
  }
  if (lone == nullptr) return first;
  while (!lone->last() && (end == nullptr || lone->next() < *end) && lone->alias() == nullptr) {
    take(first, Before(lone->next()), Decided(lone->location()));
    first = lone->next();
    lone->Advance();
  }
  FindNext();
  return first;
}

inline void Combiner::SkipTo(const IpAddress& to) {
  for (LayerCursor& cursor : cursors_) cursor.SkipTo(to);
  FindNext();
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
