#include "dataplane/geo/v6_table.h"

#include <algorithm>
#include <bit>

#include "dataplane/geo/v4_table.h"

namespace borderflow {
namespace {

constexpr size_t kRoots = size_t{1} << 16;
constexpr uint64_t kBelowRoot = (uint64_t{1} << 48) - 1;  // bits of the high half below the root
constexpr int kMaxIndexBits = 20;                         // 4 MiB for one /16 at most

// Position of the last of starts[first..end) that is <= key. REQUIRES: starts[first] <= key.
size_t LastAtMost(const uint64_t* starts, size_t first, size_t end, uint64_t key) {
  size_t length = end - first;
  while (length > 1) {
    const size_t half = length / 2;
    first += starts[first + half] <= key ? half : 0;
    length -= half;
  }
  return first;
}

}  // namespace

void V6Table::Reserve(size_t starts) {
  starts_.reserve(2 * starts);  // a run, and what goes on after a divided /64
  values_.reserve(2 * starts);
  index_.reserve(2 * starts + 2 * kRoots);  // a slot for each start, rounded up to a power of two
}

void V6Table::Append(const IpAddress& start, const Location& location) {
  if (!starts_.empty() && location == current_) return;
  EndDividedBlock(start);
  if (start.low == 0) {
    BeginRun(start.high, location);
  } else {
    const bool divided = values_.back().source == kDivided && starts_.back() == start.high;
    if (!divided) {
      groups_.push_back(static_cast<uint32_t>(low_starts_.size()));
      const Location mark = DividedMark(static_cast<uint32_t>(groups_.size() - 1));
      if (starts_.back() == start.high) {
        values_.back() = mark;
      } else {
        BeginRun(start.high, mark);
      }
      low_starts_.push_back(0);
      low_values_.push_back(current_);
    }
    low_starts_.push_back(start.low);
    low_values_.push_back(location);
  }
  current_ = location;
}

void V6Table::BeginRun(uint64_t high, const Location& location) {
  starts_.push_back(high);
  values_.push_back(location);
}

// What holds at the end of a divided /64 goes on after it, unless `next` begins just there.
void V6Table::EndDividedBlock(const IpAddress& next) {
  if (values_.empty() || values_.back().source != kDivided) return;
  if (next.high == starts_.back()) return;
  const uint64_t after = starts_.back() + 1;
  if (next != IpAddress{after, 0}) BeginRun(after, current_);
}

void V6Table::Seal() {
  constexpr uint64_t kLastBlock = ~uint64_t{0};
  if (values_.back().source == kDivided && starts_.back() != kLastBlock) {
    BeginRun(starts_.back() + 1, current_);
  }
  groups_.push_back(static_cast<uint32_t>(low_starts_.size()));

  root_.resize(kRoots);
  size_t passed = 0;  // starts before the slot at hand
  for (uint64_t root = 0; root < kRoots; ++root) {
    const auto begin = starts_.begin() + static_cast<std::ptrdiff_t>(passed);
    const auto end = std::upper_bound(begin, starts_.end(), (root << 48) | kBelowRoot);
    const auto count = static_cast<uint64_t>(end - begin);
    const int bits = std::min(kMaxIndexBits, static_cast<int>(std::bit_width(count)));
    root_[root] = {static_cast<uint32_t>(index_.size()), static_cast<uint32_t>(48 - bits)};
    for (uint64_t slot = 0; slot < uint64_t{1} << bits; ++slot) {
      const uint64_t first = (root << 48) | (slot << (48 - bits));
      while (passed < starts_.size() && starts_[passed] < first) ++passed;
      index_.push_back(static_cast<uint32_t>(passed));
    }
    passed = static_cast<size_t>(end - starts_.begin());
  }
  index_.push_back(static_cast<uint32_t>(starts_.size()));
}

const uint32_t* V6Table::Slot(uint64_t high) const {
  const Root& root = root_[high >> 48];
  return &index_[root.index + ((high & kBelowRoot) >> root.shift)];
}

Location V6Table::FindLow(uint32_t group, uint64_t low) const {
  return low_values_[LastAtMost(low_starts_.data(), groups_[group], groups_[group + 1], low)];
}

Location V6Table::Find(const IpAddress& address) const {
  Location found;
  FindBurst(&address, 1, &found);
  return found;
}

void V6Table::FindBurst(const IpAddress* addresses, size_t count, Location* out) const {
  const uint32_t* slots[kBurst];
  uint32_t positions[kBurst];
  for (size_t i = 0; i < count; ++i) __builtin_prefetch(&root_[addresses[i].high >> 48]);
  for (size_t i = 0; i < count; ++i) {
    slots[i] = Slot(addresses[i].high);
    __builtin_prefetch(slots[i]);
  }
  for (size_t i = 0; i < count; ++i) __builtin_prefetch(&starts_[slots[i][0]] - 1);
  for (size_t i = 0; i < count; ++i) {
    // The run may have begun in an earlier slot, except that the first start of all is ::.
    const size_t before = slots[i][0] == 0 ? 0 : slots[i][0] - 1;
    positions[i] =
        static_cast<uint32_t>(LastAtMost(starts_.data(), before, slots[i][1], addresses[i].high));
    __builtin_prefetch(&values_[positions[i]]);
  }
  for (size_t i = 0; i < count; ++i) {
    out[i] = values_[positions[i]];
    if (out[i].source == kDivided) out[i] = FindLow(out[i].asn, addresses[i].low);
  }
}

size_t V6Table::memory_bytes() const {
  return root_.size() * sizeof(Root) + index_.size() * sizeof(uint32_t) +
         starts_.size() * sizeof(uint64_t) + values_.size() * sizeof(Location) +
         groups_.size() * sizeof(uint32_t) + low_starts_.size() * sizeof(uint64_t) +
         low_values_.size() * sizeof(Location);
}

}  // namespace borderflow
