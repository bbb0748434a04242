#include "dataplane/inspect/content/begins_as_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace borderflow {
namespace {

constexpr size_t kLooked = 32;

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
  const Bytes first = bytes.subspan(0, std::min(bytes.size(), kLooked));
  // No early end: so the compiler looks at many bytes at a time.
  unsigned controls = 0;
  unsigned high = 0;
  const auto look = [&controls, &high](uint8_t byte) {
    const bool blank = byte == '\t' || byte == '\r' || byte == '\n';
    controls += ((byte < 0x20) & !blank) | (byte == 0x7f);
    high += byte >> 7;
  };
  if (first.size() == kLooked) {
    for (size_t i = 0; i < kLooked; ++i) look(first[i]);
  } else {
    for (const uint8_t byte : first) look(byte);
  }
  return controls == 0 && (high * 4 <= first.size() || IsUtf8(first));
}

}  // namespace borderflow
