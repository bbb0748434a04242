// OpenCapture on files, pipes and what is neither.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "dataplane/capture/source.h"
#include "tests/dataplane/capture/captures.h"
#include "tests/dataplane/capture/pcapng_builder.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A folder of this test's own, removed with it.
class OpenCaptureTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("capture_open_" + std::to_string(::getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const Bytes& bytes) const {
    const std::string path = folder_ / name;
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path;
  }

  static absl::Status OpenError(const std::string& path) { return OpenCapture(path).status(); }

  std::filesystem::path folder_;
};

Bytes SmallCapture(uint32_t frames) {
  PcapBuilder capture;
  for (uint32_t i = 0; i < frames; ++i) capture.Record(i, 0, Pattern(100, i));
  return capture.bytes();
}

TEST_F(OpenCaptureTest, FormatIsToldByContentNotByName) {
  auto classic = OpenCapture(Write("a.pcapng", SmallCapture(3)));
  ASSERT_TRUE(classic.ok()) << classic.status();
  EXPECT_THAT(ReadAll(classic->get()).frames, SizeIs(3));
  auto next_generation = OpenCapture(
      Write("b.pcap.gz", PcapngBuilder().Interface(1, 0).Enhanced(0, 1, Pattern(60, 1)).bytes()));
  ASSERT_TRUE(next_generation.ok()) << next_generation.status();
  EXPECT_THAT(ReadAll(next_generation->get()).frames, SizeIs(1));
}

TEST_F(OpenCaptureTest, ProgressRunsFromZeroToTheFileSize) {
  const Bytes capture = SmallCapture(50000);
  auto source = OpenCapture(Write("a.pcap", capture));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->bytes_total(), capture.size());
  FrameBlock block;
  ASSERT_TRUE((*source)->Read(&block).value());
  EXPECT_LT((*source)->bytes_read(), capture.size());
  ReadAll(source->get());
  EXPECT_EQ((*source)->bytes_read(), capture.size());
}

TEST_F(OpenCaptureTest, PipeIsReadToItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Bytes capture = SmallCapture(20000);
  std::thread writer([&capture, descriptor = ends[1]] {
    for (size_t written = 0; written < capture.size();) {
      const ssize_t count = ::write(descriptor, capture.data() + written, capture.size() - written);
      if (count <= 0) break;
      written += static_cast<size_t>(count);
    }
    ::close(descriptor);
  });
  auto source = OpenCapture("/dev/fd/" + std::to_string(ends[0]));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->bytes_total(), 0u);
  EXPECT_TRUE(ReadAll(source->get()).frames == ReadBytes(capture).frames);
  writer.join();
  ::close(ends[0]);
}

TEST_F(OpenCaptureTest, DashIsStandardInput) {
  const std::string path = Write("a.pcap", SmallCapture(3));
  const int kept = ::dup(STDIN_FILENO);
  const int descriptor = ::open(path.c_str(), O_RDONLY);
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(::dup2(descriptor, STDIN_FILENO), STDIN_FILENO);
  ::close(descriptor);
  {
    auto source = OpenCapture("-");
    ASSERT_TRUE(source.ok()) << source.status();
    EXPECT_THAT(ReadAll(source->get()).frames, SizeIs(3));
  }
  EXPECT_NE(::fcntl(STDIN_FILENO, F_GETFD), -1) << "standard input is not ours to close";
  ::dup2(kept, STDIN_FILENO);
  ::close(kept);
}

TEST_F(OpenCaptureTest, GrowingCaptureIsReadToWhatIsThere) {
  const Bytes capture = SmallCapture(3);
  const std::string path =
      Write("growing.pcap", Bytes(capture.begin(), capture.begin() + 24 + 116 + 50));
  auto source = OpenCapture(path);
  ASSERT_TRUE(source.ok()) << source.status();
  const Contents contents = ReadAll(source->get());
  EXPECT_THAT(contents.frames, SizeIs(1));
  ASSERT_THAT(contents.damaged, SizeIs(1));
  EXPECT_EQ(contents.damaged[0].file, path);
  EXPECT_EQ(contents.damaged[0].offset, 24 + 116u);
  EXPECT_THAT(contents.damaged[0].reason, HasSubstr("ends inside a record"));
}

TEST_F(OpenCaptureTest, MissingFileIsNotFound) {
  const std::string path = folder_ / "missing.pcap";
  const absl::Status status = OpenError(path);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path + ": no such file; check the name"));
}

TEST_F(OpenCaptureTest, UnreadableFileIsPermissionDenied) {
  const std::string path = Write("secret.pcap", SmallCapture(1));
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  constexpr uid_t kNobody = 65534;  // root reads everything: look with another user's eyes
  const int user = ::setfsuid(kNobody);
  const absl::Status status = OpenError(path);
  ::setfsuid(static_cast<uid_t>(user));
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path + ": permission denied; make it"));
}

TEST_F(OpenCaptureTest, DirectoryIsRefused) {
  const absl::Status status = OpenError(folder_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is a directory"));
}

TEST_F(OpenCaptureTest, EmptyFileIsRefused) {
  const absl::Status status = OpenError(Write("empty.pcap", {}));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("empty.pcap: is empty"));
}

TEST_F(OpenCaptureTest, RefusalNamesTheFormatAndTheRemedy) {
  struct Case {
    Bytes begin;
    const char* name;
    const char* remedy;
  };
  const Case cases[] = {
      {{'s', 'n', 'o', 'o', 'p', 0, 0, 0, 0, 0, 0, 2}, "a Solaris snoop capture", "editcap"},
      {{0xfd, '7', 'z', 'X', 'Z', 0}, "an xz file", "decompress"},
      {{'P', 'K', 3, 4}, "a zip archive", "unpack"},
      {{'{', '"', 's'}, "JSON text", "name the capture"},
      {{0xde, 0xad, 0xbe, 0xef, 1, 2, 3}, "an unknown format (begins with deadbeef)", "editcap"},
      {{0xd4}, "an unknown format (begins with d4)", "name a capture"},
  };
  for (const Case& c : cases) {
    const absl::Status status = OpenError(Write("foreign", c.begin));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr("foreign: "), HasSubstr(c.name), HasSubstr(c.remedy),
                      HasSubstr("expected pcap or pcapng")));
  }
}

TEST_F(OpenCaptureTest, HeaderCutShortIsRefused) {
  const absl::Status status = OpenError(Write("cut.pcap", {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0}));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("ends after 8 bytes"));
}

TEST_F(OpenCaptureTest, FailureToReadIsAnErrorAfterTheFramesBeforeIt) {
  // Half a capture, then what a failing disk would answer.
  class FailingStream final : public ByteStream {
   public:
    explicit FailingStream(Bytes bytes) : bytes_(std::move(bytes)) {}
    uint64_t bytes_read() const override { return position_; }
    uint64_t bytes_total() const override { return 0; }

   protected:
    absl::StatusOr<size_t> ReadSome(uint8_t* to, size_t size) override {
      if (position_ == bytes_.size()) return absl::InternalError("test: disk on fire");
      const size_t count = std::min(size, bytes_.size() - position_);
      std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), count, to);
      position_ += count;
      return count;
    }

   private:
    Bytes bytes_;
    size_t position_ = 0;
  };
  for (const bool force_libpcap : {false, true}) {
    Bytes capture = SmallCapture(10);
    capture.resize(24 + 116 * 5 + 20);
    auto source = OpenStream("test", std::make_unique<FailingStream>(capture),
                             {.force_libpcap = force_libpcap});
    ASSERT_TRUE(source.ok()) << source.status();
    const Contents contents = ReadAll(source->get());
    EXPECT_THAT(contents.frames, SizeIs(5));
    EXPECT_EQ(contents.status.message(), "test: disk on fire");
    EXPECT_THAT(contents.damaged, IsEmpty());
  }
}

TEST_F(OpenCaptureTest, NoCaptureAndTwoStandardInputsAreRefused) {
  EXPECT_EQ(OpenCaptures({}).status().code(), absl::StatusCode::kInvalidArgument);
  const std::vector<std::string> twice = {"-", "-"};
  EXPECT_THAT(std::string(OpenCaptures(twice).status().message()), HasSubstr("named twice"));
}

TEST_F(OpenCaptureTest, OneBadFileAmongSeveralIsNamed) {
  const std::vector<std::string> paths = {Write("good.pcap", SmallCapture(1)),
                                          folder_ / "missing.pcap"};
  EXPECT_THAT(std::string(OpenCaptures(paths).status().message()), HasSubstr("missing.pcap"));
}

}  // namespace
}  // namespace borderflow
