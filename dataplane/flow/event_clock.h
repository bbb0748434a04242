// EventClock: the frames' time stamps, in file order -> one time that never runs backwards.
//
// Flows end by it, so that it must be the same for everyone who judges them: whoever sees all
// frames in order keeps the clock and marks each packet (Packet::tick). If a worker took the time
// from its own packets, a flow that another worker's sweep had freed could go on in a capture whose
// time stamps step back, and the numbers would depend on the number of workers.
//
// Thread safety: none.
#ifndef BORDERFLOW_DATAPLANE_FLOW_EVENT_CLOCK_H_
#define BORDERFLOW_DATAPLANE_FLOW_EVENT_CLOCK_H_

#include <algorithm>
#include <cstdint>

#include "dataplane/flow/flow_entry.h"

namespace borderflow {

class EventClock {
 public:
  // Queues, interfaces and merged files are out of order by less; a larger step back is a clock
  // that was set, or a forged time stamp before it, and time goes on from there.
  static constexpr uint64_t kDisorderNs = 60'000'000'000;
  // Any flow has ended after this long (expiry.h), so a longer silence is as good as this one, and
  // ticks never come near to their wrap within a flow's life.
  static constexpr uint64_t kLongestSilenceNs = 3'600'000'000'000;

  // The time of the next frame. Without branches: where frames are out of order, nobody can
  // foretell which come early.
  Tick Advance(uint64_t time_ns) {
    const bool later = time_ns > latest_ns_;
    const bool was_set = latest_ns_ - time_ns > kDisorderNs;  // or later
    const uint64_t step = time_ns - latest_ns_;               // back, too; modulo 2^64
    elapsed_ns_ += std::min(step & -uint64_t{later}, kLongestSilenceNs);
    latest_ns_ += step & -static_cast<uint64_t>(later | was_set);
    return ToTick(elapsed_ns_);
  }

  // As of the last frame.
  Tick now() const { return ToTick(elapsed_ns_); }

 private:
  uint64_t latest_ns_ = 0;   // the time stamp that the clock stands at
  uint64_t elapsed_ns_ = 0;  // since the clock was made
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FLOW_EVENT_CLOCK_H_
