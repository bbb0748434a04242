// Lane: a pipeline on a thread that is not ours. It inspects bursts where the application received
// them, and hands over what it counted to another thread at a burst boundary.
//
// One word says who has the pipeline. The inspecting thread takes it for each burst, which costs an
// uncontended atomic exchange, about 20 cycles a burst. It is no lock that anybody waits for on the
// path of a frame: a request is a number that the inspecting thread sees after a burst and answers
// there. Only when no burst came to answer it does the controlling thread take the pipeline, for
// the constant time of a hand-over, a microsecond or so; a burst that arrives just then waits so
// long, and is counted. So a lane that receives never waits, and one that is idle keeps nobody
// waiting.
//
// Thread safety: Inspect by one thread at a time; everything else by one controlling thread.
#ifndef BORDERFLOW_TOOLS_PLUGIN_LANE_H_
#define BORDERFLOW_TOOLS_PLUGIN_LANE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/capture/dpdk/mbuf_frames.h"
#include "dataplane/capture/frame.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/cycle_clock.h"
#include "dataplane/inspect/dns_lesson.h"
#include "dataplane/lesson_exchange.h"
#include "dataplane/pipeline.h"
#include "tools/plugin/stamped_ports.h"

struct rte_mbuf;

namespace borderflow {

// How a lane spent its thread's time.
struct LaneUse {
  uint64_t frames_by_clock = 0;  // that got the time of their burst
  uint64_t bursts = 0;
  uint64_t full_bursts = 0;         // of kBurst frames or more
  uint64_t busy_cycles = 0;         // inspecting
  uint64_t longest_gap_cycles = 0;  // from one call of Inspect to the next
  uint64_t first_cycles = 0;
  uint64_t last_cycles = 0;
};

// What a lane is to use.
struct LaneSurroundings {
  const PrefixMap* map = nullptr;     // where new flows are located
  LessonExchange* lessons = nullptr;  // names that DNS taught other lanes; none for nullptr
  size_t index = 0;                   // this lane's number there
};

class Lane {
 public:
  // `clock`, `map` and `rules` must outlive the lane, or their replacement.
  Lane(const CycleClock* clock, const PrefixMap* map, const NameRules* rules,
       const FrontOptions& front, const WorkerOptions& worker, StampedPorts stamped);

  // Counts a burst of any length. Returns false, with nothing counted, once the lane is closed.
  bool Inspect(absl::Span<rte_mbuf* const> mbufs);

  // Wants what was counted, and `surroundings` to be used, from the end of a burst on.
  // REQUIRES: the last request was answered and drained.
  void Ask(const LaneSurroundings& surroundings);
  bool Answered() const { return answered_.load(std::memory_order_acquire) == asked_; }
  // Answers in the inspecting thread's place, unless it did meanwhile.
  void AnswerFor();

  // Adds what was counted: `totals` (without cells) since the start, cells since the last request.
  // REQUIRES: Answered.
  void Drain(Snapshot* totals, std::vector<Cell>* cells);
  // As of the last answer.
  const LaneUse& use() const { return handover_use_; }

  // Ends every flow. Bursts that come later are not counted. Requests are still answered.
  void Close();

 private:
  enum Owner : uint32_t { kNobody, kInspecting, kControlling, kClosed };

  bool Take();
  void Leave();
  bool Asked() const {
    return wanted_.load(std::memory_order_acquire) != answered_.load(std::memory_order_relaxed);
  }
  void InspectRun(absl::Span<rte_mbuf* const> mbufs, bool stamped, uint64_t now_ns);
  void LearnFromOthers();
  void Answer();

  // Written by the controlling thread, seldom.
  alignas(64) std::atomic<uint32_t> wanted_{0};
  std::atomic<bool> closing_{false};
  uint32_t asked_ = 0;  // as wanted_; the controlling thread's own
  LaneSurroundings wanted_surroundings_;

  // The inspecting thread's own.
  alignas(64) uint64_t empty_bursts_ = 0;
  uint64_t last_call_cycles_ = 0;
  uint64_t longest_gap_cycles_ = 0;

  // Contended for only when the lane is idle.
  alignas(64) std::atomic<uint32_t> owner_{kNobody};
  std::atomic<uint32_t> answered_{0};

  // The owner's.
  alignas(64) const CycleClock* clock_;
  LaneSurroundings surroundings_;
  DnsLessons learned_;  // in the frames at hand, for others
  StampedPorts stamped_ports_;
  MbufFrames by_clock_;
  std::optional<MbufFrames> stamped_;  // only if there are stamped ports
  std::array<Frame, kBurst> frames_;
  LaneUse use_;
  Pipeline pipeline_;

  // The owner's between a request and its answer, the controlling thread's otherwise.
  Pipeline::Handover handover_;
  LaneUse handover_use_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_PLUGIN_LANE_H_
