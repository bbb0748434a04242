#include "tools/live/watched_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace borderflow {
namespace {

namespace fs = std::filesystem;

class WatchedFilesTest : public testing::Test {
 protected:
  WatchedFilesTest()
      : folder_(fs::temp_directory_path() / ("borderflow_watched_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    Write("a", "one");
    Write("b", "one");
  }
  ~WatchedFilesTest() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ / name; }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  // As a download or `geo build` does it.
  void Replace(const std::string& name, const std::string& text) const {
    Write(name + ".part", text);
    fs::rename(Path(name + ".part"), Path(name));
  }

  fs::path folder_;
};

TEST_F(WatchedFilesTest, ChangesAreToldOnceWhenTheFilesAreAtRest) {
  WatchedFiles watched({Path("a"), Path("b")});
  EXPECT_FALSE(watched.Changed());
  Replace("b", "two");
  EXPECT_FALSE(watched.Changed()) << "it may still be on the move";
  EXPECT_TRUE(watched.Changed());
  EXPECT_FALSE(watched.Changed());
  Write("a", "longer than before");
  EXPECT_FALSE(watched.Changed());
  EXPECT_TRUE(watched.Changed());
  EXPECT_FALSE(watched.Changed());
}

TEST_F(WatchedFilesTest, AFileThatGrowsIsWaitedFor) {
  WatchedFiles watched({Path("a")});
  std::string text = "one";
  for (int i = 0; i < 5; ++i) {
    text += " more";
    Write("a", text);
    EXPECT_FALSE(watched.Changed()) << i;
  }
  EXPECT_TRUE(watched.Changed());
}

TEST_F(WatchedFilesTest, AFileOfTheSameLengthAndTimeIsAnother) {
  WatchedFiles watched({Path("a")});
  const fs::file_time_type time = fs::last_write_time(Path("a"));
  Replace("a", "two");
  fs::last_write_time(Path("a"), time);
  watched.Changed();
  EXPECT_TRUE(watched.Changed()) << "its inode tells";
}

TEST_F(WatchedFilesTest, WhatIsGoneIsNoChangeUntilItsSuccessorIsThere) {
  WatchedFiles watched({Path("a"), Path("b")});
  fs::remove(Path("a"));
  Replace("b", "two");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(watched.Changed());
  Write("a", "three");
  EXPECT_FALSE(watched.Changed());
  EXPECT_TRUE(watched.Changed());
  EXPECT_FALSE(watched.Changed());
}

TEST_F(WatchedFilesTest, WhatWasAcceptedIsNoChange) {
  WatchedFiles watched({Path("a"), Path("b")});
  Replace("a", "two");
  watched.Accept();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(watched.Changed());
  Replace("a", "three");
  watched.Changed();
  EXPECT_TRUE(watched.Changed());
}

TEST_F(WatchedFilesTest, NoFilesNeverChange) {
  WatchedFiles watched({});
  EXPECT_FALSE(watched.Changed());
  EXPECT_FALSE(watched.Changed());
}

}  // namespace
}  // namespace borderflow
