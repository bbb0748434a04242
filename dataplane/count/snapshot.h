// Snapshot: everything that a worker, or all of them together, counted. The only thing that
// collectors see of the dataplane.
#ifndef BORDERFLOW_DATAPLANE_COUNT_SNAPSHOT_H_
#define BORDERFLOW_DATAPLANE_COUNT_SNAPSHOT_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dataplane/count/cell.h"
#include "dataplane/count/client_set.h"
#include "dataplane/count/round_trip_totals.h"
#include "dataplane/inspect/content/content.h"
#include "dataplane/packet/decode.h"

namespace borderflow {

struct FrameTotals {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  FrameTotals& operator+=(const FrameTotals& other) {
    frames += other.frames;
    bytes += other.bytes;
    return *this;
  }
  friend bool operator==(const FrameTotals&, const FrameTotals&) = default;
};

// captured = ip + non_ip + malformed + duplicates (duplicates only with --dedup).
struct DecodeTotals {
  FrameTotals captured;
  FrameTotals ip;
  FrameTotals non_ip;
  FrameTotals malformed;
  FrameTotals duplicates;  // removed by --dedup, before decoding
  std::array<uint64_t, static_cast<size_t>(Malformed::kCount)> malformed_reasons{};
  uint64_t length_forged = 0;
  std::map<uint16_t, uint64_t> unknown_links;  // LINKTYPE -> frames, all of them non_ip
  // Of captured, with windows: what counts in a window that is not its own, because that one was
  // closed already, or was not yet open.
  FrameTotals late;
  FrameTotals ahead;
  uint64_t first_time_ns = 0;  // 0 when nothing was captured
  uint64_t last_time_ns = 0;   // the latest, not the last
};

struct FlowTotals {
  uint64_t total = 0;
  uint64_t tcp = 0;
  uint64_t udp = 0;
  uint64_t other = 0;
};

// What a mirror port did to the traffic: estimated and shown, never subtracted.
struct Artefacts {
  uint64_t duplicate_frames = 0;  // seen twice within a short time
  uint64_t duplicate_bytes = 0;
  uint64_t one_way_flows = 0;         // TCP flows of which only one direction was seen
  uint64_t nat_suspected = 0;         // packets that reappeared with one address changed
  uint64_t tcp_gap_bytes = 0;         // stated by sequence numbers, never seen
  uint64_t tunnelled_bytes = 0;       // of frames with more than one IP header
  uint64_t tunnel_differs_bytes = 0;  // of those whose other header has another pair of locations
};

// Every fixed pool that was full at some time; all zero means the result does not depend on the
// number of workers.
struct Overflows {
  uint64_t stateless_frames = 0;    // flow table full: counted by jurisdiction only
  uint64_t as_numbers_dropped = 0;  // cell arena full: flows that went to a cell without AS
  uint64_t cells_folded = 0;        // even those were full: flows that went to category UNK
  uint64_t reassembly_slots = 0;    // handshakes that found no reassembly slot
  uint64_t dns_names = 0;           // DNS answers that replaced one that had not yet expired
  uint64_t names = 0;               // --names: names that were not listed for lack of room
  bool any() const {
    return (stateless_frames | as_numbers_dropped | cells_folded | reassembly_slots | dns_names |
            names) != 0;
  }
};

struct NameCounters {
  Evidence evidence = Evidence::kName;
  Category category = Category::kUnk;
  Protocol protocol = Protocol::kNone;
  uint64_t flows = 0;
  uint64_t bytes = 0;
};

struct Cell {
  CellKey key;
  CellCounters counters;
  ClientSet clients;  // as flows, only where role is initiator
};

struct Snapshot {
  DecodeTotals decode;
  DecodeCounters decode_counters;
  FlowTotals flows;
  Artefacts artefacts;
  RoundTripTotals round_trips;  // all zero without the sensor's place
  ContentHits content_hits{};   // in the readable flows that were looked at, by kind
  Overflows overflows;
  // Of ip, with windows: frames whose window closed before their flow was decided. They count under
  // what was known by then, the flow's later frames under what was known in the end.
  FrameTotals undecided;
  std::vector<Cell> cells;  // sorted by key, each key once
  // Only with --names. By name as seen, lower case; may hold any byte.
  std::map<std::string, NameCounters> names;
};

// Sorts by key and adds up cells of equal key.
void SortAndFold(std::vector<Cell>* cells);

// Adds another worker's counts. The order of merging makes no difference to the result.
void Merge(Snapshot from, Snapshot* to);

// Adds a later window's counts.
void AddWindow(Snapshot window, Snapshot* to);

// Takes what had been counted earlier from `to`: decode counters, artefacts and overflows. These
// are unsigned, and an estimate may shrink: differences are modulo 2^64, and their sum is right.
void SubtractEarlier(const Snapshot& earlier, Snapshot* to);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_COUNT_SNAPSHOT_H_
