#include "rules/category/suffix_table.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"
#include "absl/types/span.h"

namespace borderflow {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;  // random look-ups then miss no TLB
constexpr size_t kCacheLine = 64;
constexpr size_t kBlock = size_t{256} << 10;  // of what is added: goes back to the system when free
constexpr size_t kHeader = 8;
constexpr uint32_t kLengthBits = 8;
constexpr uint32_t kLengthMask = (1 << kLengthBits) - 1;
static_assert(NameTails::kMaxName <= kLengthMask);

// Suffixes for each bucket of five slots, on average: then few stand in a later one.
constexpr double kFill = 2.5;
constexpr size_t kFilterWord = 8;  // suffixes for each word of the filter
constexpr uint8_t kTogether = 3;   // suffixes below a tail that may share its bucket
constexpr size_t kGroup = 40;      // suffixes whose texts stand together, on average: 1 kB to scan

// Several suffixes have this mark: the text says which it is.
constexpr uint32_t kByText = ~uint32_t{0};
static_assert(SuffixTable::kMaxRule + 1 < kByText);

template <typename Word>
Word Load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// `suffix` must be lower case.
bool SameIgnoringCase(std::string_view name, std::string_view suffix) {
  return std::equal(name.begin(), name.end(), suffix.begin(), suffix.end(), [](char a, char b) {
    return absl::ascii_tolower(static_cast<unsigned char>(a)) == b;
  });
}

// The bit of a tail in the filters of a bucket.
constexpr uint64_t kFilterMask = 15;
uint16_t FilterBit(uint64_t mark) { return static_cast<uint16_t>(1 << (mark & kFilterMask)); }

// The bits of a tail in its word of the table's filter; others than those of the bucket's.
uint64_t TableFilterBits(uint64_t mark) {
  const auto bit = [mark](int from) { return uint64_t{1} << (mark >> from & 63); };
  return bit(4) | bit(10) | bit(16);
}

// The number of `count` equal ranges that the place falls into: its high bits choose.
size_t Range(uint64_t place, size_t count) {
  return absl::Uint128High64(absl::uint128(place) * count);
}

}  // namespace

void SuffixTable::Free::operator()(void* memory) const { ::operator delete(memory, alignment); }

// Where it is worth a huge page, memory at the border of one, in huge pages if the kernel grants
// them.
template <typename T>
SuffixTable::Memory<T> SuffixTable::Allocate(size_t count) {
  const size_t bytes = count * sizeof(T);
  const bool huge = bytes > kHugePage;
  const std::align_val_t alignment{huge ? kHugePage : kCacheLine};
  void* const memory = ::operator new(bytes, alignment);
  if (huge) madvise(memory, bytes, MADV_HUGEPAGE);
  return Memory<T>(static_cast<T*>(memory), Free{alignment});
}

SuffixTable::Entry SuffixTable::Read(const char* at) {
  const auto rule_and_length = Load<uint32_t>(at + sizeof(uint32_t));
  return {{at + kHeader, rule_and_length & kLengthMask},
          rule_and_length >> kLengthBits,
          Load<uint32_t>(at)};
}

SuffixTable::Tails SuffixTable::LookedFor(const NameTails& name) const {
  return name.tails().first(std::min(name.tails().size(), deepest_));
}

size_t SuffixTable::BucketOf(const Tail& tail) const { return Range(tail.place, bucket_count_); }

uint64_t& SuffixTable::FilterWordOf(const Tail& tail) const {
  return filter_[Range(tail.place, filter_words_)];
}

size_t SuffixTable::GroupOf(const Tail& tail) const {
  return Range(tail.place, group_ends_.size());
}

SuffixTable::Home SuffixTable::HomeOf(Tails tails) const {
  for (size_t i = 0;; ++i) {
    const size_t bucket = BucketOf(tails[i]);
    const bool wide = (buckets_[bucket].wide & FilterBit(tails[i].mark)) != 0;
    if (!wide || i + 1 == tails.size()) return {i, bucket};
  }
}

bool SuffixTable::Add(std::string_view suffix, uint32_t rule, uint32_t line) {
  const size_t bytes = kHeader + suffix.size();
  if (bytes_ + bytes > kMaxBytes) return false;
  parts_.resize(size_t{1} << kPartBits);
  const NameTails tails(suffix, *keys_);
  deepest_ = std::max(deepest_, tails.tails().size());
  Part& part = parts_[Range(tails.tails().back().place, parts_.size())];
  if (part.blocks.empty() || part.used.back() + bytes > kBlock) {
    part.blocks.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
    part.used.push_back(0);
  }
  char* const at = part.blocks.back().get() + part.used.back();
  const uint32_t header[] = {line, rule << kLengthBits | static_cast<uint32_t>(suffix.size())};
  static_assert(sizeof(header) == kHeader);
  std::memcpy(at, header, kHeader);
  std::memcpy(at + kHeader, suffix.data(), suffix.size());
  part.used.back() += bytes;
  bytes_ += bytes;
  ++size_;
  return true;
}

// Calls take(where, entry) for all that was added to it.
template <typename Take>
void SuffixTable::ForEach(const Part& part, Take take) {
  for (size_t block = 0; block < part.blocks.size(); ++block) {
    for (size_t offset = 0; offset < part.used[block];) {
      const char* const at = part.blocks[block].get() + offset;
      const Entry entry = Read(at);
      take(at, entry);
      offset += kHeader + entry.suffix.size();
    }
  }
}

// How much text each group has, and which tails are wide.
void SuffixTable::Measure() {
  bucket_count_ = static_cast<size_t>(static_cast<double>(size_) / kFill) + 1;
  buckets_ = Allocate<Bucket>(bucket_count_);
  std::fill_n(buckets_.get(), bucket_count_, Bucket{});
  filter_words_ = size_ / kFilterWord + 1;
  filter_ = Allocate<uint64_t>(filter_words_);
  std::fill_n(filter_.get(), filter_words_, 0);
  group_ends_.assign(size_ / kGroup + 1, 0);
  // Suffixes at or below each tail, up to 255; tails that fall together have more than they would,
  // and may be wide without need.
  std::vector<uint8_t> below(4 * size_ + 1);
  for (const Part& part : parts_) {
    ForEach(part, [&](const char*, const Entry& entry) {
      const NameTails name(entry.suffix, *keys_);
      for (const Tail& tail : name.tails()) {
        uint8_t& count = below[Range(tail.mark, below.size())];
        if (count <= kTogether) ++count;
      }
      group_ends_[GroupOf(name.tails().back())] +=
          static_cast<uint32_t>(kHeader + entry.suffix.size());
    });
  }
  for (size_t i = 1; i < group_ends_.size(); ++i) group_ends_[i] += group_ends_[i - 1];
  MarkWide(below);
}

void SuffixTable::MarkWide(const std::vector<uint8_t>& below) {
  for (const Part& part : parts_) {
    ForEach(part, [&](const char*, const Entry& entry) {
      const NameTails name(entry.suffix, *keys_);
      const Tails tails = name.tails();
      for (size_t i = 0; i + 1 < tails.size(); ++i) {
        if (below[Range(tails[i].mark, below.size())] <= kTogether) break;
        buckets_[BucketOf(tails[i])].wide |= FilterBit(tails[i].mark);
      }
    });
  }
}

std::optional<SuffixTable::Twice> SuffixTable::Build(
    absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed) {
  Measure();
  texts_ = Allocate<char>(std::max<size_t>(bytes_, 1));
  std::vector<uint32_t> ends(group_ends_.size());  // of what is in a group
  for (size_t i = 1; i < ends.size(); ++i) ends[i] = group_ends_[i - 1];
  std::optional<Twice> lowest;
  // Parts follow each other as the groups do, so that the texts grow as they go.
  for (Part& part : parts_) {
    const std::optional<Twice> twice = Settle(part, &ends, allowed);
    if (twice.has_value() && (!lowest.has_value() || twice->again.line < lowest->again.line)) {
      lowest = twice;
    }
    part = {};
  }
  parts_.clear();
  return lowest;
}

// Moves what was added to its place; `ends` are those of what the groups hold so far.
std::optional<SuffixTable::Twice> SuffixTable::Settle(
    const Part& part, std::vector<uint32_t>* ends,
    absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed) {
  std::optional<Twice> lowest;
  ForEach(part, [&](const char* from, const Entry& entry) {
    const NameTails name(entry.suffix, *keys_);
    const auto [shared, home] = HomeOf(name.tails());
    for (const Tail& above : name.tails().first(shared + 1)) {
      FilterWordOf(above) |= TableFilterBits(above.mark);
    }
    const Tail& tail = name.tails().back();
    const size_t group = GroupOf(tail);
    uint32_t& end = (*ends)[group];
    // Nothing of the same mark: nothing of the same text.
    const std::optional<Entry> first =
        ValueOf(home, tail.mark) == 0 ? std::nullopt : ByText(group, end, entry.suffix);
    char* const to = texts_.get() + end;
    std::memcpy(to, from, kHeader + entry.suffix.size());
    end += static_cast<uint32_t>(kHeader + entry.suffix.size());
    if (!first.has_value()) {
      Place(home, tail.mark, entry.rule);
    } else if (!allowed(*first, entry) &&
               (!lowest.has_value() || entry.line < lowest->again.line)) {
      lowest = {*first, Read(to)};
    }
  });
  return lowest;
}

// Into the first free slot from its own bucket on. One that has the same mark on the way stays the
// only one, and leaves it to the text.
void SuffixTable::Place(size_t home, uint64_t mark, uint32_t rule) {
  for (size_t far = 0;; ++far) {
    Bucket& bucket = buckets_[(home + far) % bucket_count_];
    for (size_t slot = 0; slot < kSlots; ++slot) {
      const bool is_free = bucket.values[slot] == 0;
      if (!is_free && bucket.marks[slot] != mark) continue;
      bucket.marks[slot] = mark;
      bucket.values[slot] = is_free ? rule + 1 : kByText;
      if (far > 0) buckets_[home].displaced |= FilterBit(mark);
      reach_ = std::max(reach_, far);
      return;
    }
  }
}

// What stands for a mark that belongs in `home`, wherever; 0 where nothing does.
uint32_t SuffixTable::ValueOf(size_t home, uint64_t mark) const {
  const size_t reach = (buckets_[home].displaced & FilterBit(mark)) != 0 ? reach_ : 0;
  for (size_t far = 0; far <= reach; ++far) {
    const Bucket& bucket = buckets_[(home + far) % bucket_count_];
    for (size_t slot = 0; slot < kSlots; ++slot) {
      if (bucket.marks[slot] == mark) return bucket.values[slot];
    }
  }
  return 0;
}

// The first of this text in a group of which the texts end at `end`.
std::optional<SuffixTable::Entry> SuffixTable::ByText(size_t group, uint32_t end,
                                                      std::string_view suffix) const {
  for (uint32_t at = group == 0 ? 0 : group_ends_[group - 1]; at < end;) {
    const Entry entry = Read(texts_.get() + at);
    if (SameIgnoringCase(suffix, entry.suffix)) return entry;
    at += static_cast<uint32_t>(kHeader + entry.suffix.size());
  }
  return std::nullopt;
}

uint32_t SuffixTable::Find(const NameTails& name) const {
  const Tails tails = LookedFor(name);
  uint32_t value = 0;      // of the longest so far
  unsigned displaced = 0;  // in the lowest bit
  const auto look = [&value, &displaced](const Bucket& bucket, uint64_t mark) {
    for (size_t slot = kSlots; slot-- > 0;) {
      const uint32_t here = bucket.values[slot];  // read before: no branch waits for memory
      value = bucket.marks[slot] == mark ? here : value;
    }
    displaced |= static_cast<unsigned>(bucket.displaced) >> (mark & kFilterMask);
  };
  for (const Tail* tail = tails.begin(); tail != tails.end(); ++tail) {
    const Bucket& bucket = buckets_[BucketOf(*tail)];
    __builtin_prefetch(&bucket);  // on its way while the filter is asked
    const uint64_t bits = TableFilterBits(tail->mark);
    if ((FilterWordOf(*tail) & bits) != bits) break;  // nothing at or below it
    look(bucket, tail->mark);
    if ((bucket.wide & FilterBit(tail->mark)) != 0) continue;
    while (++tail != tails.end()) look(bucket, tail->mark);
    break;
  }
  if ((displaced & 1) != 0 || value == kByText) [[unlikely]]
    return FindWithText(name);
  return value - 1;
}

// The first tail (com) is every name's and stays in the cache; the next two find nearly all lines.
void SuffixTable::Prefetch(const NameTails& name) const {
  const Tails tails = LookedFor(name);
  for (const Tail& tail : tails.subspan(std::min<size_t>(tails.size(), 1), 2)) {
    __builtin_prefetch(&FilterWordOf(tail));
    __builtin_prefetch(&buckets_[BucketOf(tail)]);
  }
}

// Find, with what stands elsewhere and with what only the text can tell.
uint32_t SuffixTable::FindWithText(const NameTails& name) const {
  const Tails tails = LookedFor(name);
  const Home home = HomeOf(tails);
  for (size_t i = tails.size(); i-- > 0;) {
    const uint32_t value =
        ValueOf(i < home.shared ? BucketOf(tails[i]) : home.bucket, tails[i].mark);
    if (value == 0) continue;
    if (value != kByText) return value - 1;
    const size_t group = GroupOf(tails[i]);
    const std::optional<Entry> entry = ByText(group, group_ends_[group], name.Text(i));
    if (entry.has_value()) return entry->rule;
  }
  return kNone;
}

std::optional<SuffixTable::Entry> SuffixTable::Match(const NameTails& name) const {
  const Tails tails = LookedFor(name);
  if (tails.empty()) return std::nullopt;
  const Home home = HomeOf(tails);
  for (size_t i = tails.size(); i-- > 0;) {
    if (ValueOf(i < home.shared ? BucketOf(tails[i]) : home.bucket, tails[i].mark) == 0) continue;
    const size_t group = GroupOf(tails[i]);
    const std::optional<Entry> entry = ByText(group, group_ends_[group], name.Text(i));
    if (entry.has_value()) return entry;
  }
  return std::nullopt;
}

size_t SuffixTable::memory_bytes() const {
  return bucket_count_ * sizeof(Bucket) + filter_words_ * sizeof(uint64_t) + bytes_ +
         group_ends_.capacity() * sizeof(uint32_t);
}

}  // namespace borderflow
