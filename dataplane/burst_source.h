// BurstSource: where a live pipeline's frames come from, a burst at a time, without waiting.
//
// Thread safety: polled by one thread.
#ifndef BORDERFLOW_DATAPLANE_BURST_SOURCE_H_
#define BORDERFLOW_DATAPLANE_BURST_SOURCE_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "dataplane/capture/frame.h"

namespace borderflow {

class BurstSource {
 public:
  virtual ~BurstSource() = default;

  // Called once on the thread that is going to poll, before the first Poll.
  virtual void Attach() {}

  // The frames that wait, at most frames.size(); 0 when there are none. `now_ns` is the time of
  // frames that carry none of their own. They stay readable until Release.
  virtual size_t Poll(uint64_t now_ns, absl::Span<Frame> frames) = 0;

  // Gives the frames of the last Poll back.
  virtual void Release() = 0;

  // Called once on the same thread, after the last Release.
  virtual void Detach() {}
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_BURST_SOURCE_H_
