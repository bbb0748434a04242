// Against the kernel itself, in a network namespace of the test's own.
#include "tools/doctor/ethtool.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gmock/gmock.h"

namespace borderflow {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

bool SetGro(const char* interface, bool on) {
  const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  ethtool_value value{ETHTOOL_SGRO, on ? 1u : 0u};
  ifreq request{};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&value);
  const bool done = ioctl(descriptor, SIOCETHTOOL, &request) == 0;
  close(descriptor);
  return done;
}

TEST(EthtoolTest, SeesReceiveOffloadGoOffAndOnAgain) {
  if (unshare(CLONE_NEWNET) != 0) {
    GTEST_SKIP() << "needs the right to make a network namespace (root): " << std::strerror(errno);
  }
  for (const bool on : {true, false, true}) {
    if (!SetGro("lo", on)) GTEST_SKIP() << "this kernel does not let lo's offload be set";
    if (on) {
      EXPECT_THAT(EthtoolMerging("lo"), Contains("gro"));
    } else {
      EXPECT_THAT(EthtoolMerging("lo"), Not(Contains("gro")));
    }
  }
}

TEST(EthtoolTest, AnInterfaceThatIsNotThereSaysNothing) {
  EXPECT_THAT(EthtoolMerging("nosuch0"), IsEmpty());
  EXPECT_THAT(EthtoolMerging("a name that is much too long"), IsEmpty());
}

}  // namespace
}  // namespace borderflow
