#include "dataplane/inspect/name_memo.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include "absl/numeric/int128.h"

namespace borderflow {
namespace {

template <typename Word>
Word LoadWord(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// A text of less than eight bytes, of which `size` is known besides.
uint64_t ShortWord(const char* text, size_t size) {
  constexpr size_t kHalf = sizeof(uint32_t);
  if (size >= kHalf) {
    return uint64_t{LoadWord<uint32_t>(text)} << 32 | LoadWord<uint32_t>(text + size - kHalf);
  }
  uint64_t word = 0;
  for (size_t i = 0; i < size; ++i) word = word << 8 | static_cast<unsigned char>(text[i]);
  return word;
}

}  // namespace

// Mod 2^128.
struct NameMemo::Sum {
  uint64_t low;
  uint64_t high;

  void Add(const Key& key, uint64_t word) {
    const absl::uint128 product = absl::uint128(key.low) * word;
    low += absl::Uint128Low64(product);
    const uint64_t carry = low < absl::Uint128Low64(product) ? 1 : 0;
    high += absl::Uint128High64(product) + key.high * word + carry;
  }
};

NameMemo::NameMemo() : sets_(size_t{1} << kSetBits) {
  // Random, so that nobody can choose names that are taken for others.
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(),
                     device(), device(), device(), device()};
  std::mt19937_64 random(seed);
  const auto key = [&random] { return Key{random(), random()}; };
  keys_.always = key();
  keys_.length = key();
  keys_.last = key();
  std::generate(keys_.words.begin(), keys_.words.end(), key);
  // A place that is free bears the mark 0, which is never looked for but in the first set.
  for (Entry& entry : sets_[0].entries) entry.mark = ~uint64_t{0};
}

// Lengths and ways are as chance has them, and a branch foretold wrongly costs as much as twenty
// instructions: up to kUsual words are read of every name, the last one instead of those that it
// does not have, and those count for nothing.
uint64_t NameMemo::MarkOf(std::string_view name) const {
  constexpr size_t kUsual = 3;
  Sum sum{keys_.always.low, keys_.always.high};
  sum.Add(keys_.length, name.size());
  const char* const text = name.data();
  if (name.size() < kWord) {
    sum.Add(keys_.last, ShortWord(text, name.size()));
    return sum.high;
  }
  // The last word is that of the last eight bytes, whatever the others have of them.
  const size_t last = name.size() - kWord;
  for (size_t i = 0; i < kUsual; ++i) {
    const size_t at = i * kWord;
    const auto word = LoadWord<uint64_t>(text + std::min(at, last));
    sum.Add(keys_.words[i], word & -uint64_t{at < last});
  }
  for (size_t at = kUsual * kWord; at < last; at += kWord) {
    sum.Add(keys_.words[at / kWord], LoadWord<uint64_t>(text + at));
  }
  sum.Add(keys_.last, LoadWord<uint64_t>(text + last));
  return sum.high;
}

bool NameMemo::Has(uint64_t mark) const {
  const Set& set = SetOf(mark);
  bool has = false;
  for (const Entry& entry : set.entries) has |= entry.mark == mark;
  return has;
}

std::optional<NameMemo::Answer> NameMemo::Find(uint64_t mark) {
  Set& set = SetOf(mark);
  size_t found = kWays;
  for (size_t way = 0; way < kWays; ++way) found = set.entries[way].mark == mark ? way : found;
  if (found == kWays) return std::nullopt;
  const Entry entry = set.entries[found];
  const size_t ahead = found - static_cast<size_t>(found > 0);
  set.entries[found] = set.entries[ahead];
  set.entries[ahead] = entry;
  return Answer{entry.rule, entry.organisation};
}

void NameMemo::Add(uint64_t mark, const Answer& answer) {
  SetOf(mark).entries[kWays - 1] = {mark, answer.rule, answer.organisation};
}

}  // namespace borderflow
