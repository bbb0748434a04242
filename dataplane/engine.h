// Engine: live pipelines, each on a thread of its own, and what the rest of the program asks of
// them: totals, another address map, an end.
//
// A lane is one pipeline and the source that it polls. Lanes share nothing but the names that DNS
// answers taught, which they pass to each other. They learn of a request
// by reading a word that seldom changes, between two bursts, and answer there; so a snapshot never
// shows half a burst, and nobody ever waits for a lock on the path of a frame.
//
// With windows, two are open at a time on every lane, and the controlling thread closes the first.
//
// Thread safety: Run by one thread a lane; everything else by one controlling thread.
#ifndef BORDERFLOW_DATAPLANE_ENGINE_H_
#define BORDERFLOW_DATAPLANE_ENGINE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/burst_source.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/cycle_clock.h"
#include "dataplane/lesson_exchange.h"
#include "dataplane/pipeline.h"

namespace borderflow {

// What a lane did with its time since it began to run.
struct LaneLoad {
  uint64_t frames = 0;
  uint64_t polls = 0;
  uint64_t empty_polls = 0;
  // A whole burst waited: more than a few in a hundred, and the lane falls behind.
  uint64_t full_polls = 0;
  // From one poll to the next, by powers of two: gaps[n] took 2^n to 2^(n+1) - 1 nanoseconds. A gap
  // in which more arrives than the receive ring holds loses frames.
  std::array<uint64_t, 40> gaps{};
  double busy_seconds = 0;  // polls that found frames, and counting these
  double idle_seconds = 0;
};

class Engine {
 public:
  // `map` and `rules` must outlive the engine, or their replacement.
  Engine(size_t lanes, const PrefixMap* map, const NameRules* rules, const FrontOptions& front,
         const WorkerOptions& worker);
  ~Engine();

  // Windows from here on, `first` and the one after it (Pipeline::OpenWindows). Before any Run.
  // REQUIRES: WorkerOptions::windows.
  void OpenWindows(uint64_t width_ns, uint64_t first);
  bool has_windows() const { return windows_; }
  uint64_t first_window() const { return first_window_; }

  struct Window {
    uint64_t index = 0;  // it begins at index * width
    Snapshot counts;
  };
  // Closes what is open before `next_first`, which is the first open window then: the first one if
  // that is the next, otherwise both, as when a clock was set back or far ahead. Waits for lanes.
  // REQUIRES: every lane runs, or is about to.
  std::vector<Window> CloseWindows(uint64_t next_first);

  size_t lanes() const { return lanes_.size(); }

  // Runs a lane in the calling thread until Stop, then counts what still waits in its source and
  // ends its flows.
  void Run(size_t lane, BurstSource* source);

  // What all lanes have counted since the start: each as of a burst boundary within the call.
  // Waits for lanes that run; those not yet started are left out.
  Snapshot Collect();

  // Locates new flows by `map` from each lane's next burst on. Returns when no lane reads the old
  // one any more.
  void Use(const PrefixMap* map);

  std::vector<LaneLoad> Load() const;

  // Ends Run on every lane, soon.
  void Stop() { stop_.store(true, std::memory_order_release); }
  bool AllFinished() const;

 private:
  struct Lane;

  void Answer(Lane* lane);
  Snapshot HandOver(const uint64_t* next_first);
  void ExchangeLessons(size_t index);

  std::vector<std::unique_ptr<Lane>> lanes_;
  LessonExchange lessons_;
  CycleClock clock_;
  // Drained so far; with windows, also decode totals and flows.
  Snapshot drained_;
  uint64_t first_window_ = 0;
  bool windows_ = false;
  Snapshot open_[2];            // what was drained of the open windows, by place
  Snapshot totals_at_closing_;  // when a window closed last
  std::atomic<bool> stop_{false};
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_ENGINE_H_
