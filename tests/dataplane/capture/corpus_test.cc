// Real captures: the native readers against libpcap and against expectations that tshark made.
#include "tests/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "nlohmann/json.hpp"
#include "tests/dataplane/capture/captures.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

constexpr CaptureOptions kLibpcap = {.force_libpcap = true};

std::vector<fs::path> CapturesIn(const fs::path& folder) {
  std::vector<fs::path> captures;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") captures.push_back(entry.path());
  }
  std::sort(captures.begin(), captures.end());
  return captures;
}

Contents ReadFile(const fs::path& path, const CaptureOptions& options = {}) {
  auto source = OpenCapture(path.string(), options);
  if (!source.ok()) return {.frames = {}, .damaged = {}, .status = source.status()};
  return ReadAll(source->get());
}

uint64_t SumOfBytes(const Contents& contents) {
  uint64_t sum = 0;
  for (const OwnedFrame& frame : contents.frames) sum += frame.bytes;
  return sum;
}

class CorpusTest : public testing::Test {
 protected:
  void SetUp() override {
    corpus_ = CorpusFolder();
    if (!corpus_) GTEST_SKIP() << "no corpus of real captures (BORDERFLOW_CORPUS)";
  }
  std::optional<fs::path> corpus_;
};

TEST_F(CorpusTest, FramesAndBytesAreTheExpectedOnes) {
  size_t checked = 0;
  for (const char* folder : {"captures", "derived"}) {
    for (const fs::path& path : CapturesIn(*corpus_ / folder)) {
      SCOPED_TRACE(path.filename());
      std::ifstream expectation_file(path.string() + ".json");
      ASSERT_TRUE(expectation_file.good());
      const nlohmann::json expectation = nlohmann::json::parse(expectation_file);
      const Contents contents = ReadFile(path);
      // What tshark refuses too (a link type field with reserved bits) may be refused.
      EXPECT_TRUE(contents.status.ok() || expectation["frames"] == 0) << contents.status;
      EXPECT_EQ(contents.frames.size(), expectation["frames"].get<uint64_t>());
      EXPECT_EQ(SumOfBytes(contents), expectation["bytes"].get<uint64_t>());
      ++checked;
    }
  }
  EXPECT_GT(checked, 0u);
}

// Where libpcap stops by its own rules and the native readers go on.
bool LibpcapCannotReadAll(const Contents& libpcap) {
  return !libpcap.damaged.empty() &&
         (libpcap.damaged[0].reason.find("different from the type of the first interface") !=
              std::string::npos ||
          libpcap.damaged[0].reason.find("a snapshot length") != std::string::npos);
}

TEST_F(CorpusTest, EveryFrameEqualsLibpcaps) {
  size_t compared = 0;
  for (const char* folder : {"captures", "derived", "malformed"}) {
    for (const fs::path& path : CapturesIn(*corpus_ / folder)) {
      SCOPED_TRACE(path.filename());
      const Contents native = ReadFile(path);
      const Contents libpcap = ReadFile(path, kLibpcap);
      if (!libpcap.status.ok()) continue;  // the refusals have their own test
      if (!native.status.ok()) {           // libpcap opens any number as a link type
        EXPECT_THAT(std::string(native.status.message()), testing::HasSubstr("unknown link type"));
        continue;
      }
      if (LibpcapCannotReadAll(libpcap)) {
        EXPECT_GE(native.frames.size(), libpcap.frames.size());
      } else {
        EXPECT_EQ(native.frames.size(), libpcap.frames.size());
        EXPECT_EQ(native.damaged.size(), libpcap.damaged.size());
      }
      const size_t common = std::min(native.frames.size(), libpcap.frames.size());
      for (size_t i = 0; i < common; ++i) {
        const OwnedFrame& twin = libpcap.frames[i];
        OwnedFrame frame = native.frames[i];
        ASSERT_GE(frame.data.size(), twin.data.size());
        frame.data.resize(twin.data.size());  // libpcap cuts to the header's snap length
        // ... and sign-extends a record's fraction of a second, which a forged one can show.
        constexpr uint64_t kSignExtension = (uint64_t{1} << 32) * 1000;
        if (frame.time_ns == twin.time_ns + kSignExtension) frame.time_ns -= kSignExtension;
        ASSERT_EQ(frame, twin) << "frame " << i;
      }
      ++compared;
    }
  }
  EXPECT_GT(compared, 0u);
}

TEST_F(CorpusTest, MalformedCapturesAreReadOrRefusedWithTheirName) {
  for (const fs::path& path : CapturesIn(*corpus_ / "malformed")) {
    const Contents contents = ReadFile(path);
    if (!contents.status.ok()) {
      EXPECT_THAT(std::string(contents.status.message()), testing::HasSubstr(path.string()));
    }
    for (const Damage& damage : contents.damaged) {
      EXPECT_EQ(damage.file, path.string());
      EXPECT_FALSE(damage.reason.empty());
    }
  }
}

}  // namespace
}  // namespace borderflow
