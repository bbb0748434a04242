#include "rules/jurisdiction/suggest.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace borderflow {

size_t EditDistance(std::string_view a, std::string_view b) {
  using Row = std::array<size_t, kLongestSuggestion + 1>;
  Row before_last{}, last{}, row{};
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const auto same = [&](size_t x, size_t y) {
        return absl::ascii_tolower(static_cast<unsigned char>(a[x - 1])) ==
               absl::ascii_tolower(static_cast<unsigned char>(b[y - 1]));
      };
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(i, j) ? 0 : 1)});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
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
