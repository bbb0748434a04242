// IntervalTable: address -> organisation over prefixes that may lie inside one another.
//
// The prefixes are cut into disjoint intervals, the longest prefix on top. A root of 2^16 entries
// by the highest bits leads to the intervals that begin there, usually one or two, and a binary
// search ends in them.
//
// Thread safety: const members may be called by any number of threads.
// Slow twin in tests: a scan over the prefixes.
#ifndef BORDERFLOW_RULES_ENTITY_INTERVAL_TABLE_H_
#define BORDERFLOW_RULES_ENTITY_INTERVAL_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace borderflow {

// `Key` is an address as an unsigned number of kBits bits.
template <typename Key, int kBits>
class IntervalTable {
 public:
  struct Block {
    Key first;
    Key last;
    uint16_t id;
  };

  // Blocks are prefixes: two of them are disjoint, or one lies inside the other. Each once.
  void Build(std::vector<Block> blocks) {
    // Outer blocks before inner ones, which then cut into them.
    std::sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
      return a.first != b.first ? a.first < b.first : b.last < a.last;
    });
    std::vector<const Block*> open;  // outermost first
    for (const Block& block : blocks) {
      CloseBefore(block.first, &open);
      Begin(block.first, block.id);
      open.push_back(&block);
    }
    while (!open.empty()) CloseLast(&open);
    root_.assign(kRoot + 1, 0);
    for (const Key first : firsts_) ++root_[RootOf(first) + 1];
    for (size_t i = 1; i < root_.size(); ++i) root_[i] += root_[i - 1];
  }

  // The id of the innermost block that holds `address`; 0 for none.
  uint16_t Find(Key address) const {
    if (firsts_.empty()) return 0;
    const size_t root = RootOf(address);
    const auto begin = firsts_.begin() + root_[root];
    const auto end = firsts_.begin() + root_[root + 1];
    const auto behind = std::upper_bound(begin, end, address);
    return behind == firsts_.begin() ? 0 : ids_[static_cast<size_t>(behind - firsts_.begin()) - 1];
  }

 private:
  static constexpr int kRootBits = 16;
  static constexpr size_t kRoot = size_t{1} << kRootBits;

  static size_t RootOf(Key address) { return static_cast<size_t>(address >> (kBits - kRootBits)); }

  void Begin(Key first, uint16_t id) {
    if (!firsts_.empty() && firsts_.back() == first) {
      ids_.back() = id;
    } else {
      firsts_.push_back(first);
      ids_.push_back(id);
    }
  }

  // Behind a block the one around it goes on.
  void CloseLast(std::vector<const Block*>* open) {
    const Key last = open->back()->last;
    open->pop_back();
    if (last == static_cast<Key>(~Key{0})) return;  // nothing comes behind
    Begin(last + 1, open->empty() ? uint16_t{0} : open->back()->id);
  }

  void CloseBefore(Key next, std::vector<const Block*>* open) {
    while (!open->empty() && open->back()->last < next) CloseLast(open);
  }

  // Interval i goes from firsts_[i] to before firsts_[i + 1]; those of root r are root_[r] to
  // before root_[r + 1].
  std::vector<Key> firsts_;
  std::vector<uint16_t> ids_;
  std::vector<uint32_t> root_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_ENTITY_INTERVAL_TABLE_H_
