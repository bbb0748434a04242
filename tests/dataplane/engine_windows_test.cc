// Windows of live lanes, which the controlling thread closes while frames go on coming.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "dataplane/engine.h"
#include "rules/category/names.h"
#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t kFirst = 1'750'000'000;  // the index of a window of a second

// One SYN a flow, which waits for more: 1,000 frames a second of event time.
class TimedSource final : public BurstSource {
 public:
  TimedSource() {
    using namespace testing_frames;  // NOLINT: the layers of the frame below
    frame_ = Ethernet(Ipv4(Tcp({.flags = kTcpSyn}, {}))).bytes;
  }
  void Offer(uint64_t frames) { offered_.fetch_add(frames); }

  size_t Poll(uint64_t, absl::Span<Frame> frames) override {
    const uint64_t left = offered_.load() - taken_;
    const size_t found = std::min<uint64_t>(left, frames.size());
    for (size_t i = 0; i < found; ++i) {
      bytes_[i] = frame_;
      constexpr size_t kSource = 14 + 12;  // behind Ethernet and most of IPv4
      bytes_[i][kSource + 2] = static_cast<uint8_t>(taken_ >> 8);
      bytes_[i][kSource + 3] = static_cast<uint8_t>(taken_);
      const auto length = static_cast<uint32_t>(frame_.size());
      const uint64_t time = kFirst * kSecond + taken_++ * (kSecond / 1000);
      frames[i] = {bytes_[i].data(), length, length, time, /*link_type=*/1, false};
    }
    return found;
  }
  void Release() override {}

 private:
  std::vector<uint8_t> frame_;
  std::array<std::vector<uint8_t>, kBurst> bytes_;
  std::atomic<uint64_t> offered_{0};
  uint64_t taken_ = 0;
};

class EngineWindows : public testing::Test {
 protected:
  static constexpr size_t kLanes = 2;

  EngineWindows() : engine_(kLanes, &map_, &NameRules::BuiltIn(), {}, Options()) {
    engine_.OpenWindows(kSecond, kFirst);
    for (size_t lane = 0; lane < kLanes; ++lane) {
      threads_.emplace_back([this, lane] { engine_.Run(lane, &sources_[lane]); });
    }
  }
  ~EngineWindows() override { Stop(); }

  static WorkerOptions Options() {
    WorkerOptions options;
    options.flows = 1 << 17;
    options.cells = 4096;
    options.windows = true;
    return options;
  }
  void Offer(uint64_t frames) {
    for (TimedSource& source : sources_) source.Offer(frames);
    offered_ += frames * kLanes;
  }
  // Until everything offered was counted.
  Snapshot Counted() {
    Snapshot snapshot = engine_.Collect();
    while (snapshot.decode.captured.frames < offered_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      snapshot = engine_.Collect();
    }
    return snapshot;
  }
  void Stop() {
    engine_.Stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  PrefixMap map_;
  Engine engine_;
  TimedSource sources_[kLanes];
  std::vector<std::thread> threads_;
  uint64_t offered_ = 0;
};

void ExpectConserved(const Snapshot& counts) {
  FrameTotals cells;
  uint64_t flows = 0;
  for (const Cell& cell : counts.cells) {
    cells += {cell.counters.frames, cell.counters.bytes};
    flows += cell.counters.flows;
  }
  EXPECT_EQ(counts.decode.ip, cells);
  EXPECT_EQ(counts.flows.total, flows);
}

TEST_F(EngineWindows, EachFrameCountsInItsOwn) {
  Offer(1500);
  Counted();
  std::vector<Engine::Window> closed = engine_.CloseWindows(kFirst + 1);
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].index, kFirst);
  EXPECT_EQ(closed[0].counts.decode.captured.frames, kLanes * 1000);
  EXPECT_EQ(closed[0].counts.flows.total, kLanes * 1000);
  EXPECT_EQ(closed[0].counts.undecided.frames, kLanes * 1000);
  ExpectConserved(closed[0].counts);
  Offer(1000);
  Counted();
  closed = engine_.CloseWindows(kFirst + 2);
  EXPECT_EQ(closed[0].counts.decode.captured.frames, kLanes * 1000);
  EXPECT_EQ(closed[0].counts.decode.late, FrameTotals{});
  ExpectConserved(closed[0].counts);
}

TEST_F(EngineWindows, FramesOutsideTheOpenWindowsAreCountedAndNoted) {
  Offer(3500);  // the windows of the first two seconds are open
  EXPECT_EQ(Counted().decode.ahead.frames, kLanes * 1500);
  std::vector<Engine::Window> closed = engine_.CloseWindows(kFirst + 10);
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[1].counts.decode.captured.frames, kLanes * 2500);
  EXPECT_EQ(closed[1].counts.decode.ahead.frames, kLanes * 1500);
  Offer(100);
  Counted();
  closed = engine_.CloseWindows(kFirst + 11);
  EXPECT_EQ(closed[0].index, kFirst + 10);
  EXPECT_EQ(closed[0].counts.decode.late.frames, kLanes * 100);
}

TEST_F(EngineWindows, AClockThatIsSetBackClosesBoth) {
  engine_.CloseWindows(kFirst + 100);
  Offer(10);
  Counted();
  const std::vector<Engine::Window> closed = engine_.CloseWindows(kFirst);
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[0].counts.decode.late.frames, kLanes * 10);
  EXPECT_EQ(engine_.first_window(), kFirst);
  Offer(10);
  EXPECT_EQ(Counted().decode.late.frames, kLanes * 10);
}

TEST_F(EngineWindows, TheSumUnderLoadIsTheTotal) {
  Snapshot sum;
  uint64_t next = kFirst;
  for (int i = 0; i < 40; ++i) {
    Offer(700);
    if (i % 3 == 0) engine_.Collect();
    for (const Engine::Window& window : engine_.CloseWindows(++next)) {
      ExpectConserved(window.counts);
      AddWindow(window.counts, &sum);
    }
  }
  Stop();
  for (const Engine::Window& window : engine_.CloseWindows(next + 2)) {
    AddWindow(window.counts, &sum);
  }
  const Snapshot total = engine_.Collect();
  EXPECT_EQ(total.decode.captured.frames, offered_);
  EXPECT_EQ(sum.decode.captured, total.decode.captured);
  EXPECT_EQ(sum.decode.late, total.decode.late);
  EXPECT_EQ(sum.flows.total, total.flows.total);
  EXPECT_EQ(sum.artefacts.one_way_flows, total.artefacts.one_way_flows);
  ExpectConserved(total);
  ASSERT_EQ(sum.cells.size(), total.cells.size());
  for (size_t i = 0; i < sum.cells.size(); ++i) {
    EXPECT_EQ(sum.cells[i].counters, total.cells[i].counters);
    EXPECT_EQ(sum.cells[i].clients, total.cells[i].clients);
  }
}

}  // namespace
}  // namespace borderflow
