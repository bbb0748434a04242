// Suffix table: the memory behind NameRules.
//
// What every name asks is a hash table of cache lines, five suffixes to a line:
//
//   | mark 64 | x 5    | rule + 1, 32 | x 5    | displaced 16, wide 16 |
//
// A suffix stands in the line of the shortest of its tails below which there are few suffixes: that
// of example.com holds ads.example.com too. A tail with many below it (com, co.uk) is marked in its
// own line as wide, and there are so few of those that their lines stay in the cache. So a name
// waits for one line of memory at the most. What finds its line full stands in the next one with
// room; `displaced` tells. Both fields are filters with a bit chosen by the tail's mark: one that
// is set by chance costs time, and changes nothing else.
//
// Before it is asked, a filter tells most names that no list knows: a word of 64 bits for each
// eight suffixes, in which every wide tail and every tail that a line is found by sets three bits
// that its mark chooses. Three million suffixes take 3 MB of it, and some one in thirty of the
// tails with nothing at or below them pass.
//
// What is asked seldom, the suffixes themselves and where they stand, lies elsewhere, in groups by
// their place:
//
//   | line 32 | rule 24, length 8 | suffix |
//
// Find does not compare text. A tail that is no suffix is taken for one with a probability of 2^-60
// at the most: 2^-63 (NameTails) for each of the up to 3 suffixes that share its line for the sake
// of their tails and of the 2 * 2.5 that the hash may bring there. At a million tails a second that
// is once in 36,000 years. Suffixes of one table that could be taken for each other are found while
// it is built, and told apart by their text.
//
// Thread safety: Find and Match may be called by any number of threads once Build has returned.
// Slow twin in tests: a scan over all suffixes.
#ifndef BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_
#define BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "rules/category/name_tails.h"

namespace borderflow {

class SuffixTable {
 public:
  static constexpr uint32_t kMaxRule = (1 << 24) - 1;
  static constexpr uint32_t kNone = ~uint32_t{0};
  static constexpr size_t kMaxBytes = size_t{2} << 30;  // of suffixes

  // Names must be hashed with the same keys, which must outlive the table.
  explicit SuffixTable(const TailKeys& keys = TailKeys::OfProcess()) : keys_(&keys) {}

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
  // then of no use. While it runs, some thirtieth of the texts is in memory twice.
  std::optional<Twice> Build(
      absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed);

  // The rule of the longest suffix that matches; kNone for none. No allocation.
  uint32_t Find(const NameTails& name) const;
  // Asks memory for what Find will read of the name.
  void Prefetch(const NameTails& name) const;
  // The same as Find, with the suffix and its line; slower.
  std::optional<Entry> Match(const NameTails& name) const;

  size_t size() const { return size_; }
  // Some 27 bytes a suffix, and 8 and the suffix itself.
  size_t memory_bytes() const;

 private:
  struct Free {
    std::align_val_t alignment;
    void operator()(void* memory) const;
  };
  template <typename T>
  using Memory = std::unique_ptr<T[], Free>;

  static constexpr size_t kSlots = 5;
  struct Bucket {
    std::array<uint64_t, kSlots> marks{};
    std::array<uint32_t, kSlots> values{};  // rule + 1, kByText, or 0 where no suffix stands
    uint16_t displaced = 0;  // filter of the suffixes that belong here and stand in a later one
    uint16_t wide = 0;       // filter of the tails of this line that have lines of their own below
  };
  static_assert(sizeof(Bucket) == 64);

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

  using Tail = NameTails::Tail;
  using Tails = absl::Span<const Tail>;
  // Where the tails of a name belong: each in its own bucket, from `shared` on all in one.
  struct Home {
    size_t shared;
    size_t bucket;
  };

  Tails LookedFor(const NameTails& name) const;
  size_t BucketOf(const Tail& tail) const;
  uint64_t& FilterWordOf(const Tail& tail) const;
  Home HomeOf(Tails tails) const;
  size_t GroupOf(const Tail& tail) const;
  void Measure();
  void MarkWide(const std::vector<uint8_t>& below);
  std::optional<Twice> Settle(const Part& part, std::vector<uint32_t>* ends,
                              absl::FunctionRef<bool(const Entry&, const Entry&)> allowed);
  void Place(size_t home, uint64_t mark, uint32_t rule);
  uint32_t ValueOf(size_t home, uint64_t mark) const;
  std::optional<Entry> ByText(size_t group, uint32_t end, std::string_view suffix) const;
  uint32_t FindWithText(const NameTails& name) const;

  const TailKeys* keys_;
  std::vector<Part> parts_;  // until it is built
  size_t size_ = 0;
  size_t bytes_ = 0;  // of what was added

  Memory<Bucket> buckets_;
  size_t bucket_count_ = 0;
  Memory<uint64_t> filter_;
  size_t filter_words_ = 0;
  size_t deepest_ = 0;  // labels of any suffix: no tail of more is looked for
  size_t reach_ = 0;    // how far the most displaced one stands from where it belongs

  Memory<char> texts_;
  std::vector<uint32_t> group_ends_;  // in texts_
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_SUFFIX_TABLE_H_
