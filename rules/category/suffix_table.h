// Suffix table: the memory behind NameRules.
//
// Suffixes stand in slots of half a cache line, those of one bucket of their hash side by side:
//
//   | line 32 | rule 24, length 8 | suffix, 24 bytes |    a longer one goes on in the next slots
//
// The index has a record for each bucket, four to a cache line:
//
//   | a fingerprint of each of its first eight slots | its first slot | overflow 1, further 31 |
//
// `further` is a filter of the tails of longer suffixes that fall into the bucket (of
// ads.example.com: com and example.com). A tail that leads no further ends the look-up: most names
// that no list knows cost two looks at the index.
//
// Hashes are built from the right, so that one pass over a name yields those of all its tails; the
// index records of all are then on their way from memory together. A suffix costs its bucket's
// record and the one line that its fingerprint points to, and no branch waits for memory but those
// that say whether anything was found.
//
// Thread safety: Find may be called by any number of threads once Build has returned.
// Slow twin in tests: a scan over all suffixes.
#ifndef BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_
#define BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"

namespace borderflow {

class SuffixTable {
 public:
  SuffixTable();

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
  // two of them for which `allowed` is false, those that stand in the lowest line; the table is
  // then of no use. While it runs, some thirtieth of everything is in memory twice.
  std::optional<Twice> Build(
      absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed);

  // The longest suffix that matches. Any bytes are safe; upper case matches lower, one trailing dot
  // is ignored. No allocation.
  std::optional<Entry> Find(std::string_view name) const;

  size_t size() const { return size_; }
  // Some 40 bytes a suffix of up to 24.
  size_t memory_bytes() const;

 private:
  struct Free {
    std::align_val_t alignment;
    void operator()(void* memory) const;
  };
  template <typename T>
  using Memory = std::unique_ptr<T[], Free>;

  struct Bucket {
    uint64_t fingerprints = 0;  // a byte for each of its first slots; 0 where no suffix begins
    uint32_t begin = 0;         // in slots
    uint32_t further = 0;       // filter of tails, and whether there are more slots
  };
  static_assert(sizeof(Bucket) == 16);

  // What was added and falls into one range of the buckets, in the order of adding.
  struct Part {
    std::vector<std::unique_ptr<char[]>> blocks;
    std::vector<size_t> used;  // bytes of each block
  };
  static constexpr int kPartBits = 5;

  template <typename Take>
  static void ForEach(const Part& part, Take take);
  template <typename T>
  static Memory<T> Allocate(size_t count);
  static Entry Read(const char* at);

  void Measure();
  std::optional<Twice> Settle(const Part& part, std::vector<uint32_t>* ends,
                              absl::FunctionRef<bool(const Entry&, const Entry&)> allowed);
  size_t BucketOf(uint64_t hash) const;
  std::optional<Entry> Probe(uint64_t hash, std::string_view suffix) const;

  std::vector<Part> parts_;  // until it is built
  size_t size_ = 0;
  size_t bytes_ = 0;  // of what was added

  Memory<char> slots_;
  Memory<Bucket> index_;  // one more for the last one's end
  size_t buckets_ = 0;
  size_t most_ = 0;    // bytes of any suffix: a name is not read beyond as many
  uint64_t seed_ = 0;  // of every hash, so that nobody can write a list that fills one bucket
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_
