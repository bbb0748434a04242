// Did you mean: the candidate nearest to a mistyped word.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_JURISDICTION_SUGGEST_H_
#define BORDERFLOW_RULES_JURISDICTION_SUGGEST_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/types/span.h"

namespace borderflow {

// Words longer than this are never compared: they are not a typing error.
inline constexpr size_t kLongestSuggestion = 64;

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal
// string alignment distance), ignoring ASCII case. Both at most kLongestSuggestion bytes.
size_t EditDistance(std::string_view a, std::string_view b);

// The one candidate nearest to `mistyped`; empty when none is within a third of its length, or when
// two different ones are equally near. Up to about 2 us a candidate.
std::string_view Nearest(std::string_view mistyped, absl::Span<const std::string_view> candidates);

// ` (did you mean "x"?)`, or nothing.
std::string DidYouMean(std::string_view mistyped, absl::Span<const std::string_view> candidates);

// A word as messages quote it: escaped, and cut where it is very long.
std::string Quoted(std::string_view word);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_SUGGEST_H_
