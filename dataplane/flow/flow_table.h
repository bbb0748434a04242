// FlowTable: flow key -> FlowEntry, fixed in size, about 80 bytes a flow.
//
// Buckets are one cache line: eight 16-bit signatures beside eight entry indices. A key has a home
// bucket and one alternative, used only when its home is full; a home some of whose keys live there
// says so, so that a look-up of an absent key reads one line. Where both are full, one of their
// flows moves to its own other bucket. The full key is always compared.
//
// The table knows no time: whether a flow has ended is judged by its user (expiry.h).
//
// Thread safety: none; one a worker.
// Slow twin in tests: std::map over the same keys.
#ifndef BORDERFLOW_DATAPLANE_FLOW_FLOW_TABLE_H_
#define BORDERFLOW_DATAPLANE_FLOW_FLOW_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "dataplane/flow/arena.h"
#include "dataplane/flow/flow_entry.h"
#include "dataplane/packet/keyed_hash.h"

namespace borderflow {

class FlowTable {
 public:
  static constexpr uint32_t kNone = 0;  // entry 0 is never used

  // Room for `capacity` flows; less only if hashes are very uneven, which a keyed hash prevents.
  // Every `hash` below must come from `hash`.
  FlowTable(size_t capacity, const KeyedHash& hash);

  // The three steps of a staged look-up: ask for the bucket's line, then for the likely entry's,
  // then confirm. `Candidate` may name a wrong entry or miss one; `Find` never does.
  void PrefetchBucket(uint64_t hash) const { __builtin_prefetch(&buckets_[Home(hash)]); }
  struct Likely {
    uint32_t index;  // kNone, or an entry whose key's signature is the same
    bool doubtful;   // unless the entry is the one, Find may yet find another
  };
  Likely Candidate(uint64_t hash) const;
  void PrefetchEntry(uint32_t index) { __builtin_prefetch(&entries_[index], 1); }
  // False for kNone.
  bool Confirm(uint32_t index, const FlowKey& key) const { return entries_[index].Matches(key); }

  // The entry's index, or kNone.
  uint32_t Find(const FlowKey& key, uint64_t hash) const;

  // A new entry with the key set and all else zero, or kNone when the table is full.
  // REQUIRES: the key is absent.
  uint32_t Insert(const FlowKey& key, uint64_t hash);

  // REQUIRES: `index` is in use, and `hash` is its key's: what PrefetchBucketOf returned after
  // asking for the line that this will write.
  void Erase(uint32_t index, uint64_t hash);
  void Erase(uint32_t index) { Erase(index, hash_(entries_[index].Key())); }
  uint64_t PrefetchBucketOf(uint32_t index) const {
    const uint64_t hash = hash_(entries_[index].Key());
    __builtin_prefetch(&buckets_[Home(hash)], 1);
    return hash;
  }

  FlowEntry& entry(uint32_t index) { return entries_[index]; }
  const FlowEntry& entry(uint32_t index) const { return entries_[index]; }

  bool in_use(uint32_t index) const { return entries_[index].family != 0; }
  // Indices 1 .. high_water() have been in use at some time.
  uint32_t high_water() const { return high_water_; }
  size_t size() const { return size_; }
  size_t capacity() const { return entries_.size() - 1; }

 private:
  static constexpr int kWays = 8;
  struct alignas(64) Bucket {
    uint16_t signatures[kWays];  // 0 is an empty way
    uint32_t indices[kWays];
    uint32_t overflowed;  // keys of this home that live in their alternative
    uint32_t unused[3];
  };
  static_assert(sizeof(Bucket) == 64);

  size_t Home(uint64_t hash) const { return hash & mask_; }
  // Derived from the signature, so that it is its own inverse and needs no second hash.
  size_t Alternative(size_t bucket, uint16_t signature) const {
    return (bucket ^ (size_t{signature} * 0x5bd1e995)) & mask_;
  }
  static uint16_t Signature(uint64_t hash) { return static_cast<uint16_t>((hash >> 48) | 1); }

  static uint32_t MatchMask(const Bucket& bucket, uint16_t signature);
  uint32_t FindIn(const Bucket& bucket, const FlowKey& key, uint16_t signature) const;
  bool PutIn(Bucket* bucket, uint16_t signature, uint32_t index);
  bool MoveOneFrom(size_t bucket);
  bool RemoveFrom(Bucket* bucket, uint16_t signature, uint32_t index);

  KeyedHash hash_;
  size_t mask_ = 0;
  Arena<Bucket> buckets_;
  Arena<FlowEntry> entries_;
  uint32_t free_list_ = kNone;  // chained through FlowEntry::cell
  uint32_t high_water_ = 0;
  size_t size_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FLOW_FLOW_TABLE_H_
