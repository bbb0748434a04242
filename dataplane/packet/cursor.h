// Cursor: bounds-checked reading of a packet's bytes, with a failure that sticks.
//
// Any read beyond the captured bytes yields zero and empties the cursor for good, so that a parser
// reads its fields in a row and asks ok() once. Beside the bytes that were captured a cursor knows
// how many there were on the wire: a snapped frame still tells how long its payload was.
//
// Thread safety: a value; the bytes must outlive it.
#ifndef BORDERFLOW_DATAPLANE_PACKET_CURSOR_H_
#define BORDERFLOW_DATAPLANE_PACKET_CURSOR_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace borderflow {

static_assert(std::endian::native == std::endian::little, "Load* swap bytes");

inline uint16_t LoadBig16(const uint8_t* at) {
  uint16_t value;
  std::memcpy(&value, at, sizeof(value));
  return __builtin_bswap16(value);
}
inline uint32_t LoadBig32(const uint8_t* at) {
  uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  return __builtin_bswap32(value);
}
inline uint64_t LoadBig64(const uint8_t* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof(value));
  return __builtin_bswap64(value);
}

class Cursor {
 public:
  Cursor() = default;
  // `wire` below `captured` is taken as `captured`: bytes that are there were sent.
  Cursor(const uint8_t* data, size_t captured, size_t wire)
      : data_(data), end_(data + captured), unseen_(wire > captured ? wire - captured : 0) {}

  bool ok() const { return ok_; }
  const uint8_t* data() const { return data_; }
  size_t captured() const { return static_cast<size_t>(end_ - data_); }  // readable bytes left
  size_t wire() const { return captured() + unseen_; }  // bytes left as sent, captured or not
  bool Has(size_t count) const { return captured() >= count; }

  // The byte `offset` further on, which is not consumed; 0 when it was not captured.
  uint8_t Peek(size_t offset = 0) const { return offset < captured() ? data_[offset] : 0; }
  uint16_t Peek16(size_t offset = 0) const {
    return Has(2) && offset <= captured() - 2 ? LoadBig16(data_ + offset) : uint16_t{0};
  }

  uint8_t U8() { return Has(1) ? *Advance(1) : Fail(); }
  uint16_t U16() { return Has(2) ? LoadBig16(Advance(2)) : Fail(); }
  uint32_t U32() { return Has(4) ? LoadBig32(Advance(4)) : Fail(); }

  void Skip(size_t count) {
    if (Has(count)) {
      Advance(count);
    } else {
      Fail();
    }
  }

  // As Skip, but by what was sent: leaves what follows on the wire even where the capture ends
  // before it. No failure.
  void SkipSent(size_t count) {
    const size_t seen = std::min(count, captured());
    data_ += seen;
    unseen_ -= std::min(count - seen, unseen_);
  }

  // Forgets what lies beyond the next `count` bytes (padding, trailers). More than there are is no
  // failure: then the capture was cut, or the length lies.
  void Trim(size_t count) {
    const size_t sent = std::min(wire(), count);
    if (Has(count)) end_ = data_ + count;
    unseen_ = sent - captured();
  }

  // Returns 0, as what could not be read.
  uint8_t Fail() {
    end_ = data_;
    unseen_ = 0;
    ok_ = false;
    return 0;
  }

 private:
  const uint8_t* Advance(size_t count) {
    const uint8_t* const at = data_;
    data_ += count;
    return at;
  }

  const uint8_t* data_ = nullptr;
  const uint8_t* end_ = nullptr;
  size_t unseen_ = 0;  // bytes that were sent behind end_, but not captured
  bool ok_ = true;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_CURSOR_H_
