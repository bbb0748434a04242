#include "dataplane/geo/v4_table.h"

#include <algorithm>

namespace borderflow {
namespace {

constexpr size_t kWords = size_t{1} << 18;  // 2^24 blocks, 64 a word
constexpr uint32_t kHostWords = 256 / 64;   // words of a group
constexpr uint64_t kBlock = 256;            // addresses of a /24

}  // namespace

V4Table::V4Table() : words_(kWords) {}

void V4Table::Reserve(size_t blocks) {
  blocks = std::min(blocks, kWords * 64);  // more can only be more hosts of the same /24s
  values_.reserve(2 * blocks);             // a run, and the divided /24 in which it ends
  host_words_.reserve(kHostWords * blocks);
  host_values_.reserve(2 * blocks);
}

void V4Table::Append(uint64_t first, uint64_t end, const Location& location) {
  while (first < end) {
    if (first % kBlock == 0 && end - first >= kBlock) {
      BeginRun(static_cast<uint32_t>(first / kBlock), location);
      first = end / kBlock * kBlock;
      continue;
    }
    if (open_.empty() || open_.back().second != location) {
      open_.emplace_back(static_cast<uint8_t>(first % kBlock), location);
    }
    const uint64_t block_end = (first / kBlock + 1) * kBlock;
    first = std::min(end, block_end);
    if (first == block_end) CloseDividedBlock(static_cast<uint32_t>(block_end / kBlock - 1));
  }
}

void V4Table::BeginRun(uint32_t block, const Location& location) {
  if (!values_.empty() && values_.back() == location) return;
  words_[block / 64].starts |= uint64_t{1} << (block % 64);
  values_.push_back(location);
}

void V4Table::CloseDividedBlock(uint32_t block) {
  if (open_.size() == 1) {
    BeginRun(block, open_.front().second);
    open_.clear();
    return;
  }
  BeginRun(block, DividedMark(static_cast<uint32_t>(host_words_.size() / kHostWords)));
  const size_t group = host_words_.size();
  host_words_.resize(group + kHostWords);
  uint32_t base = static_cast<uint32_t>(host_values_.size()) - 1;
  for (const auto& [host, location] : open_) {
    host_words_[group + host / 64].starts |= uint64_t{1} << (host % 64);
    host_values_.push_back(location);
  }
  for (size_t i = group; i < group + kHostWords; ++i) {
    host_words_[i].base = base;
    base += static_cast<uint32_t>(__builtin_popcountll(host_words_[i].starts));
  }
  open_.clear();
}

void V4Table::Seal() {
  uint32_t base = ~uint32_t{0};  // minus one: the first value has position 0
  for (Word& word : words_) {
    word.base = base;
    base += static_cast<uint32_t>(__builtin_popcountll(word.starts));
  }
}

Location V4Table::FindHost(uint32_t group, uint32_t address) const {
  const uint32_t host = address % kBlock;
  const Word& word = host_words_[size_t{group} * kHostWords + host / 64];
  return host_values_[Position(word, host % 64)];
}

Location V4Table::Find(uint32_t address) const {
  const Location found = values_[Position(words_[address >> 14], (address >> 8) % 64)];
  return found.source == kDivided ? FindHost(found.asn, address) : found;
}

void V4Table::FindBurst(const uint32_t* addresses, size_t count, Location* out) const {
  uint32_t positions[kBurst];
  for (size_t i = 0; i < count; ++i) __builtin_prefetch(&words_[addresses[i] >> 14]);
  for (size_t i = 0; i < count; ++i) {
    positions[i] = Position(words_[addresses[i] >> 14], (addresses[i] >> 8) % 64);
    __builtin_prefetch(&values_[positions[i]]);
  }
  uint32_t divided[kBurst];
  size_t divided_count = 0;
  for (size_t i = 0; i < count; ++i) {
    out[i] = values_[positions[i]];
    divided[divided_count] = static_cast<uint32_t>(i);
    divided_count += out[i].source == kDivided ? 1 : 0;
  }
  if (divided_count == 0) return;
  for (size_t d = 0; d < divided_count; ++d) {
    const uint32_t i = divided[d];
    __builtin_prefetch(&host_words_[size_t{out[i].asn} * kHostWords + addresses[i] % kBlock / 64]);
  }
  for (size_t d = 0; d < divided_count; ++d) {
    const uint32_t i = divided[d];
    out[i] = FindHost(out[i].asn, addresses[i]);
  }
}

size_t V4Table::memory_bytes() const {
  return words_.size() * sizeof(Word) + values_.size() * sizeof(Location) +
         host_words_.size() * sizeof(Word) + host_values_.size() * sizeof(Location);
}

}  // namespace borderflow
