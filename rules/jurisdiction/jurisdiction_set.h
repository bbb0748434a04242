// JurisdictionSet: a set of jurisdictions, and the expressions that write one down.
//
//   expression = term { ("+" | "union" | "-" | "except") term }       from left to right
//   term       = operand { ("&" | "intersection") operand }
//   operand    = code | group | "ANY" | "(" expression ")"
//
// "EEA + GB - LI" is the European Economic Area and the United Kingdom without Liechtenstein; ANY
// is every jurisdiction, without the specials, which are no place and in no set.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_JURISDICTION_JURISDICTION_SET_H_
#define BORDERFLOW_RULES_JURISDICTION_JURISDICTION_SET_H_

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

inline constexpr size_t kMaxSetExpression = 4096;  // bytes
inline constexpr int kMaxSetDepth = 64;            // parentheses inside one another

using JurisdictionSet = std::bitset<kJurisdictions>;

// Every jurisdiction that is not a special.
JurisdictionSet AnyJurisdiction();

// Where an expression begins, for messages: the line and column of its first character, from 1.
struct SetPlace {
  std::string_view file;
  int line = 1;
  int column = 1;
};

// The members of the group of that name; nullptr when there is none. An error ends the parsing.
using SetLookup = absl::FunctionRef<absl::StatusOr<const JurisdictionSet*>(std::string_view)>;

// The set that `expression` names. `groups` are the names that a suggestion may choose from.
// Errors: InvalidArgument "file:line:column: what": an unknown name (with a suggestion), a special,
// a missing operand, operator or parenthesis, a set without members, more than kMaxSetExpression
// bytes or kMaxSetDepth parentheses; and those of `lookup`.
absl::StatusOr<JurisdictionSet> ParseSetExpression(std::string_view expression,
                                                   const SetPlace& place, SetLookup lookup,
                                                   absl::Span<const std::string_view> groups);

// `unknown jurisdiction or group "UK": ISO 3166-1 says "GB" (did you mean "GB"?)`, with what is
// known of the name and the nearest code or group.
std::string UnknownJurisdiction(std::string_view name, absl::Span<const std::string_view> groups);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_JURISDICTION_SET_H_
