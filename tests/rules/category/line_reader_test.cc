#include "rules/category/line_reader.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LineReaderTest : public testing::Test {
 protected:
  LineReaderTest() : path_(testing::TempDir() + "line_reader_test") {}
  ~LineReaderTest() override { std::filesystem::remove_all(path_); }

  // The lines of the text as a file, which must be those of the text itself.
  std::vector<std::string> Lines(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    absl::StatusOr<LineReader> file = LineReader::Open(path_);
    EXPECT_TRUE(file.ok()) << file.status();
    LineReader memory(text);
    std::vector<std::string> lines;
    std::string_view from_file, from_memory;
    while (file->Next(&from_file)) {
      EXPECT_TRUE(memory.Next(&from_memory));
      EXPECT_EQ(from_file, from_memory);
      EXPECT_EQ(file->cut(), memory.cut());
      EXPECT_EQ(file->number(), memory.number());
      lines.emplace_back(from_file);
    }
    EXPECT_FALSE(memory.Next(&from_memory));
    EXPECT_TRUE(file->status().ok());
    return lines;
  }
  std::string ErrorOf(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return std::string(LineReader::Open(path_).status().message());
  }

  std::string path_;
};

TEST_F(LineReaderTest, LinesEndInEitherWayOrNotAtAll) {
  EXPECT_THAT(Lines("a\nb\r\n\nc"), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(Lines("\n"), ElementsAre(""));
  EXPECT_THAT(Lines(""), ElementsAre());
}

TEST_F(LineReaderTest, MarkOfUtf8AtTheBeginIsNoText) {
  EXPECT_THAT(Lines("\xef\xbb\xbf"
                    "a\n\xef\xbb\xbf"
                    "b"),
              ElementsAre("a",
                          "\xef\xbb\xbf"
                          "b"));
}

TEST_F(LineReaderTest, VeryLongLineIsCutAndTheNextOneIsWhole) {
  const std::vector<std::string> lines = Lines("a\n" + std::string(10'000'000, 'b') + "\nc\n");
  ASSERT_EQ(lines.size(), 3);
  EXPECT_EQ(lines[1], std::string(LineReader::kLongest, 'b'));
  EXPECT_EQ(lines[2], "c");
}

TEST_F(LineReaderTest, AgreesWithGetlineOnLinesAroundTheBuffersSize) {
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    std::string text;
    for (char c = 'A'; c <= 'z'; ++c) text += std::string(random() % 4096, c) + "\n";
    std::vector<std::string> expected;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) expected.push_back(line);
    ASSERT_EQ(Lines(text), expected);
  }
}

TEST_F(LineReaderTest, CompressedFilesAreNamed) {
  EXPECT_THAT(ErrorOf("\x1f\x8b\x08"), HasSubstr("is gzip, expected text"));
  EXPECT_THAT(ErrorOf("\x28\xb5\x2f\xfd\x01"), HasSubstr("unzstd"));
  EXPECT_THAT(ErrorOf("PK\x03\x04"), HasSubstr("unzip"));
}

TEST_F(LineReaderTest, FolderAndAbsenceAreNamed) {
  std::filesystem::create_directories(path_);
  EXPECT_THAT(std::string(LineReader::Open(path_).status().message()), HasSubstr("is a folder"));
  EXPECT_EQ(LineReader::Open(path_ + "/none").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace borderflow
