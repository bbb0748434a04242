#include "tools/live/device_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

namespace borderflow {
namespace {

using testing::HasSubstr;

// A device that no other test, and no other run of this one, has.
std::string Device(const std::string& name) { return name + std::to_string(getpid()); }

TEST(DeviceLock, IsTakenOnceAndFreedAtItsEnd) {
  const std::string device = Device("net_null");
  std::optional<absl::StatusOr<DeviceLock>> first = DeviceLock::Take(device);
  ASSERT_TRUE(first->ok()) << first->status();
  const absl::StatusOr<DeviceLock> second = DeviceLock::Take(device);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(device));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another borderflow"));
  EXPECT_TRUE(DeviceLock::Take(device + "b").ok()) << "another device is free";
  first.reset();
  EXPECT_TRUE(DeviceLock::Take(device).ok());
}

TEST(DeviceLock, MovingKeepsIt) {
  const std::string device = Device("moved");
  absl::StatusOr<DeviceLock> taken = DeviceLock::Take(device);
  ASSERT_TRUE(taken.ok());
  {
    const DeviceLock holder = *std::move(taken);
    EXPECT_FALSE(DeviceLock::Take(device).ok());
  }
  EXPECT_TRUE(DeviceLock::Take(device).ok());
}

// Arguments may be longer than a socket's name, and differ at their end.
TEST(DeviceLock, LongNamesAreTold) {
  const std::string device = Device(std::string(300, 'x'));
  const absl::StatusOr<DeviceLock> first = DeviceLock::Take(device + "1");
  EXPECT_TRUE(first.ok());
  EXPECT_TRUE(DeviceLock::Take(device + "2").ok());
  EXPECT_FALSE(DeviceLock::Take(device + "1").ok());
}

TEST(DeviceLock, AnotherProcessIsKeptOutUntilTheHolderIsGoneHoweverItEnds) {
  const std::string device = Device("crash");
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);  // a signal to -1 would be one to everybody
  if (child == 0) {
    const absl::StatusOr<DeviceLock> held = DeviceLock::Take(device);
    const char taken = held.ok() ? 'y' : 'n';
    if (write(ready[1], &taken, 1) != 1) _exit(1);
    pause();  // until it is killed, without a chance to clean up
    _exit(1);
  }
  char taken = 0;
  ASSERT_EQ(read(ready[0], &taken, 1), 1);
  EXPECT_EQ(taken, 'y');
  EXPECT_FALSE(DeviceLock::Take(device).ok());
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(DeviceLock::Take(device).ok());
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace borderflow
