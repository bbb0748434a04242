#include "tools/doctor/rights.h"

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

// CAP_NET_ADMIN is bit 12, CAP_NET_RAW 13, CAP_IPC_LOCK 14 (linux/capability.h).
constexpr const char* kNone = "0000000000000000";
constexpr const char* kAll = "000001ffffffffff";
constexpr const char* kRawAndAdmin = "0000000000003000";

Rights Read(const std::string& effective_uid, const std::string& effective,
            const std::string& memlock, const std::string& attribute = "") {
  MadeUpSystem system;
  system
      .File("/proc/self/status", "Name:\tborderflow\nUid:\t1000\t" + effective_uid +
                                     "\t1000\t1000\nCapPrm:\t" + kAll + "\nCapEff:\t" + effective +
                                     "\nNoNewPrivs:\t0\n")
      .File("/proc/self/limits",
            "Limit                     Soft Limit           Hard Limit           Units\n"
            "Max locked memory         " +
                memlock + "              unlimited            bytes\n")
      .Link("/proc/self/exe", "/usr/bin/borderflow");
  return ReadRights(system.files(), attribute);
}

// vfs_cap_data of revision 2: magic, then permitted and inheritable, low and high words.
std::string Attribute(uint32_t permitted) {
  const uint32_t words[5] = {0x02000001, permitted, permitted, 0, 0};
  return {reinterpret_cast<const char*>(words), sizeof(words)};
}

Wanted Interface() {
  Wanted wanted;
  wanted.interfaces = {"eth1"};
  return wanted;
}
Wanted Ports(const std::string& port) {
  Wanted wanted;
  wanted.ports = {port};
  return wanted;
}

TEST(RightsTest, AreReadFromTheProcessAndItsFile) {
  const Rights rights = Read("0", kRawAndAdmin, "8388608", Attribute(0x4000));
  EXPECT_TRUE(rights.root);
  EXPECT_TRUE(rights.process.net_raw);
  EXPECT_TRUE(rights.process.net_admin);
  EXPECT_FALSE(rights.process.ipc_lock);
  EXPECT_FALSE(rights.file.net_raw);
  EXPECT_TRUE(rights.file.ipc_lock);
  EXPECT_EQ(rights.executable, "/usr/bin/borderflow");
  EXPECT_EQ(rights.memlock, 8388608u);
  EXPECT_EQ(Read("0", kAll, "unlimited").memlock, UINT64_MAX);
}

TEST(RightsTest, AnOrdinaryUserIsToldWhatToGrant) {
  for (const Wanted& wanted : {Wanted(), Interface()}) {
    const CheckResult finding =
        Of(CheckRights(Read("1000", kNone, "8388608"), wanted), "rights")[0];
    EXPECT_EQ(finding.state, State::kProblem);
    EXPECT_EQ(finding.remedy,
              "setcap cap_net_raw,cap_net_admin,cap_ipc_lock=eip '/usr/bin/borderflow'");
  }
}

TEST(RightsTest, HalfOfTheCapabilitiesIsNotEnough) {
  const Rights rights = Read("1000", "0000000000002000", "unlimited");
  EXPECT_EQ(Of(CheckRights(rights, Interface()), "rights")[0].state, State::kProblem);
}

TEST(RightsTest, WhoMayCaptureIsNotAsked) {
  for (const char* capabilities : {kAll, kRawAndAdmin}) {
    const Rights rights = Read("1000", capabilities, "unlimited");
    EXPECT_EQ(Of(CheckRights(rights, Interface()), "rights")[0].state, State::kOk);
  }
}

TEST(RightsTest, AVirtualDeviceNeedsNone) {
  const Rights rights = Read("1000", kNone, "8388608");
  for (const CheckResult& finding : CheckRights(rights, Ports("net_pcap0,rx_pcap=f.pcap"))) {
    EXPECT_NE(finding.state, State::kProblem) << finding.check;
  }
}

TEST(RightsTest, CapabilitiesOfTheFileThatDoNotReachTheProcessAreSaid) {
  const Rights rights = Read("1000", kNone, "unlimited", Attribute(0x3000));
  const CheckResult finding = Of(CheckRights(rights, Interface()), "rights")[0];
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.found, HasSubstr("do not reach the process"));
}

TEST(RightsTest, TheLimitOfLockedMemoryMustHoldRingsAndBuffers) {
  const auto state = [](const std::string& memlock, const Wanted& wanted) {
    const Rights rights = Read("1000", kRawAndAdmin, memlock);
    return Of(CheckRights(rights, wanted), "memlock")[0].state;
  };
  const std::string eight = "8388608";  // Debian's default
  const std::string sixty_four = "67108864";
  EXPECT_EQ(state(eight, Ports("0000:3b:00.0")), State::kProblem);
  EXPECT_EQ(state(eight, Interface()), State::kProblem);
  EXPECT_EQ(state(eight, Ports("net_pcap0")), State::kOk);
  EXPECT_EQ(state(sixty_four, Interface()), State::kOk);
  Wanted two = Interface();
  two.interfaces.emplace_back("eth2");
  EXPECT_EQ(state(sixty_four, two), State::kProblem);
  EXPECT_EQ(state("unlimited", two), State::kOk);
  EXPECT_EQ(Of(CheckRights(Read("0", kAll, eight), two), "memlock")[0].state, State::kOk);
}

}  // namespace
}  // namespace borderflow
