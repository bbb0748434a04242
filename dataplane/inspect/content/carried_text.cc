#include "dataplane/inspect/content/carried_text.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"

namespace borderflow {
namespace {

// Whether a word, a number or an address may go on over `c`.
bool Joins(char c) {
  constexpr std::string_view kJoining = "_.%+-/@";
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         kJoining.find(c) != std::string_view::npos;
}

// Where what is carried of `text` begins.
size_t BeginOfEnd(std::string_view text) {
  constexpr std::string_view kMessageEnd = "\r\n\r\n";
  if (text.ends_with(kMessageEnd)) return text.size();
  if (text.size() <= kCarriedBytes) return 0;
  size_t begin = text.size() - kCarriedBytes;
  while (begin < text.size() && Joins(text[begin])) ++begin;
  return begin;
}

}  // namespace

void CarriedText::Clear() {
  std::memset(bytes.data(), 0, size);
  size = 0;
  counted_until = {};
}

void CarriedText::Keep(std::string_view text, const CountedUntil& counted) {
  const size_t begin = BeginOfEnd(text);
  const size_t kept = text.size() - begin;
  if (kept < size) std::memset(bytes.data() + kept, 0, size - kept);
  size = static_cast<uint8_t>(kept);
  if (kept == 0) {
    counted_until = {};
    return;
  }
  std::memcpy(bytes.data(), text.data() + begin, kept);
  for (size_t i = 0; i < counted.size(); ++i) {
    counted_until[i] = static_cast<uint8_t>(std::max(counted[i], begin) - begin);
  }
}

}  // namespace borderflow
