#include "dataplane/capture/dpdk/interface.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Interface, OneThatIsNotThereIsNamedWithThoseThatAre) {
  for (const std::string name : {"", "no_such_if", "a name that is longer than any"}) {
    const absl::StatusOr<InterfaceDevice> device = DescribeInterface(name);
    EXPECT_EQ(device.status().code(), absl::StatusCode::kNotFound) << name;
    EXPECT_THAT(std::string(device.status().message()),
                AllOf(HasSubstr(absl::StrCat("'", name, "'")), HasSubstr("lo")));
  }
}

TEST(Interface, LoopbackSaysThatItsLongFramesAreCut) {
  const absl::StatusOr<InterfaceDevice> device = DescribeInterface("lo");
  if (absl::IsPermissionDenied(device.status())) {
    GTEST_SKIP() << "capturing needs CAP_NET_RAW: " << device.status().message();
  }
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_THAT(device->device, StartsWith("net_af_packet_lo,iface=lo,"));
  uint64_t mtu = 0;
  std::ifstream("/sys/class/net/lo/mtu") >> mtu;
  ASSERT_GT(mtu, 0u);
  if (mtu + 256 <= 16384) {
    EXPECT_GE(device->frame_room, mtu + 256);
  } else {
    EXPECT_EQ(device->frame_room, 16384u);
    EXPECT_THAT(device->notes, Contains(AllOf(HasSubstr("above 16128 bytes"), HasSubstr("cut"))));
  }
}

TEST(Interface, WhatIsNotThereHasLostNothing) { EXPECT_EQ(InterfaceDrops("no_such_if"), 0u); }

}  // namespace
}  // namespace borderflow
