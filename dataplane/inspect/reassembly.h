// Segments: which bytes of a buffer have arrived.
//
// A sorted array of disjoint ranges, exact to the byte, beside a buffer that somebody else owns.
// Where segments overlap, the first copy wins, as in the receivers that matter; a caller that knows
// better may let the last one win.
//
// Thread safety: none. Cost: a few ns and one copy for a segment in order.
//
// Slow twin in tests: std::map<offset, byte>.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_REASSEMBLY_H_
#define BORDERFLOW_DATAPLANE_INSPECT_REASSEMBLY_H_

#include <array>
#include <cstdint>

#include "dataplane/inspect/reader.h"

namespace borderflow {

// Browsers cut one QUIC hello into up to about twenty frames and shuffle them within the packet, so
// that every second one opens a range before they join.
inline constexpr int kMaxRanges = 32;

class Segments {
 public:
  enum class Keep : uint8_t { kFirst, kLast };
  struct Outcome {
    bool stored = true;     // false: it would have opened a range too many; nothing was copied
    bool conflict = false;  // overlapped with other bytes than those already there
    uint32_t added = 0;     // bytes that were not there before
  };

  // Copies `bytes` to data[offset..]. REQUIRES: the buffer reaches offset + bytes.size(), which is
  // below 65,536.
  Outcome Insert(uint8_t* data, uint32_t offset, Bytes bytes, Keep keep = Keep::kFirst);

  // One past the last byte that is there without a gap from `begin` on; `begin` when none is.
  uint32_t ContiguousEnd(uint32_t begin) const;

  void Clear() { count_ = 0; }
  int ranges() const { return count_; }

 private:
  struct Range {
    uint16_t begin;
    uint16_t end;
  };
  std::array<Range, kMaxRanges> ranges_;  // [0, count_) are disjoint, ascending, and do not touch
  uint8_t count_ = 0;
};

// Offset of a TCP sequence number from a base, right across the wrap of 2^32 (RFC 9293 section
// 3.4): negative when it lies before.
constexpr int32_t SequenceOffset(uint32_t sequence, uint32_t base) {
  return static_cast<int32_t>(sequence - base);
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_REASSEMBLY_H_
