#include "tools/doctor/instances.h"

#include <unistd.h>

#include "gmock/gmock.h"
#include "rules/digest/sha256.h"
#include "tests/tools/doctor/made_up_system.h"
#include "tools/live/device_lock.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kHeader = "Num       RefCount Protocol Flags    Type St Inode Path\n";

MadeUpSystem& Hold(MadeUpSystem& system, const std::string& device) {
  return system.File("/proc/net/unix",
                     kHeader +
                         std::string("0000: 00000002 00000000 00000000 0002 01 4242 @borderflow-") +
                         Sha256Hex(device) +
                         "\n0000: 00000003 00000000 00000000 0001 03  1590\n"
                         "0000: 00000003 00000000 00000000 0001 03  1591 @other\n");
}

Wanted On(const std::string& interface) {
  Wanted wanted;
  wanted.interfaces = {interface};
  return wanted;
}

TEST(InstancesTest, ADeviceInUseIsAProblemWithTheProcessToStop) {
  MadeUpSystem system;
  Hold(system, "eth1").Link("/proc/77/fd/5", "socket:[4242]").Link("/proc/78/fd/5", "/dev/null");
  const CheckResult finding = CheckInstances(ReadInstances(system.files()), On("eth1"));
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.found, HasSubstr("eth1 is in use by another borderflow, process 77"));
  EXPECT_EQ(finding.remedy, "kill -TERM 77");
}

TEST(InstancesTest, AProcessThatMayNotBeSeenIsLookedForAsRoot) {
  MadeUpSystem system;
  const CheckResult finding =
      CheckInstances(ReadInstances(Hold(system, "eth1").files()), On("eth1"));
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.remedy, HasSubstr("ss -xlpa"));
}

TEST(InstancesTest, AnotherDeviceInUseIsNoProblem) {
  MadeUpSystem system;
  Hold(system, "eth1");
  const std::vector<HeldDevice> held = ReadInstances(system.files());
  ASSERT_THAT(held, SizeIs(1));
  EXPECT_EQ(CheckInstances(held, On("eth2")).state, State::kOk);
  EXPECT_THAT(CheckInstances(held, Wanted()).found, HasSubstr("1 device(s) in use"));
}

TEST(InstancesTest, TheLockThatASensorTakesIsSeen) {
  const std::string device = "instances_test_" + std::to_string(getpid());
  EXPECT_EQ(CheckInstances(ReadInstances(SystemFiles()), On(device)).state, State::kOk);
  const absl::StatusOr<DeviceLock> lock = DeviceLock::Take(device);
  ASSERT_TRUE(lock.ok()) << lock.status();
  const CheckResult finding = CheckInstances(ReadInstances(SystemFiles()), On(device));
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_EQ(finding.remedy, "kill -TERM " + std::to_string(getpid()));
}

}  // namespace
}  // namespace borderflow
