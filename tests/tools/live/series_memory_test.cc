// Which pairs have a series, over the end of a run.
#include "tools/live/series_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/collectors/privacy/people.h"
#include "tests/collectors/store/windows.h"
#include "tools/live/serving.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

class SeriesMemoryTest : public testing::Test {
 protected:
  SeriesMemoryTest() { std::filesystem::create_directories(folder_); }
  ~SeriesMemoryTest() override { std::filesystem::remove_all(folder_); }

  std::string store() const { return folder_ / "s.sqlite"; }
  std::string file() const { return store() + ".series"; }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("borderflow_series_" + std::to_string(getpid()));
};

LedgerKey Key(std::string_view source, std::string_view destination) {
  return {static_cast<uint16_t>(*FromCode(source)), static_cast<uint16_t>(*FromCode(destination))};
}
LedgerKey Key(std::string_view source, std::string_view destination, Category category) {
  LedgerKey key = Key(source, destination);
  key[2] = static_cast<uint16_t>(category);
  return key;
}

TEST_F(SeriesMemoryTest, WhatIsWrittenIsReadAgain) {
  Admission admission;
  for (uint16_t i = 0; i < kJurisdictions; ++i) {
    admission.jurisdiction.push_back({i, 3, static_cast<uint16_t>(i % kCategories)});
    admission.registered.push_back({i, 5});
    admission.operators.push_back({i, 7});
  }
  const auto read = ParseAdmission(ToText(admission));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, admission);
}

TEST_F(SeriesMemoryTest, AnythingElseIsRefused) {
  for (const char* text :
       {"", "[]", "{}", "7", "{\"schema\":7}", "{\"schema\":\"borderflow.series/2\"}",
        R"({"schema":"borderflow.series/1","jurisdiction":7})",
        R"({"schema":"borderflow.series/1","jurisdiction":[["DE","US"]]})",
        R"({"schema":"borderflow.series/1","jurisdiction":[["DE","US","XXX"]]})",
        R"({"schema":"borderflow.series/1","operators":[["DE","UK"]]})",
        R"({"schema":"borderflow.series/1","operators":[["DE",7]]})",
        R"({"schema":"borderflow.series/1","operators":[[]]})"}) {
    EXPECT_FALSE(ParseAdmission(text).ok()) << text;
  }
}

TEST_F(SeriesMemoryTest, WithoutAFileTheLargestPairsOfTheStoreAreTaken) {
  {
    auto store_file = Store::Open(store(), Store::Mode::kCreate);
    ASSERT_TRUE(store_file.ok()) << store_file.status();
    Window window;
    window.sensor = "one";
    window.begin = kMonday;
    window.width = 60;
    window.counts.cells = {MakeCell("DE", "US", 500, Category::kHlt), MakeCell("FR", "US", 100),
                           MakeCell("FR", "DE", 900)};
    SortCells(&window.counts.cells);
    const auto stored = (*store_file)->Append(window, ToStatementJson(MakeStatement("one")));
    ASSERT_TRUE(stored.ok()) << stored.status();
  }
  PublisherOptions options;
  options.jurisdiction_series = 2;
  std::string note;
  const SeriesMemory memory = SeriesMemory::Open(store(), options, &note);
  EXPECT_EQ(note, "");
  std::vector<LedgerKey> expected = {Key("DE", "US", Category::kHlt),
                                     Key("FR", "DE", Category::kUnk)};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(memory.admission().jurisdiction, expected);
}

TEST_F(SeriesMemoryTest, AFileThatIsNotOneIsSaidAndForgotten) {
  std::ofstream(file()) << "{\"schema\":";
  std::string note;
  const SeriesMemory memory = SeriesMemory::Open(store(), {}, &note);
  EXPECT_THAT(note, HasSubstr(".series: expected JSON with schema borderflow.series/1"));
  EXPECT_EQ(memory.admission(), Admission{});
  std::ofstream(store()) << "no database, but long enough to be taken for the beginning of one";
  std::filesystem::remove(file());
  SeriesMemory::Open(store(), {}, &note);
  EXPECT_THAT(note, HasSubstr("series begin anew: "));
}

// As the live command does it, over two runs.
TEST_F(SeriesMemoryTest, APairThatHadASeriesHasRoomInTheNextRun) {
  ServingFlags flags;
  flags.listen = "127.0.0.1:0";
  flags.period = 1;
  Report report;
  report.snapshot.cells = {MakeCell("DE", "US", 500, Category::kHlt)};
  AddPeople(0, 20, &report.snapshot.cells[0]);
  for (int run = 0; run < 2; ++run) {
    auto serving = Serving::Prepare(flags);
    ASSERT_TRUE(serving.ok()) << serving.status();
    (*serving)->Remember(store());
    while (!std::filesystem::exists(file())) {
      ASSERT_TRUE((*serving)->Publish(report, {}, 0).ok());
      usleep(100'000);
    }
    const std::ifstream in(file());
    std::stringstream text;
    text << in.rdbuf();
    const auto admission = ParseAdmission(text.str());
    ASSERT_TRUE(admission.ok()) << text.str();
    EXPECT_EQ(admission->jurisdiction, std::vector<LedgerKey>{Key("DE", "US", Category::kHlt)});
    struct stat status {};
    ASSERT_EQ(stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    report.snapshot.cells[0].counters.bytes += 7;
  }
}

TEST_F(SeriesMemoryTest, AFullDiskIsSaidAndTriedAgain) {
  std::string note;
  SeriesMemory memory = SeriesMemory::Open(folder_ / "no" / "where.sqlite", {}, &note);
  EXPECT_EQ(note, "");
  Admission admission;
  admission.operators = {Key("DE", "US")};
  EXPECT_FALSE(memory.Keep(admission).ok());
  std::filesystem::create_directories(folder_ / "no");
  EXPECT_TRUE(memory.Keep(admission).ok());
}

}  // namespace
}  // namespace borderflow
