// ReferenceWorker: the slow twin of Worker. One packet at a time, every flow for ever, everything
// that waits kept packet by packet; std::map throughout, so that no pool ever overflows but those
// of the Inspector, which both use.
//
// Thread safety: none.
#ifndef BORDERFLOW_TESTS_DATAPLANE_REFERENCE_WORKER_H_
#define BORDERFLOW_TESTS_DATAPLANE_REFERENCE_WORKER_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dataplane/count/snapshot.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/inspect/inspector.h"
#include "dataplane/packet/packet.h"
#include "tests/dataplane/flow/flow_keys.h"

namespace borderflow {

class ReferenceWorker {
 public:
  ReferenceWorker(const PrefixMap* map, const NameRules* rules, bool names)
      : map_(map), inspector_(rules), with_names_(names) {}

  void Process(const Packet& packet);
  void Finish();
  Snapshot Take() const;

 private:
  enum class Phase : uint8_t {
    kUndecided,
    kInspecting,  // decided for now, a handshake may still turn up
    kStaying,     // decided, every message names something
    kDecided,
  };
  // One direction's sequence numbers, in 64 bits from the first one seen.
  struct Stream {
    std::optional<int64_t> next;
    uint64_t gap = 0;
  };
  struct Flow {
    Phase phase = Phase::kUndecided;
    Sender initiator = Sender::kLo;
    std::set<Sender> senders;
    std::set<Sender> fins;
    bool reset = false;
    uint32_t seen = 0;  // tick
    uint8_t protocol = 0;
    FlowKey key;
    IpAddress client;
    Endpoint ends[2];  // initiator, responder
    Classification classification;
    std::vector<Packet> waiting;
    int inspected = 0;
    SlotHandle slot = 0;
    std::array<Stream, 2> streams;
    std::string name;

    bool closing() const { return reset || fins.size() == 2; }
  };
  struct CountedCell {
    CellCounters counters;
    std::set<IpAddress> clients;
  };

  bool HasEnded(const Flow& flow, const Packet& packet) const;
  Flow Begin(const Packet& packet);
  void Inspect(Flow* flow, const Packet& packet);
  void Decide(Flow* flow, const Classification& classification);
  void Count(const Flow& flow, const Packet& packet);
  void NamePacket(Flow* flow, const Packet& packet, Role role, Inspection inspection);
  void Track(Flow* flow, const Packet& packet);
  void End(Flow* flow);

  const PrefixMap* map_;
  Inspector inspector_;
  bool with_names_;
  std::map<OrderedKey, Flow> table_;
  std::map<CellKey, CountedCell> cells_;
  std::map<std::string, NameCounters> names_;
  FlowTotals totals_;
  uint64_t one_way_ = 0;
  int64_t gap_bytes_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_REFERENCE_WORKER_H_
