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
inline bool IsAnyCase(char a, char lower) { return (IsUpper(a) ? a + 32 : a) == lower; }
inline bool ContainsAnyCase(std::string_view text, std::string_view needle) {
  return std::search(text.begin(), text.end(), needle.begin(), needle.end(), IsAnyCase) !=
         text.end();
}
inline bool StartsWithAnyCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char lower, char a) { return IsAnyCase(a, lower); });
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_TEXT_H_
