// tools/bench/testpmd_ratio.sh measures both programs and says what it found. What it found is
// never judged here: a test must not depend on how busy a machine is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

Finished Ratio(const Programs& programs, const std::string& options) {
  const std::string command = "cd '" + programs.Path(".") +
                              "' && '" BORDERFLOW_SOURCE_DIR "/tools/bench/testpmd_ratio.sh' " +
                              options + " >out 2>err";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, programs.Read("out"), programs.Read("err")};
}

TEST(TestpmdRatioTest, BothProgramsAreMeasuredOnTheSamePort) {
  if (std::system("command -v dpdk-testpmd >/dev/null") != 0) {
    GTEST_SKIP() << "dpdk-testpmd is not installed (package dpdk-dev)";
  }
  if (std::thread::hardware_concurrency() < 2) {
    GTEST_SKIP() << "needs a processor for the polling thread and one for the rest";
  }
  const Programs programs("testpmd_ratio");
  const Finished run = Ratio(programs, "--build '" BORDERFLOW_BINARY_DIR
                                       "' --geo tiny.mmdb --flows 2000 --duration 1 --rounds 1 "
                                       "--json -");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const nlohmann::json answer = nlohmann::json::parse(run.out);
  EXPECT_EQ(answer["frame_bytes"], 64);
  EXPECT_EQ(answer["flows"], 2000);
  for (const char* program : {"testpmd", "borderflow"}) {
    ASSERT_EQ(answer[program]["rounds"].size(), 1u);
    for (const char* rate : {"frames_per_second", "frames_per_processor_second"}) {
      EXPECT_GT(answer[program][rate].get<double>(), 0) << program;
      EXPECT_EQ(answer[program][rate], answer[program]["rounds"][0][rate]) << program;
    }
  }
  EXPECT_NEAR(answer["ratio"].get<double>(),
              answer["borderflow"]["frames_per_second"].get<double>() /
                  answer["testpmd"]["frames_per_second"].get<double>(),
              0.001);
}

TEST(TestpmdRatioTest, MistakesAreNamed) {
  const Programs programs("testpmd_ratio_usage");
  const Finished option = Ratio(programs, "--durations 5");
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_THAT(option.err, HasSubstr("--durations"));
  EXPECT_EQ(Ratio(programs, "--duration 0").exit_code, 2);
  EXPECT_EQ(Ratio(programs, "--duration").exit_code, 2);
  const Finished missing = Ratio(programs, "--build none");
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(missing.err, HasSubstr("none/borderflow is not there"));
  EXPECT_THAT(Ratio(programs, "--help").out, HasSubstr("--rounds"));
}

}  // namespace
}  // namespace borderflow
