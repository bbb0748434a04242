// NameTails: the hashes of all tails of a name that begin at a label.
//
// Made in one pass from the right, and good for every SuffixTable: who asks several tables for one
// name reads it once.
//
// The hash is multilinear (Lemire and Kaser, "Strongly universal string hashing is fast", 2014): a
// tail is cut into words w(i) of eight bytes from its end, the last of which holds at most seven
// and says how many. With keys of 128 random bits a position, its mark is
//
//   sum over i of ((K(i) * w(i)) mod 2^128) / 2^64, mod 2^64
//
// Two different tails have the same mark with a probability of at most 2^-63, whatever they are, as
// long as nobody knows the keys: where their words differ by d, K d mod 2^128 must have one of two
// upper halves (the lower ones may carry), each of which 2^-64 of the keys give. The place is
// the like of it with a key of 64 bits: less, but independent of the mark, which is added to spread
// it. Two tails fall into the same of n ranges of places with a probability of at most 2 / n.
//
// Thread safety: a value. It refers to the name, which must outlive it.
// Slow twin in tests: NamesTwinTest, through the tables.
#ifndef BORDERFLOW_RULES_CATEGORY_NAME_TAILS_H_
#define BORDERFLOW_RULES_CATEGORY_NAME_TAILS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/types/span.h"

namespace borderflow {

// What the hash is keyed with. All zero is allowed, and makes all tails fall together.
struct TailKeys {
  struct Key {
    uint64_t low = 0;
    uint64_t high = 0;
    uint64_t place = 0;
  };
  std::array<Key, 33> keys{};  // as many as a tail may have words

  // Those of this process: random, so that nobody can write a list or a name that finds another's
  // hash.
  static const TailKeys& OfProcess();
};

class NameTails {
 public:
  static constexpr size_t kMaxName = 253;  // RFC 1035 section 2.3.4, as text
  static constexpr size_t kMaxLabel = 63;

  struct Tail {
    uint64_t mark;   // tells it from others
    uint64_t place;  // where in a table, the high bits first
  };

  // Any bytes are safe; upper case counts as lower, one trailing dot is left out. Tails of more
  // than kMaxName bytes are no suffixes, and not among them. Some 15 to 20 ns for a name of
  // 20 bytes.
  explicit NameTails(std::string_view name, const TailKeys& keys = TailKeys::OfProcess());

  // The name, which is the same, may be found here from now on.
  void ReferTo(std::string_view name);

  // The shortest first.
  absl::Span<const Tail> tails() const { return {tails_.data(), size_}; }
  // Of tails()[number], as it stands in the name.
  std::string_view Text(size_t number) const;

 private:
  std::string_view name_;
  size_t size_ = 0;
  std::array<Tail, kMaxName + 2> tails_;  // every byte of a hostile name may be a dot
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_NAME_TAILS_H_
