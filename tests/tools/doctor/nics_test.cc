#include "tools/doctor/nics.h"

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr PciId kTen = {0x8086, 0x1572};
constexpr PciId kBesideKernel = {0x15b3, 0x1017};
constexpr const char* kAddress = "0000:3b:00.0";

Drivers SomeDrivers() {
  Drivers drivers;
  drivers.pci = {{"net_ten", "* igb_uio | vfio-pci", {kTen}},
                 {"beside", "* ib_uverbs & mlx5_core", {kBesideKernel}}};
  return drivers;
}

Nic Card(const PciId& id, const std::string& kernel_driver) {
  Nic nic;
  nic.address = kAddress;
  nic.id = id;
  nic.kernel_driver = kernel_driver;
  if (kernel_driver != "vfio-pci") nic.interfaces = {"eth0"};
  return nic;
}

PciBus BusOf(Nic nic) {
  PciBus bus;
  bus.iommu = bus.vfio = true;
  bus.nics = {std::move(nic)};
  return bus;
}

std::vector<Interface> Eth0(bool default_route, bool routes) {
  Interface interface;
  interface.name = "eth0";
  interface.default_route = default_route;
  interface.routes = routes;
  return {interface};
}

Wanted WantNic() {
  Wanted wanted;
  wanted.ports = {"3b:00.0,queues=2"};  // without its domain
  return wanted;
}

CheckResult Check(const PciBus& bus, const std::vector<Interface>& interfaces,
                  const Wanted& wanted) {
  return Of(CheckNics(bus, SomeDrivers(), interfaces, wanted), "nic").at(0);
}

TEST(NicsTest, AreReadFromTheBus) {
  MadeUpSystem system;
  const std::string bus = "/sys/bus/pci/devices/";
  system
      .File(bus + "0000:00:01.0/class", "0x010601\n")  // a disk controller
      .File(bus + "0000:00:03.0/class", "0x020000\n")
      .File(bus + "0000:00:03.0/vendor", "0x1af4\n")
      .File(bus + "0000:00:03.0/device", "0x1041\n")
      .Link(bus + "0000:00:03.0/driver", "../../../bus/pci/drivers/virtio-pci")
      .Folder(bus + "0000:00:03.0/virtio2/net/eth0")
      .File(bus + "0000:3b:00.0/class", "0x020000\n")
      .File(bus + "0000:3b:00.0/vendor", "0x8086\n")
      .File(bus + "0000:3b:00.0/device", "0x1572\n")
      .Link(bus + "0000:3b:00.0/driver", "../../../bus/pci/drivers/i40e")
      .Link(bus + "0000:3b:00.0/iommu_group", "../../../kernel/iommu_groups/12")
      .Folder(bus + "0000:3b:00.0/net/eth1")
      .Folder("/sys/kernel/iommu_groups/12")
      .Folder("/sys/module/vfio_pci");
  const PciBus read = ReadPciBus(system.files());
  ASSERT_EQ(read.nics.size(), 2u);
  EXPECT_EQ(read.nics[0].id.vendor, 0x1af4);
  EXPECT_EQ(read.nics[0].kernel_driver, "virtio-pci");
  EXPECT_THAT(read.nics[0].interfaces, ElementsAre("eth0"));
  EXPECT_EQ(read.nics[0].iommu_group, "");
  EXPECT_EQ(read.nics[1].address, "0000:3b:00.0");
  EXPECT_THAT(read.nics[1].interfaces, ElementsAre("eth1"));
  EXPECT_EQ(read.nics[1].iommu_group, "12");
  EXPECT_FALSE(read.nics[1].group_writable);
  EXPECT_TRUE(read.iommu);
  EXPECT_TRUE(read.vfio);
  EXPECT_FALSE(read.no_iommu);
}

TEST(NicsTest, TheWayToTheNetworkIsNeverOfferedForBinding) {
  for (const Wanted& wanted : {Wanted(), WantNic()}) {
    const CheckResult finding = Check(BusOf(Card(kTen, "i40e")), Eth0(true, true), wanted);
    EXPECT_THAT(finding.found, HasSubstr("cuts this machine off its network"));
    EXPECT_THAT(finding.remedy, Not(HasSubstr("devbind")));
    EXPECT_EQ(finding.state, wanted.nothing() ? State::kNote : State::kProblem);
  }
  const CheckResult wanted = Check(BusOf(Card(kTen, "i40e")), Eth0(true, false), WantNic());
  EXPECT_EQ(wanted.remedy, "borderflow live --interface eth0");
}

TEST(NicsTest, ACardWithOtherRoutesIsOfferedOnlyWithAWarningAndOnlyWhenWanted) {
  const PciBus bus = BusOf(Card(kTen, "i40e"));
  const CheckResult idle = Check(bus, Eth0(false, true), Wanted());
  EXPECT_THAT(idle.found, HasSubstr("routes through it"));
  EXPECT_EQ(idle.remedy, "");
  const CheckResult wanted = Check(bus, Eth0(false, true), WantNic());
  EXPECT_THAT(wanted.found, HasSubstr("routes through it"));
  EXPECT_THAT(wanted.remedy, HasSubstr("devbind"));
}

TEST(NicsTest, AnUnusedCardComesWithTheCommandThatBindsIt) {
  const PciBus bus = BusOf(Card(kTen, "i40e"));
  const std::string command = "modprobe vfio-pci && dpdk-devbind.py --bind=vfio-pci 0000:3b:00.0";
  EXPECT_EQ(Check(bus, Eth0(false, false), Wanted()).remedy, command);
  EXPECT_EQ(Check(bus, Eth0(false, false), Wanted()).state, State::kNote);
  EXPECT_EQ(Check(bus, Eth0(false, false), WantNic()).remedy, command);
  EXPECT_EQ(Check(bus, Eth0(false, false), WantNic()).state, State::kProblem);
}

TEST(NicsTest, ABoundCardIsReadyIfItsGroupMayBeOpened) {
  Nic nic = Card(kTen, "vfio-pci");
  nic.iommu_group = "12";
  const CheckResult closed = Check(BusOf(nic), {}, WantNic());
  EXPECT_EQ(closed.state, State::kProblem);
  EXPECT_EQ(closed.remedy, "chown \"$USER\" /dev/vfio/12");
  nic.group_writable = true;
  EXPECT_EQ(Check(BusOf(nic), {}, WantNic()).state, State::kOk);
}

TEST(NicsTest, ACardThatWorksBesideTheKernelIsLeftToIt) {
  const PciBus bus = BusOf(Card(kBesideKernel, "mlx5_core"));
  const CheckResult finding = Check(bus, Eth0(true, true), WantNic());
  EXPECT_EQ(finding.state, State::kOk);
  EXPECT_THAT(finding.found, HasSubstr("do not bind it"));
  PciBus without = bus;
  without.iommu = false;
  EXPECT_EQ(Of(CheckNics(without, SomeDrivers(), {}, WantNic()), "iommu")[0].state, State::kNote);
}

TEST(NicsTest, ACardWithoutADriverIsAProblemOnlyIfItIsWanted) {
  const PciBus bus = BusOf(Card({0x1234, 0x5678}, "exotic"));
  EXPECT_EQ(Check(bus, Eth0(false, false), Wanted()).state, State::kNote);
  const CheckResult wanted = Check(bus, Eth0(false, false), WantNic());
  EXPECT_EQ(wanted.state, State::kProblem);
  EXPECT_EQ(wanted.remedy, "borderflow live --interface eth0");
}

TEST(NicsTest, AWantedAddressThatIsNotThereIsAProblem) {
  Wanted wanted;
  wanted.ports = {"0000:af:00.0"};
  const CheckResult finding = Check(BusOf(Card(kTen, "i40e")), Eth0(false, false), wanted);
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.found, HasSubstr("0000:af:00.0: no network card"));
}

TEST(NicsTest, TheIommuMattersWhereACardIsToBeTakenOver) {
  PciBus bus = BusOf(Card(kTen, "i40e"));
  const auto state = [&bus](const Wanted& wanted) {
    return Of(CheckNics(bus, SomeDrivers(), {}, wanted), "iommu")[0].state;
  };
  EXPECT_EQ(state(WantNic()), State::kOk);
  bus.vfio = false;
  EXPECT_EQ(state(WantNic()), State::kProblem);
  bus.iommu = false;
  EXPECT_EQ(state(WantNic()), State::kProblem);
  EXPECT_EQ(state(Wanted()), State::kNote);
  bus.vfio = bus.no_iommu = true;
  EXPECT_EQ(state(WantNic()), State::kOk);
}

}  // namespace
}  // namespace borderflow
