#include "rules/category/suffix_table.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <random>

#include "absl/numeric/int128.h"

namespace borderflow {
namespace {

constexpr size_t kBlock = size_t{2} << 20;  // a huge page: random look-ups then miss no TLB
constexpr size_t kUnit = 4;                 // bytes
constexpr size_t kSuffixesABucket = 4;
constexpr size_t kHeader = 8;
constexpr size_t kCacheLine = 64;
constexpr uint32_t kLengthBits = 8;
constexpr uint32_t kLengthMask = (1 << kLengthBits) - 1;
static_assert(SuffixTable::kMaxName <= kLengthMask);
static_assert(kHeader % kUnit == 0);

constexpr uint64_t kOdd = 0xD6E8FEB86659FD93;
constexpr uint64_t kEveryByte = 0x0101010101010101;
constexpr size_t kWord = sizeof(uint64_t);
static_assert(std::endian::native ==
              std::endian::little);  // the last byte of a word is its highest

// Sets the bit that tells lower case from upper. Other bytes may fall together too, which costs a
// comparison and no more.
constexpr uint64_t kFold = kEveryByte * 0x20;

// Both halves of the product, so that every bit of the word reaches every bit of the hash.
uint64_t Mix(uint64_t hash, uint64_t word) {
  const absl::uint128 product = absl::uint128(hash ^ word) * kOdd;
  return absl::Uint128Low64(product) ^ absl::Uint128High64(product);
}

template <typename Word>
Word Load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// The up to eight bytes of `text` before `end`, the last of them highest; zeros below the first.
uint64_t WordBefore(std::string_view text, size_t end) {
  if (end >= kWord) return Load<uint64_t>(text.data() + end - kWord);
  if (text.size() >= kWord) return Load<uint64_t>(text.data()) << 8 * (kWord - end);
  uint64_t word = 0;
  std::memcpy(reinterpret_cast<char*>(&word) + kWord - end, text.data(), end);
  return word;
}

// The highest bit of each byte that is a dot, and no other.
uint64_t Dots(uint64_t word) {
  constexpr uint64_t kHigh = kEveryByte * 0x80;
  const uint64_t zero_at_dots = word ^ kEveryByte * '.';
  return ~(((zero_at_dots & ~kHigh) + ~kHigh) | zero_at_dots) & kHigh;
}

// Calls visit(hash, length) for the tails of `name` that begin at a label and have at most `most`
// bytes, the shortest first, until it returns false.
//
// Words of eight bytes are read from the end, so that a tail is some whole words and a part of the
// next: its hash is that of the words, one multiplication each for all tails, and one more.
template <typename Visit>
void VisitTails(std::string_view name, uint64_t seed, size_t most, Visit visit) {
  const bool to_the_begin = name.size() <= most;
  if (!to_the_begin) name.remove_prefix(name.size() - most - 1);
  uint64_t hash = seed;  // of the words behind `end`
  const auto tail = [&hash, &visit](size_t length, uint64_t part) {
    return visit(Mix(hash + length, part), length);
  };
  for (size_t end = name.size(); end > 0; end -= std::min(end, kWord)) {
    const size_t behind = name.size() - end;
    const uint64_t raw = WordBefore(name, end);
    const uint64_t word = raw | kFold;
    for (uint64_t dots = Dots(raw); dots != 0;) {
      const int bits = std::countl_zero(dots);  // of the word behind the dot
      if (!tail(behind + static_cast<size_t>(bits) / 8,
                bits == 0 ? 0 : word & ~(~uint64_t{0} >> bits))) {
        return;
      }
      dots ^= uint64_t{1} << (63 - bits);
    }
    if (end < kWord) {
      if (to_the_begin) tail(name.size(), word & ~(~uint64_t{0} >> 8 * end));
      return;
    }
    hash = Mix(hash, word);
  }
  if (to_the_begin) tail(name.size(), 0);
}

// Bytes of an entry, to the next unit.
size_t EntryBytes(size_t length) { return (kHeader + length + kUnit - 1) / kUnit * kUnit; }

SuffixTable::Entry Read(const char* at) {
  const auto rule_and_length = Load<uint32_t>(at + sizeof(uint32_t));
  return {{at + kHeader, rule_and_length & kLengthMask},
          rule_and_length >> kLengthBits,
          Load<uint32_t>(at)};
}

// Memory at the border of a huge page, in huge pages where the kernel grants them and it is worth
// one.
template <typename T>
T* Allocate(size_t count) {
  const size_t bytes = count * sizeof(T);
  void* memory = ::operator new (bytes, std::align_val_t{kBlock});
  if (bytes > kBlock) madvise(memory, bytes, MADV_HUGEPAGE);
  return static_cast<T*>(memory);
}

// `suffix` must be lower case.
bool SameIgnoringCase(std::string_view name, std::string_view suffix) {
  if (name.size() != suffix.size()) return false;
  if (std::memcmp(name.data(), suffix.data(), name.size()) == 0) return true;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != suffix[i]) return false;
  }
  return true;
}

// The low bits of a hash choose bits of the bucket's filter, the high ones the bucket. A position
// below `many` by eight bits of the hash:
uint32_t BitBelow(uint32_t many, uint64_t eight_bits) {
  return uint32_t{1} << ((eight_bits & 0xff) * many >> 8);
}

// 22 bits for suffixes, two set for each of four: one strange tail in ten gets through, and costs a
// look at the entries.
constexpr uint32_t kHere = 22;
uint32_t HereBits(uint64_t hash) { return BitBelow(kHere, hash) | BitBelow(kHere, hash >> 8); }

// Ten for tails that lead further, of which there are fewer.
constexpr uint32_t kFurther = 32 - kHere;
uint32_t FurtherBit(uint64_t hash) { return BitBelow(kFurther, hash >> 16) << kHere; }

}  // namespace

void SuffixTable::Free::operator()(void* memory) const {
  ::operator delete (memory, std::align_val_t{kBlock});
}

// The high bits of the hash choose the bucket.
size_t SuffixTable::BucketOf(uint64_t hash) const {
  return absl::Uint128High64(absl::uint128(hash) * buckets_);
}

bool SuffixTable::Add(std::string_view suffix, uint32_t rule, uint32_t line) {
  const size_t bytes = EntryBytes(suffix.size());
  if (bytes_ + bytes > kMaxBytes) return false;
  if (blocks_.empty() || used_.back() + bytes > kBlock) {
    blocks_.emplace_back(Allocate<char>(kBlock));
    used_.push_back(0);
  }
  char* const at = blocks_.back().get() + used_.back();
  const uint32_t header[] = {line, rule << kLengthBits | static_cast<uint32_t>(suffix.size())};
  static_assert(sizeof(header) == kHeader);
  std::memcpy(at, header, kHeader);
  std::memcpy(at + kHeader, suffix.data(), suffix.size());
  used_.back() += bytes;
  bytes_ += bytes;
  ++size_;
  return true;
}

// How large each bucket is, and the tails that lead to it.
void SuffixTable::Measure() {
  std::random_device device;
  seed_ = uint64_t{device()} << 32 | device();
  buckets_ = size_ / kSuffixesABucket + 1;
  index_.reset(Allocate<Bucket>(buckets_ + 1));
  std::fill_n(index_.get(), buckets_ + 1, Bucket{});
  most_ = 0;
  for (size_t block = 0; block < blocks_.size(); ++block) {
    for (size_t offset = 0; offset < used_[block];) {
      const Entry entry = Read(blocks_[block].get() + offset);
      offset += EntryBytes(entry.suffix.size());
      uint64_t whole = 0;
      VisitTails(entry.suffix, seed_, kMaxName, [&](uint64_t hash, size_t length) {
        whole = hash;
        index_[BucketOf(hash)].filter |=
            length == entry.suffix.size() ? HereBits(hash) : FurtherBit(hash);
        return true;
      });
      index_[BucketOf(whole) + 1].begin +=
          static_cast<uint32_t>(EntryBytes(entry.suffix.size()) / kUnit);
      most_ = std::max(most_, entry.suffix.size());
    }
  }
  for (size_t i = 1; i <= buckets_; ++i) index_[i].begin += index_[i - 1].begin;
}

std::optional<SuffixTable::Twice> SuffixTable::Build(
    absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed) {
  Measure();
  entries_.reset(Allocate<char>(bytes_ + 1));
  std::vector<uint32_t> ends(buckets_);  // of what is in a bucket
  for (size_t i = 0; i < buckets_; ++i) ends[i] = index_[i].begin;
  for (size_t block = 0; block < blocks_.size(); ++block) {
    for (size_t offset = 0; offset < used_[block];) {
      const char* const from = blocks_[block].get() + offset;
      const Entry entry = Read(from);
      const size_t bytes = EntryBytes(entry.suffix.size());
      offset += bytes;
      uint64_t whole = 0;
      VisitTails(entry.suffix, seed_, kMaxName, [&whole](uint64_t hash, size_t) {
        whole = hash;
        return true;
      });
      const size_t bucket = BucketOf(whole);
      const char* const end = entries_.get() + size_t{ends[bucket]} * kUnit;
      const char* at = entries_.get() + size_t{index_[bucket].begin} * kUnit;
      for (; at != end; at += EntryBytes(Read(at).suffix.size())) {
        const Entry first = Read(at);
        if (first.suffix == entry.suffix && !allowed(first, entry)) return Twice{first, entry};
      }
      std::memcpy(entries_.get() + size_t{ends[bucket]} * kUnit, from, bytes);
      ends[bucket] += static_cast<uint32_t>(bytes / kUnit);
    }
    blocks_[block].reset();
  }
  blocks_.clear();
  return std::nullopt;
}

std::optional<SuffixTable::Entry> SuffixTable::Probe(uint64_t hash, std::string_view suffix) const {
  const size_t bucket = BucketOf(hash);
  const char* const end = entries_.get() + size_t{index_[bucket + 1].begin} * kUnit;
  const char* at = entries_.get() + size_t{index_[bucket].begin} * kUnit;
  while (at != end) {
    const Entry entry = Read(at);
    if (SameIgnoringCase(suffix, entry.suffix)) return entry;
    at += EntryBytes(entry.suffix.size());
  }
  return std::nullopt;
}

std::optional<SuffixTable::Entry> SuffixTable::Find(std::string_view name) const {
  if (name.ends_with('.')) name.remove_suffix(1);
  struct Tail {
    uint64_t hash;
    size_t length;
  };
  // Every other byte may be a dot, and so may every byte of a hostile name.
  std::array<Tail, kMaxName + 1> tails;
  size_t count = 0;
  VisitTails(name, seed_, most_, [&](uint64_t hash, size_t length) {
    const Bucket& bucket = index_[BucketOf(hash)];
    if (const uint32_t bits = HereBits(hash); (bucket.filter & bits) == bits) {
      const char* const begin = entries_.get() + size_t{bucket.begin} * kUnit;
      __builtin_prefetch(begin);
      __builtin_prefetch(begin + kCacheLine);
      tails[count++] = {hash, length};
    }
    return (bucket.filter & FurtherBit(hash)) != 0 && count < tails.size();
  });
  while (count-- > 0) {
    const std::string_view tail = name.substr(name.size() - tails[count].length);
    if (const std::optional<Entry> entry = Probe(tails[count].hash, tail)) return entry;
  }
  return std::nullopt;
}

size_t SuffixTable::memory_bytes() const { return bytes_ + (buckets_ + 1) * sizeof(Bucket); }

}  // namespace borderflow
