// Retention: how long each tier of a store is kept, and what --keep says.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_STORE_RETENTION_H_
#define BORDERFLOW_COLLECTORS_STORE_RETENTION_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace borderflow {

// Seconds that each tier is kept after the newest window; 0: for ever. The total over all time is
// kept for ever in any case: counters that are served must not go down.
struct Retention {
  uint64_t windows = 2 * 86'400;
  uint64_t hours = 35 * 86'400;
  uint64_t days = 400 * 86'400;  // thirteen months
  friend bool operator==(const Retention&, const Retention&) = default;
};

// Of "window=8d,hour=13mo,day=forever": tiers window, hour and day; times in m, h, d, w, mo (31
// days) and y (366 days), or forever. A tier that is not named keeps its default, but never longer
// than a coarser one that is named, and never shorter than a finer one: who asks for ten days of
// days has nothing finer that is older.
// Errors: InvalidArgument with what was found, what was expected, and the nearest word that is
// right; also where a coarser tier would be kept for less time than a finer one.
absl::StatusOr<Retention> ParseRetention(std::string_view text);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_RETENTION_H_
