#include "dataplane/count/cell_table.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#include "dataplane/count/hyperloglog.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace borderflow {
namespace {

// Beyond the pairs of full precision: this many without AS numbers, then one for each pair of
// locations. 64 Ki pairs without AS numbers is every pair of locations once.
constexpr size_t kWithoutAs = 65536;
constexpr size_t kLocationPairs = size_t{kJurisdictions} * kJurisdictions;

// Cells come from tables of ours, not from an attacker's choice of bytes, so no secret is needed.
constexpr uint64_t kMixA = 0x9e3779b97f4a7c15ULL;
constexpr uint64_t kMixB = 0xbf58476d1ce4e5b9ULL;

uint64_t Word(const Endpoint& e) {
  return uint64_t{e.asn} << 16 | uint64_t{static_cast<uint8_t>(e.location)} << 8 |
         static_cast<uint8_t>(e.registered);
}

}  // namespace

uint64_t CellTable::EndsHash(const Endpoint& initiator, const Endpoint& responder) {
  const uint64_t hash = (std::rotl(Word(initiator) * kMixA, 31) ^ Word(responder)) * kMixB;
  return hash ^ (hash >> 32);
}

uint64_t CellTable::KindHash(const Classification& c) {
  const uint64_t kind =
      uint64_t{static_cast<uint8_t>(c.category)} | uint64_t{static_cast<uint8_t>(c.evidence)} << 8 |
      uint64_t{c.confidence} << 16 | uint64_t{static_cast<uint8_t>(c.protection)} << 24 |
      uint64_t{static_cast<uint8_t>(c.protocol)} << 32 | uint64_t{c.named} << 40 |
      uint64_t{c.entity} << 48;
  const uint64_t hash = (kind ^ kind >> 29) * kMixA;
  return hash ^ (hash >> 32);
}

CellTable::CellTable(size_t capacity, int windows)
    : capacity_(capacity),
      // At most half of the slots are used.
      line_mask_(std::bit_ceil(2 * (capacity + kWithoutAs) / kLineSlots) - 1),
      index_(line_mask_ + 1, PageSize::kLarge),
      keys_(capacity + kWithoutAs + kLocationPairs, PageSize::kLarge) {
  if (capacity + kWithoutAs >= (size_t{1} << kPairBits)) std::abort();
  for (auto& by_window : banks_) {
    for (int window = 0; window < windows; ++window) {
      Bank& bank = by_window[window];
      bank.counters = Arena<PairCounters>(keys_.size(), PageSize::kLarge);
      bank.clients = Arena<ExactClients>(keys_.size(), PageSize::kLarge);
      bank.sketches = Arena<Sketch>(keys_.size(), PageSize::kLarge);
    }
  }
  counters_ = active().counters.data();
  static_assert(sizeof(ExactClients) == ClientSet::kExact * sizeof(uint64_t));
  static_assert(sizeof(Sketch) == hyperloglog::kRegisters);
}

CellTable::Matches CellTable::Match(const Line& line, uint32_t tag_mask, uint32_t tag) {
#if defined(__SSE2__)
  const auto* const slots = reinterpret_cast<const __m128i*>(line.slots);
  const auto equal = [slots](uint32_t mask, uint32_t value) {
    const __m128i of = _mm_set1_epi32(static_cast<int>(mask));
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(value));
    __m128i found[4];
    for (int i = 0; i < 4; ++i) {
      found[i] = _mm_cmpeq_epi32(_mm_and_si128(_mm_load_si128(slots + i), of), wanted);
    }
    return static_cast<uint32_t>(_mm_movemask_epi8(
        _mm_packs_epi16(_mm_packs_epi32(found[0], found[1]), _mm_packs_epi32(found[2], found[3]))));
  };
  return {equal(tag_mask, tag), equal(UINT32_MAX, 0)};
#else
  Matches matches = {0, 0};
  for (size_t i = 0; i < kLineSlots; ++i) {
    if ((line.slots[i] & tag_mask) == tag) matches.tagged |= 1U << i;
    if (line.slots[i] == 0) matches.empty |= 1U << i;
  }
  return matches;
#endif
}

uint32_t CellTable::FindOrAdd(const PairKey& key, size_t limit) {
  constexpr uint32_t kFull = UINT32_MAX;
  constexpr uint32_t kPairMask = (uint32_t{1} << kPairBits) - 1;
  const uint64_t kind = KindHash(key.classification);
  const auto tag = static_cast<uint32_t>(kind) & ~kPairMask;
  const size_t step = (kind & kPairMask) | 1;  // odd: every line is reached
  size_t at = EndsHash(key.initiator, key.responder) & line_mask_;
  for (;; at = (at + step) & line_mask_) {
    Line& line = index_[at];
    const auto [tagged, empty] = Match(line, ~kPairMask, tag);
    for (uint32_t left = tagged & ~empty; left != 0; left &= left - 1) {
      const uint32_t pair = (line.slots[std::countr_zero(left)] & kPairMask) - 1;
      if (keys_[pair] == key) return pair;
    }
    if (empty == 0) continue;
    if (used_ >= limit) return kFull;
    const auto pair = static_cast<uint32_t>(used_++);
    new (&keys_[pair]) PairKey(key);
    line.slots[std::countr_zero(empty)] = tag | (pair + 1);
    return pair;
  }
}

uint32_t CellTable::Intern(const PairKey& key) {
  constexpr uint32_t kFull = UINT32_MAX;
  const uint32_t precise = FindOrAdd(key, capacity_);
  if (precise != kFull) return precise;
  ++as_numbers_dropped_;
  PairKey without_as = key;
  without_as.initiator.asn = 0;
  without_as.responder.asn = 0;
  const uint32_t coarse = FindOrAdd(without_as, capacity_ + kWithoutAs);
  if (coarse != kFull) return coarse;
  ++folded_;
  return Reserve(key);
}

uint32_t CellTable::Reserve(const PairKey& key) {
  const size_t pair = reserve() +
                      size_t{static_cast<uint8_t>(key.initiator.location)} * kJurisdictions +
                      static_cast<uint8_t>(key.responder.location);
  PairKey& coarsest = keys_[pair];
  coarsest = PairKey{};
  coarsest.initiator.location = key.initiator.location;
  coarsest.responder.location = key.responder.location;
  return static_cast<uint32_t>(pair);
}

void CellTable::AddFlow(uint32_t pair, const IpAddress& client) {
  PairCounters& counters = counters_[pair];
  ++counters.flows;
  if (noted_count_ == noted_.size()) Settle();
  const uint64_t hash = ClientSet::Hash(client);
  noted_[noted_count_++] = {pair, hash};
  const void* const exact = &active().clients[pair];
  const void* const sketch = &active().sketches[pair].registers[hyperloglog::IndexOf(hash)];
  __builtin_prefetch(counters.exact_clients > ClientSet::kExact ? sketch : exact, 1);
}

void CellTable::Settle() {
  for (size_t i = 0; i < noted_count_; ++i) AddClient(noted_[i]);
  noted_count_ = 0;
}

void CellTable::AddClient(const NotedClient& client) {
  PairCounters& counters = counters_[client.pair];
  Bank& bank = active();
  uint8_t* registers = bank.sketches[client.pair].registers;
  if (counters.exact_clients > ClientSet::kExact) {
    hyperloglog::Add(client.hash, registers);
    return;
  }
  uint64_t* hashes = bank.clients[client.pair].hashes;
  uint64_t* const end = hashes + counters.exact_clients;
  if (std::find(hashes, end, client.hash) != end) return;
  if (counters.exact_clients++ < ClientSet::kExact) {
    *end = client.hash;
    return;
  }
  for (int i = 0; i < ClientSet::kExact; ++i) hyperloglog::Add(hashes[i], registers);
  hyperloglog::Add(client.hash, registers);
}

size_t CellTable::reserve() const { return capacity_ + kWithoutAs; }

ClientSet CellTable::Clients(const Bank& bank, size_t pair) {
  ClientSet set;
  const uint32_t exact = bank.counters[pair].exact_clients;
  if (exact > ClientSet::kExact) {
    set.MergeRegisters(absl::MakeConstSpan(bank.sketches[pair].registers));
  } else {
    for (uint32_t i = 0; i < exact; ++i) set.AddHash(bank.clients[pair].hashes[i]);
  }
  return set;
}

template <typename Visit>
void CellTable::ForEach(const Filled& filled, const Visit& visit) const {
  for (size_t pair = 0; pair < filled.pairs; ++pair) visit(pair, keys_[pair]);
  if (!filled.folded) return;
  // The keys of the reserve follow from their place: the worker may be writing there meanwhile.
  for (size_t at = 0; at < kLocationPairs; ++at) {
    PairKey key;
    key.initiator.location = static_cast<Jurisdiction>(at / kJurisdictions);
    key.responder.location = static_cast<Jurisdiction>(at % kJurisdictions);
    visit(reserve() + at, key);
  }
}

void CellTable::Append(const Filled& filled, int window, std::vector<Cell>* cells) const {
  const Bank& bank = banks_[filled.bank][window];
  ForEach(filled, [&bank, cells](size_t pair, const PairKey& key) {
    const PairCounters& counters = bank.counters[pair];
    for (const Role role : {Role::kInitiator, Role::kResponder}) {
      const Direction& direction = counters.direction[static_cast<int>(role)];
      const bool forward = role == Role::kInitiator;
      const uint64_t flows = forward ? counters.flows : 0;
      if (direction.frames == 0 && flows == 0) continue;
      cells->push_back({{forward ? key.initiator : key.responder,
                         forward ? key.responder : key.initiator, role, key.classification},
                        {direction.frames, direction.bytes, direction.payload_bytes, flows},
                        forward ? Clients(bank, pair) : ClientSet{}});
    }
  });
}

CellTable::Filled CellTable::Swap() {
  Settle();
  const Filled left = filled();
  active_ = 1 - active_;
  counters_ = active().counters.data();
  return left;
}

void CellTable::Use(int window) {
  if (window == window_) return;
  Settle();
  window_ = window;
  counters_ = active().counters.data();
}

void CellTable::Drain(const Filled& filled, std::vector<Cell>* cells, int window) {
  Append(filled, window, cells);
  Bank& bank = banks_[filled.bank][window];
  ForEach(filled, [&bank](size_t pair, const PairKey&) {
    PairCounters& counters = bank.counters[pair];
    if (counters.exact_clients > ClientSet::kExact) bank.sketches[pair] = {};
    // Only what was touched: clearing the rest would make the system back it with memory.
    if (counters.flows != 0 || counters.direction[0].frames != 0 ||
        counters.direction[1].frames != 0) {
      counters = {};
    }
  });
}

}  // namespace borderflow
