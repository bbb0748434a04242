#include "dataplane/geo/combiner.h"

namespace borderflow {

std::optional<Combiner::Alias> Combiner::SharedAlias() const {
  if (silent_databases_ || declared_ == cursors_.size()) return std::nullopt;
  const LayerCursor& some = cursors_.back();
  if (some.alias() == nullptr) return std::nullopt;
  Alias alias = {some.alias()->first, some.alias()->alias_depth, std::nullopt};
  const auto ends_at = [&alias](const IpAddress* end) {
    if (end != nullptr && (!alias.end.has_value() || *end < *alias.end)) alias.end = *end;
  };
  for (size_t i = 0; i < cursors_.size(); ++i) {
    const LayerCursor& cursor = cursors_[i];
    if (i < declared_) {
      if (cursor.location().source != GeoSource::kNone) return std::nullopt;
      ends_at(cursor.last() ? nullptr : &cursor.next());
      continue;
    }
    const V6Step* own = cursor.alias();
    if (own == nullptr || own->first != alias.prefix || own->alias_depth != alias.depth) {
      return std::nullopt;
    }
    ends_at(cursor.alias_end());
  }
  return alias;
}

absl::Status AddV6Range(const GeoRange& range, PrefixMap::Builder* builder) {
  if (range.last < kFirstV4 || range.first > kLastV4) return builder->Add(range);
  if (range.first < kFirstV4) {
    absl::Status added = builder->Add({range.first, Before(kFirstV4), range.location});
    if (!added.ok()) return added;
  }
  if (range.last <= kLastV4) return absl::OkStatus();
  return builder->Add({{kLastV4.high, kLastV4.low + 1}, range.last, range.location});
}

}  // namespace borderflow
