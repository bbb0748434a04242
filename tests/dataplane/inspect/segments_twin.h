// SegmentsTwin: the slow twin of Segments, one map entry a byte.
#ifndef BORDERFLOW_TESTS_DATAPLANE_INSPECT_SEGMENTS_TWIN_H_
#define BORDERFLOW_TESTS_DATAPLANE_INSPECT_SEGMENTS_TWIN_H_

#include <cstdint>
#include <map>

#include "dataplane/inspect/reassembly.h"

namespace borderflow {

class SegmentsTwin {
 public:
  Segments::Outcome Insert(uint32_t offset, Bytes bytes, Segments::Keep keep) {
    Segments::Outcome outcome;
    std::map<uint32_t, uint8_t> next = bytes_;
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto [it, fresh] = next.try_emplace(offset + static_cast<uint32_t>(i), bytes[i]);
      if (fresh) ++outcome.added;
      if (fresh || it->second == bytes[i]) continue;
      outcome.conflict = true;
      if (keep == Segments::Keep::kLast) it->second = bytes[i];
    }
    if (Ranges(next) > kMaxRanges) return {.stored = false};
    bytes_ = std::move(next);
    return outcome;
  }

  uint32_t ContiguousEnd(uint32_t begin) const {
    while (bytes_.contains(begin)) ++begin;
    return begin;
  }
  int ranges() const { return Ranges(bytes_); }
  const std::map<uint32_t, uint8_t>& bytes() const { return bytes_; }

 private:
  static int Ranges(const std::map<uint32_t, uint8_t>& bytes) {
    int ranges = 0;
    for (const auto& [at, byte] : bytes) ranges += at == 0 || !bytes.contains(at - 1) ? 1 : 0;
    return ranges;
  }
  std::map<uint32_t, uint8_t> bytes_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_INSPECT_SEGMENTS_TWIN_H_
