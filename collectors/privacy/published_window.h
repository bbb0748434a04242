// PublishedWindow: what may be told of one window: its totals, and its crossings as far as enough
// clients and flows stand behind them in this window alone.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_PUBLISHED_WINDOW_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_PUBLISHED_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "collectors/privacy/ledger.h"
#include "collectors/report/report.h"
#include "collectors/window/window.h"

namespace borderflow {

// The last ones that are kept: a day of minutes.
inline constexpr size_t kMaxPublishedWindows = 1440;

struct PublishedWindow {
  uint64_t begin = 0;     // seconds since 1970
  uint64_t end = 0;       // exclusive
  uint64_t sequence = 0;  // from 0 at the start of the sensor
  CellCounters total;
  PublishedTable crossing;  // {Crossing}
  FrameTotals late;         // counted here because their own window had closed
  FrameTotals ahead;        // or was not open yet
  FrameTotals undecided;    // counted as what was known of their flows when this closed
  std::map<std::string, uint64_t> lost;  // frames that never reached a worker, by reason
  // Of what it was counted with.
  std::vector<std::string> databases;
  std::string groups_digest;
  std::string rules_digest;
  std::map<std::string, std::string> pack_digests;
};

// Of a window by itself; nothing is told because it was told in another. `statement`: of the run.
PublishedWindow Published(const Window& window, const Report& statement, uint64_t min_cell);

// Of the time between two publications: what the published crossings, and so their total, grew by.
// Times, losses and digests are the caller's to add.
PublishedWindow Between(const PublishedTable& before, const PublishedTable& now);

// Sets the digests.
void StateIn(const Report& statement, PublishedWindow* window);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_PUBLISHED_WINDOW_H_
