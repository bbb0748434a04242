// RuleLine: one line of a list of name rules, "suffix,category,confidence,service".
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_CATEGORY_RULE_LINE_H_
#define BORDERFLOW_RULES_CATEGORY_RULE_LINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "rules/category/category.h"

namespace borderflow {

struct RuleLine {
  std::string_view suffix;  // "stripe.com", lower case, no dots at the ends
  Category category = Category::kUnk;
  uint8_t confidence = 0;    // percent, from 1 to the cap of names
  std::string_view service;  // "Stripe payments"
};

// What is wrong with a line, and at which byte of it, from 1.
struct RuleFault {
  size_t column = 1;
  std::string message;
};

// False for empty lines and comments ("#...").
bool HoldsRule(std::string_view line);

// The rule of a line, whose text it points into. Any bytes are safe.
std::variant<RuleLine, RuleFault> ParseRuleLine(std::string_view line);

// What is wrong with a suffix, or nothing: labels of 1 to 63 lower-case letters, digits, '-' and
// '_', 253 bytes in all (RFC 1035 section 2.3.4).
std::optional<std::string> SuffixFault(std::string_view suffix);

// InvalidArgument "file:line:column: message".
absl::Status RuleError(std::string_view file, size_t line, const RuleFault& fault);

// Text from a file as it may stand in a message: quoted, printable and not too long.
std::string ShownText(std::string_view text);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_RULE_LINE_H_
