#include "dataplane/inspect/reassembly.h"

#include <algorithm>
#include <cstring>

namespace borderflow {

Segments::Outcome Segments::Insert(uint8_t* data, uint32_t offset, Bytes bytes, Keep keep) {
  Outcome outcome;
  if (bytes.empty()) return outcome;
  const uint32_t begin = offset;
  const uint32_t end = offset + static_cast<uint32_t>(bytes.size());

  // [first, last) are the ranges that the segment overlaps or touches.
  int first = 0;
  while (first < count_ && ranges_[first].end < begin) ++first;
  int last = first;
  while (last < count_ && ranges_[last].begin <= end) ++last;
  if (first == last && count_ == kMaxRanges) {
    outcome.stored = false;
    return outcome;
  }

  const auto copy = [&](uint32_t from, uint32_t to) {
    std::memcpy(data + from, bytes.data() + (from - begin), to - from);
  };
  uint32_t at = begin;
  for (int i = first; i < last; ++i) {
    const Range& range = ranges_[i];
    if (at < range.begin) {
      copy(at, range.begin);
      outcome.added += range.begin - at;
    }
    const uint32_t overlap_begin = std::max<uint32_t>(at, range.begin);
    const uint32_t overlap_end = std::min<uint32_t>(end, range.end);
    if (overlap_begin < overlap_end) {
      if (std::memcmp(data + overlap_begin, bytes.data() + (overlap_begin - begin),
                      overlap_end - overlap_begin) != 0) {
        outcome.conflict = true;
        if (keep == Keep::kLast) copy(overlap_begin, overlap_end);
      }
    }
    at = std::max<uint32_t>(at, range.end);
  }
  if (at < end) {
    copy(at, end);
    outcome.added += end - at;
  }

  Range merged = {static_cast<uint16_t>(begin), static_cast<uint16_t>(end)};
  if (first == last) {
    std::copy_backward(ranges_.begin() + first, ranges_.begin() + count_,
                       ranges_.begin() + count_ + 1);
    ++count_;
  } else {
    merged.begin = std::min(merged.begin, ranges_[first].begin);
    merged.end = std::max(merged.end, ranges_[last - 1].end);
    std::copy(ranges_.begin() + last, ranges_.begin() + count_, ranges_.begin() + first + 1);
    count_ = static_cast<uint8_t>(count_ - (last - first - 1));
  }
  ranges_[first] = merged;
  return outcome;
}

uint32_t Segments::ContiguousEnd(uint32_t begin) const {
  for (int i = 0; i < count_; ++i) {
    if (ranges_[i].begin <= begin && begin < ranges_[i].end) return ranges_[i].end;
  }
  return begin;
}

}  // namespace borderflow
