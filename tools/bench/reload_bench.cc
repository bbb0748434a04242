#include "tools/bench/reload_bench.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "rules/category/names.h"
#include "tools/bench/places.h"
#include "tools/bench/prepared_frames.h"

namespace borderflow {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The same frames again and again: a link that is never silent.
class EndlessSource : public BurstSource {
 public:
  explicit EndlessSource(absl::Span<const Frame> frames) : frames_(frames) {}

  size_t Poll(uint64_t now_ns, absl::Span<Frame> frames) override {
    if (at_ + frames.size() > frames_.size()) at_ = 0;
    for (size_t i = 0; i < frames.size(); ++i) {
      frames[i] = frames_[at_ + i];
      frames[i].time_ns = now_ns;
    }
    at_ += frames.size();
    offered_.store(offered_.load(std::memory_order_relaxed) + frames.size(),
                   std::memory_order_relaxed);
    return frames.size();
  }
  void Release() override {}

  uint64_t offered() const { return offered_.load(std::memory_order_relaxed); }

 private:
  absl::Span<const Frame> frames_;
  size_t at_ = 0;
  std::atomic<uint64_t> offered_{0};
};

ReloadPhase Difference(const LaneLoad& before, const LaneLoad& after, double seconds) {
  ReloadPhase phase;
  phase.frames = after.frames - before.frames;
  phase.polls = after.polls - before.polls;
  phase.seconds = seconds;
  for (size_t i = 0; i < phase.gaps.size(); ++i) phase.gaps[i] = after.gaps[i] - before.gaps[i];
  return phase;
}

}  // namespace

uint64_t GapQuantile(const decltype(LaneLoad::gaps)& gaps, double share) {
  uint64_t all = 0;
  for (const uint64_t count : gaps) all += count;
  uint64_t seen = 0;
  for (size_t i = 0; i < gaps.size(); ++i) {
    seen += gaps[i];
    if (all > 0 && static_cast<double>(seen) >= share * static_cast<double>(all)) {
      return uint64_t{1} << (i + 1);
    }
  }
  return 0;
}

absl::StatusOr<ReloadBenchResult> RunReloadBench(const GeographyOptions& options, double seconds) {
  absl::StatusOr<Geography> first = Geography::Load(options);
  if (!first.ok()) return first.status();
  auto geography = std::make_unique<Geography>(*std::move(first));
  const Places places(Places::kMostCountries);
  PreparedOptions prepared;
  prepared.flows = 65'536;
  PreparedFrames frames(&places, prepared);
  EndlessSource source(frames.Next(frames.buffers()));
  Engine engine(1, &geography->map(), &NameRules::BuiltIn(), {}, {});
  std::thread lane([&engine, &source] { engine.Run(0, &source); });

  ReloadBenchResult result;
  absl::Status status;
  // The flow table fills and flows are decided before anything is compared.
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  LaneLoad before = engine.Load()[0];
  Clock::time_point start = Clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  LaneLoad after = engine.Load()[0];
  result.quiet = Difference(before, after, SecondsSince(start));

  before = engine.Load()[0];
  start = Clock::now();
  while (SecondsSince(start) < seconds) {
    absl::StatusOr<Geography> loaded = Geography::Load(options);
    if (!loaded.ok()) {
      status = loaded.status();
      break;
    }
    auto next = std::make_unique<Geography>(*std::move(loaded));
    engine.Use(&next->map());
    geography = std::move(next);
    ++result.reloads;
  }
  after = engine.Load()[0];
  result.reloading = Difference(before, after, SecondsSince(start));

  engine.Stop();
  lane.join();
  const Snapshot snapshot = engine.Collect();
  for (const Cell& cell : snapshot.cells) result.counted += cell.counters.frames;
  result.offered = source.offered();
  if (!status.ok()) return status;
  return result;
}

}  // namespace borderflow
