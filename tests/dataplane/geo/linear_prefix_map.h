// LinearPrefixMap: the slow twin of PrefixMap, which scans the ranges.
#ifndef BORDERFLOW_TESTS_DATAPLANE_GEO_LINEAR_PREFIX_MAP_H_
#define BORDERFLOW_TESTS_DATAPLANE_GEO_LINEAR_PREFIX_MAP_H_

#include <utility>
#include <vector>

#include "dataplane/geo/prefix_map.h"

namespace borderflow {

class LinearPrefixMap {
 public:
  explicit LinearPrefixMap(std::vector<GeoRange> ranges) : ranges_(std::move(ranges)) {}

  Location Find(const IpAddress& address) const {
    for (const GeoRange& range : ranges_) {
      if (range.first <= address && address <= range.last) return range.location;
    }
    return Location{};
  }

 private:
  std::vector<GeoRange> ranges_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_GEO_LINEAR_PREFIX_MAP_H_
