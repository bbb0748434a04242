#include "dataplane/capture/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/dataplane/capture/captures.h"

namespace borderflow {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::unique_ptr<FrameSource> Source(const std::string& name, const Bytes& capture,
                                    size_t read_bytes = 5000) {
  return OpenStream(name, std::make_unique<MemoryStream>(capture), {}, read_bytes).value();
}

struct Stamp {
  uint32_t seconds;
  uint32_t size;
};

Bytes Capture(const std::vector<Stamp>& stamps, uint32_t seed, uint32_t link_type) {
  PcapBuilder capture(kMicroseconds, false, link_type);
  for (size_t i = 0; i < stamps.size(); ++i) {
    capture.Record(stamps[i].seconds, 0, Pattern(stamps[i].size, seed + static_cast<uint32_t>(i)));
  }
  return capture.bytes();
}

// Every frame with the latest stamp of its file so far, sorted stably with files in order.
std::vector<OwnedFrame> SortTwin(const std::vector<Bytes>& captures) {
  std::vector<std::pair<uint64_t, OwnedFrame>> all;
  for (const Bytes& capture : captures) {
    uint64_t latest = 0;
    for (const OwnedFrame& frame : ReadBytes(capture).frames) {
      latest = std::max(latest, frame.time_ns);
      all.emplace_back(latest, frame);
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<OwnedFrame> frames;
  for (auto& [latest, frame] : all) frames.push_back(std::move(frame));
  return frames;
}

Contents Merged(const std::vector<Bytes>& captures) {
  std::vector<std::unique_ptr<FrameSource>> sources;
  for (const Bytes& capture : captures) {
    sources.push_back(Source("capture" + std::to_string(sources.size()), capture));
  }
  return ReadAll(MergeByTime(std::move(sources)).get());
}

TEST(MergeTest, RandomCapturesEqualTheSortTwin) {
  std::mt19937 generator(5);
  const auto random = [&generator] { return static_cast<uint32_t>(generator()); };
  for (uint32_t round = 0; round < 20; ++round) {
    std::vector<Bytes> captures;
    const uint32_t count = 2 + random() % 9;
    for (uint32_t file = 0; file < count; ++file) {
      std::vector<Stamp> stamps;
      uint32_t now = random() % 50;
      const uint32_t frames = random() % 400;
      for (uint32_t i = 0; i < frames; ++i) {
        now += random() % 3;
        const uint32_t back = random() % 10 == 0 ? random() % 5 : 0;  // clocks run backwards
        stamps.push_back({now - std::min(now, back), random() % 1500});
      }
      captures.push_back(Capture(stamps, file * 1000, file));
    }
    const Contents contents = Merged(captures);
    EXPECT_TRUE(contents.status.ok());
    EXPECT_TRUE(contents.frames == SortTwin(captures)) << "round " << round;
  }
}

TEST(MergeTest, TiesGoToTheEarlierArgument) {
  const Contents contents =
      Merged({Capture({{5, 10}, {5, 11}}, 0, 100), Capture({{5, 12}, {6, 13}}, 0, 101),
              Capture({{5, 14}}, 0, 102)});
  std::vector<size_t> sizes;
  for (const OwnedFrame& frame : contents.frames) sizes.push_back(frame.data.size());
  EXPECT_THAT(sizes, testing::ElementsAre(10, 11, 12, 14, 13));
}

TEST(MergeTest, OrderWithinAFileIsKeptWhereItsClockRunsBackwards) {
  const Contents contents = Merged(
      {Capture({{10, 1}, {3, 2}, {11, 3}}, 0, 1), Capture({{9, 4}, {10, 5}, {11, 6}}, 0, 1)});
  std::vector<size_t> sizes;
  for (const OwnedFrame& frame : contents.frames) sizes.push_back(frame.data.size());
  EXPECT_THAT(sizes, testing::ElementsAre(4, 1, 2, 5, 3, 6));
  EXPECT_EQ(contents.frames[2].time_ns, 3000000000u) << "time stamps stay as they are";
}

TEST(MergeTest, LargestFramesFillBlocksWithoutLoss) {
  std::vector<Stamp> stamps;
  for (uint32_t i = 0; i < 20; ++i) stamps.push_back({i, kMaxFrameBytes});
  const std::vector<Bytes> captures = {Capture(stamps, 0, 1), Capture(stamps, 100, 1)};
  EXPECT_TRUE(Merged(captures).frames == SortTwin(captures));
}

TEST(MergeTest, DamageOfEveryFileIsListedUnderItsName) {
  Bytes first = Capture({{1, 50}, {2, 50}}, 0, 1);
  Bytes third = Capture({{1, 50}, {2, 50}}, 0, 1);
  first.pop_back();
  third.resize(third.size() - 60);
  const Contents contents = Merged({first, Capture({{1, 50}}, 0, 1), third});
  EXPECT_THAT(contents.frames, SizeIs(3));
  ASSERT_THAT(contents.damaged, SizeIs(2));
  EXPECT_EQ(contents.damaged[0].file, "capture0");
  EXPECT_EQ(contents.damaged[0].offset, 24 + 66u);
  EXPECT_EQ(contents.damaged[1].file, "capture2");
}

TEST(MergeTest, EmptyCapturesContributeNothing) {
  const Contents contents =
      Merged({Capture({}, 0, 1), Capture({{1, 50}}, 0, 1), Capture({}, 0, 1)});
  EXPECT_TRUE(contents.status.ok());
  EXPECT_THAT(contents.frames, SizeIs(1));
  EXPECT_THAT(contents.damaged, IsEmpty());
}

TEST(MergeTest, FailureOfOneSourceEndsTheMergeAfterItsFrames) {
  class Failing final : public FrameSource {
   public:
    absl::StatusOr<bool> Read(FrameBlock* block) override {
      block->Clear();
      if (read_) return absl::InternalError("test: disk on fire");
      read_ = true;
      block->storage.assign(10, 7);
      block->frames.push_back({.data = block->storage.data(), .captured = 10, .bytes = 10});
      return true;
    }
    uint64_t bytes_read() const override { return 0; }
    uint64_t bytes_total() const override { return 0; }
    std::vector<Damage> damaged() const override { return {}; }

   private:
    bool read_ = false;
  };
  std::vector<std::unique_ptr<FrameSource>> sources;
  sources.push_back(Source("good", Capture({{1, 50}}, 0, 1)));
  sources.push_back(std::make_unique<Failing>());
  const Contents contents = ReadAll(MergeByTime(std::move(sources)).get());
  EXPECT_THAT(contents.frames, SizeIs(1));
  EXPECT_EQ(contents.status.message(), "test: disk on fire");
}

TEST(MergeTest, FilesOnDiskAreMergedAndTheirSizesSummed) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("merge_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::vector<Bytes> captures = {Capture({{1, 50}, {3, 50}}, 0, 1),
                                       Capture({{2, 50}, {4, 50}}, 9, 113)};
  std::vector<std::string> paths;
  size_t total = 0;
  for (const Bytes& capture : captures) {
    paths.push_back(folder / ("capture" + std::to_string(paths.size())));
    std::ofstream(paths.back(), std::ios::binary)
        .write(reinterpret_cast<const char*>(capture.data()),
               static_cast<std::streamsize>(capture.size()));
    total += capture.size();
  }
  auto source = OpenCaptures(paths);
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->bytes_total(), total);
  EXPECT_TRUE(ReadAll(source->get()).frames == SortTwin(captures));
  EXPECT_EQ((*source)->bytes_read(), total);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace borderflow
