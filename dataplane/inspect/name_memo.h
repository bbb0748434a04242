// NameMemo: what the names that flows carried lately were found to tell.
//
// Flows name the same services again and again. A name that is asked for again costs one short hash
// and one near line of memory, instead of a look-up in the tables of categories and of
// organisations; with what is remembered the answer is the same as without.
//
//   a set, one cache line:   | mark 64 | rule 32, organisation 16, unused 16 |   x 4
//
// Names themselves are not kept, but a mark of each. It is multilinear (Lemire and Kaser, "Strongly
// universal string hashing is fast", 2014): with keys of 128 random bits, one for the length, one
// for the last eight bytes and one for each word w(i) of eight bytes before those,
//
//   ((K + K(length) * length + K(last) * last + sum over i of K(i) * w(i)) mod 2^128) / 2^64
//
// Two different names have the same mark with a probability of at most 2^-64, whatever they are, as
// long as nobody knows the keys. So a name that is not remembered is taken for one of the 2^14 that
// are with a probability of at most 2^-50: at 1,000 new names a second, once in 35,000 years.
//
// A name that is found moves one place towards the front of its set, and a new one takes the last
// place: names that come once do not push out those that come often.
//
// What is remembered holds for one set of rules and organisations: who exchanges them begins with
// an empty memo.
//
// Thread safety: none; one a Judge.
// Slow twin in tests: the tables themselves.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_NAME_MEMO_H_
#define BORDERFLOW_DATAPLANE_INSPECT_NAME_MEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dataplane/flow/arena.h"
#include "rules/entity/entity_index.h"

namespace borderflow {

class NameMemo {
 public:
  static constexpr size_t kLongest = 255;  // bytes of a name that has a mark
  static constexpr int kSetBits = 12;
  static constexpr size_t kWays = 4;

  struct Answer {
    uint32_t rule = 0;  // as NameRules numbers them
    EntityId organisation = kNoEntity;
  };

  // 256 KiB, and keys of its own.
  NameMemo();

  // Of a name of at most kLongest bytes, as it is written: upper case is another name.
  uint64_t MarkOf(std::string_view name) const;

  // Asks memory for where the name with this mark would be remembered.
  void Prefetch(uint64_t mark) const { __builtin_prefetch(&SetOf(mark)); }

  // Whether Find would know the name with this mark.
  bool Has(uint64_t mark) const;

  // What was remembered of the name with this mark, if it still is.
  std::optional<Answer> Find(uint64_t mark);

  // Remembers it; `mark` must not be there.
  void Add(uint64_t mark, const Answer& answer);

 private:
  static constexpr size_t kWord = sizeof(uint64_t);
  struct Key {
    uint64_t low;
    uint64_t high;
  };
  struct Keys {
    Key always;
    Key length;
    Key last;
    std::array<Key, (kLongest + kWord - 1) / kWord> words;
  };
  struct Sum;
  struct Entry {
    uint64_t mark;
    uint32_t rule;
    EntityId organisation;
  };
  struct alignas(64) Set {
    Entry entries[kWays];
  };
  static_assert(sizeof(Set) == 64);

  // The high bits of a mark choose its set.
  const Set& SetOf(uint64_t mark) const { return sets_[mark >> (64 - kSetBits)]; }
  Set& SetOf(uint64_t mark) { return sets_[mark >> (64 - kSetBits)]; }

  Keys keys_;
  Arena<Set> sets_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_NAME_MEMO_H_
