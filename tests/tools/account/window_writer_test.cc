// A store that another process holds delays nobody, and what it was said to have stored is there.
#include "tools/account/window_writer.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/collectors/child_process.h"
#include "tests/collectors/export/blocked.h"
#include "tests/collectors/store/lock_holder.h"
#include "tests/collectors/store/windows.h"

namespace borderflow {
namespace {

Window NthWindow(uint64_t n) {
  std::mt19937_64 random(n);
  return RandomWindow(&random, n, kMonday + n * 60, 50);
}

class WindowWriterTest : public testing::Test {
 protected:
  WindowWriterTest() { EXPECT_TRUE(Store::Open(path_, Store::Mode::kCreate).ok()); }

  std::unique_ptr<WindowWriter> Open(const Retention& retention = {}) const {
    auto writer =
        WindowWriter::Open({path_, "one", 60, WindowWriter::Numbers::kFromZero, retention});
    EXPECT_TRUE(writer.ok()) << writer.status();
    (*writer)->State(MakeStatement("one"));
    return *std::move(writer);
  }
  // Frames in the store.
  uint64_t Stored() const {
    const auto store = Store::Open(path_, Store::Mode::kRead);
    const absl::StatusOr<StoredRange> found = (*store)->Read({});
    EXPECT_TRUE(found.ok()) << found.status();
    uint64_t frames = 0;
    for (const StoredCounts& part : found->parts) {
      frames += part.counts.snapshot.decode.captured.frames;
    }
    return frames;
  }
  static uint64_t Frames(uint64_t n) { return NthWindow(n).counts.decode.captured.frames; }

  const TestFolder folder_{"window_writer"};
  const std::string path_ = folder_.Path("s.sqlite");
};

TEST_F(WindowWriterTest, WhileAnotherProcessHoldsTheStoreCountingGoesOnAndWindowsWait) {
  LockHolder other(path_);
  const std::unique_ptr<WindowWriter> writer = Open();
  uint64_t expected = 0;
  for (uint64_t n = 0; n < 3; ++n) {
    ASSERT_TRUE(writer->Offer(NthWindow(n)));
    expected += Frames(n);
  }
  ASSERT_TRUE(Eventually([&] { return writer->Counters().exported_batches == 3; }));
  ASSERT_TRUE(other.Lock());
  std::thread counting([] { ExpectAllCounted(200'000); });
  uint64_t taken = 0;
  constexpr uint64_t kWindows = 200;
  for (uint64_t n = 3; n < 3 + kWindows; ++n) {
    if (!writer->Offer(NthWindow(n))) continue;
    ++taken;
    expected += Frames(n);
  }
  counting.join();
  EXPECT_LT(taken, kWindows);
  EXPECT_GE(taken, BackgroundQueue::kLimit);
  EXPECT_EQ(writer->Counters().exported_batches, 3u) << "the store is held";
  other.Release();
  const absl::Status finished = writer->Finish();
  EXPECT_TRUE(absl::IsResourceExhausted(finished)) << finished;
  const ExportCounters counters = writer->Counters();
  EXPECT_EQ(counters.offered_batches, 3 + kWindows);
  EXPECT_EQ(counters.exported_batches, 3 + taken);
  EXPECT_EQ(counters.overflow_batches, kWindows - taken);
  EXPECT_EQ(counters.failed_batches, 0u);
  EXPECT_EQ(Stored(), expected);
  // Windows that were lost left gaps: the numbers go on.
  const auto store = Store::Open(path_, Store::Mode::kRead);
  EXPECT_LE((*store)->Windows()->back().sequence, 2 + kWindows);
  EXPECT_EQ((*store)->Windows()->size(), 3 + taken);
}

TEST_F(WindowWriterTest, AStoreThatStaysHeldIsAnErrorThatSaysHowManyWindowsAreLost) {
  LockHolder other(path_);
  const std::unique_ptr<WindowWriter> writer = Open();
  ASSERT_TRUE(writer->Offer(NthWindow(0)));
  ASSERT_TRUE(Eventually([&] { return writer->Counters().exported_batches == 1; }));
  ASSERT_TRUE(other.Lock());
  for (uint64_t n = 1; n < 4; ++n) ASSERT_TRUE(writer->Offer(NthWindow(n)));
  const absl::Status finished = writer->Finish();
  EXPECT_NE(finished.message().find("another program is writing to it"), std::string::npos)
      << finished;
  EXPECT_NE(finished.message().find("3 windows were not stored"), std::string::npos) << finished;
  EXPECT_EQ(writer->Counters().failed_batches, 3u);
  EXPECT_EQ(Stored(), Frames(0));
}

TEST_F(WindowWriterTest, PrunesWhatItWasToldToAndNeverTheTotal) {
  constexpr uint64_t kHour = 3600;
  const std::unique_ptr<WindowWriter> writer = Open({kHour, 2 * kHour, 24 * kHour});
  uint64_t expected = 0;
  for (uint64_t n = 0; n < 100; ++n) {
    Window window = NthWindow(n);
    window.begin = kMonday + n * kHour;
    expected += Frames(n);
    ASSERT_TRUE(writer->OfferPatiently(std::move(window)));
  }
  ASSERT_TRUE(writer->Finish().ok());
  const auto store = Store::Open(path_, Store::Mode::kRead);
  EXPECT_LE((*store)->Windows()->size(), 3u);
  const auto file = SqliteFile::Open(path_, SqliteFile::Mode::kRead);
  EXPECT_LE(*(*file)->Integer("SELECT count(*) FROM span WHERE tier = 1"), 3 + 24);
  EXPECT_LE(*(*file)->Integer("SELECT count(*) FROM span WHERE tier = 2"), 3);
  EXPECT_EQ(*(*file)->Integer("SELECT count(*) FROM span WHERE tier = 3"), 1);
  EXPECT_EQ(Stored(), expected);
}

}  // namespace
}  // namespace borderflow
