// What the checks of text protocols share.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_TEXT_H_
#define BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace borderflow {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
inline char Lower(char c) { return IsUpper(c) ? static_cast<char>(c + 32) : c; }
inline bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

inline bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}
inline bool AllPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsPrintable);
}

// As std::string_view::substr, which throws where this is empty: behind the text's end.
inline std::string_view Part(std::string_view text, size_t at,
                             size_t count = std::string_view::npos) {
  return at < text.size() ? text.substr(at, count) : std::string_view();
}

// The first line without its end. Without an end in reach it is what there is, of 512 bytes at
// most, which is the longest line that mail allows (RFC 5321 section 4.5.3.1.4).
inline std::string_view FirstLine(std::string_view text) {
  constexpr size_t kLongestLine = 512;
  text = text.substr(0, kLongestLine);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Whether the text's first line ends, and is printable (or tabs) up to there.
inline bool HasPrintableLine(std::string_view text) {
  const std::string_view line = FirstLine(text);
  return line.size() < text.size() &&
         std::all_of(line.begin(), line.end(), [](char c) { return IsPrintable(c) || c == '\t'; });
}

// ASCII letters compare in either case; `needle` and `prefix` are in lower case.
inline bool StartsWithAnyCase(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (size_t i = 0; i < prefix.size(); ++i) {
    if (Lower(text[i]) != prefix[i]) return false;
  }
  return true;
}
inline bool ContainsAnyCase(std::string_view text, std::string_view needle) {
  if (needle.empty()) return true;
  for (; text.size() >= needle.size(); text.remove_prefix(1)) {
    if (Lower(text[0]) == needle[0] && StartsWithAnyCase(text, needle)) return true;
  }
  return false;
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_TEXT_H_
