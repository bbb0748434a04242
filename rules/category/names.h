// Names: domain suffix -> category and service.
//
// suffixes.csv, one line a suffix, is compiled into the program; a suffix matches itself and every
// name below it, at label borders only, and the longest suffix wins.
//
// Thread safety: const members may be called by any number of threads.
// Slow twin in tests: a scan over all suffixes. The matcher itself is suffix_index.h.
#ifndef BORDERFLOW_RULES_CATEGORY_NAMES_H_
#define BORDERFLOW_RULES_CATEGORY_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "rules/category/category.h"

namespace borderflow {

struct NameRule {
  std::string_view suffix;  // "stripe.com", lower case, no dots at the ends
  Category category = Category::kUnk;
  uint8_t confidence = 0;    // percent: 80 for one service, 50 for a multi-tenant host
  std::string_view service;  // "Stripe payments"
};

class NameRules {
 public:
  // Reads CSV text "suffix,category,confidence,service" with '#' comments; `file` is for messages.
  // Errors: InvalidArgument with file:line for a malformed suffix, a category that is unknown or
  // says nothing (UNK, ENC), confidence above the cap, or a suffix that appears twice.
  // About 65 bytes of memory a suffix, and half a microsecond.
  static absl::StatusOr<NameRules> Parse(std::string_view csv, std::string_view file);

  // The suffixes that ship with the program.
  static const NameRules& BuiltIn();

  // The rule of the longest matching suffix, or nullptr. `name` may have upper case and a trailing
  // dot; any bytes are safe; no allocation. Under 100 ns for names of real length, while the rules
  // asked for are in the cache.
  const NameRule* Find(std::string_view name) const;

  size_t size() const;
  // SHA-256 of the CSV text, in hex.
  const std::string& digest() const;

  ~NameRules();
  NameRules(NameRules&&) noexcept;
  NameRules& operator=(NameRules&&) noexcept;

 private:
  NameRules();
  struct Table;
  std::unique_ptr<Table> table_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_NAMES_H_
