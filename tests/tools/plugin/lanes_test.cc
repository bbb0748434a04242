// Lanes on threads of their own while others read: nothing is lost, and nobody waits for long.
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/bench/counted_calls.h"
#include "tests/dataplane/inspect/wire.h"
#include "tests/dataplane/packet/frame_builder.h"
#include "tests/tools/plugin/handle.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT: the layers of the frames below

constexpr unsigned kBurstFrames = 16;

// Buffers of one burst: queries of DNS, whose flows are decided by their first frame, so that every
// frame stands in a cell as soon as it is counted.
class Burst {
 public:
  Burst(MbufPool* pool, unsigned lane) {
    const Buffer query = DnsQuery("www.example.org");
    for (unsigned i = 0; i < kBurstFrames; ++i) {
      const std::string source = "10.0." + std::to_string(lane) + "." + std::to_string(i);
      mbufs_.push_back(
          pool->Make(Ethernet(Ipv4({.source = source, .destination = "8.8.8.8"},
                                   Udp({.destination_port = 53}, {query.begin(), query.end()})))
                         .bytes));
    }
  }
  ~Burst() { rte_pktmbuf_free_bulk(mbufs_.data(), kBurstFrames); }
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

  const std::vector<rte_mbuf*>& mbufs() const { return mbufs_; }

 private:
  std::vector<rte_mbuf*> mbufs_;
};

// Inspects bursts on each of `lanes` until told to stop.
class Running {
 public:
  Running(const Handle* sensor, MbufPool* pool, unsigned lanes) : offered_(lanes) {
    for (unsigned lane = 0; lane < lanes; ++lane) {
      threads_.emplace_back([this, sensor, pool, lane] {
        const Burst burst(pool, lane);
        while (!stop_.load(std::memory_order_relaxed)) {
          offered_[lane] += sensor->Inspect(lane, burst.mbufs());
        }
      });
    }
  }
  ~Running() { Stop(); }

  // The number of frames that all lanes have counted.
  uint64_t Stop() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    uint64_t sum = 0;
    for (const uint64_t frames : offered_) sum += frames;
    return sum;
  }

 private:
  std::atomic<bool> stop_{false};
  std::vector<uint64_t> offered_;
  std::vector<std::thread> threads_;
};

uint64_t CellFrames(const Json& report) {
  uint64_t frames = 0;
  for (const Json& cell : report["cells"]) frames += cell["frames"].get<uint64_t>();
  return frames;
}

class LanesTest : public PluginTest {
 protected:
  MbufPool pool_{"lanes"};
};

TEST_F(LanesTest, EverySnapshotHoldsWholeBurstsAndEveryFrameOfThem) {
  Handle sensor(Config("workers: 3\nflows: 4096\n"));
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  Running running(&sensor, &pool_, 3);
  uint64_t before = 0;
  for (int i = 0; i < 100; ++i) {
    const Json report = sensor.Snapshot();
    const auto captured = report["capture"]["frames"].get<uint64_t>();
    ASSERT_GE(captured, before);
    before = captured;
    for (const Json& lane : report["live"]["lanes"]) {
      ASSERT_EQ(lane["frames"].get<uint64_t>() % kBurstFrames, 0u);
    }
    ASSERT_EQ(CellFrames(report), captured);
    ASSERT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"];
  }
  const uint64_t offered = running.Stop();
  const Json report = sensor.Finish();
  EXPECT_EQ(report["capture"]["frames"], offered);
  EXPECT_EQ(CellFrames(report), offered);
  EXPECT_EQ(report["flows"]["total"], 3 * kBurstFrames);
}

// Their requests are answered by nobody but the reader itself.
TEST_F(LanesTest, LanesThatReceiveNothingKeepNoReaderWaiting) {
  Handle sensor(Config("workers: 4\nflows: 4096\n"));
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  EXPECT_EQ(sensor.Snapshot()["capture"]["frames"], 0) << "no lane has ever run";
  const Burst burst(&pool_, 1);
  EXPECT_EQ(sensor.Inspect(1, burst.mbufs()), kBurstFrames);
  for (int i = 0; i < 3; ++i) {
    const Json report = sensor.Snapshot();
    EXPECT_EQ(report["capture"]["frames"], kBurstFrames);
    EXPECT_EQ(CellFrames(report), kBurstFrames);
  }
  EXPECT_EQ(sensor.Inspect(1, burst.mbufs()), kBurstFrames) << "the lane is free again";
  EXPECT_EQ(CellFrames(sensor.Finish()), 2 * kBurstFrames);
}

// A lane that wakes up while it is answered for, over and over.
TEST_F(LanesTest, ALaneThatComesAndGoesLosesNothing) {
  Handle sensor(Config("workers: 1\nflows: 4096\n"));
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  std::atomic<bool> stop{false};
  uint64_t offered = 0;
  std::thread lane([&] {
    const Burst burst(&pool_, 0);
    while (!stop) {
      // About as long as a reader waits before it takes the lane itself.
      std::this_thread::sleep_for(std::chrono::microseconds(1900 + offered % 256));
      offered += sensor.Inspect(0, burst.mbufs());
    }
  });
  for (int i = 0; i < 300; ++i) {
    const Json report = sensor.Snapshot();
    ASSERT_EQ(CellFrames(report), report["capture"]["frames"]);
  }
  stop = true;
  lane.join();
  EXPECT_EQ(CellFrames(sensor.Finish()), offered);
}

TEST_F(LanesTest, ReadersAndReloadsMayComeFromSeveralThreads) {
  programs_.Write("overrides.csv", "prefix,location\n192.0.2.0/24,DE\n");
  Handle sensor(
      Config("workers: 2\nflows: 4096\noverrides: [" + programs_.Path("overrides.csv") + "]\n"));
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  Running running(&sensor, &pool_, 2);
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&sensor] {
      for (int i = 0; i < 20; ++i) {
        const Json report = sensor.Snapshot();
        EXPECT_EQ(CellFrames(report), report["capture"]["frames"]);
      }
    });
  }
  char error[200] = "";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bf_reload(sensor.get(), error, sizeof(error)), 0) << error;
  for (std::thread& reader : readers) reader.join();
  const uint64_t offered = running.Stop();
  const Json report = sensor.Finish();
  EXPECT_EQ(CellFrames(report), offered);
  EXPECT_EQ(report["live"]["reloads"], 5);
}

// The answer reaches one queue, the flow to the address that it named another.
TEST_F(LanesTest, ALaneLearnsTheNamesThatDnsTaughtAnother) {
  Handle sensor(Config("workers: 2\nflows: 4096\n"));
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  const Buffer answer = DnsResponse("aus5.mozilla.org", {{.data = {8, 8, 8, 9}}});
  rte_mbuf* taught = pool_.Make(Ethernet(Ipv4({.source = "10.0.0.53", .destination = "10.0.0.1"},
                                              Udp({.source_port = 53, .destination_port = 40000},
                                                  {answer.begin(), answer.end()})))
                                    .bytes);
  rte_mbuf* named = pool_.Make(
      Ethernet(Ipv4({.source = "10.0.0.1", .destination = "8.8.8.9"},
                    Tcp({.source_port = 50000, .destination_port = 4443}, Text("unknown"))))
          .bytes);
  EXPECT_EQ(sensor.Inspect(0, {taught}), 1);
  EXPECT_EQ(sensor.Inspect(1, {named}), 1);
  const Json report = sensor.Finish();
  EXPECT_EQ(report["overflows"]["dns_names"], 0);
  std::string evidence;
  for (const Json& cell : report["cells"]) {
    if (cell["dst"] == "US") evidence = cell["evidence"];
  }
  EXPECT_EQ(evidence, "name") << report["cells"];
  rte_pktmbuf_free(taught);
  rte_pktmbuf_free(named);
}

// Counted, not timed: a burst asks the system for nothing. It reads the cycle counter twice: for
// its time, and for the share of its thread's time that the report states.
TEST_F(LanesTest, ABurstAsksTheSystemForNothing) {
  Handle sensor(Config("workers: 1\nflows: 4096\n"));
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  const Burst burst(&pool_, 0);
  constexpr uint64_t kBursts = 1000;
  CallCounter counter;
  for (uint64_t i = 0; i < kBursts; ++i) sensor.Inspect(0, burst.mbufs());
  const CountedCalls calls = counter.Stop();
  EXPECT_EQ(calls.allocations, 0u);
  EXPECT_EQ(calls.locks, 0u);
  if (CallCounter::WatchesCycles() && !kOnlyOperatorNew) {
    EXPECT_EQ(calls.clock_reads, 2 * kBursts);
  }
  EXPECT_EQ(CellFrames(sensor.Finish()), kBursts * kBurstFrames);
}

}  // namespace
}  // namespace borderflow
