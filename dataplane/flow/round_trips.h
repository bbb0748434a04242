// RoundTrips: servers that answered sooner than light could have come from where the database
// believes them to be.
//
// From a SYN to its SYN-ACK, as the sensor sees them, light has been to the server and back: in
// fibre 100 km for each millisecond. A server whose jurisdiction is farther away than that is not
// there. The bound only ever errs on the careful side where the wire is concerned: every delay on
// the way lengthens the time. What it cannot see: something nearer that answers in the server's
// name (a proxy, a load balancer at the edge, a satellite gateway), microwave links, which are half
// as fast again as fibre, and clocks that stamp the two directions apart. So a contradiction is a
// question to the database, not a location.
//
// Off without the sensor's own place. Thread safety: none; one a worker.
#ifndef BORDERFLOW_DATAPLANE_FLOW_ROUND_TRIPS_H_
#define BORDERFLOW_DATAPLANE_FLOW_ROUND_TRIPS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "dataplane/count/round_trip_totals.h"
#include "dataplane/flow/arena.h"
#include "dataplane/packet/packet.h"
#include "rules/jurisdiction/extent.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

class RoundTrips {
 public:
  static constexpr double kKilometresPerMillisecond = 100;

  // `flows` is the flow table's highest index. Nothing is allocated without a place.
  RoundTrips(const std::optional<Place>& sensor, size_t flows);

  bool on() const { return opened_.size() > 0; }

  // A new flow's first packet. Only a SYN can be timed; later copies of it are not asked for, since
  // the answer may be to the first.
  void Open(uint32_t flow, const Packet& packet);

  // A packet of the flow with SYN and ACK, from `server`. Counts a flow once.
  void Answer(uint32_t flow, const Packet& packet, Jurisdiction server);

  const RoundTripTotals& totals() const { return totals_; }

 private:
  struct Opened {
    uint64_t time_ns;  // 0: nothing to be answered
    uint32_t sequence;
  };
  Arena<Opened> opened_;                             // by flow index
  std::array<uint64_t, kJurisdictions> least_ns_{};  // a round trip to the nearest land
  RoundTripTotals totals_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FLOW_ROUND_TRIPS_H_
