// What round trips said of locations (dataplane/flow/round_trips.h), as reports tell it.
//
// Thread safety: a pure function.
#ifndef BORDERFLOW_COLLECTORS_REPORT_REFUTED_LOCATIONS_H_
#define BORDERFLOW_COLLECTORS_REPORT_REFUTED_LOCATIONS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dataplane/count/round_trip_totals.h"

namespace borderflow {

struct RefutedLocations {
  uint64_t timed = 0;
  uint64_t contradicted = 0;
  // The most refuted ones with their flows, descending, then by code; a handful.
  std::vector<std::pair<std::string, uint64_t>> most;
};

RefutedLocations RefutedBy(const RoundTripTotals& totals);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_REFUTED_LOCATIONS_H_
