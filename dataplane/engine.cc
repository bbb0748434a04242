#include "dataplane/engine.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

namespace borderflow {
namespace {

// After Stop, polls that may still find frames: a receive ring of 8,192 and a mebi of good measure,
// so that a source that never dries up cannot keep a lane from ending.
constexpr int kLastPolls = 512;
// Flows whose waiting frames a lane adds between two bursts while a window closes: some 6 us.
constexpr size_t kClosedAtOnce = 64;
// A lane that finds nothing for so long, some 100 us, lets other threads have the core.
constexpr uint64_t kPollsBeforeYield = 4096;

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

template <typename Condition>
void WaitUntil(const Condition& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

}  // namespace

struct Engine::Lane {
  enum State : uint32_t { kNew, kRunning, kFinished };

  Lane(const PrefixMap* map, const NameRules* rules, const FrontOptions& front,
       const WorkerOptions& worker)
      : map_wanted(map),
        map_in_use(map),
        pipeline(map, rules, KeyedHash(RandomSeed()), front, worker) {}

  // Written by the controlling thread, seldom.
  alignas(64) std::atomic<uint32_t> swap_wanted{0};
  std::atomic<const PrefixMap*> map_wanted;

  // Written by the lane.
  alignas(64) std::atomic<uint32_t> swap_done{0};
  std::atomic<const PrefixMap*> map_in_use;
  std::atomic<uint32_t> state{kNew};
  std::atomic<uint64_t> frames{0};
  std::atomic<uint64_t> polls{0};
  std::atomic<uint64_t> empty_polls{0};
  std::atomic<uint64_t> full_polls{0};
  std::atomic<uint64_t> busy_cycles{0};
  std::atomic<uint64_t> idle_cycles{0};
  std::array<std::atomic<uint64_t>, std::tuple_size_v<decltype(LaneLoad::gaps)>> gaps{};

  alignas(64) Pipeline pipeline;
  DnsLessons learned;  // in the burst at hand
  // The lane's between swap_wanted and swap_done, the controlling thread's otherwise.
  Pipeline::Handover handover;
  bool close = false;       // windows, before the hand-over
  uint64_t next_first = 0;  // the first that is open after that
};

Engine::Engine(size_t lanes, const PrefixMap* map, const NameRules* rules,
               const FrontOptions& front, const WorkerOptions& worker)
    : lessons_(lanes) {
  for (size_t i = 0; i < lanes; ++i) {
    lanes_.push_back(std::make_unique<Lane>(map, rules, front, worker));
    if (lanes > 1) lanes_.back()->pipeline.Share(&lanes_.back()->learned);
  }
}

Engine::~Engine() = default;

void Engine::Run(size_t index, BurstSource* source) {
  Lane& lane = *lanes_[index];
  std::array<Frame, kBurst> frames;
  // Only this thread writes: a relaxed load and store is an addition in plain memory.
  const auto add = [](std::atomic<uint64_t>* counter, uint64_t amount) {
    counter->store(counter->load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  };
  source->Attach();
  // Sequentially consistent, as its counterpart in Use: either this lane sees the map that is
  // wanted, or Use sees that it runs.
  lane.state.store(Lane::kRunning);
  Answer(&lane);
  uint64_t cycles = ReadCycles();
  const double ns_per_cycle = clock_.ns_per_cycle();
  uint64_t empty_in_a_row = 0;
  int last_polls = 0;
  while (true) {
    // Asked before the poll: what stood in the source at Stop is seen by a poll after it.
    const bool stopping = stop_.load(std::memory_order_acquire);
    const size_t found = source->Poll(clock_.TimeNs(cycles), absl::MakeSpan(frames));
    if (found > 0) {
      lane.pipeline.Process(absl::MakeConstSpan(frames).first(found));
      source->Release();
      add(&lane.frames, found);
      if (found == frames.size()) add(&lane.full_polls, 1);
      empty_in_a_row = 0;
    } else {
      add(&lane.empty_polls, 1);
      if (++empty_in_a_row >= kPollsBeforeYield) std::this_thread::yield();
    }
    add(&lane.polls, 1);
    if (lanes_.size() > 1) ExchangeLessons(index);
    Answer(&lane);
    const uint64_t now = ReadCycles();
    add(found > 0 ? &lane.busy_cycles : &lane.idle_cycles, now - cycles);
    const auto gap_ns = static_cast<uint64_t>(static_cast<double>(now - cycles) * ns_per_cycle);
    add(&lane.gaps[std::min<size_t>(std::bit_width(gap_ns | 1) - 1, lane.gaps.size() - 1)], 1);
    cycles = now;
    if (stopping && (found == 0 || ++last_polls == kLastPolls)) break;
  }
  source->Detach();
  lane.pipeline.Finish();
  lane.state.store(Lane::kFinished, std::memory_order_release);
}

void Engine::ExchangeLessons(size_t index) {
  Lane& lane = *lanes_[index];
  if (lane.learned.count > 0) lessons_.Post(index, &lane.learned);
  lessons_.Take(index, [&lane](const DnsLesson& lesson) { lane.pipeline.Learn(lesson); });
}

// Between two bursts: what the controlling thread wants.
void Engine::Answer(Lane* lane) {
  const PrefixMap* map = lane->map_wanted.load();
  if (map != lane->map_in_use.load(std::memory_order_relaxed)) {
    lane->pipeline.Use(map);
    lane->map_in_use.store(map, std::memory_order_release);
  }
  const uint32_t wanted = lane->swap_wanted.load(std::memory_order_acquire);
  if (wanted != lane->swap_done.load(std::memory_order_relaxed)) {
    if (lane->close && !lane->pipeline.CloseWindow(lane->next_first, kClosedAtOnce)) return;
    lane->close = false;
    lane->pipeline.Swap(&lane->handover);
    lane->swap_done.store(wanted, std::memory_order_release);
  }
}

// The lanes' totals since the start; what is since the last hand-over only is drained.
Snapshot Engine::HandOver(const uint64_t* next_first) {
  clock_.Correct();
  for (const auto& lane : lanes_) {
    lane->close = next_first != nullptr;
    if (lane->close) {
      lane->next_first = *next_first;
      // Every lane must turn to the same window.
      WaitUntil([&lane] { return lane->state.load(std::memory_order_acquire) != Lane::kNew; });
    }
    if (lane->state.load(std::memory_order_acquire) == Lane::kNew) continue;
    lane->swap_wanted.store(lane->swap_wanted.load(std::memory_order_relaxed) + 1,
                            std::memory_order_release);
  }
  Snapshot totals;
  for (const auto& lane : lanes_) {
    if (lane->state.load(std::memory_order_acquire) == Lane::kNew) continue;
    const uint32_t wanted = lane->swap_wanted.load(std::memory_order_relaxed);
    WaitUntil([&lane, wanted] {
      return lane->swap_done.load(std::memory_order_acquire) == wanted ||
             lane->state.load(std::memory_order_acquire) == Lane::kFinished;
    });
    // A lane that ended answers no more; its thread is done with the pipeline.
    while (lane->swap_done.load(std::memory_order_acquire) != wanted) Answer(lane.get());
    Merge(lane->handover.totals, &totals);
    if (!windows_) {
      lane->pipeline.Drain(lane->handover, &drained_.cells);
      continue;
    }
    for (const int place : {0, 1}) {
      Snapshot part = std::move(lane->handover.windows[place]);
      lane->pipeline.Drain(lane->handover, &part.cells, place);
      Merge(part, &drained_);
      Merge(std::move(part), &open_[place]);
    }
  }
  totals.overflows.dns_names += lessons_.lost();
  return totals;
}

Snapshot Engine::Collect() {
  Snapshot snapshot = HandOver(nullptr);
  SortAndFold(&drained_.cells);
  Merge(drained_, &snapshot);
  return snapshot;
}

void Engine::OpenWindows(uint64_t width_ns, uint64_t first) {
  windows_ = true;
  first_window_ = first;
  for (const auto& lane : lanes_) lane->pipeline.OpenWindows(width_ns, first);
}

std::vector<Engine::Window> Engine::CloseWindows(uint64_t next_first) {
  Snapshot totals = HandOver(&next_first);
  std::vector<Window> closed;
  const int count = next_first == first_window_ + 1 ? 1 : 2;
  for (int i = 0; i < count; ++i) {
    const uint64_t index = first_window_ + static_cast<uint64_t>(i);
    closed.push_back({index, std::exchange(open_[index & 1], Snapshot{})});
  }
  // What was estimated since the last closing.
  Snapshot since = totals;
  SubtractEarlier(totals_at_closing_, &since);
  const bool first = count == 1 || closed[0].counts.decode.captured.frames > 0;
  Merge(std::move(since), &closed[first ? 0 : 1].counts);
  totals_at_closing_ = std::move(totals);
  first_window_ = next_first;
  return closed;
}

void Engine::Use(const PrefixMap* map) {
  for (const auto& lane : lanes_) lane->map_wanted.store(map);
  for (const auto& lane : lanes_) {
    WaitUntil([&lane, map] {
      return lane->map_in_use.load(std::memory_order_acquire) == map ||
             lane->state.load() != Lane::kRunning;
    });
    // A lane that has not begun takes the map before its first burst; one that ended answers no
    // more, and its thread is done with the pipeline.
    if (lane->state.load(std::memory_order_acquire) == Lane::kFinished) Answer(lane.get());
  }
}

std::vector<LaneLoad> Engine::Load() const {
  const double seconds_per_cycle = clock_.ns_per_cycle() * 1e-9;
  std::vector<LaneLoad> loads;
  for (const auto& lane : lanes_) {
    const auto read = [](const std::atomic<uint64_t>& counter) {
      return counter.load(std::memory_order_relaxed);
    };
    LaneLoad load;
    load.frames = read(lane->frames);
    load.polls = read(lane->polls);
    load.empty_polls = read(lane->empty_polls);
    load.full_polls = read(lane->full_polls);
    for (size_t i = 0; i < load.gaps.size(); ++i) load.gaps[i] = read(lane->gaps[i]);
    load.busy_seconds = static_cast<double>(read(lane->busy_cycles)) * seconds_per_cycle;
    load.idle_seconds = static_cast<double>(read(lane->idle_cycles)) * seconds_per_cycle;
    loads.push_back(load);
  }
  return loads;
}

bool Engine::AllFinished() const {
  for (const auto& lane : lanes_) {
    if (lane->state.load(std::memory_order_acquire) != Lane::kFinished) return false;
  }
  return true;
}

}  // namespace borderflow
