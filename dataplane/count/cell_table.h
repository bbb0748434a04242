// CellTable: one worker's cells, in pairs: a flow's two directions differ in role and in which end
// sends, so they share one key and lie in one cache line.
//
// Everything is an arena of fixed size. When it fills up, precision goes in this order, each step
// counted: AS numbers; then category, evidence and entity; then registered jurisdictions. Locations
// never go: 255 x 255 pairs of them are held in reserve.
//
// The counters stand twice, in two banks. A worker counts in one; at a burst boundary it swaps them
// in constant time, and another thread may then read and clear the bank that it left. Keys stand
// once and are only ever added. With windows, each bank has two halves, one for each open window.
//
// Thread safety: one worker counts and swaps; one other thread drains what was swapped.
// Slow twin in tests: std::map<CellKey, CellCounters>.
#ifndef BORDERFLOW_DATAPLANE_COUNT_CELL_TABLE_H_
#define BORDERFLOW_DATAPLANE_COUNT_CELL_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dataplane/count/cell.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/flow/arena.h"
#include "dataplane/packet/address.h"

namespace borderflow {

// What both directions of a flow have in common.
struct PairKey {
  Endpoint initiator;
  Endpoint responder;
  Classification classification;
  friend bool operator==(const PairKey&, const PairKey&) = default;
};

class CellTable {
 public:
  // Room for `capacity` pairs at full precision, at most 900,000, in each of `windows` (1 or 2).
  explicit CellTable(size_t capacity, int windows = 1);

  // Counts in this window, 0 or 1, from now on.
  void Use(int window);

  // The pair's index, made on first use; of a less precise pair when the arena is full.
  uint32_t Intern(const PairKey& key);

  // The key that Intern was given, or the less precise one that stands for it.
  const PairKey& key(uint32_t pair) const { return keys_[pair]; }

  void Prefetch(uint32_t pair) { __builtin_prefetch(&counters_[pair], 1); }

  // Asks for what Intern will read for a pair of these ends, whatever its classification.
  void PrefetchIndex(const Endpoint& initiator, const Endpoint& responder) {
    __builtin_prefetch(&index_[EndsHash(initiator, responder) & line_mask_]);
  }

  // Counts one frame, or what waited, in the direction of its sender.
  void Add(uint32_t pair, Role sender, uint64_t frames, uint64_t bytes, uint64_t payload_bytes) {
    Direction& direction = counters_[pair].direction[static_cast<int>(sender)];
    direction.frames += frames;
    direction.bytes += bytes;
    direction.payload_bytes += payload_bytes;
  }

  // Counts the flow, once, and its client. Clients are noted and their memory asked for; Settle
  // puts them where they belong when it has arrived. Everything below settles first.
  void AddFlow(uint32_t pair, const IpAddress& client);
  void Settle();

  // Adds every cell that counted anything since the last swap, in no order.
  void AppendTo(std::vector<Cell>* cells) {
    Settle();
    Append(filled(), window_, cells);
  }

  // Adds every cell of a window that counted anything since the last swap, and clears it.
  void Take(int window, std::vector<Cell>* cells) {
    Settle();
    Drain(filled(), cells, window);
  }

  // A bank that the worker has left, as of the swap.
  struct Filled {
    int bank = 0;
    size_t pairs = 0;
    bool folded = false;
  };

  // Worker: goes on in the other bank. REQUIRES: that one is empty, or was drained.
  Filled Swap();

  // The other thread: adds every cell of the bank that counted anything in the window, and clears
  // it.
  void Drain(const Filled& filled, std::vector<Cell>* cells, int window = 0);

  uint64_t as_numbers_dropped() const { return as_numbers_dropped_; }
  uint64_t folded() const { return folded_; }

 private:
  struct Direction {
    uint64_t frames;
    uint64_t bytes;
    uint64_t payload_bytes;
  };
  struct alignas(64) PairCounters {
    Direction direction[2];  // by Role
    uint64_t flows;
    uint32_t exact_clients;  // in clients_; above ClientSet::kExact the sketch holds them all
    uint32_t unused;
  };
  static_assert(sizeof(PairCounters) == 64);
  struct ExactClients {
    uint64_t hashes[16];
  };
  struct Sketch {
    uint8_t registers[1024];
  };

  struct NotedClient {
    uint32_t pair;
    uint64_t hash;
  };
  struct Bank {
    Arena<PairCounters> counters;
    Arena<ExactClients> clients;
    Arena<Sketch> sketches;
  };

  void AddClient(const NotedClient& client);
  // The index of pairs: lines of 16 slots. The two ends choose a key's first line, so that it can
  // be asked for before the classification is known; the classification chooses the further lines,
  // for ends with many kinds of traffic. Nothing is ever removed, so a look-up may end at the first
  // line with an empty slot.
  static constexpr size_t kLineSlots = 16;
  //   31      20 19            0
  //   |   tag   |   pair + 1   |     0 is empty; the tag is of the classification
  struct alignas(64) Line {
    uint32_t slots[kLineSlots];
  };
  static constexpr int kPairBits = 20;

  static uint64_t EndsHash(const Endpoint& initiator, const Endpoint& responder);
  static uint64_t KindHash(const Classification& classification);

  // Of a line's slots, a bit each: those with this tag, and the empty ones.
  struct Matches {
    uint32_t tagged;
    uint32_t empty;
  };
  static Matches Match(const Line& line, uint32_t tag_mask, uint32_t tag);
  uint32_t FindOrAdd(const PairKey& key, size_t limit);
  uint32_t Reserve(const PairKey& key);
  // Pairs from here on stand for locations only, in order of the two numbers.
  size_t reserve() const;
  Filled filled() const { return {active_, used_, folded_ > 0}; }
  // Calls `visit` with every pair of the bank that may have counted, and its key.
  template <typename Visit>
  void ForEach(const Filled& filled, const Visit& visit) const;
  void Append(const Filled& filled, int window, std::vector<Cell>* cells) const;
  static ClientSet Clients(const Bank& bank, size_t pair);

  size_t capacity_ = 0;
  size_t used_ = 0;
  size_t line_mask_ = 0;
  Arena<Line> index_;
  Arena<PairKey> keys_;
  Bank& active() { return banks_[active_][window_]; }
  Bank banks_[2][2];  // by swap, by window; without windows only the first of each
  int active_ = 0;
  int window_ = 0;
  PairCounters* counters_ = nullptr;   // the active bank's
  std::array<NotedClient, 64> noted_;  // a burst of new flows
  size_t noted_count_ = 0;
  uint64_t as_numbers_dropped_ = 0;
  uint64_t folded_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_COUNT_CELL_TABLE_H_
