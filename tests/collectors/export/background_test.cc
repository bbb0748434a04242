#include "collectors/export/background.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "collectors/export/ipfix/ipfix_exporter.h"
#include "collectors/store/clickhouse/clickhouse_exporter.h"
#include "tests/collectors/batches.h"
#include "tests/collectors/child_process.h"
#include "tests/collectors/export/blocked.h"

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

TEST(BackgroundExporterTest, WhoeverMayWaitWaitsForASlowReceiverAndLosesNothing) {
  std::atomic<bool> open = true;
  std::atomic<int> begun = 0;
  BackgroundExporter exporter(std::make_unique<GatedExporter>(&open, &begun), 2);
  for (uint64_t i = 0; i < 300; ++i) EXPECT_TRUE(exporter.OfferPatiently(Small(i % 3)));
  EXPECT_TRUE(exporter.Finish(std::chrono::minutes(1)).ok());
  EXPECT_EQ(exporter.Counters().exported_batches, 300u);
  EXPECT_EQ(exporter.Counters().queued_batches, 0u);
}

TEST(BackgroundExporterTest, ADeadReceiverIsWaitedForOnce) {
  std::atomic<bool> open = false;
  std::atomic<int> begun = 0;
  BackgroundExporter exporter(std::make_unique<GatedExporter>(&open, &begun), 1);
  ASSERT_TRUE(exporter.Offer(Small(0)));
  ASSERT_TRUE(Eventually([&] { return begun == 1; }));
  ASSERT_TRUE(exporter.Offer(Small(1)));
  // Some minutes, if each of these waited.
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(exporter.OfferPatiently(Small(2)));
  EXPECT_EQ(exporter.Counters().overflow_batches, 60u);
  open = true;
  EXPECT_FALSE(exporter.Finish(std::chrono::minutes(1)).ok()) << "sixty were dropped";
  EXPECT_EQ(exporter.Counters().exported_batches, 2u);
}

// Counts while every exporter is blocked and is offered one window after another: the workers count
// every frame, and every window is accounted for.
void ExpectCountingGoesOn(BackgroundExporter* exporter) {
  constexpr uint64_t kWindows = 200;
  const auto batch = std::make_shared<const ExportBatch>(RandomBatch("test", 0, 20'000));
  std::thread counting([] { ExpectAllCounted(200'000); });
  uint64_t taken = 0;
  for (uint64_t i = 0; i < kWindows; ++i) taken += exporter->Offer(batch) ? 1 : 0;
  counting.join();
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
  uint64_t taken = 0;
  {
    BackgroundExporter exporter(std::make_unique<ClickHouseExporter>(
        *ParseClickHouseUrl("http://127.0.0.1:" + server.port()),
        *Spool::Open(folder.Path("spool"), uint64_t{1} << 30)));
    ExpectCountingGoesOn(&exporter);
    taken = exporter.Counters().exported_batches;
  }
  const auto spool = Spool::Open(folder.Path("spool"), uint64_t{1} << 30);
  ASSERT_TRUE(spool.ok());
  EXPECT_EQ((*spool)->statements(), 2 * taken) << "cells and window of each";
}

// The server has the first statement and says nothing: what comes meanwhile must not wait for it.
TEST(BackgroundExporterTest, WindowsReachTheSpoolWhileTheServerIsAskedAndDoesNotAnswer) {
  const TestFolder folder("silent_clickhouse");
  const SilentServer server;
  BackgroundExporter exporter(
      std::make_unique<ClickHouseExporter>(*ParseClickHouseUrl("http://127.0.0.1:" + server.port()),
                                           *Spool::Open(folder.Path("spool"), uint64_t{1} << 30)));
  for (uint64_t i = 0; i < 40; ++i) {
    ASSERT_TRUE(exporter.Offer(Small(i)));
    ASSERT_TRUE(Eventually([&] { return exporter.Counters().exported_batches == i + 1; }));
  }
  EXPECT_EQ(exporter.Counters().waiting, 80u);
  EXPECT_GT(exporter.Counters().spool_bytes, 0u);
  EXPECT_EQ(exporter.Counters().spool_limit_bytes, uint64_t{1} << 30);
  EXPECT_EQ(exporter.Counters().last_success, 0u) << "the spool has them, the server has nothing";
  EXPECT_TRUE(exporter.Finish(kNoPatience).ok()) << "nothing is lost: it waits in the spool";
  EXPECT_EQ(exporter.Counters().lost_batches(), 0u);
}

TEST(BackgroundExporterTest, AFileThatCannotBeWrittenDelaysNoWorkerAndIsReported) {
  const auto to = ParseIpfixDestination("file:/dev/full");
  BackgroundExporter exporter(std::make_unique<IpfixExporter>(*to, kDocumentationPen, "test"));
  ASSERT_TRUE(exporter.Offer(Small(0)));
  const absl::Status finished = exporter.Finish(std::chrono::minutes(1));
  EXPECT_NE(finished.message().find("No space left"), std::string::npos) << finished;
  EXPECT_EQ(exporter.Counters().failed_rows, 10u);
  EXPECT_TRUE(exporter.Counters().blocked);
}

TEST(BackgroundExporterTest, AServerThatRefusesIsSaidToBeBlockedAndAskedAgain) {
  const TestFolder folder("refusing_clickhouse");
  uint16_t nobody = 0;
  { nobody = static_cast<uint16_t>(std::stoi(SilentServer().port())); }  // closed again
  BackgroundExporter exporter(std::make_unique<ClickHouseExporter>(
      *ParseClickHouseUrl("http://127.0.0.1:" + std::to_string(nobody)),
      *Spool::Open(folder.Path("spool"), uint64_t{1} << 30)));
  ASSERT_TRUE(exporter.Offer(Small(0)));
  ASSERT_TRUE(Eventually([&] { return exporter.Counters().retries > 0; }));
  EXPECT_TRUE(exporter.Counters().blocked);
  EXPECT_EQ(exporter.Counters().exported_batches, 1u);
}

}  // namespace
}  // namespace borderflow
