#include "collectors/store/clickhouse/spool.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <deque>
#include <random>

#include "tests/collectors/child_process.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLimit = 1000;

class SpoolTest : public testing::Test {
 protected:
  std::unique_ptr<Spool> Open(uint64_t limit = kLimit) {
    absl::StatusOr<std::unique_ptr<Spool>> spool = Spool::Open(folder_.Path("spool"), limit);
    EXPECT_TRUE(spool.ok()) << spool.status();
    return *std::move(spool);
  }
  std::string Path(const std::string& file) const { return folder_.Path("spool/" + file); }
  TestFolder folder_{"spool"};
};

// What a spool must do, in memory.
class SpoolTwin {
 public:
  bool Add(const std::vector<std::string>& statements) {
    uint64_t size = 0;
    for (const std::string& statement : statements) size += statement.size();
    if (bytes_ + size > kLimit) return false;
    bytes_ += size;
    queue_.insert(queue_.end(), statements.begin(), statements.end());
    return true;
  }
  std::optional<std::string> Next() const {
    return queue_.empty() ? std::nullopt : std::optional<std::string>(queue_.front());
  }
  void Sent() {
    bytes_ -= queue_.front().size();
    queue_.pop_front();
  }
  uint64_t statements() const { return queue_.size(); }
  uint64_t bytes() const { return bytes_; }

 private:
  std::deque<std::string> queue_;
  uint64_t bytes_ = 0;
};

TEST_F(SpoolTest, BehavesLikeAQueueInMemoryAlsoWhenItIsOpenedAgain) {
  std::mt19937_64 random(1);
  std::unique_ptr<Spool> spool = Open();
  SpoolTwin twin;
  for (int step = 0; step < 1500; ++step) {
    switch (random() % 8) {
      case 0:
        spool = nullptr;
        spool = Open();
        break;
      case 1:
      case 2: {
        std::vector<std::string> statements(1 + random() % 3);
        for (std::string& one : statements)
          one = std::string(1 + random() % 150, static_cast<char>('a' + step % 26));
        EXPECT_EQ(spool->Add(statements).ok(), twin.Add(statements));
        break;
      }
      default:
        if (twin.statements() > 0) {
          EXPECT_TRUE(spool->Sent().ok());
          twin.Sent();
        }
    }
    ASSERT_EQ(spool->Next().value(), twin.Next());
    ASSERT_EQ(spool->statements(), twin.statements());
    ASSERT_EQ(spool->bytes(), twin.bytes());
  }
}

TEST_F(SpoolTest, ABatchThatDoesNotFitIsRefusedWhole) {
  const auto spool = Open(10);
  ASSERT_TRUE(spool->Add({"12345"}).ok());
  const absl::Status full = spool->Add({"123", "456"});
  EXPECT_TRUE(absl::IsResourceExhausted(full)) << full;
  EXPECT_EQ(spool->statements(), 1u);
  EXPECT_TRUE(spool->Add({"12", "345"}).ok());
}

TEST_F(SpoolTest, ABatchThatACrashLeftUnfinishedIsNoBatch) {
  ASSERT_TRUE(Open()->Add({"whole"}).ok());
  fs::create_directory(Path("unfinished"));
  folder_.Write("spool/unfinished/000000.insert", "half");
  const auto spool = Open();
  EXPECT_EQ(spool->statements(), 1u);
  EXPECT_EQ(spool->Next().value(), "whole");
  EXPECT_FALSE(fs::exists(Path("unfinished")));
}

TEST_F(SpoolTest, ABatchSentBeforeACrashButForItsFolderIsNotSentAgain) {
  ASSERT_TRUE(Open()->Add({"one"}).ok());
  fs::remove(Path("00000000000000000001/000000.insert"));
  EXPECT_EQ(Open()->statements(), 0u);
}

TEST_F(SpoolTest, FoldersThatAreNotNamedAsBatchesAreAreLeftAlone) {
  ASSERT_TRUE(Open()->Add({"ours"}).ok());
  const std::string strange[] = {"+0000000000000000007", " 0000000000000000008",
                                 "18446744073709551615"};
  for (const std::string& name : strange) {
    fs::create_directory(Path(name));
    folder_.Write("spool/" + name + "/000000.insert", "theirs");
  }
  const auto spool = Open();
  EXPECT_EQ(spool->statements(), 1u);
  EXPECT_EQ(spool->Next().value(), "ours");
  ASSERT_TRUE(spool->Add({"more"}).ok());
  EXPECT_TRUE(fs::exists(Path("00000000000000000002/000000.insert")));
  for (const std::string& name : strange) EXPECT_TRUE(fs::exists(Path(name))) << name;
}

TEST_F(SpoolTest, TwoProcessesDoNotShareAFolder) {
  const auto first = Open();
  const auto second = Spool::Open(folder_.Path("spool"), kLimit);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.status().message().find("another borderflow uses it"), std::string::npos);
}

TEST_F(SpoolTest, WhatTheServerRefusesIsPutAsideAndMakesRoom) {
  const auto spool = Open(10);
  ASSERT_TRUE(spool->Add({"12345", "67890"}).ok());
  ASSERT_TRUE(spool->Refused().ok());
  EXPECT_EQ(spool->statements(), 0u);
  EXPECT_EQ(spool->bytes(), 0u);
  EXPECT_EQ(ReadWhole(Path("refused/00000000000000000001/000001.insert")), "67890");
  ASSERT_TRUE(spool->Add({"abc"}).ok());
  ASSERT_TRUE(spool->Refused().ok());
  EXPECT_TRUE(fs::exists(Path("refused/00000000000000000002")));
  EXPECT_FALSE(fs::exists(Path("refused/00000000000000000001")));
}

TEST_F(SpoolTest, AStatementThatLostBytesIsNotSent) {
  const auto spool = Open();
  ASSERT_TRUE(spool->Add({"12345"}).ok());
  fs::resize_file(Path("00000000000000000001/000000.insert"), 3);
  EXPECT_TRUE(absl::IsDataLoss(spool->Next().status()));
}

TEST_F(SpoolTest, OnlyItsOwnerReadsIt) {
  const auto spool = Open();
  ASSERT_TRUE(spool->Add({"12345"}).ok());
  struct stat found {};
  ASSERT_EQ(stat(Path("00000000000000000001/000000.insert").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(SpoolTest, AFolderThatCannotBeMadeIsAnError) {
  folder_.Write("file", "");
  const auto spool = Spool::Open(folder_.Path("file/spool"), kLimit);
  ASSERT_FALSE(spool.ok());
  EXPECT_NE(spool.status().message().find("--spool"), std::string::npos) << spool.status();
}

}  // namespace
}  // namespace borderflow
