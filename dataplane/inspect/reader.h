// Reader: a bounds-checked cursor over bytes, big-endian, with sticky failure.
//
// Reading past the end yields zeros and makes ok() false for good, so that a parser reads all its
// fields and asks once. `needed()` then tells how many bytes the first failed read would have
// wanted, for parsers that are fed a growing prefix.
//
// Thread safety: none.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_READER_H_
#define BORDERFLOW_DATAPLANE_INSPECT_READER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "absl/types/span.h"
#include "dataplane/packet/cursor.h"

namespace borderflow {

using Bytes = absl::Span<const uint8_t>;

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What a parser says of bytes that may still grow.
enum class Parse : uint8_t {
  kMore,  // right so far; show a longer prefix
  kNot,   // not this protocol, or damaged beyond use
  kDone,  // everything wanted was found, or is known to be absent
};

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  uint8_t U8() { return Want(1) ? bytes_.data()[position_++] : uint8_t{0}; }
  uint16_t U16() { return Want(2) ? LoadBig16(Advance(2)) : uint16_t{0}; }
  uint32_t U24() { return static_cast<uint32_t>(Number(3)); }
  uint32_t U32() { return Want(4) ? LoadBig32(Advance(4)) : uint32_t{0}; }

  // QUIC's variable-length integer (RFC 9000 section 16).
  uint64_t VarInt() {
    const int length = 1 << (position_ < bytes_.size() ? bytes_[position_] >> 6 : 0);
    const uint64_t number = Number(length);
    return number & (~uint64_t{0} >> (64 - 8 * length + 2));
  }

  Bytes Take(size_t count) {
    if (!Want(count)) return {};
    return {Advance(count), count};
  }

  // Moves on without needing the bytes to be there: the next read finds out.
  void Skip(size_t count) {
    if (ok()) position_ += count;
  }

  // Moves on to the next byte that is not zero, or to the end.
  void SkipZeros() {
    uint64_t word = 0;
    while (position_ + sizeof(word) <= bytes_.size()) {
      std::memcpy(&word, bytes_.data() + position_, sizeof(word));
      if (word != 0) break;
      position_ += sizeof(word);
    }
    while (position_ < bytes_.size() && bytes_[position_] == 0) ++position_;
  }

  bool ok() const { return needed_ == 0; }
  size_t needed() const { return needed_; }
  size_t position() const { return position_; }
  size_t left() const { return position_ < bytes_.size() ? bytes_.size() - position_ : 0; }
  Bytes rest() const { return bytes_.subspan(bytes_.size() - left()); }

 private:
  bool Want(size_t count) {
    if (!ok()) return false;
    if (position_ <= bytes_.size() && count <= bytes_.size() - position_) return true;
    needed_ = position_ + count;
    return false;
  }
  const uint8_t* Advance(size_t count) {
    const uint8_t* const at = bytes_.data() + position_;
    position_ += count;
    return at;
  }
  uint64_t Number(int count) {
    if (!Want(static_cast<size_t>(count))) return 0;
    uint64_t number = 0;
    for (int i = 0; i < count; ++i) number = number << 8 | bytes_[position_++];
    return number;
  }

  Bytes bytes_;
  size_t position_ = 0;
  size_t needed_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_READER_H_
