#include "dataplane/inspect/content/begins_as_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace borderflow {
namespace {

constexpr size_t kLooked = 32;

bool IsControl(uint8_t byte) {
  const bool blank = (byte == '\t') | (byte == '\r') | (byte == '\n');
  return ((byte < 0x20) & !blank) | (byte == 0x7f);
}

bool IsContinuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }

// Bytes of the UTF-8 character that `lead` begins (RFC 3629 section 3), or 0.
size_t CharacterSize(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

bool IsUtf8(Bytes bytes) {
  size_t at = 0;
  while (at < bytes.size() && at < 3 && IsContinuation(bytes[at])) ++at;
  while (at < bytes.size()) {
    const size_t size = CharacterSize(bytes[at]);
    if (size == 0) return false;
    const size_t end = std::min(bytes.size(), at + size);
    for (++at; at < end; ++at) {
      if (!IsContinuation(bytes[at])) return false;
    }
  }
  return true;
}

}  // namespace

bool BeginsAsText(Bytes bytes) {
  if (!bytes.empty() && IsControl(bytes[0])) return false;  // as much that is binary begins
  const Bytes first = bytes.subspan(0, std::min(bytes.size(), kLooked));
  uint8_t high = 0;
  if (first.size() == kLooked) {
    // In bytes and without an early end, so that the compiler takes many at a time.
    uint8_t controls = 0;
    for (size_t i = 0; i < kLooked; ++i) {
      controls = static_cast<uint8_t>(controls | static_cast<uint8_t>(IsControl(first[i])));
      high = static_cast<uint8_t>(high + (first[i] >> 7));
    }
    if (controls != 0) return false;
  } else {
    for (const uint8_t byte : first) {
      if (IsControl(byte)) return false;
      high = static_cast<uint8_t>(high + (byte >> 7));
    }
  }
  return high * size_t{4} <= first.size() || IsUtf8(first);
}

}  // namespace borderflow
