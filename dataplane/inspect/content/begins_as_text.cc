#include "dataplane/inspect/content/begins_as_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace borderflow {
namespace {

constexpr size_t kLooked = 32;

// What no text holds: control characters but the white space among them.
constexpr auto kControls = [] {
  std::array<bool, 256> controls = {};
  for (size_t byte = 0; byte < 0x20; ++byte) controls[byte] = true;
  controls[0x7f] = true;
  for (const char white : {'\t', '\r', '\n'}) controls[static_cast<size_t>(white)] = false;
  return controls;
}();

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
  size_t high = 0;
  for (const uint8_t byte : first) {
    if (kControls[byte]) return false;
    high += byte >> 7;
  }
  return high * 4 <= first.size() || IsUtf8(first);
}

}  // namespace borderflow
