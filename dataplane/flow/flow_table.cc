#include "dataplane/flow/flow_table.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace borderflow {

// Four flows a bucket of eight ways on average: 2 % of the buckets overflow, and 16 bytes a flow.
static constexpr size_t kFlowsPerBucket = 4;

FlowTable::FlowTable(size_t capacity, const KeyedHash& hash)
    : hash_(hash),
      mask_(std::bit_ceil(std::max<size_t>(capacity / kFlowsPerBucket, 1)) - 1),
      buckets_(mask_ + 1, PageSize::kLarge),
      entries_(capacity + 1, PageSize::kLarge) {}

uint32_t FlowTable::MatchMask(const Bucket& bucket, uint16_t signature) {
#if defined(__SSE2__)
  const __m128i ways = _mm_load_si128(reinterpret_cast<const __m128i*>(bucket.signatures));
  const __m128i equal = _mm_cmpeq_epi16(ways, _mm_set1_epi16(static_cast<int16_t>(signature)));
  return static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(equal, _mm_setzero_si128())));
#else
  uint32_t mask = 0;
  for (int way = 0; way < kWays; ++way) {
    if (bucket.signatures[way] == signature) mask |= 1u << way;
  }
  return mask;
#endif
}

FlowTable::Likely FlowTable::Candidate(uint64_t hash) const {
  const Bucket& bucket = buckets_[Home(hash)];
  const uint32_t mask = MatchMask(bucket, Signature(hash));
  // Some way, even if none matches: no branch, since one packet in six may be a flow's first.
  const uint32_t index = bucket.indices[std::countr_zero(mask | 1U << (kWays - 1))];
  const bool found = mask != 0;
  const bool elsewhere = bucket.overflowed != 0;
  return {found ? index : kNone, static_cast<bool>(found | elsewhere)};
}

uint32_t FlowTable::FindIn(const Bucket& bucket, const FlowKey& key, uint16_t signature) const {
  for (uint32_t mask = MatchMask(bucket, signature); mask != 0; mask &= mask - 1) {
    const uint32_t index = bucket.indices[std::countr_zero(mask)];
    if (entries_[index].Matches(key)) return index;
  }
  return kNone;
}

uint32_t FlowTable::Find(const FlowKey& key, uint64_t hash) const {
  const uint16_t signature = Signature(hash);
  const size_t home = Home(hash);
  const uint32_t index = FindIn(buckets_[home], key, signature);
  if (index != kNone || buckets_[home].overflowed == 0) return index;
  return FindIn(buckets_[Alternative(home, signature)], key, signature);
}

bool FlowTable::PutIn(Bucket* bucket, uint16_t signature, uint32_t index) {
  const uint32_t empty = MatchMask(*bucket, 0);
  if (empty == 0) return false;
  const int way = std::countr_zero(empty);
  bucket->signatures[way] = signature;
  bucket->indices[way] = index;
  return true;
}

// Makes room in a full bucket: the first of its flows whose other bucket has some moves there.
bool FlowTable::MoveOneFrom(size_t bucket) {
  Bucket& full = buckets_[bucket];
  for (int way = 0; way < kWays; ++way) {
    const uint16_t signature = full.signatures[way];
    const uint32_t index = full.indices[way];
    const size_t other = Alternative(bucket, signature);
    if (!PutIn(&buckets_[other], signature, index)) continue;
    full.signatures[way] = 0;
    full.indices[way] = 0;
    if (Home(hash_(entries_[index].Key())) == bucket) {
      ++full.overflowed;
    } else {
      --buckets_[other].overflowed;
    }
    return true;
  }
  return false;
}

uint32_t FlowTable::Insert(const FlowKey& key, uint64_t hash) {
  uint32_t index = free_list_;
  if (index == kNone) {
    if (high_water_ == capacity()) return kNone;
    index = high_water_ + 1;
  }
  const uint16_t signature = Signature(hash);
  Bucket& home = buckets_[Home(hash)];
  if (!PutIn(&home, signature, index)) {
    const size_t alternative = Alternative(Home(hash), signature);
    if (PutIn(&buckets_[alternative], signature, index)) {
      ++home.overflowed;
    } else if (!MoveOneFrom(Home(hash)) || !PutIn(&home, signature, index)) {
      return kNone;
    }
  }
  FlowEntry& entry = entries_[index];
  if (index == free_list_) {
    free_list_ = entry.cell;
  } else {
    high_water_ = index;
  }
  // A key is laid out as the beginning of an entry, with zeros for flags and progress.
  static_assert(sizeof(FlowKey) == offsetof(FlowEntry, cell));
  std::memset(static_cast<void*>(&entry), 0, sizeof(entry));
  std::memcpy(static_cast<void*>(&entry), &key, sizeof(key));
  ++size_;
  return index;
}

bool FlowTable::RemoveFrom(Bucket* bucket, uint16_t signature, uint32_t index) {
  for (uint32_t mask = MatchMask(*bucket, signature); mask != 0; mask &= mask - 1) {
    const int way = std::countr_zero(mask);
    if (bucket->indices[way] != index) continue;
    bucket->signatures[way] = 0;
    bucket->indices[way] = 0;
    return true;
  }
  return false;
}

void FlowTable::Erase(uint32_t index, uint64_t hash) {
  FlowEntry& entry = entries_[index];
  const uint16_t signature = Signature(hash);
  Bucket& home = buckets_[Home(hash)];
  if (!RemoveFrom(&home, signature, index)) {
    RemoveFrom(&buckets_[Alternative(Home(hash), signature)], signature, index);
    --home.overflowed;
  }
  entry.family = 0;
  entry.cell = free_list_;
  free_list_ = index;
  --size_;
}

}  // namespace borderflow
