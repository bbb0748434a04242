#include "dataplane/capture/dpdk/distributor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "dataplane/capture/dpdk/port.h"
#include "dataplane/engine.h"
#include "tests/dataplane/capture/dpdk/mbufs.h"
#include "tests/dataplane/capture/dpdk/polled.h"
#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

constexpr int kWorkers = 3;

std::unique_ptr<Port> OpenDistributed(const std::string& device) {
  absl::StatusOr<std::unique_ptr<Port>> port = Port::Open(device, {.workers = kWorkers});
  EXPECT_TRUE(port.ok()) << port.status();
  return port.ok() ? *std::move(port) : nullptr;
}

// A frame of one of `pairs` pairs of addresses, of both families, in either direction; the flow's
// number stands in the ports, lower one first.
Bytes FrameOf(uint32_t pair, bool back, uint16_t port) {
  using namespace testing_frames;  // NOLINT: the layers of the frame
  const std::string a =
      pair % 2 == 0 ? "10.0." + std::to_string(pair / 256) + "." + std::to_string(pair % 256)
                    : "2001:db8::" + std::to_string(pair);
  const std::string b = pair % 2 == 0 ? "192.0.2.1" : "2001:db8:ffff::1";
  const Built udp = Udp(
      {.source_port = back ? uint16_t{53} : port, .destination_port = back ? port : uint16_t{53}});
  const std::string& from = back ? b : a;
  const std::string& to = back ? a : b;
  return Ethernet(pair % 2 == 0 ? Ipv4({.source = from, .destination = to}, udp)
                                : Ipv6({.source = from, .destination = to}, udp))
      .bytes;
}

TEST(Distributor, BothDirectionsOfEveryFlowReachOneWorkerAndNothingIsLost) {
  constexpr uint32_t kPairs = 500, kFrames = 40'000;
  MbufPool pool("both");  // fewer buffers than a worker's ring holds: none can overflow
  RingPort ring("both_ring");
  const std::unique_ptr<Port> port = OpenDistributed(ring.device());
  ASSERT_NE(port, nullptr);
  auto sources = port->TakeSources();
  ASSERT_EQ(sources.size(), size_t{kWorkers});
  std::vector<std::map<std::string, uint32_t>> seen(kWorkers);  // frame -> times
  std::atomic<bool> sent{false};
  std::vector<std::thread> workers;
  for (size_t w = 0; w < kWorkers; ++w) {
    workers.emplace_back([&, w] {
      sources[w]->Attach();
      while (true) {
        const bool last = sent.load();
        const std::vector<OwnedFrame> frames = Polled(sources[w].get());
        for (const OwnedFrame& frame : frames) ++seen[w][{frame.data.begin(), frame.data.end()}];
        if (frames.empty() && last) break;
        if (frames.empty()) std::this_thread::yield();
      }
      sources[w]->Detach();
    });
  }
  std::mt19937 random(1);
  std::map<std::string, uint32_t> expected;
  std::map<std::string, uint32_t> pair_of;
  for (uint32_t i = 0; i < kFrames; ++i) {
    const auto pair = static_cast<uint32_t>(random() % kPairs);
    const Bytes frame =
        FrameOf(pair, random() % 2 == 0, static_cast<uint16_t>(40'000 + random() % 3));
    ++expected[{frame.begin(), frame.end()}];
    pair_of[{frame.begin(), frame.end()}] = pair;
    ring.Send(pool.Make(frame));
  }
  port->StopDistributing();
  sent.store(true);
  for (std::thread& worker : workers) worker.join();

  std::map<std::string, uint32_t> all;
  std::map<uint32_t, std::set<size_t>> workers_of;
  for (size_t w = 0; w < kWorkers; ++w) {
    EXPECT_FALSE(seen[w].empty()) << "worker " << w << " had nothing to do";
    for (const auto& [frame, times] : seen[w]) {
      all[frame] += times;
      workers_of[pair_of[frame]].insert(w);
    }
  }
  EXPECT_EQ(all, expected);
  for (const auto& [pair, of] : workers_of) EXPECT_EQ(of.size(), 1u) << "pair " << pair;
  EXPECT_EQ(port->Counters().received, kFrames);
  EXPECT_EQ(port->Counters().ring_full, 0u);
}

TEST(Distributor, WhatAFullRingDoesNotTakeIsCounted) {
  constexpr uint32_t kSent = 10'000;
  MbufPool pool("ring_full", 16'383);
  RingPort ring("ring_full_ring");
  const std::unique_ptr<Port> port = OpenDistributed(ring.device());
  ASSERT_NE(port, nullptr);
  // All of one pair, so of one worker, and nobody polls.
  for (uint32_t i = 0; i < kSent; ++i) ring.Send(pool.Make(FrameOf(2, i % 2 == 0, 40'000)));
  port->StopDistributing();
  EXPECT_EQ(port->Counters().received, kSent);
  EXPECT_EQ(port->Counters().ring_full, kSent - Distributor::kRing);
  auto sources = port->TakeSources();
  size_t polled = 0;
  for (auto& source : sources) {
    for (size_t found = 1; found > 0; polled += found) found = Polled(source.get()).size();
  }
  EXPECT_EQ(polled, Distributor::kRing);
}

TEST(Distributor, StopHandsOnWhatTheReceiveQueueHeld) {
  for (int round = 0; round < 10; ++round) {
    MbufPool pool("stop");
    RingPort ring("stop_ring");
    const std::unique_ptr<Port> port = OpenDistributed(ring.device());
    ASSERT_NE(port, nullptr);
    auto sources = port->TakeSources();
    for (uint32_t i = 0; i < 4000; ++i) ring.Send(pool.Make(FrameOf(i, false, 40'000)));
    port->StopDistributing();
    size_t polled = 0;
    for (auto& source : sources) {
      for (size_t found = 1; found > 0; polled += found) found = Polled(source.get()).size();
    }
    ASSERT_EQ(polled, 4000u);
  }
}

// The pool's destructor tells whether every buffer came back.
TEST(Distributor, BuffersThatNobodyPolledAreFreedAtTheEnd) {
  MbufPool pool("left");
  RingPort ring("left_ring");
  std::unique_ptr<Port> port = OpenDistributed(ring.device());
  ASSERT_NE(port, nullptr);
  for (uint32_t i = 0; i < 1000; ++i) ring.Send(pool.Make(FrameOf(i, false, 40'000)));
  port->StopDistributing();
  port.reset();
}

// A file can wait, and no frame of it is lost however late its workers are.
TEST(Distributor, AFileWaitsForWorkers) {
  constexpr uint32_t kFrames = 30'000;
  PcapBuilder builder;
  for (uint32_t i = 0; i < kFrames; ++i) builder.Record(1, i, FrameOf(2, i % 2 == 0, 40'000));
  const CaptureFile file("waits", builder.bytes());
  const std::unique_ptr<Port> port = OpenDistributed("net_pcap_waits,rx_pcap=" + file.path());
  ASSERT_NE(port, nullptr);
  auto sources = port->TakeSources();
  // The ring has been full for as long as the counter stands still at less than all.
  while (port->Counters().received < Distributor::kRing) std::this_thread::yield();
  size_t polled = 0;
  uint64_t last_time = 0;
  while (polled < kFrames) {
    for (auto& source : sources) {
      for (const OwnedFrame& frame : Polled(source.get())) {
        ASSERT_GE(frame.time_ns, last_time) << "in the order of the file";
        last_time = frame.time_ns;
        ++polled;
      }
    }
  }
  EXPECT_EQ(port->Counters().received, kFrames);
  EXPECT_EQ(port->Counters().ring_full, 0u);
}

// Address maps are replaced while a known number of frames passes through port, distributor and
// workers: every one of them is counted.
TEST(Distributor, ReloadUnderLoadLosesNoFrame) {
  constexpr uint32_t kFrames = 100'000;
  constexpr std::string_view kPlaces[] = {"DE", "FR", "JP"};
  const auto everywhere = [](std::string_view code) {
    Location location;
    location.location = *FromCode(code);
    return std::make_unique<PrefixMap>(
        *PrefixMap::Build({{IpAddress::FromV4(0), IpAddress::FromV4(UINT32_MAX), location}}));
  };
  MbufPool pool("reload");
  RingPort ring("reload_ring");
  const std::unique_ptr<Port> port = OpenDistributed(ring.device());
  ASSERT_NE(port, nullptr);
  auto sources = port->TakeSources();
  auto map = everywhere(kPlaces[0]);
  Engine engine(kWorkers, map.get(), &NameRules::BuiltIn(), {},
                {.flows = 4096, .cells = 4096, .names = false, .max_names = 1});
  std::vector<std::thread> threads;
  for (size_t lane = 0; lane < kWorkers; ++lane) {
    threads.emplace_back([&, lane] { engine.Run(lane, sources[lane].get()); });
  }
  std::atomic<bool> sent{false};
  threads.emplace_back([&] {
    for (uint32_t i = 0; i < kFrames; ++i) {
      Bytes frame = FrameOf(2 * (i % 5), i % 2 == 0, static_cast<uint16_t>(i));
      ring.Send(pool.Make(frame));
    }
    sent.store(true);
  });
  int reloads = 0;
  while (!sent.load()) {
    auto next = everywhere(kPlaces[++reloads % 3]);
    engine.Use(next.get());
    map = std::move(next);  // the old one is gone
    const Snapshot snapshot = engine.Collect();
    EXPECT_EQ(snapshot.decode.ip, snapshot.decode.captured);
  }
  threads.back().join();
  threads.pop_back();
  port->StopDistributing();
  engine.Stop();
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(reloads, 1);
  const Snapshot all = engine.Collect();
  EXPECT_EQ(all.decode.captured.frames, kFrames);
  uint64_t in_cells = 0;
  for (const Cell& cell : all.cells) in_cells += cell.counters.frames;
  EXPECT_EQ(in_cells, kFrames);
  EXPECT_EQ(port->Counters().received, kFrames);
  EXPECT_EQ(port->Counters().ring_full, 0u);
}

}  // namespace
}  // namespace borderflow
