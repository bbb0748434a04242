// Names: domain suffix -> category and service.
//
// suffixes.csv, one line a suffix, is compiled into the program; a user's own lists stand above it.
// A suffix matches itself and every name below it, at label borders only; the longest suffix of all
// lists wins, and of equal ones that of the list named first.
//
// Thread safety: const members may be called by any number of threads.
// Slow twin in tests: a scan over all suffixes. The matcher itself is suffix_table.h; who asks
// EntityIndex for the same name makes one NameTails for both.
#ifndef BORDERFLOW_RULES_CATEGORY_NAMES_H_
#define BORDERFLOW_RULES_CATEGORY_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/category/category.h"
#include "rules/category/name_tails.h"

namespace borderflow {

// What a list says of a suffix; the same one for all suffixes of which it says the same.
struct NameRule {
  Category category = Category::kUnk;
  uint8_t confidence = 0;    // percent: 80 for one service, 50 for a multi-tenant host
  uint16_t list = 0;         // which of the lists, from 0
  std::string_view service;  // "Stripe payments"
};

// Which rule decides a name, and where it stands.
struct NameMatch {
  const NameRule* rule = nullptr;
  std::string_view suffix;  // "stripe.com"
  std::string_view list;    // the file, as named by the user; kShippedList for the program's own
  uint32_t line = 0;
};

inline constexpr std::string_view kShippedList = "suffixes.csv";

class NameRules {
 public:
  static constexpr size_t kMaxLists = 1000;

  // Reads CSV text "suffix,category,confidence,service" with '#' comments; `file` is for messages.
  // Errors: InvalidArgument with file:line:column for a malformed suffix, a category that is
  // unknown or says nothing (UNK, ENC), confidence above the cap, or a suffix that appears twice.
  static absl::StatusOr<NameRules> Parse(std::string_view csv, std::string_view file);

  // The lists in `files`, the first strongest, above those that ship with the program. Holds 3
  // million suffixes in 147 MB, and takes up to 170 while it loads them.
  // Errors: those of Parse and LineReader::Open.
  static absl::StatusOr<NameRules> Load(absl::Span<const std::string> files);

  // The suffixes that ship with the program, and their list as text.
  static const NameRules& BuiltIn();
  static std::string_view ShippedText();

  // The rule of the longest matching suffix, or nullptr. `name` may have upper case and a trailing
  // dot; any bytes are safe; no allocation. A name is taken for one that it is not with a
  // probability of 2^-60 (suffix_table.h). With millions of suffixes it waits for memory once
  // at the most; `borderflow bench names` measures it.
  const NameRule* Find(std::string_view name) const { return Find(NameTails(name)); }
  const NameRule* Find(const NameTails& name) const;

  // Asks memory for what Find will read of the name.
  void Prefetch(const NameTails& name) const;

  // The same as Find, with the suffix and its place.
  std::optional<NameMatch> Match(std::string_view name) const;

  // The rules have numbers from 1 on, for who keeps many answers of Find; 0 stands for nullptr.
  uint32_t NumberOf(const NameRule* rule) const;
  const NameRule* Numbered(uint32_t number) const;

  size_t size() const;          // suffixes, of all lists
  size_t memory_bytes() const;  // of all that is kept
  // SHA-256 in hex: of the list, or where there are several of their digests, one a line.
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
