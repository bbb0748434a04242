// `bench pipeline`: the figures that other programs read, and what it refuses. Never a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

class BenchPipelineTest : public testing::Test {
 protected:
  nlohmann::json Figures(const std::string& arguments) {
    const Finished run =
        programs_.Borderflow("bench pipeline --frames 200000 --runs 1 --json - " + arguments);
    EXPECT_EQ(run.exit_code, 0) << arguments << ": " << run.err;
    return nlohmann::json::parse(run.out, nullptr, /*allow_exceptions=*/false);
  }
  void ExpectRefused(const std::string& arguments, const std::string& message) {
    const Finished run = programs_.Borderflow("bench pipeline --frames 1000 " + arguments);
    EXPECT_EQ(run.exit_code, 2) << arguments << ": " << run.err;
    EXPECT_THAT(run.err, HasSubstr(message)) << arguments;
  }

  Programs programs_{"bench_pipeline"};
};

TEST_F(BenchPipelineTest, TheFiguresThatProgramsReadAreThereAndNoFrameIsLost) {
  const nlohmann::json json = Figures("--frame-size 64 --flows 10000 --workers 1 --cells 1000");
  EXPECT_EQ(json["frame_bytes"], 64);
  EXPECT_EQ(json["flows"], 10'000);
  EXPECT_EQ(json["workers"], 1);
  for (const char* key : {"mpps", "ns_per_frame", "cycles_per_frame", "elapsed_mpps"}) {
    EXPECT_GT(json[key].get<double>(), 0) << key;
  }
  for (const char* stage : {"decode", "find", "locate", "count", "sweep"}) {
    EXPECT_GT(json["stages"][stage].get<double>(), 0) << stage;
    EXPECT_GT(json["stage_cycles"][stage].get<double>(), 0) << stage;
  }
  EXPECT_EQ(json["offered_frames"], 220'000);  // two more a flow to open it
  EXPECT_EQ(json["counted_frames"], 220'000);
  EXPECT_EQ(json["stateless_frames"], 0);
  EXPECT_EQ(json["cells"], 1000);
  EXPECT_GT(json["memory_bytes_per_flow"].get<double>(), 80);
}

TEST_F(BenchPipelineTest, WorkersShareFlowsAndFrames) {
  const nlohmann::json json = Figures("--frame-size imix --flows 10001 --workers 2 --ipv6 0.2");
  EXPECT_EQ(json["workers"], 2);
  EXPECT_EQ(json["offered_frames"], 220'002);
  EXPECT_EQ(json["counted_frames"], 220'002);
  EXPECT_NEAR(json["frame_bytes"].get<double>(), 362, 10);
}

TEST_F(BenchPipelineTest, AStormFillsTheTableAndIsStillCountedWhole) {
  for (const char* storm : {"--new-flows 1", "--syn-flood"}) {
    const nlohmann::json json = Figures(std::string("--flow-table 5000 ") + storm);
    EXPECT_EQ(json["offered_frames"], 205'000) << storm;
    EXPECT_EQ(json["counted_frames"], 205'000) << storm;
    EXPECT_GE(json["stateless_frames"], 195'000) << storm;
  }
}

TEST_F(BenchPipelineTest, ADatabaseTakesThePlaceOfTheCountries) {
  const nlohmann::json json = Figures("--geo tiny.mmdb --flows 10000");
  EXPECT_EQ(json["geo"], "database");
  EXPECT_EQ(json["counted_frames"], 220'000);
}

TEST_F(BenchPipelineTest, TheTextNamesTheLineRate) {
  const Finished run = programs_.Borderflow("bench pipeline --frames 10000 --flows 1000 --runs 1");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("10 GbE 14.88"));
  EXPECT_THAT(run.out, HasSubstr("12,000 frames offered, as many in cells"));
}

TEST_F(BenchPipelineTest, WhatCannotBeMeasuredIsRefused) {
  ExpectRefused("--frame-size 63", "\"imix\" or 64 to 1518 bytes are expected");
  ExpectRefused("--frame-size 64b", "--frame-size 64b");
  ExpectRefused("--countries 2 --cells 10", "2 countries give 4 cells");
  ExpectRefused("--countries 251", "--countries");
  ExpectRefused("--new-flows 1.5", "--new-flows");
  ExpectRefused("--flows 1 --workers 2", "each of 2 workers needs one");
  ExpectRefused("--geo tiny.mmdb --countries 7", "--countries");
  ExpectRefused("--geo none.mmdb", "none.mmdb");
  ExpectRefused("--json no/such/folder/x.json", "no/such/folder/x.json");
}

TEST_F(BenchPipelineTest, AFlowTableThatIsTooSmallIsNotMeasuredAsIfItWereNot) {
  const Finished run =
      programs_.Borderflow("bench pipeline --frames 1000 --flows 1000 --flow-table 100");
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("--flow-table"));
}

}  // namespace
}  // namespace borderflow
