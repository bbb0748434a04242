// SegmentsTwin: the slow twin of Segments, one entry a byte.
#ifndef BORDERFLOW_TESTS_DATAPLANE_INSPECT_SEGMENTS_TWIN_H_
#define BORDERFLOW_TESTS_DATAPLANE_INSPECT_SEGMENTS_TWIN_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "dataplane/inspect/reassembly.h"

namespace borderflow {

class SegmentsTwin {
 public:
  using Places = std::vector<std::optional<uint8_t>>;

  Segments::Outcome Insert(uint32_t offset, Bytes bytes, Segments::Keep keep) {
    Segments::Outcome outcome;
    Places next = places_;
    next.resize(std::max(next.size(), offset + bytes.size()));
    for (size_t i = 0; i < bytes.size(); ++i) {
      std::optional<uint8_t>& place = next[offset + i];
      if (!place.has_value()) {
        place = bytes[i];
        ++outcome.added;
      }
      if (*place == bytes[i]) continue;
      outcome.conflict = true;
      if (keep == Segments::Keep::kLast) place = bytes[i];
    }
    if (Ranges(next) > kMaxRanges) return {.stored = false};
    places_ = std::move(next);
    return outcome;
  }

  uint32_t ContiguousEnd(uint32_t begin) const {
    while (begin < places_.size() && places_[begin].has_value()) ++begin;
    return begin;
  }
  int ranges() const { return Ranges(places_); }
  // By offset; nullopt where no byte has arrived.
  const Places& places() const { return places_; }

 private:
  static int Ranges(const Places& places) {
    int ranges = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      const bool first = i == 0 || !places[i - 1].has_value();
      ranges += first && places[i].has_value() ? 1 : 0;
    }
    return ranges;
  }
  Places places_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_INSPECT_SEGMENTS_TWIN_H_
