#include "rules/jurisdiction/suggest.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace borderflow {

size_t EditDistance(std::string_view a, std::string_view b) {
  using Row = std::array<uint8_t, kLongestSuggestion + 1>;
  static_assert(kLongestSuggestion < 255);
  const std::string x = absl::AsciiStrToLower({a.data(), a.size()});
  const std::string y = absl::AsciiStrToLower({b.data(), b.size()});
  // Only the last three rows are looked at, in turn.
  std::array<Row, 3> rows;
  for (size_t j = 0; j <= y.size(); ++j) rows[0][j] = static_cast<uint8_t>(j);
  for (size_t i = 1; i <= x.size(); ++i) {
    const Row& before_last = rows[(i + 1) % 3];
    const Row& last = rows[(i + 2) % 3];
    Row& row = rows[i % 3];
    row[0] = static_cast<uint8_t>(i);
    for (size_t j = 1; j <= y.size(); ++j) {
      const int replaced = last[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
      int least = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
        least = std::min(least, before_last[j - 2] + 1);
      }
      row[j] = static_cast<uint8_t>(least);
    }
  }
  return rows[x.size() % 3][y.size()];
}

std::string_view Nearest(std::string_view mistyped, absl::Span<const std::string_view> candidates) {
  if (mistyped.empty() || mistyped.size() > kLongestSuggestion) return {};
  size_t nearest = std::max<size_t>(1, mistyped.size() / 3) + 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const size_t longer = std::max(mistyped.size(), candidate.size());
    const size_t shorter = std::min(mistyped.size(), candidate.size());
    if (longer > kLongestSuggestion || longer - shorter > nearest) continue;  // cannot be as near
    const size_t distance = EditDistance(mistyped, candidate);
    if (distance < nearest) {
      nearest = distance;
      found = candidate;
    } else if (distance == nearest && candidate != found) {
      found = {};
    }
  }
  return found;
}

std::string DidYouMean(std::string_view mistyped, absl::Span<const std::string_view> candidates) {
  const std::string_view nearest = Nearest(mistyped, candidates);
  return nearest.empty() ? "" : absl::StrCat(" (did you mean ", Quoted(nearest), "?)");
}

std::string Quoted(std::string_view word) {
  return absl::StrCat(
      "\"", absl::Utf8SafeCEscape({word.data(), std::min(word.size(), kLongestSuggestion)}),
      word.size() > kLongestSuggestion ? "...\"" : "\"");
}

}  // namespace borderflow
