#include "dataplane/inspect/slot_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace borderflow {
namespace {

// Retransmission time-outs start at one second (RFC 6298) and double: three losses in a row.
constexpr uint64_t kFirmAgeNs = 10'000'000'000;
// Speculation is on reordering only, which is a matter of milliseconds.
constexpr uint64_t kSpeculativeAgeNs = 1'000'000'000;

constexpr uint8_t kGenerations = 0x0f;
static_assert(kMaxSlots < flow_note::kTurning);

bool Expired(const Slot& slot, uint64_t now_ns) {
  const uint64_t age = slot.speculative ? kSpeculativeAgeNs : kFirmAgeNs;
  return now_ns > slot.used_ns && now_ns - slot.used_ns > age;
}

size_t RoundUp(size_t bytes) { return (bytes + 4095) & ~size_t{4095}; }

}  // namespace

SlotPool::SlotPool(uint16_t slots, uint16_t large_buffers)
    : slot_count_(slots), large_count_(large_buffers) {
  const size_t slot_bytes = RoundUp((size_t{slots} + 1) * sizeof(Slot));
  const size_t small_bytes = (size_t{slots} + 1) * kSmallBuffer;
  const size_t large_bytes = size_t{large_buffers} * kLargeBuffer;
  const size_t free_bytes = RoundUp(size_t{large_buffers} * sizeof(uint16_t));
  mapped_bytes_ = slot_bytes + small_bytes + large_bytes + free_bytes;
  void* mapped = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) {
    std::perror("mmap of the inspection slots");
    std::abort();
  }
  mapped_ = static_cast<uint8_t*>(mapped);
  slots_ = reinterpret_cast<Slot*>(mapped_);
  small_buffers_ = mapped_ + slot_bytes;
  large_buffers_ = small_buffers_ + small_bytes;
  free_large_ = reinterpret_cast<uint16_t*>(large_buffers_ + large_bytes);
}

SlotPool::~SlotPool() { munmap(mapped_, mapped_bytes_); }

void SlotPool::Link(Slot* slot) {
  List& list = ListOf(slot);
  const uint16_t index = IndexOf(slot);
  slot->newer = 0;
  slot->older = list.newest;
  if (list.newest != 0) slots_[list.newest].newer = index;
  list.newest = index;
  if (list.oldest == 0) list.oldest = index;
}

void SlotPool::Unlink(Slot* slot) {
  List& list = ListOf(slot);
  if (slot->newer != 0) {
    slots_[slot->newer].older = slot->older;
  } else {
    list.newest = slot->older;
  }
  if (slot->older != 0) {
    slots_[slot->older].newer = slot->newer;
  } else {
    list.oldest = slot->newer;
  }
}

void SlotPool::Free(Slot* slot) {
  Unlink(slot);
  DropBytes(slot);
  slot->taken = false;
  slot->newer = free_slots_;
  free_slots_ = IndexOf(slot);
}

void SlotPool::DropBytes(Slot* slot) {
  Wipe(slot);
  slot->segments.Clear();
  if (slot->large != 0) free_large_[free_large_count_++] = slot->large;
  slot->large = 0;
  slot->kind = SlotKind::kNote;
  slot->has_start = false;
  slot->overflowed = false;
  slot->has_quic_keys = false;
}

void SlotPool::Wipe(Slot* slot) {
  if (slot->wipe_begin >= slot->wipe_end) return;
  std::memset(Buffer(slot) + slot->wipe_begin, 0, slot->wipe_end - slot->wipe_begin);
  slot->wipe_begin = UINT16_MAX;
  slot->wipe_end = 0;
}

Slot* SlotPool::Find(SlotHandle* handle, const FlowKey& owner, uint64_t now_ns) {
  if (*handle == 0) return nullptr;
  Slot* slot = Peek(*handle);
  if (slot == nullptr || !(slot->owner == owner)) {
    *handle = 0;
    return nullptr;
  }
  if (slot->kind != SlotKind::kNote && Expired(*slot, now_ns)) {
    if (slot->speculative) {
      Free(slot);
      *handle = 0;
      return nullptr;
    }
    ++counters_.expired;
    DropBytes(slot);
  }
  slot->used_ns = std::max(slot->used_ns, now_ns);
  if (ListOf(slot).newest != IndexOf(slot)) {
    Unlink(slot);
    Link(slot);
  }
  return slot;
}

// The index of a slot for a new owner.
uint16_t SlotPool::Unused(uint64_t now_ns) {
  if (free_slots_ == 0) {
    Slot* const victim = &slots_[lists_[1].oldest != 0 ? lists_[1].oldest : lists_[0].oldest];
    const bool worthless = victim->speculative && Expired(*victim, now_ns) &&
                           victim->candidate.protocol == Protocol::kNone;
    // What is worth nothing goes before memory that was never touched.
    if (!worthless && slots_touched_ < slot_count_) return ++slots_touched_;
    if (!worthless) ++counters_.exhausted;
    Free(victim);
  }
  const uint16_t index = free_slots_;
  free_slots_ = slots_[index].newer;
  return index;
}

Slot* SlotPool::Take(SlotHandle* handle, const FlowKey& owner, uint64_t now_ns, bool speculative) {
  const uint16_t index = Unused(now_ns);
  const uint8_t generation = (slots_[index].generation + 1) & kGenerations;
  Slot* slot = new (&slots_[index]) Slot;
  slot->owner = owner;
  slot->used_ns = now_ns;
  slot->speculative = speculative;
  slot->taken = true;
  slot->generation = generation;
  Link(slot);
  *handle = static_cast<SlotHandle>(generation << kIndexBits | index);
  return slot;
}

void SlotPool::MakeFirm(Slot* slot) {
  if (!slot->speculative) return;
  Unlink(slot);
  slot->speculative = false;
  Link(slot);
}

void SlotPool::Release(SlotHandle handle) {
  if (Slot* slot = Peek(handle); slot != nullptr) Free(slot);
}

uint8_t* SlotPool::Buffer(const Slot* slot) const {
  return slot->large != 0 ? large_buffers_ + size_t{slot->large - 1u} * kLargeBuffer
                          : small_buffers_ + size_t{IndexOf(slot)} * kSmallBuffer;
}

bool SlotPool::Grow(Slot* slot) {
  uint16_t index = 0;
  if (free_large_count_ > 0) {
    index = free_large_[--free_large_count_];
  } else if (large_touched_ < large_count_) {
    index = ++large_touched_;
  } else {
    ++counters_.exhausted;
    return false;
  }
  const uint16_t begin = slot->wipe_begin;
  const uint16_t end = slot->wipe_end;
  if (begin < end) {
    std::memcpy(large_buffers_ + size_t{index - 1u} * kLargeBuffer + begin, Buffer(slot) + begin,
                end - begin);
    Wipe(slot);
  }
  slot->large = index;
  slot->wipe_begin = begin;
  slot->wipe_end = end;
  return true;
}

Bytes SlotPool::memory() const {
  return {small_buffers_,
          (size_t{slot_count_} + 1) * kSmallBuffer + size_t{large_count_} * kLargeBuffer};
}

void SlotPool::Store(Slot* slot, int64_t offset, Bytes bytes, Segments::Keep keep) {
  if (offset < 0) {
    const uint64_t before = std::min<uint64_t>(static_cast<uint64_t>(-offset), bytes.size());
    bytes.remove_prefix(before);
    offset = 0;
  }
  if (bytes.empty()) return;
  const int64_t room = slot->speculative ? kSmallBuffer : kLargeBuffer;
  if (offset + static_cast<int64_t>(bytes.size()) > room) {
    Overflow(slot);
    if (offset >= room) return;
    bytes = bytes.subspan(0, static_cast<size_t>(room - offset));
  }
  const bool needs_large = offset + static_cast<int64_t>(bytes.size()) > int64_t{kSmallBuffer};
  if (needs_large && slot->large == 0 && !Grow(slot)) {
    slot->overflowed = true;
    return;
  }
  slot->wipe_begin = std::min(slot->wipe_begin, static_cast<uint16_t>(offset));
  slot->wipe_end =
      std::max(slot->wipe_end, static_cast<uint16_t>(offset + static_cast<int64_t>(bytes.size())));
  const Segments::Outcome outcome =
      slot->segments.Insert(Buffer(slot), static_cast<uint32_t>(offset), bytes, keep);
  if (outcome.conflict) ++counters_.conflicts;
  if (!outcome.stored) Overflow(slot);
  if (outcome.added > 0) slot->stalled = 0;
}

void SlotPool::Overflow(Slot* slot) {
  if (!slot->overflowed && !slot->speculative) ++counters_.too_long;
  slot->overflowed = true;
}

Bytes SlotPool::Prefix(const Slot& slot) const {
  const uint32_t end = slot.segments.ContiguousEnd(slot.start);
  return Bytes(Buffer(&slot) + slot.start, end - slot.start);
}

}  // namespace borderflow
