// Cell: the key that traffic is summed under, and its counters (design section 1).
#ifndef BORDERFLOW_DATAPLANE_COUNT_CELL_H_
#define BORDERFLOW_DATAPLANE_COUNT_CELL_H_

#include <compare>
#include <cstdint>

#include "rules/category/category.h"
#include "rules/category/protocol.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

// The sender's role in its flow, so that requests and answers never share a cell.
enum class Role : uint8_t { kInitiator = 0, kResponder = 1 };

// What is known of one end of a flow, as of the flow's first frame.
struct Endpoint {
  uint32_t asn = 0;  // 0 when unknown
  Jurisdiction location = Jurisdiction::kUnknown;
  Jurisdiction registered = Jurisdiction::kUnknown;
  // Operator jurisdiction follows from the AS number and is not stored.
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// What inspection concluded of a flow.
struct Classification {
  Category category = Category::kUnk;
  Evidence evidence = Evidence::kNone;
  uint8_t confidence = 0;  // percent, within the evidence's cap
  Protection protection = Protection::kUnknown;
  Protocol protocol = Protocol::kNone;
  bool named = false;   // a name was seen, whether or not any rule knows it
  uint16_t entity = 0;  // organisation of the end that answers, by name or prefix; 0 for none
  friend auto operator<=>(const Classification&, const Classification&) = default;
};

// Source and destination are sender and receiver of the counted frames. `protocol` and `named` are
// kept so that every frame needs one counter only; outputs fold them where the design's key has no
// such member.
struct CellKey {
  Endpoint source;
  Endpoint destination;
  Role role = Role::kInitiator;
  Classification classification;
  friend auto operator<=>(const CellKey&, const CellKey&) = default;
};

struct CellCounters {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t payload_bytes = 0;
  uint64_t flows = 0;  // only where role is initiator
  CellCounters& operator+=(const CellCounters& other) {
    frames += other.frames;
    bytes += other.bytes;
    payload_bytes += other.payload_bytes;
    flows += other.flows;
    return *this;
  }
  friend bool operator==(const CellCounters&, const CellCounters&) = default;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_COUNT_CELL_H_
