#include "tools/doctor/interfaces.h"

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::string kNet = "/sys/class/net/";
constexpr const char* kHeader =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

void Add(MadeUpSystem& system, const std::string& name, const std::string& flags) {
  system.File(kNet + name + "/flags", flags)
      .File(kNet + name + "/carrier", "1\n")
      .File(kNet + name + "/mtu", "1500\n")
      .File(kNet + name + "/speed", "10000\n")
      .Folder(kNet + name + "/queues/rx-0")
      .Folder(kNet + name + "/queues/rx-1")
      .Folder(kNet + name + "/queues/tx-0");
}

std::set<std::string> NothingMerged(const std::string&) { return {}; }

Interface Up(const std::string& name) {
  Interface interface;
  interface.name = name;
  interface.up = interface.carrier = true;
  return interface;
}

Wanted On(const std::string& name) {
  Wanted wanted;
  wanted.interfaces = {name};
  return wanted;
}

TEST(InterfacesTest, AreReadFromTheKernelsFiles) {
  MadeUpSystem system;
  Add(system, "eth1", "0x1103\n");  // up, broadcast, multicast, promiscuous
  Add(system, "lo", "0x9\n");
  const std::vector<Interface> interfaces = ReadInterfaces(
      system.files(), [](const std::string& name) { return std::set<std::string>{"of " + name}; });
  ASSERT_THAT(interfaces, SizeIs(2));
  EXPECT_EQ(interfaces[0].name, "eth1");
  EXPECT_TRUE(interfaces[0].up);
  EXPECT_TRUE(interfaces[0].carrier);
  EXPECT_TRUE(interfaces[0].promiscuous);
  EXPECT_FALSE(interfaces[0].loopback);
  EXPECT_EQ(interfaces[0].mtu, 1500u);
  EXPECT_EQ(interfaces[0].speed, 10000u);
  EXPECT_EQ(interfaces[0].receive_queues, 2u);
  EXPECT_TRUE(interfaces[0].merging.contains("of eth1"));
  EXPECT_TRUE(interfaces[1].loopback);
}

TEST(InterfacesTest, RoutesMarkTheInterfaceAndWhatItStandsOn) {
  MadeUpSystem system;
  for (const char* name : {"bond0", "eth0", "eth1", "eth2", "vlan7"}) Add(system, name, "0x1003\n");
  // The default route leaves by a VLAN on a bond of eth0 and eth1.
  system.Link(kNet + "vlan7/lower_bond0", "../bond0")
      .Link(kNet + "bond0/lower_eth0", "../eth0")
      .Link(kNet + "bond0/lower_eth1", "../eth1")
      .File("/proc/net/route", std::string(kHeader) +
                                   "vlan7\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
                                   "eth2\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
  for (const Interface& interface : ReadInterfaces(system.files(), NothingMerged)) {
    EXPECT_EQ(interface.default_route, interface.name != "eth2") << interface.name;
    EXPECT_EQ(interface.routes, interface.name == "eth2") << interface.name;
  }
}

TEST(InterfacesTest, AnIpv6OnlyMachineHasADefaultRouteToo) {
  MadeUpSystem system;
  Add(system, "eth0", "0x1003\n");
  Add(system, "lo", "0x9\n");
  const std::string zeros(32, '0');
  const std::string gateway = "fe800000000000000000000000000001";
  system.File("/proc/net/ipv6_route", zeros + " 00 " + zeros + " 00 " + gateway +
                                          " 00000400 00000002 00000000 00000003     eth0\n" +
                                          zeros + " 00 " + zeros + " 00 " + zeros +
                                          " ffffffff 00000001 00000000 00200200       lo\n");
  const std::vector<Interface> interfaces = ReadInterfaces(system.files(), NothingMerged);
  EXPECT_TRUE(interfaces[0].default_route);
  EXPECT_FALSE(interfaces[1].default_route);
}

TEST(InterfacesTest, AWantedOneThatIsDownOrMissingIsAProblem) {
  Interface down = Up("eth1");
  down.up = false;
  EXPECT_EQ(CheckInterfaces({down}, On("eth1"))[0].remedy, "ip link set eth1 up");
  EXPECT_EQ(CheckInterfaces({down}, Wanted())[0].state, State::kOk);
  const std::vector<CheckResult> missing = CheckInterfaces({Up("eth0")}, On("eth1"));
  EXPECT_EQ(missing[0].state, State::kProblem);
  EXPECT_THAT(missing[0].found, HasSubstr("eth1: there is none"));
}

TEST(InterfacesTest, AWantedOneWithoutLinkIsAProblem) {
  Interface dark = Up("eth1");
  dark.carrier = false;
  const CheckResult finding = CheckInterfaces({dark}, On("eth1"))[0];
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.found, HasSubstr("up without link"));
}

TEST(InterfacesTest, JoinedFramesAreTurnedOffByOneCommand) {
  Interface joining = Up("eth1");
  joining.merging = {"gro", "lro"};
  const CheckResult wanted = CheckInterfaces({joining}, On("eth1"))[0];
  EXPECT_EQ(wanted.state, State::kProblem);
  EXPECT_EQ(wanted.remedy, "ethtool -K eth1 gro off lro off");
  EXPECT_EQ(CheckInterfaces({joining}, Wanted())[0].state, State::kNote);
  EXPECT_EQ(CheckInterfaces({Up("eth1")}, On("eth1"))[0].state, State::kOk);
}

TEST(InterfacesTest, WantedOnesComeFirstAndEachIsSaidOnce) {
  const std::vector<CheckResult> findings =
      CheckInterfaces({Up("eth0"), Up("eth1"), Up("lo")}, On("eth1"));
  ASSERT_THAT(findings, SizeIs(3));
  EXPECT_THAT(findings[0].found, HasSubstr("eth1:"));
}

}  // namespace
}  // namespace borderflow
