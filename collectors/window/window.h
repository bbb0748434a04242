// Window: a span of event time as it leaves a sensor: what was counted in it, and what was lost.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_WINDOW_WINDOW_H_
#define BORDERFLOW_COLLECTORS_WINDOW_WINDOW_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "collectors/report/report.h"
#include "dataplane/count/snapshot.h"

namespace borderflow {

struct Window {
  std::string sensor;
  uint64_t sequence = 0;  // of this sensor, in order of closing
  uint64_t begin = 0;     // seconds since 1970, frames with begin <= time < begin + width
  uint64_t width = 0;     // seconds
  // With cells, without names. `late` and `undecided` say what is not exact in it.
  Snapshot counts;
  // Live: frames that never reached a worker, by reason, since the window before.
  std::map<std::string, uint64_t> dropped;
  std::vector<DamageStatement> damaged;  // of captures, in the window that was open at their end
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_WINDOW_WINDOW_H_
