// Suffix index: the hash table behind NameRules.
//
// A slot of 32 bits holds a rule's number and, above it, as many bits of its hash as are left. The
// hash of a suffix is built label by label from the right, so one pass over a name yields the
// hashes of all its suffixes; their slots are fetched together and probed from the longest down.
// A hit is confirmed against the rule's own text.
//
//   31        index_bits          0
//   | tag ... | rule number + 1   |      0: empty slot
//
// Thread safety: Find may be called by any number of threads once Build has returned.
// Slow twin in tests: a scan over all suffixes.
#ifndef BORDERFLOW_RULES_CATEGORY_SUFFIX_INDEX_H_
#define BORDERFLOW_RULES_CATEGORY_SUFFIX_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "rules/category/names.h"

namespace borderflow {

class SuffixIndex {
 public:
  static constexpr size_t kMaxRules = size_t{1} << 28;  // leaves at least 3 bits of tag
  static constexpr size_t kMaxName = 253;               // RFC 1035 section 2.3.4, as text
  static constexpr size_t kMaxLabel = 63;

  // Indexes `rules`, whose suffixes must be lower case and well formed. About 6.4 bytes a rule.
  // Returns the number of a rule whose suffix an earlier rule has already, if there is one; the
  // index is then incomplete. REQUIRES: rules.size() <= kMaxRules.
  std::optional<size_t> Build(absl::Span<const NameRule> rules);

  // The rule of the longest suffix that matches, or nullptr; `rules` as given to Build. Any bytes
  // are safe; upper case matches lower, one trailing dot is ignored. No allocation.
  const NameRule* Find(absl::Span<const NameRule> rules, std::string_view name) const;

  size_t memory_bytes() const { return slots_.capacity() * sizeof(slots_[0]); }

 private:
  size_t Home(uint64_t hash) const;
  uint32_t Tag(uint64_t hash) const;
  const NameRule* Probe(absl::Span<const NameRule> rules, uint64_t hash,
                        std::string_view suffix) const;

  std::vector<uint32_t> slots_;
  uint32_t index_mask_ = 0;
  size_t most_labels_ = 0;  // of any suffix: a name is not read beyond as many
};

// What is wrong with a suffix that a file states, or nothing: "upper case: write the suffix in
// lower case".
std::optional<std::string> SuffixFault(std::string_view suffix);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_SUFFIX_INDEX_H_
