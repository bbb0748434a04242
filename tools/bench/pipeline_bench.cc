#include "tools/bench/pipeline_bench.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <barrier>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "dataplane/pipeline.h"
#include "rules/category/names.h"

namespace borderflow {
namespace {

constexpr uint64_t kHashSeed = 20261122;

struct Clocks {
  double cpu_ns = 0;
  double elapsed_ns = 0;
  uint64_t cycles = 0;

  Clocks& operator+=(const Clocks& other) {
    cpu_ns += other.cpu_ns;
    elapsed_ns += other.elapsed_ns;
    cycles += other.cycles;
    return *this;
  }
};

double ReadClock(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

Clocks ReadClocks() {
  return {ReadClock(CLOCK_THREAD_CPUTIME_ID), ReadClock(CLOCK_MONOTONIC), ReadCycles()};
}

uint64_t ResidentBytes() {
  uint64_t total = 0;
  uint64_t resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r"); file != nullptr) {
    if (std::fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// To the nth of the cores that this process may use; where that is refused the system chooses.
void PinToCore(int n) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return;
  int skip = n % std::max(CPU_COUNT(&allowed), 1);
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed) || skip-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
    return;
  }
}

// What the workers of one run share.
struct Course {
  const Places& places;
  const PrefixMap& map;
  const PipelineBenchOptions& options;
  bool probed;
  std::barrier<> gate;
  uint64_t resident_before = 0;
  uint64_t resident_after = 0;
};

class Lane {
 public:
  Lane(const Course& course, int number)
      : number_(number),
        frames_(&course.places, FramesOf(course.options, number)),
        timed_(Share(course.options.timed, course.options.workers, number)),
        probed_(course.probed) {}

  void Run(Course* course) {
    PinToCore(number_);
    course->gate.arrive_and_wait();
    if (number_ == 0) course->resident_before = ResidentBytes();
    course->gate.arrive_and_wait();
    const PipelineBenchOptions& options = course->options;
    WorkerOptions worker;
    worker.flows = options.flow_table;
    Pipeline pipeline(&course->map, &NameRules::BuiltIn(),
                      KeyedHash(kHashSeed + static_cast<uint64_t>(number_)), {}, worker);
    Open(worker.flows, options.frames.new_flows, &pipeline);
    course->gate.arrive_and_wait();
    if (number_ == 0) course->resident_after = ResidentBytes();
    course->gate.arrive_and_wait();
    const Snapshot before = pipeline.Take();
    decided = before.flows.total;
    CountTimed(&pipeline);
    pipeline.Finish();
    counted = pipeline.Take();
    stateless = counted.overflows.stateless_frames - before.overflows.stateless_frames;
    as_numbers_dropped = counted.overflows.as_numbers_dropped - before.overflows.as_numbers_dropped;
  }

  Clocks clocks;
  StageCycles stages;
  uint64_t decided = 0;    // flows, before the clock started
  FrameTotals timed_part;  // of what was offered
  uint64_t stateless = 0;
  uint64_t as_numbers_dropped = 0;
  Snapshot counted;
  const FrameTotals& offered() const { return frames_.offered(); }
  uint64_t flows() const { return frames_.flows(); }

 private:
  static uint64_t Share(uint64_t total, int workers, int number) {
    const auto n = static_cast<uint64_t>(workers);
    return total / n + (static_cast<uint64_t>(number) < total % n ? 1 : 0);
  }
  static PreparedOptions FramesOf(const PipelineBenchOptions& options, int number) {
    PreparedOptions frames = options.frames;
    frames.flows = Share(frames.flows, options.workers, number);
    frames.seed += static_cast<uint64_t>(number);
    return frames;
  }

  template <typename... Probe>
  static void CountInBursts(absl::Span<const Frame> frames, Pipeline* pipeline, Probe... probe) {
    for (size_t at = 0; at < frames.size(); at += kBurst) {
      pipeline->Process(frames.subspan(at, kBurst), probe...);
    }
  }

  void Open(size_t flow_table, double new_flows, Pipeline* pipeline) {
    if (new_flows > 0) {
      for (size_t left = flow_table; left > 0;) {
        const size_t count = std::min(left, frames_.buffers());
        CountInBursts(frames_.NewFlows(count), pipeline);
        left -= count;
      }
      constexpr uint64_t kSilenceNs = 600'000'000'000;  // ends any flow
      frames_.Pause(kSilenceNs);
    }
    if (new_flows >= 1) return;
    for (absl::Span<const Frame> part = frames_.Opening(); !part.empty();
         part = frames_.Opening()) {
      CountInBursts(part, pipeline);
    }
  }

  void CountTimed(Pipeline* pipeline) {
    const FrameTotals before = frames_.offered();
    for (uint64_t left = timed_; left > 0;) {
      const absl::Span<const Frame> part =
          frames_.Next(std::min<uint64_t>(left, frames_.buffers()));
      left -= part.size();
      const Clocks start = ReadClocks();
      if (probed_) {
        CountInBursts(part, pipeline, &stages);
      } else {
        CountInBursts(part, pipeline);
      }
      const Clocks end = ReadClocks();
      clocks +=
          {end.cpu_ns - start.cpu_ns, end.elapsed_ns - start.elapsed_ns, end.cycles - start.cycles};
    }
    timed_part = {frames_.offered().frames - before.frames, frames_.offered().bytes - before.bytes};
  }

  int number_;
  PreparedFrames frames_;
  uint64_t timed_;
  bool probed_;
};

absl::Status CheckLane(const Lane& lane, const PipelineBenchOptions& options) {
  FrameTotals cells;
  for (const Cell& cell : lane.counted.cells) {
    cells += {cell.counters.frames, cell.counters.bytes};
  }
  if (cells != lane.offered() || lane.counted.decode.ip != lane.offered()) {
    return absl::InternalError(absl::StrFormat(
        "%d frames of %d bytes were offered, %d of %d bytes are in cells: a worker lost some",
        lane.offered().frames, lane.offered().bytes, cells.frames, cells.bytes));
  }
  if (options.frames.new_flows == 0 && lane.decided != lane.flows()) {
    return absl::InternalError(absl::StrFormat(
        "%d of %d flows were decided before the clock started: they do not fit in a flow table of "
        "%d entries; give more with --flow-table",
        lane.decided, lane.flows(), options.flow_table));
  }
  return absl::OkStatus();
}

absl::StatusOr<PipelineCost> RunOnce(const Places& places, const PrefixMap& map,
                                     const PipelineBenchOptions& options, bool probed) {
  Course course{places, map, options, probed, std::barrier<>(options.workers)};
  std::vector<std::unique_ptr<Lane>> lanes;
  for (int number = 0; number < options.workers; ++number) {
    lanes.push_back(std::make_unique<Lane>(course, number));
  }
  std::vector<std::thread> threads;
  threads.reserve(lanes.size());
  for (const std::unique_ptr<Lane>& lane : lanes) {
    threads.emplace_back([&lane, &course] { lane->Run(&course); });
  }
  for (std::thread& thread : threads) thread.join();

  PipelineCost cost;
  Clocks clocks;
  StageCycles stages;
  FrameTotals timed;
  Snapshot counted;
  for (const std::unique_ptr<Lane>& lane : lanes) {
    if (absl::Status lost = CheckLane(*lane, options); !lost.ok()) return lost;
    clocks += lane->clocks;
    timed += lane->timed_part;
    for (size_t i = 0; i < stages.cycles.size(); ++i) {
      stages.cycles[i] += lane->stages.cycles[i];
    }
    cost.offered_frames += lane->offered().frames;
    cost.stateless_frames += lane->stateless;
    cost.as_numbers_dropped += lane->as_numbers_dropped;
    Merge(std::move(lane->counted), &counted);
  }
  const auto frames = static_cast<double>(timed.frames);
  const double cycles_a_ns = static_cast<double>(clocks.cycles) / clocks.elapsed_ns;
  cost.ns = clocks.cpu_ns / frames;
  cost.elapsed_ns = clocks.elapsed_ns / frames;
  cost.cycles = cost.ns * cycles_a_ns;
  cost.mpps = options.workers * 1e3 / cost.ns;
  cost.elapsed_mpps = options.workers * 1e3 / cost.elapsed_ns;
  uint64_t all_stages = 0;
  for (const uint64_t cycles : stages.cycles) all_stages += cycles;
  for (size_t i = 0; probed && i < stages.cycles.size(); ++i) {
    cost.stage_ns[i] =
        cost.ns * static_cast<double>(stages.cycles[i]) / static_cast<double>(all_stages);
    cost.stage_cycles[i] = cost.stage_ns[i] * cycles_a_ns;
  }
  cost.frame_bytes = static_cast<double>(timed.bytes) / frames + kFrameCheckSequence;
  cost.memory_bytes =
      course.resident_after - std::min(course.resident_before, course.resident_after);
  for (const Cell& cell : counted.cells) cost.counted_frames += cell.counters.frames;
  cost.flows = counted.flows.total;
  cost.cells = counted.cells.size();
  return cost;
}

}  // namespace

size_t DefaultFlowTable(const PipelineBenchOptions& options) {
  const auto workers = static_cast<uint64_t>(options.workers);
  const uint64_t flows = (options.frames.flows + workers - 1) / workers;
  const bool open_and_new = options.frames.new_flows > 0 && options.frames.new_flows < 1;
  return std::max<size_t>(WorkerOptions{}.flows, open_and_new ? 2 * flows : flows);
}

absl::StatusOr<PipelineCost> MeasurePipeline(const Places& places, const PrefixMap& map,
                                             const PipelineBenchOptions& options) {
  PipelineBenchOptions full = options;
  if (full.flow_table == 0) full.flow_table = DefaultFlowTable(options);
  absl::StatusOr<PipelineCost> best = RunOnce(places, map, full, /*probed=*/false);
  for (int run = 1; run < full.runs && best.ok(); ++run) {
    absl::StatusOr<PipelineCost> cost = RunOnce(places, map, full, /*probed=*/false);
    if (!cost.ok()) return cost;
    // Noise of other programs only ever adds.
    if (cost->ns < best->ns) best = cost;
  }
  if (!best.ok()) return best;
  const absl::StatusOr<PipelineCost> probed = RunOnce(places, map, full, /*probed=*/true);
  if (!probed.ok()) return probed;
  best->stage_ns = probed->stage_ns;
  best->stage_cycles = probed->stage_cycles;
  return best;
}

}  // namespace borderflow
