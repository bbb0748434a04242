#include "dataplane/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "rules/category/names.h"
#include "tests/dataplane/inspect/wire.h"
#include "tests/dataplane/packet/frame_builder.h"
#include "tests/dataplane/scripted_source.h"

namespace borderflow {
namespace {

constexpr uint64_t kFlows = 400;  // of a lane, in its frames' order
const WorkerOptions kSmall = {.flows = 4096, .cells = 4096, .names = false, .max_names = 1};

// All of IPv4 in one place.
std::unique_ptr<PrefixMap> Everywhere(std::string_view code) {
  Location location;
  location.location = *FromCode(code);
  location.source = GeoSource::kDatabase;
  return std::make_unique<PrefixMap>(
      *PrefixMap::Build({{IpAddress::FromV4(0), IpAddress::FromV4(UINT32_MAX), location}}));
}

// Queries of DNS, each flow decided by its first frame: so nothing waits, and every frame stands in
// a cell as soon as its burst is counted. Frame n is of flow n % flows of its lane.
ScriptedSource::MakeFrame Queries(uint8_t lane, uint64_t flows = kFlows) {
  using namespace testing_frames;  // NOLINT: the layers of the frame below
  const Buffer query = DnsQuery("www.example.org");
  const testing_frames::Bytes frame =
      Ethernet(Ipv4(Udp({.destination_port = 53}, {query.begin(), query.end()}))).bytes;
  return [frame, lane, flows](uint64_t number, std::vector<uint8_t>* bytes) {
    constexpr size_t kSource = 14 + 12;  // behind Ethernet and most of IPv4
    bytes->assign(frame.begin(), frame.end());
    const uint64_t flow = number % flows;
    (*bytes)[kSource] = 10;
    (*bytes)[kSource + 1] = lane;
    (*bytes)[kSource + 2] = static_cast<uint8_t>(flow >> 8);
    (*bytes)[kSource + 3] = static_cast<uint8_t>(flow);
  };
}

CellCounters SumOf(const Snapshot& snapshot) {
  CellCounters sum;
  for (const Cell& cell : snapshot.cells) sum += cell.counters;
  return sum;
}

std::map<std::string, CellCounters> ByPlace(const Snapshot& snapshot) {
  std::map<std::string, CellCounters> sums;
  for (const Cell& cell : snapshot.cells) {
    sums[std::string(Code(cell.key.source.location))] += cell.counters;
  }
  return sums;
}

// An engine, and its lanes on threads that are ended whatever happens. To be declared after what
// they use.
class Running {
 public:
  Running(size_t lanes, const PrefixMap* map)
      : engine_(lanes, map, &NameRules::BuiltIn(), {}, kSmall) {}
  ~Running() { Stop(); }

  Engine& engine() { return engine_; }
  void Start(size_t lane, BurstSource* source) {
    threads_.emplace_back([this, lane, source] { engine_.Run(lane, source); });
  }
  void Stop() {
    engine_.Stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  // Snapshots until so many frames were counted. Only a failure to count them goes on for ever.
  Snapshot CollectUntil(uint64_t frames) {
    Snapshot snapshot = engine_.Collect();
    while (snapshot.decode.captured.frames < frames) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      snapshot = engine_.Collect();
    }
    return snapshot;
  }

 private:
  Engine engine_;
  std::vector<std::thread> threads_;
};

TEST(Engine, EverySnapshotIsOfWholeBurstsAndNothingIsCountedTwice) {
  constexpr uint64_t kFrames = 32 * 20'000;  // of a lane
  const auto map = Everywhere("DE");
  std::vector<std::unique_ptr<ScriptedSource>> sources;
  Running running(3, map.get());
  for (uint8_t lane = 0; lane < 3; ++lane) {
    sources.push_back(std::make_unique<ScriptedSource>(Queries(lane)));
    sources.back()->Offer(kFrames);
    running.Start(lane, sources.back().get());
  }
  uint64_t before = 0, snapshots = 0;
  while (before < 3 * kFrames) {
    const Snapshot snapshot = running.engine().Collect();
    ++snapshots;
    const FrameTotals& captured = snapshot.decode.captured;
    ASSERT_GE(captured.frames, before);
    ASSERT_EQ(captured.frames % kBurst, 0u) << "half a burst";
    ASSERT_EQ(snapshot.decode.ip, captured);
    const CellCounters cells = SumOf(snapshot);
    ASSERT_EQ(cells.frames, captured.frames) << "snapshot " << snapshots;
    ASSERT_EQ(cells.bytes, captured.bytes);
    ASSERT_EQ(cells.flows, snapshot.flows.total);
    before = captured.frames;
  }
  running.Stop();
  EXPECT_TRUE(running.engine().AllFinished());
  const Snapshot all = running.engine().Collect();
  EXPECT_EQ(all.decode.captured.frames, 3 * kFrames);
  EXPECT_EQ(SumOf(all).frames, 3 * kFrames);
  EXPECT_EQ(all.flows.total, 3 * kFlows);
  for (const auto& source : sources) EXPECT_TRUE(source->attached() && source->detached());
}

TEST(Engine, FlowsThatWaitAreInTheLastSnapshot) {
  using namespace testing_frames;  // NOLINT: the layers of the frame below
  const testing_frames::Bytes syn = Ethernet(Ipv4(Tcp({.flags = kTcpSyn}))).bytes;
  ScriptedSource source([&syn](uint64_t number, std::vector<uint8_t>* bytes) {
    bytes->assign(syn.begin(), syn.end());
    (*bytes)[34] = static_cast<uint8_t>(number);  // the source port: every frame a flow
  });
  const auto map = Everywhere("DE");
  Running running(1, map.get());
  source.Offer(200);
  running.Start(0, &source);
  EXPECT_EQ(SumOf(running.CollectUntil(200)).frames, 0u) << "no flow is decided yet";
  running.Stop();
  const Snapshot all = running.engine().Collect();
  EXPECT_EQ(SumOf(all).frames, 200u);
  EXPECT_EQ(all.flows.tcp, 200u);
}

TEST(Engine, StopCountsWhatStillWaitsInTheSource) {
  for (int round = 0; round < 20; ++round) {
    ScriptedSource source(Queries(0));
    const auto map = Everywhere("DE");
    Running running(1, map.get());
    running.Start(0, &source);
    running.engine().Collect();  // it runs, or will: either way nothing was there yet
    source.Offer(10'000);
    running.Stop();
    ASSERT_EQ(running.engine().Collect().decode.captured.frames, 10'000u);
  }
}

TEST(Engine, ASourceThatNeverDriesUpDoesNotKeepALaneFromEnding) {
  ScriptedSource source(Queries(0));
  source.Offer(ScriptedSource::kEndless);
  const auto map = Everywhere("DE");
  Running running(1, map.get());
  running.Start(0, &source);
  running.CollectUntil(1000);
  running.Stop();
  const Snapshot all = running.engine().Collect();
  EXPECT_EQ(all.decode.captured.frames, running.engine().Load()[0].frames);
  EXPECT_EQ(SumOf(all).frames, all.decode.captured.frames);
}

TEST(Engine, AnotherMapLocatesNewFlowsAndLeavesOldOnes) {
  auto map = Everywhere("DE");
  const auto next = Everywhere("FR");
  std::vector<std::unique_ptr<ScriptedSource>> sources;
  Running running(2, map.get());
  // Of each lane: flows 0..99 under the first map, then those again and 100 more under the second.
  for (uint8_t lane = 0; lane < 2; ++lane) {
    const auto old_flows = Queries(lane, 100), all_flows = Queries(lane, 200);
    sources.push_back(
        std::make_unique<ScriptedSource>([=](uint64_t number, std::vector<uint8_t>* bytes) {
          number < 1000 ? old_flows(number, bytes) : all_flows(number, bytes);
        }));
    sources.back()->Offer(1000);
    running.Start(lane, sources.back().get());
  }
  running.CollectUntil(2000);
  running.engine().Use(next.get());
  map.reset();  // nobody reads it any more: the address sanitizer would tell
  for (auto& source : sources) source->Offer(3000);
  auto sums = ByPlace(running.CollectUntil(6000));
  EXPECT_EQ(sums["DE"].flows, 2 * 100u);
  EXPECT_EQ(sums["DE"].frames, 2 * (1000 + 1000u));
  EXPECT_EQ(sums["FR"].flows, 2 * 100u);
  EXPECT_EQ(sums["FR"].frames, 2 * 1000u);
  EXPECT_EQ(sums.size(), 2u);
}

TEST(Engine, MapsMayBeReplacedUnderLoadAndDestroyedAtOnce) {
  constexpr int kReloads = 100;
  constexpr std::string_view kPlaces[] = {"DE", "FR", "JP"};
  auto map = Everywhere(kPlaces[0]);
  // A new flow almost every frame, more than the table holds: each burst asks the map.
  ScriptedSource first(Queries(1, 60'000)), second(Queries(2, 60'000), 7);
  Running running(2, map.get());
  first.Offer(ScriptedSource::kEndless);
  second.Offer(ScriptedSource::kEndless);
  running.Start(0, &first);
  running.Start(1, &second);
  for (int i = 1; i <= kReloads; ++i) {
    const uint64_t frames = running.engine().Collect().decode.captured.frames;
    auto next = Everywhere(kPlaces[i % 3]);
    running.engine().Use(next.get());
    map = std::move(next);
    running.CollectUntil(frames + 100);  // and some frames under each map
  }
  running.Stop();
  const Snapshot all = running.engine().Collect();
  uint64_t polled = 0;
  for (const LaneLoad& load : running.engine().Load()) polled += load.frames;
  EXPECT_EQ(all.decode.captured.frames, polled);
  EXPECT_EQ(SumOf(all).frames, polled);
  EXPECT_EQ(ByPlace(all).size(), 3u);
}

TEST(Engine, LanesNotYetStartedAreLeftOutAndTakeTheLatestMap) {
  auto map = Everywhere("DE");
  const auto next = Everywhere("FR");
  ScriptedSource early(Queries(1)), late(Queries(0));
  Running running(3, map.get());
  EXPECT_EQ(running.engine().Collect().decode.captured.frames, 0u);
  early.Offer(1000);
  running.Start(1, &early);
  EXPECT_EQ(running.CollectUntil(1000).decode.captured.frames, 1000u);
  EXPECT_FALSE(running.engine().AllFinished());
  running.engine().Use(next.get());
  map.reset();
  late.Offer(500);
  running.Start(0, &late);
  auto sums = ByPlace(running.CollectUntil(1500));
  EXPECT_EQ(sums["DE"].frames, 1000u);
  EXPECT_EQ(sums["FR"].frames, 500u);
}

TEST(Engine, LanesThatEndedAreStillCollected) {
  auto map = Everywhere("DE");
  const auto next = Everywhere("FR");
  ScriptedSource first(Queries(0)), second(Queries(1));
  Running running(2, map.get());
  first.Offer(1000);
  second.Offer(700);
  running.Start(0, &first);
  running.Start(1, &second);
  running.Stop();
  running.engine().Use(next.get());
  map.reset();
  for (int again = 0; again < 3; ++again) {
    const Snapshot all = running.engine().Collect();
    EXPECT_EQ(all.decode.captured.frames, 1700u);
    EXPECT_EQ(SumOf(all).frames, 1700u);
    EXPECT_EQ(all.flows.total, 2 * kFlows);
  }
}

TEST(Engine, LoadTellsWhatALaneDid) {
  const auto map = Everywhere("DE");
  ScriptedSource full(Queries(0)), partly(Queries(1), 10);
  Running running(2, map.get());
  full.Offer(kBurst * 100);
  partly.Offer(1000);
  running.Start(0, &full);
  running.Start(1, &partly);
  running.CollectUntil(kBurst * 100 + 1000);
  running.Stop();
  const std::vector<LaneLoad> loads = running.engine().Load();
  ASSERT_EQ(loads.size(), 2u);
  EXPECT_EQ(loads[0].frames, kBurst * 100u);
  EXPECT_EQ(loads[0].full_polls, 100u);
  EXPECT_EQ(loads[0].polls - loads[0].empty_polls, 100u);
  EXPECT_EQ(loads[1].frames, 1000u);
  EXPECT_EQ(loads[1].full_polls, 0u);
  EXPECT_EQ(loads[1].polls - loads[1].empty_polls, 100u);
  for (const LaneLoad& load : loads) {
    EXPECT_GT(load.empty_polls, 0u) << "the last one";
    EXPECT_GT(load.busy_seconds, 0);
    EXPECT_GT(load.idle_seconds, 0);
  }
}

TEST(Engine, FramesCarryTheTimeOfTheirBurst) {
  const auto now = [] {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  const auto map = Everywhere("DE");
  ScriptedSource source(Queries(0));
  Running running(1, map.get());
  source.Offer(10'000);
  const int64_t before = now();
  running.Start(0, &source);
  running.CollectUntil(10'000);
  running.Stop();
  const int64_t after = now();
  const DecodeTotals decode = running.engine().Collect().decode;
  // The system's clock may step; an hour is a wrong unit or epoch.
  constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
  EXPECT_GE(static_cast<int64_t>(decode.first_time_ns), before - kHour);
  EXPECT_LE(static_cast<int64_t>(decode.last_time_ns), after + kHour);
  EXPECT_LE(decode.first_time_ns, decode.last_time_ns);
}

}  // namespace
}  // namespace borderflow
