#include "tools/doctor/processors.h"

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kCpu = "/sys/devices/system/cpu";

Processors Four() {
  Processors processors;
  processors.online = processors.allowed = {0, 1, 2, 3};
  processors.x86 = processors.sse42 = true;
  return processors;
}

CheckResult Check(const Processors& processors, const Wanted& wanted, const std::string& check) {
  return Of(CheckProcessors(processors, wanted), check).at(0);
}

TEST(ProcessorsTest, AreReadFromTheKernelsFiles) {
  MadeUpSystem system;
  system.File(kCpu + "/online", "0-1\n")
      .File(kCpu + "/isolated", "1\n")
      .File(kCpu + "/nohz_full", "(null)\n")
      .File(kCpu + "/cpu0/topology/thread_siblings_list", "0-1\n")
      .File(kCpu + "/cpu1/topology/thread_siblings_list", "0-1\n")
      .File(kCpu + "/cpu0/cpufreq/scaling_governor", "powersave\n")
      .File("/proc/self/status", "Cpus_allowed:\t2\nCpus_allowed_list:\t1\n")
      .File("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu sse4_1 sse4_2\n");
  const Processors processors = ReadProcessors(system.files());
  EXPECT_THAT(processors.online, ElementsAre(0, 1));
  EXPECT_THAT(processors.allowed, ElementsAre(1));
  EXPECT_THAT(processors.isolated, ElementsAre(1));
  EXPECT_THAT(processors.tickless, ElementsAre());
  EXPECT_THAT(processors.siblings.at(0), ElementsAre(0, 1));
  EXPECT_EQ(processors.governors.at(0), "powersave");
  EXPECT_EQ(processors.governors.count(1), 0u);
  EXPECT_TRUE(processors.x86);
  EXPECT_TRUE(processors.sse42);
}

TEST(ProcessorsTest, AProcessorWithoutTheBaselineIsAProblem) {
  Processors processors = Four();
  processors.sse42 = false;
  EXPECT_EQ(Check(processors, Wanted(), "instructions").state, State::kProblem);
  processors.x86 = false;  // another architecture has no such flag
  EXPECT_EQ(Check(processors, Wanted(), "instructions").state, State::kOk);
}

TEST(ProcessorsTest, MoreWorkersThanProcessorsIsAProblem) {
  Wanted wanted;
  wanted.ports = {"0000:3b:00.0", "0000:3b:00.1"};
  wanted.workers = 2;
  EXPECT_EQ(Check(Four(), wanted, "cores").state, State::kOk);
  wanted.workers = 3;
  const CheckResult finding = Check(Four(), wanted, "cores");
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_EQ(finding.remedy, "borderflow live --workers 2");
}

TEST(ProcessorsTest, MorePortsThanProcessorsCannotBeMendedByFewerWorkers) {
  Wanted wanted;
  wanted.ports = {"0", "1", "2", "3", "4"};
  const CheckResult finding = Check(Four(), wanted, "cores");
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.remedy, HasSubstr("leave ports out"));
}

TEST(ProcessorsTest, CoresThatTheProcessMayNotUseAreNamed) {
  Processors processors = Four();
  processors.allowed = {0, 1};
  Wanted wanted;
  wanted.cores = {1, 3};
  const CheckResult finding = Check(processors, wanted, "cores");
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.found, HasSubstr(": 3 may not be used"));
  EXPECT_EQ(finding.remedy, "borderflow live --cores 0,1");
}

TEST(ProcessorsTest, TwoWorkersOnTheHalvesOfOneCoreAreNoted) {
  Processors processors = Four();
  processors.siblings = {{0, {0, 2}}, {1, {1, 3}}, {2, {0, 2}}, {3, {1, 3}}};
  Wanted wanted;
  wanted.workers = 2;
  wanted.cores = {1, 3};
  EXPECT_EQ(Check(processors, wanted, "cores").state, State::kNote);
  wanted.cores = {1, 2};
  EXPECT_EQ(Check(processors, wanted, "cores").state, State::kOk);
}

TEST(ProcessorsTest, OnlyTheWorkersProcessorsNeedIsolation) {
  Processors processors = Four();
  Wanted wanted;
  wanted.cores = {2};
  EXPECT_EQ(Check(processors, wanted, "isolation").state, State::kNote);
  EXPECT_THAT(Check(processors, wanted, "isolation").remedy, HasSubstr("isolcpus=2 nohz_full=2"));
  processors.isolated = processors.tickless = {2};
  EXPECT_EQ(Check(processors, wanted, "isolation").state, State::kOk);
}

TEST(ProcessorsTest, AGovernorThatSavesPowerIsNotedWhereAWorkerRuns) {
  Processors processors = Four();
  processors.governors = {{0, "powersave"}, {1, "performance"}, {2, "schedutil"}, {3, "powersave"}};
  Wanted wanted;
  wanted.cores = {1};
  EXPECT_EQ(Check(processors, wanted, "governor").state, State::kOk);
  wanted.cores = {2};
  EXPECT_EQ(Check(processors, wanted, "governor").remedy,
            "cpupower -c 2 frequency-set -g performance");
}

}  // namespace
}  // namespace borderflow
