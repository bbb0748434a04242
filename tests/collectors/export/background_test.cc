#include "collectors/export/background.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "collectors/export/ipfix/ipfix_exporter.h"
#include "collectors/store/clickhouse/clickhouse_exporter.h"
#include "dataplane/replay.h"
#include "tests/collectors/batches.h"
#include "tests/collectors/child_process.h"

namespace borderflow {
namespace {

constexpr std::chrono::milliseconds kNoPatience{0};

// Begins each export and goes on only when it is told to.
class GatedExporter : public Exporter {
 public:
  explicit GatedExporter(std::atomic<bool>* open, std::atomic<int>* begun)
      : open_(open), begun_(begun) {}
  const std::string& name() const override { return name_; }
  absl::Status Export(const ExportBatch&, const Hurry& hurry) override {
    ++*begun_;
    while (!*open_) {
      if (hurry.begun()) return absl::UnavailableError("gate closed");
      std::this_thread::yield();
    }
    return absl::OkStatus();
  }

 private:
  const std::string name_ = "gated";
  std::atomic<bool>* const open_;
  std::atomic<int>* const begun_;
};

std::shared_ptr<const ExportBatch> Small(uint64_t sequence) {
  return std::make_shared<const ExportBatch>(RandomBatch("test", sequence, 10));
}

TEST(BackgroundExporterTest, WhatFindsTheQueueFullIsDroppedAndCounted) {
  std::atomic<bool> open = false;
  std::atomic<int> begun = 0;
  BackgroundExporter exporter(std::make_unique<GatedExporter>(&open, &begun), 3);
  ASSERT_TRUE(exporter.Offer(Small(0)));
  ASSERT_TRUE(Eventually([&] { return begun == 1; }));  // it is under way, the queue is empty
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(exporter.Offer(Small(1)));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(exporter.Offer(Small(2)));
  open = true;
  const absl::Status finished = exporter.Finish(std::chrono::minutes(1));
  EXPECT_TRUE(absl::IsResourceExhausted(finished)) << finished;
  const ExportCounters counters = exporter.Counters();
  EXPECT_EQ(counters.offered_batches, 9u);
  EXPECT_EQ(counters.exported_batches, 4u);
  EXPECT_EQ(counters.exported_rows, 40u);
  EXPECT_EQ(counters.overflow_batches, 5u);
  EXPECT_EQ(counters.overflow_rows, 50u);
  EXPECT_EQ(counters.failed_batches, 0u);
}

TEST(BackgroundExporterTest, WhatIsLeftWhenPatienceEndsIsCountedAsFailed) {
  std::atomic<bool> open = false;
  std::atomic<int> begun = 0;
  BackgroundExporter exporter(std::make_unique<GatedExporter>(&open, &begun), 3);
  ASSERT_TRUE(exporter.Offer(Small(0)));
  ASSERT_TRUE(Eventually([&] { return begun == 1; }));
  ASSERT_TRUE(exporter.Offer(Small(1)));
  EXPECT_FALSE(exporter.Finish(kNoPatience).ok());
  const ExportCounters counters = exporter.Counters();
  EXPECT_EQ(counters.exported_batches, 0u);
  EXPECT_EQ(counters.failed_batches, 2u);
  EXPECT_EQ(counters.failed_rows, 20u);
  EXPECT_FALSE(exporter.Offer(Small(2)));
}

// Accepts what a kernel accepts by itself, and never reads a byte or answers one.
class SilentServer {
 public:
  SilentServer() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int small = 4096;  // inherited by connections: they fill up at once
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(any);
    bind(socket_, reinterpret_cast<sockaddr*>(&any), size);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&any), &size);
    listen(socket_, 8);
    port_ = std::to_string(ntohs(any.sin_port));
  }
  ~SilentServer() { close(socket_); }
  const std::string& port() const { return port_; }

 private:
  int socket_;
  std::string port_;
};

// Frames of one flow, as many as asked for.
class EndlessFrames final : public FrameSource {
 public:
  explicit EndlessFrames(uint64_t frames) : left_(frames) {}
  absl::StatusOr<bool> Read(FrameBlock* block) override {
    block->Clear();
    if (left_ == 0) return false;
    for (int i = 0; i < 256 && left_ > 0; ++i, --left_) {
      Frame frame;
      frame.data = kFrame;
      frame.captured = sizeof(kFrame);
      frame.bytes = sizeof(kFrame);
      frame.time_ns = ++time_ns_;
      frame.link_type = kEthernet;
      block->frames.push_back(frame);
    }
    return true;
  }
  uint64_t bytes_read() const override { return 0; }
  uint64_t bytes_total() const override { return 0; }
  std::vector<Damage> damaged() const override { return {}; }

 private:
  static constexpr uint16_t kEthernet = 1;  // LINKTYPE_ETHERNET
  // Ethernet, IPv4, UDP from 8.8.8.8 port 53 to 9.9.9.9 port 99.
  static constexpr uint8_t kFrame[42] = {2,    0, 0, 0,  0, 1, 2, 0,  0,  0,  0, 2, 8, 0,
                                         0x45, 0, 0, 28, 0, 0, 0, 0,  64, 17, 0, 0, 8, 8,
                                         8,    8, 9, 9,  9, 9, 0, 53, 0,  99, 0, 8, 0, 0};
  uint64_t left_;
  uint64_t time_ns_ = 1'780'000'000'000'000'000;
};

// Counts while every exporter is blocked and is offered one window after another: the workers count
// every frame, and every window is accounted for.
void ExpectCountingGoesOn(BackgroundExporter* exporter) {
  constexpr uint64_t kFrames = 200'000;
  constexpr uint64_t kWindows = 200;
  const auto batch = std::make_shared<const ExportBatch>(RandomBatch("test", 0, 20'000));
  Snapshot snapshot;
  std::thread counting([&snapshot] {
    EndlessFrames frames(kFrames);
    const PrefixMap map;
    EXPECT_TRUE(
        Replay(&frames, map, NameRules::BuiltIn(), ReplayOptions{2, {}, {}}, nullptr, &snapshot)
            .ok());
  });
  uint64_t taken = 0;
  for (uint64_t i = 0; i < kWindows; ++i) taken += exporter->Offer(batch) ? 1 : 0;
  counting.join();
  EXPECT_EQ(snapshot.decode.captured.frames, kFrames);
  EXPECT_EQ(snapshot.decode.ip.frames, kFrames);
  EXPECT_LT(taken, kWindows);
  exporter->Finish(kNoPatience).IgnoreError();
  const ExportCounters counters = exporter->Counters();
  EXPECT_EQ(counters.offered_batches, kWindows);
  EXPECT_EQ(counters.overflow_batches, kWindows - taken);
  EXPECT_EQ(counters.exported_batches + counters.failed_batches, taken);
}

TEST(BackgroundExporterTest, ABlockedTcpCollectorDelaysNoWorker) {
  const SilentServer collector;
  const auto to = ParseIpfixDestination("tcp:127.0.0.1:" + collector.port());
  BackgroundExporter exporter(std::make_unique<IpfixExporter>(*to, kDocumentationPen, "test"));
  ExpectCountingGoesOn(&exporter);
  EXPECT_EQ(exporter.Counters().exported_batches, 0u);
}

TEST(BackgroundExporterTest, ABlockedClickHouseDelaysNoWorkerAndLosesNoWindowThatItTook) {
  const TestFolder folder("blocked_clickhouse");
  const SilentServer server;
  {
    BackgroundExporter exporter(std::make_unique<ClickHouseExporter>(
        *ParseClickHouseUrl("http://127.0.0.1:" + server.port()),
        *Spool::Open(folder.Path("spool"), uint64_t{1} << 30)));
    ExpectCountingGoesOn(&exporter);
  }
  const auto spool = Spool::Open(folder.Path("spool"), uint64_t{1} << 30);
  ASSERT_TRUE(spool.ok());
  // Every batch that is there is there whole: cells and window.
  EXPECT_EQ((*spool)->statements() % 2, 0u);
}

TEST(BackgroundExporterTest, AFileThatCannotBeWrittenDelaysNoWorkerAndIsReported) {
  const auto to = ParseIpfixDestination("file:/dev/full");
  BackgroundExporter exporter(std::make_unique<IpfixExporter>(*to, kDocumentationPen, "test"));
  ASSERT_TRUE(exporter.Offer(Small(0)));
  const absl::Status finished = exporter.Finish(std::chrono::minutes(1));
  EXPECT_NE(finished.message().find("No space left"), std::string::npos) << finished;
  EXPECT_EQ(exporter.Counters().failed_rows, 10u);
}

}  // namespace
}  // namespace borderflow
