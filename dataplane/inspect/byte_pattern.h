// BytePattern: the first bytes of a message, compared in three words.
//
// Written as text and read by the compiler, which refuses what it cannot read:
//   0b      a byte          ..  any byte        4.  any low nibble
//   'MSH'   these letters   i'EHLO '  these letters in either case
//   @9      go on at this offset, whatever stands in between
//
// Thread safety: constants.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_BYTE_PATTERN_H_
#define BORDERFLOW_DATAPLANE_INSPECT_BYTE_PATTERN_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace borderflow {

struct BytePattern {
  static constexpr size_t kReach = 24;  // bytes from the start that a pattern can speak of
  static constexpr size_t kWords = kReach / 8;

  // `text` as above. What is wrong with it stops the compiler at the call of Refuse.
  consteval explicit BytePattern(std::string_view text);

  // `head` are the message's first bytes, zeros behind its end; REQUIRES: it has `size` of them.
  bool Matches(const std::array<uint64_t, kWords>& head) const {
    return (((head[0] ^ value[0]) & mask[0]) | ((head[1] ^ value[1]) & mask[1]) |
            ((head[2] ^ value[2]) & mask[2])) == 0;
  }

  std::array<uint64_t, kWords> value = {};
  std::array<uint64_t, kWords> mask = {};
  uint8_t size = 0;  // one past the last byte that the pattern speaks of

 private:
  static void Refuse() {}  // not constant, so that reaching it is an error of compilation
  static constexpr bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
  static consteval uint8_t HexValue(char c) {
    if (c != '.' && !IsHex(c)) Refuse();
    return static_cast<uint8_t>(c == '.' ? 0 : c <= '9' ? c - '0' : c - 'a' + 10);
  }
};

consteval BytePattern::BytePattern(std::string_view text) {
  std::array<uint8_t, kReach> bytes = {};
  std::array<uint8_t, kReach> masks = {};
  size_t at = 0;
  const auto put = [&](uint8_t byte, uint8_t bits) {
    if (at >= kReach) Refuse();
    bytes[at] = byte & bits;
    masks[at] = bits;
    ++at;
  };
  for (size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      ++i;
    } else if (text[i] == '@') {
      size_t offset = 0;
      for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        offset = offset * 10 + static_cast<size_t>(text[i] - '0');
      }
      if (offset < at) Refuse();
      at = offset;
    } else if (text[i] == '\'' || text[i] == 'i') {
      const bool any_case = text[i] == 'i';
      if (any_case) ++i;
      for (++i; i < text.size() && text[i] != '\''; ++i) {
        const bool letter =
            (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        put(static_cast<uint8_t>(text[i]), any_case && letter ? 0xdf : 0xff);
      }
      if (i >= text.size()) Refuse();
      ++i;
    } else {
      if (i + 1 >= text.size()) Refuse();
      const uint8_t byte = static_cast<uint8_t>(HexValue(text[i]) << 4 | HexValue(text[i + 1]));
      const uint8_t bits =
          static_cast<uint8_t>((text[i] == '.' ? 0 : 0xf0) | (text[i + 1] == '.' ? 0 : 0x0f));
      put(byte, bits);
      i += 2;
    }
  }
  size = static_cast<uint8_t>(at);
  for (size_t word = 0; word < kWords; ++word) {
    std::array<uint8_t, 8> eight_bytes = {};
    std::array<uint8_t, 8> eight_masks = {};
    for (size_t i = 0; i < 8; ++i) {
      eight_bytes[i] = bytes[word * 8 + i];
      eight_masks[i] = masks[word * 8 + i];
    }
    value[word] = std::bit_cast<uint64_t>(eight_bytes);
    mask[word] = std::bit_cast<uint64_t>(eight_masks);
  }
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_BYTE_PATTERN_H_
