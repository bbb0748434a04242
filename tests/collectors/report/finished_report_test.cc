// A report that is written and read back tells the same numbers.
#include "collectors/report/finished_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "collectors/report/json_report.h"
#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

class FinishedReportTest : public testing::Test {
 protected:
  ~FinishedReportTest() override { std::filesystem::remove(path_); }
  absl::StatusOr<Report> Read(const std::string& text) const {
    std::ofstream(path_) << text;
    return ReadFinishedReport(path_);
  }
  const std::string path_ = std::filesystem::temp_directory_path() /
                            ("borderflow_finished_" + std::to_string(getpid()) + ".json");
};

Report Original() {
  Report report;
  report.version = "1.2.3";
  report.build = "GCC";
  report.parameters.zones = {"EEA"};
  report.parameters.vantage = "testbed";
  report.zones = {Groups::BuiltIn().Find("EEA")->members};
  report.geo.push_back({"p.mmdb", "country", "mixed", 1'750'000'000, "aa", "d", 5, {}});
  report.snapshot.cells = {MakeCell("DE", "FR", 1000, Category::kHlt, Evidence::kName),
                           MakeCell("US", "DE", 50), MakeCell("private", "BR", 7)};
  report.snapshot.cells[1].key.role = Role::kResponder;
  report.snapshot.cells[1].key.source.asn = 15169;
  report.snapshot.cells[1].key.source.registered = *FromCode("IE");
  SortAndFold(&report.snapshot.cells);
  report.sums = SumUp(report.snapshot.cells, report.zones);
  DecodeTotals& decode = report.snapshot.decode;
  decode.ip = {report.sums.total.frames, report.sums.total.bytes};
  decode.non_ip = {3, 180};
  decode.malformed = {1, 20};
  decode.malformed_reasons[2] = 1;
  decode.captured = {decode.ip.frames + 4, decode.ip.bytes + 200};
  decode.first_time_ns = 1'750'000'000'123'456'789;
  decode.last_time_ns = 1'750'000'900'000'000'001;
  report.snapshot.decode_counters.truncated_frames = 2;
  report.snapshot.flows = {3, 2, 1, 0};
  return report;
}

TEST_F(FinishedReportTest, WhatIsWrittenIsReadAgain) {
  const Report original = Original();
  const absl::StatusOr<Report> read = Read(ToJson(original));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->version, "1.2.3");
  EXPECT_EQ(read->parameters.zones, original.parameters.zones);
  EXPECT_EQ(read->zones, original.zones);
  EXPECT_EQ(read->sums.crossing, original.sums.crossing);
  EXPECT_EQ(read->sums.total, original.sums.total);
  EXPECT_EQ(read->snapshot.decode.captured, original.snapshot.decode.captured);
  EXPECT_EQ(read->snapshot.decode.ip, original.snapshot.decode.ip);
  EXPECT_EQ(read->snapshot.decode.non_ip, original.snapshot.decode.non_ip);
  EXPECT_EQ(read->snapshot.decode.malformed, original.snapshot.decode.malformed);
  EXPECT_EQ(read->snapshot.decode.malformed_reasons, original.snapshot.decode.malformed_reasons);
  EXPECT_EQ(read->snapshot.decode.last_time_ns, original.snapshot.decode.last_time_ns);
  EXPECT_EQ(read->snapshot.decode_counters.truncated_frames, 2u);
  EXPECT_EQ(read->snapshot.flows.tcp, 2u);
  ASSERT_EQ(read->geo.size(), 1u);
  EXPECT_EQ(read->geo[0].build_time, 1'750'000'000u);
  EXPECT_EQ(read->geo[0].path, "p.mmdb");
  ASSERT_EQ(read->snapshot.cells.size(), original.snapshot.cells.size());
  for (size_t i = 0; i < original.snapshot.cells.size(); ++i) {
    EXPECT_EQ(read->snapshot.cells[i].key, original.snapshot.cells[i].key);
    EXPECT_EQ(read->snapshot.cells[i].counters, original.snapshot.cells[i].counters);
  }
}

TEST_F(FinishedReportTest, WhatIsNoReportIsRefused) {
  std::string text = ToJson(Original());
  EXPECT_FALSE(Read("").ok());
  EXPECT_FALSE(Read("{}").ok());
  EXPECT_FALSE(ReadFinishedReport("/absent.json").ok());
  const size_t at = text.find("\"flows\"");
  ASSERT_NE(at, std::string::npos);
  for (const auto& [from, to] : {std::pair{"\"tcp\":", "\"tpc\":"},
                                 {"\"non_ip\":", "\"nonip\":"},
                                 {"\"software\":", "\"hardware\":"}}) {
    std::string broken = text;
    const size_t found = broken.find(from);
    ASSERT_NE(found, std::string::npos) << from;
    broken.replace(found, std::string(from).size(), to);
    EXPECT_THAT(std::string(Read(broken).status().message()),
                testing::HasSubstr("is no report that borderflow wrote"))
        << from;
  }
}

}  // namespace
}  // namespace borderflow
