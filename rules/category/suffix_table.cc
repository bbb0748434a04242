#include "rules/category/suffix_table.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <random>

#include "absl/numeric/int128.h"

namespace borderflow {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;  // random look-ups then miss no TLB
constexpr size_t kCacheLine = 64;
constexpr size_t kBlock = size_t{256} << 10;  // of what is added: goes back to the system when free
constexpr size_t kSlot = 32;                  // bytes: two to a cache line
constexpr size_t kSlotsABucket = 4;           // on average
constexpr size_t kFingerprints = 8;
constexpr size_t kHeader = 8;
constexpr uint32_t kLengthBits = 8;
constexpr uint32_t kLengthMask = (1 << kLengthBits) - 1;
static_assert(SuffixTable::kMaxName <= kLengthMask);

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

// The highest bit of each byte that is zero, and no other.
uint64_t ZeroBytes(uint64_t word) {
  constexpr uint64_t kHigh = kEveryByte * 0x80;
  return ~(((word & ~kHigh) + ~kHigh) | word) & kHigh;
}

uint64_t Dots(uint64_t word) { return ZeroBytes(word ^ kEveryByte * '.'); }

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

uint64_t WholeHash(std::string_view suffix, uint64_t seed) {
  uint64_t whole = 0;
  VisitTails(suffix, seed, SuffixTable::kMaxName, [&whole](uint64_t hash, size_t) {
    whole = hash;
    return true;
  });
  return whole;
}

size_t SlotsOf(size_t length) { return (kHeader + length + kSlot - 1) / kSlot; }

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

// The low bits of a hash choose the fingerprint and the bit of the filter, the high ones the
// bucket.
uint64_t Fingerprint(uint64_t hash) { return std::max<uint64_t>(hash & 0xff, 1); }

// The highest bit of the byte of each slot that may begin with the suffix.
uint64_t Candidates(uint64_t fingerprints, uint64_t hash) {
  return ZeroBytes(fingerprints ^ kEveryByte * Fingerprint(hash));
}

constexpr uint32_t kOverflow = uint32_t{1} << 31;
uint32_t FurtherBit(uint64_t hash) {
  constexpr uint32_t kBits = 31;
  return uint32_t{1} << ((hash >> 8 & 0xff) * kBits >> 8);
}

}  // namespace

SuffixTable::SuffixTable() {
  std::random_device device;
  seed_ = uint64_t{device()} << 32 | device();
}

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

// The high bits of the hash choose the bucket.
size_t SuffixTable::BucketOf(uint64_t hash) const {
  return absl::Uint128High64(absl::uint128(hash) * buckets_);
}

bool SuffixTable::Add(std::string_view suffix, uint32_t rule, uint32_t line) {
  const size_t bytes = kHeader + suffix.size();
  if (bytes_ + bytes > kMaxBytes) return false;
  parts_.resize(size_t{1} << kPartBits);
  Part& part = parts_[WholeHash(suffix, seed_) >> (64 - kPartBits)];
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

// How large each bucket is, and the tails that lead to it.
void SuffixTable::Measure() {
  size_t slots = 0;
  for (const Part& part : parts_) {
    ForEach(part, [&](const char*, const Entry& entry) {
      slots += SlotsOf(entry.suffix.size());
      most_ = std::max(most_, entry.suffix.size());
    });
  }
  buckets_ = slots / kSlotsABucket + 1;
  index_ = Allocate<Bucket>(buckets_ + 1);
  std::fill_n(index_.get(), buckets_ + 1, Bucket{});
  for (const Part& part : parts_) {
    ForEach(part, [&](const char*, const Entry& entry) {
      const size_t length = entry.suffix.size();
      VisitTails(entry.suffix, seed_, kMaxName, [&](uint64_t hash, size_t tail) {
        const size_t bucket = BucketOf(hash);
        if (tail < length) {
          index_[bucket].further |= FurtherBit(hash);
        } else {
          index_[bucket + 1].begin += static_cast<uint32_t>(SlotsOf(length));
        }
        return true;
      });
    });
  }
  for (size_t i = 1; i <= buckets_; ++i) index_[i].begin += index_[i - 1].begin;
}

std::optional<SuffixTable::Twice> SuffixTable::Build(
    absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed) {
  Measure();
  slots_ = Allocate<char>(std::max<size_t>(index_[buckets_].begin, 1) * kSlot);
  std::vector<uint32_t> ends(buckets_);  // of what is in a bucket
  for (size_t i = 0; i < buckets_; ++i) ends[i] = index_[i].begin;
  std::optional<Twice> lowest;
  // Parts follow each other as the buckets do, so that the table grows as they go.
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

// Moves what was added to its slots; `ends` are those of what the buckets hold so far.
std::optional<SuffixTable::Twice> SuffixTable::Settle(
    const Part& part, std::vector<uint32_t>* ends,
    absl::FunctionRef<bool(const Entry& first, const Entry& again)> allowed) {
  std::optional<Twice> lowest;
  ForEach(part, [&](const char* from, const Entry& entry) {
    const uint64_t hash = WholeHash(entry.suffix, seed_);
    const size_t number = BucketOf(hash);
    Bucket& bucket = index_[number];
    uint32_t& end = (*ends)[number];
    char* const to = slots_.get() + size_t{end} * kSlot;
    std::memcpy(to, from, kHeader + entry.suffix.size());
    for (const char* at = slots_.get() + size_t{bucket.begin} * kSlot; at != to;) {
      const Entry first = Read(at);
      at += SlotsOf(first.suffix.size()) * kSlot;
      if (first.suffix != entry.suffix || allowed(first, entry)) continue;
      if (!lowest.has_value() || entry.line < lowest->again.line) lowest = {first, Read(to)};
    }
    if (const uint32_t slot = end - bucket.begin; slot < kFingerprints) {
      bucket.fingerprints |= Fingerprint(hash) << 8 * slot;
    } else {
      bucket.further |= kOverflow;
    }
    end += static_cast<uint32_t>(SlotsOf(entry.suffix.size()));
  });
  return lowest;
}

std::optional<SuffixTable::Entry> SuffixTable::Probe(uint64_t hash, std::string_view suffix) const {
  const size_t number = BucketOf(hash);
  const Bucket& bucket = index_[number];
  const char* const begin = slots_.get() + size_t{bucket.begin} * kSlot;
  for (uint64_t may = Candidates(bucket.fingerprints, hash); may != 0; may &= may - 1) {
    const Entry entry = Read(begin + static_cast<size_t>(std::countr_zero(may)) / 8 * kSlot);
    if (SameIgnoringCase(suffix, entry.suffix)) return entry;
  }
  if ((bucket.further & kOverflow) == 0) return std::nullopt;
  const char* const end = slots_.get() + size_t{index_[number + 1].begin} * kSlot;
  for (const char* at = begin; at != end;) {
    const Entry entry = Read(at);
    if (SameIgnoringCase(suffix, entry.suffix)) return entry;
    at += SlotsOf(entry.suffix.size()) * kSlot;
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
  std::array<Tail, kMaxName + 2> tails;
  size_t count = 0;
  VisitTails(name, seed_, most_, [&](uint64_t hash, size_t length) {
    __builtin_prefetch(&index_[BucketOf(hash)]);
    tails[count++] = {hash, length};
    return count < tails.size();
  });
  // Those that may be suffixes, and their slots on the way.
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    const Tail tail = tails[i];
    const Bucket& bucket = index_[BucketOf(tail.hash)];
    const uint64_t may = Candidates(bucket.fingerprints, tail.hash);
    if (may != 0 || (bucket.further & kOverflow) != 0) {
      const size_t slot = may == 0 ? 0 : static_cast<size_t>(std::countr_zero(may)) / 8;
      __builtin_prefetch(slots_.get() + (size_t{bucket.begin} + slot) * kSlot);
      tails[kept++] = tail;
    }
    if ((bucket.further & FurtherBit(tail.hash)) == 0) break;
  }
  while (kept-- > 0) {
    const std::string_view tail = name.substr(name.size() - tails[kept].length);
    if (const std::optional<Entry> entry = Probe(tails[kept].hash, tail)) return entry;
  }
  return std::nullopt;
}

size_t SuffixTable::memory_bytes() const {
  return buckets_ == 0 ? 0 : index_[buckets_].begin * kSlot + (buckets_ + 1) * sizeof(Bucket);
}

}  // namespace borderflow
