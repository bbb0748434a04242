// ByteWriter: appends numbers in network byte order, and length fields that are filled in later.
#ifndef BORDERFLOW_TOOLS_GENERATOR_BYTES_H_
#define BORDERFLOW_TOOLS_GENERATOR_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace borderflow::generator {

class ByteWriter {
 public:
  ByteWriter& U8(uint64_t value) { return Number(value, 1); }
  ByteWriter& U16(uint64_t value) { return Number(value, 2); }
  ByteWriter& U24(uint64_t value) { return Number(value, 3); }
  ByteWriter& U32(uint64_t value) { return Number(value, 4); }
  ByteWriter& U64(uint64_t value) { return Number(value, 8); }
  // Little-endian, for the protocols that want it.
  ByteWriter& U32Little(uint32_t value) {
    for (int i = 0; i < 4; ++i) U8((value >> (8 * i)) & 0xff);
    return *this;
  }
  ByteWriter& Raw(std::string_view bytes) {
    bytes_.append(bytes);
    return *this;
  }
  ByteWriter& Fill(size_t count, uint8_t value = 0) {
    bytes_.append(count, static_cast<char>(value));
    return *this;
  }
  // A vector with its length in `width` bytes in front (RFC 8446 section 3.4).
  ByteWriter& Vector(size_t width, std::string_view bytes) {
    return Number(bytes.size(), width).Raw(bytes);
  }
  // A variable-length integer (RFC 9000 section 16), in the shortest form.
  ByteWriter& VarInt(uint64_t value) {
    if (value < 0x40) return U8(value);
    if (value < 0x4000) return U16(0x4000 | value);
    if (value < 0x40000000) return U32(0x80000000 | value);
    return U64(0xc000000000000000 | value);
  }
  // Writes `value` over `width` bytes that are already there.
  void Patch(size_t offset, uint64_t value, size_t width) {
    for (size_t i = 0; i < width; ++i) {
      bytes_[offset + i] = static_cast<char>((value >> (8 * (width - 1 - i))) & 0xff);
    }
  }

  size_t size() const { return bytes_.size(); }
  const std::string& bytes() const& { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  ByteWriter& Number(uint64_t value, size_t width) {
    for (size_t i = width; i-- > 0;) bytes_.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
    return *this;
  }

  std::string bytes_;
};

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_BYTES_H_
