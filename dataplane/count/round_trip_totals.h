// RoundTripTotals: flows whose handshake was timed, and those whose server answered too soon for
// where it is believed to be (dataplane/flow/round_trips.h).
#ifndef BORDERFLOW_DATAPLANE_COUNT_ROUND_TRIP_TOTALS_H_
#define BORDERFLOW_DATAPLANE_COUNT_ROUND_TRIP_TOTALS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

// By the server's location. Flows, not packets. Not by pair: the sensor's place is one, so that the
// client's location adds nothing to the bound; and not a member of the cell, which it would double
// where a location is doubted and change for none where it is not.
struct RoundTripTotals {
  std::array<uint64_t, kJurisdictions> timed{};
  std::array<uint64_t, kJurisdictions> contradicted{};
  RoundTripTotals& operator+=(const RoundTripTotals& other) {
    for (size_t i = 0; i < timed.size(); ++i) {
      timed[i] += other.timed[i];
      contradicted[i] += other.contradicted[i];
    }
    return *this;
  }
  RoundTripTotals& operator-=(const RoundTripTotals& earlier) {
    for (size_t i = 0; i < timed.size(); ++i) {
      timed[i] -= earlier.timed[i];
      contradicted[i] -= earlier.contradicted[i];
    }
    return *this;
  }
  friend bool operator==(const RoundTripTotals&, const RoundTripTotals&) = default;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_COUNT_ROUND_TRIP_TOTALS_H_
