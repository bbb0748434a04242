#include "dataplane/inspect/flow_texts.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>

namespace borderflow {
namespace {

// The rest of a value follows within a round trip, or after a retransmission's first time-out,
// which is one second (RFC 6298).
constexpr uint64_t kAgeNs = 2'000'000'000;

}  // namespace

FlowTexts::FlowTexts(uint16_t most)
    : hash_(std::random_device{}()), texts_(size_t{most} + 1), buckets_(std::bit_ceil(most)) {}

bool FlowTexts::IsOld(const FlowText& text, uint64_t now_ns) const {
  return now_ns > text.used_ns && now_ns - text.used_ns > kAgeNs;
}

uint16_t& FlowTexts::BucketOf(const FlowKey& owner) {
  return buckets_[hash_(owner) & (buckets_.size() - 1)];
}

uint16_t FlowTexts::IndexOf(const FlowKey& owner) {
  if (held_ == 0) return 0;
  uint16_t index = BucketOf(owner);
  while (index != 0 && !(texts_[index].owner == owner)) index = texts_[index].next;
  return index;
}

FlowText* FlowTexts::Find(const FlowKey& owner, uint64_t now_ns) {
  const uint16_t index = IndexOf(owner);
  if (index == 0) return nullptr;
  FlowText& text = texts_[index];
  if (IsOld(text, now_ns)) {
    Free(index);
    return nullptr;
  }
  text.used_ns = std::max(text.used_ns, now_ns);
  if (newest_ != index) {
    Unlink(index);
    Link(index);
  }
  return &text;
}

FlowText* FlowTexts::Take(const FlowKey& owner, uint64_t now_ns) {
  // Two are looked at for one that is taken, so that what is old does not stay for long.
  for (int i = 0; i < 2 && oldest_ != 0 && IsOld(texts_[oldest_], now_ns); ++i) Free(oldest_);
  if (free_ == 0 && touched_ + size_t{1} == texts_.size()) {
    ++exhausted_;
    Free(oldest_);
  }
  uint16_t index = free_;
  if (index != 0) {
    free_ = texts_[index].older;
  } else {
    index = ++touched_;
  }
  FlowText& text = texts_[index];
  text.owner = owner;
  text.used_ns = now_ns;
  uint16_t& first = BucketOf(owner);
  text.next = first;
  first = index;
  Link(index);
  ++held_;
  return &text;
}

void FlowTexts::Forget(const FlowKey& owner) {
  if (const uint16_t index = IndexOf(owner); index != 0) Free(index);
}

Bytes FlowTexts::memory() const {
  return {reinterpret_cast<const uint8_t*>(&texts_[0]), texts_.size() * sizeof(FlowText)};
}

void FlowTexts::Link(uint16_t index) {
  texts_[index].newer = 0;
  texts_[index].older = newest_;
  if (newest_ != 0) texts_[newest_].newer = index;
  newest_ = index;
  if (oldest_ == 0) oldest_ = index;
}

void FlowTexts::Unlink(uint16_t index) {
  const FlowText& text = texts_[index];
  (text.newer != 0 ? texts_[text.newer].older : newest_) = text.older;
  (text.older != 0 ? texts_[text.older].newer : oldest_) = text.newer;
}

void FlowTexts::Free(uint16_t index) {
  FlowText& text = texts_[index];
  uint16_t* link = &BucketOf(text.owner);
  while (*link != index) link = &texts_[*link].next;
  *link = text.next;
  Unlink(index);
  std::memset(static_cast<void*>(&text), 0, sizeof(text));
  text.older = free_;
  free_ = index;
  --held_;
}

}  // namespace borderflow
