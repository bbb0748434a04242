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
  std::generate(keys_.words.begin(), keys_.words.end(), key);
  // A place that is free bears the mark 0, which is never looked for but in the first set.
  for (Entry& entry : sets_[0].entries) entry.mark = ~uint64_t{0};
}

uint64_t NameMemo::MarkOf(std::string_view name) const {
  Sum sum{keys_.always.low, keys_.always.high};
  sum.Add(keys_.length, name.size());
  const char* text = name.data();
  const Key* key = keys_.words.data();
  if (name.size() < kWord) {
    sum.Add(*key, ShortWord(text, name.size()));
    return sum.high;
  }
  // The last word is that of the last eight bytes, whatever the others have of them.
  const char* const last = text + name.size() - kWord;
  for (; text < last; text += kWord) sum.Add(*key++, LoadWord<uint64_t>(text));
  sum.Add(*key, LoadWord<uint64_t>(last));
  return sum.high;
}

std::optional<NameMemo::Answer> NameMemo::Find(uint64_t mark) {
  Set& set = SetOf(mark);
  for (size_t way = 0; way < kWays; ++way) {
    const Entry& entry = set.entries[way];
    if (entry.mark != mark) continue;
    const Answer answer = {entry.rule, entry.organisation};
    if (way > 0) std::swap(set.entries[way], set.entries[way - 1]);
    return answer;
  }
  return std::nullopt;
}

void NameMemo::Add(uint64_t mark, const Answer& answer) {
  SetOf(mark).entries[kWays - 1] = {mark, answer.rule, answer.organisation};
}

}  // namespace borderflow
