#include "dataplane/geo/combiner.h"

namespace borderflow {

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
