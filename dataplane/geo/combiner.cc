#include "dataplane/geo/combiner.h"

namespace borderflow {

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

IpAddress Before(const IpAddress& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

absl::Status AddRange(const GeoRange& range, bool v4, PrefixMap::Builder* builder) {
  if (v4) return builder->Add(range);
  if (range.last < kFirstV4 || range.first > kLastV4) return builder->Add(range);
  if (range.first < kFirstV4) {
    absl::Status added = builder->Add({range.first, Before(kFirstV4), range.location});
    if (!added.ok()) return added;
  }
  if (range.last <= kLastV4) return absl::OkStatus();
  return builder->Add({{kLastV4.high, kLastV4.low + 1}, range.last, range.location});
}

}  // namespace borderflow
