#include "rules/category/name_tails.h"

#include <bit>
#include <cstring>
#include <random>

#include "absl/numeric/int128.h"

namespace borderflow {
namespace {

constexpr size_t kWord = sizeof(uint64_t);
constexpr uint64_t kEveryByte = 0x0101010101010101;
static_assert(std::endian::native ==
              std::endian::little);  // the last byte of a word is its highest

// The up to eight bytes of `text` before `end`, the last of them highest; zeros below the first.
uint64_t WordBefore(std::string_view text, size_t end) {
  uint64_t word = 0;
  if (end >= kWord) {
    std::memcpy(&word, text.data() + end - kWord, kWord);
  } else if (text.size() >= kWord) {
    std::memcpy(&word, text.data(), kWord);
    word = word << 8 * (kWord - 1 - end) << 8;
  } else if (end > 0) {
    std::memcpy(reinterpret_cast<char*>(&word) + kWord - end, text.data(), end);
  }
  return word;
}

// The highest bit of each byte that is a dot, and no other.
uint64_t Dots(uint64_t word) {
  constexpr uint64_t kHigh = kEveryByte * 0x80;
  word ^= kEveryByte * '.';
  return ~(((word & ~kHigh) + ~kHigh) | word) & kHigh;
}

// A to Z as a to z; other bytes as they are.
uint64_t Lower(uint64_t word) {
  constexpr uint64_t kHigh = kEveryByte * 0x80;
  constexpr uint64_t kCase = kEveryByte * 0x20;
  // Only '@' to '_' have the bit of letters without that of lower case. Most names have none.
  if ((word & ~(word << 1) & kEveryByte * 0x40) == 0) return word;
  const uint64_t seven = word & ~kHigh;
  const uint64_t from_a = seven + kEveryByte * (0x80 - 'A');
  const uint64_t beyond_z = seven + kEveryByte * (0x7f - 'Z');
  return word | ((from_a & ~beyond_z & ~word & kHigh) >> 2 & kCase);
}

}  // namespace

const TailKeys& TailKeys::OfProcess() {
  static const TailKeys* const keys = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(),
                       device(), device(), device(), device()};
    std::mt19937_64 random(seed);
    auto* made = new TailKeys;
    for (Key& key : made->keys) key = {random(), random(), random() | 1};
    return made;
  }();
  return *keys;
}

void NameTails::ReferTo(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kMaxName) name.remove_prefix(name.size() - kMaxName - 1);
  name_ = name;
}

NameTails::NameTails(std::string_view name, const TailKeys& keys) {
  ReferTo(name);
  name = name_;
  // The name begins as if behind a dot, unless it goes on where no suffix reaches.
  const uint64_t before = name.size() > kMaxName ? 0 : '.';
  Tail sum{1, 0};  // of the words behind `end`
  const TailKeys::Key* key = keys.keys.data();
  const auto with = [&sum, &key](uint64_t word) {
    const uint64_t mark =
        sum.mark + absl::Uint128High64(absl::uint128(key->low) * word) + key->high * word;
    return Tail{mark, sum.place + key->place * word};
  };
  Tail* tail = tails_.data();
  for (size_t end = name.size();; end -= kWord, ++key) {
    uint64_t word = WordBefore(name, end);
    if (end < kWord) word |= before << 8 * (kWord - 1 - end);
    uint64_t dots = Dots(word);
    word = Lower(word);
    while (dots != 0) {
      // What is behind the dot, and how much that is, in the byte that is left.
      const int bits = std::countl_zero(dots);
      const Tail found = with((word & ~(~uint64_t{0} >> bits)) | static_cast<uint64_t>(bits + 1));
      *tail++ = {found.mark, found.place + found.mark};
      dots ^= uint64_t{1} << (63 - bits);
    }
    if (end < kWord) break;
    sum = with(word);
  }
  size_ = static_cast<size_t>(tail - tails_.data());
}

std::string_view NameTails::Text(size_t number) const {
  size_t begin = name_.size() + 1;
  for (size_t dots = 0; dots <= number && begin > 0; ++dots) {
    const size_t dot = begin == 1 ? std::string_view::npos : name_.rfind('.', begin - 2);
    begin = dot == std::string_view::npos ? 0 : dot + 1;
  }
  return name_.substr(begin);
}

}  // namespace borderflow
