// Suffix table: the memory behind NameRules.
//
// Suffixes are kept in buckets by their hash, four in each, one behind the other. An entry:
//
//   | line 32 | rule 24, length 8 | suffix ... | to the next unit of four bytes |
//
// Hashes are built from the right, so that one pass over a name yields those of all its tails. The
// index says of each bucket where it begins, and as a Bloom filter which suffixes it holds, and
// which tails of longer suffixes fall into it (of ads.example.com: com and example.com). A tail
// that leads no further ends the pass: most names that no list knows cost two looks at the index.
// What may be a suffix is looked up from the longest down, its entries on their way from memory
// since the pass.
//
// Thread safety: Find may be called by any number of threads once Build has returned.
// Slow twin in tests: a scan over all suffixes.
#ifndef BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_
#define BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"

namespace borderflow {

class SuffixTable {
 public:
  static constexpr size_t kMaxName = 253;  // RFC 1035 section 2.3.4, as text
  static constexpr size_t kMaxLabel = 63;
  static constexpr uint32_t kMaxRule = (1 << 24) - 1;
  static constexpr size_t kMaxBytes = size_t{2} << 30;  // of suffixes

  struct Entry {
    std::string_view suffix;  // as long as the table lives
    uint32_t rule = 0;
    uint32_t line = 0;
  };

  // Adds a suffix, which must be lower case and well formed; `rule` at most kMaxRule. False when
  // there is no room: some 70 million.
  bool Add(std::string_view suffix, uint32_t rule, uint32_t line);

  struct Twice {
    Entry first;
    Entry again;
  };
  // Makes what was added findable, and ends adding. Of equal suffixes the first is found. Returns
  // the first two of them for which `allowed` is false; the table is then incomplete. While it
  // runs, everything is in memory twice.
  std::optional<Twice> Build(
      absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed);

  // The longest suffix that matches. Any bytes are safe; upper case matches lower, one trailing dot
  // is ignored. No allocation.
  std::optional<Entry> Find(std::string_view name) const;

  size_t size() const { return size_; }
  // About 26 bytes a suffix of 16.
  size_t memory_bytes() const;

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  template <typename T>
  using Memory = std::unique_ptr<T[], Free>;

  struct Bucket {
    uint32_t begin = 0;   // in entries_, in units
    uint32_t filter = 0;  // of suffixes in it, and of tails that lead further
  };

  void Measure();
  size_t BucketOf(uint64_t hash) const;
  std::optional<Entry> Probe(uint64_t hash, std::string_view suffix) const;

  // What was added, until it is built.
  std::vector<Memory<char>> blocks_;
  std::vector<size_t> used_;  // bytes of each block
  size_t size_ = 0;
  size_t bytes_ = 0;

  Memory<char> entries_;
  Memory<Bucket> index_;  // one more for the last one's end
  size_t buckets_ = 0;
  size_t most_ = 0;    // bytes of any suffix: a name is not read beyond as many
  uint64_t seed_ = 0;  // of every hash, so that nobody can write a list that fills one bucket
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_
