#include "tools/doctor/drivers.h"

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::string_literals;

const std::string kFolder = "/usr/lib/x/dpdk/pmds-23.0";

// A driver's bytes: what it says of itself between other constants.
const std::string kTenGigabit =
    "\x7f"
    "ELF\0\0PMD_INFO_STRING= {\"name\": \"net_ten\", \"kmod\": \"* igb_uio | vfio-pci\", "
    "\"pci_ids\": [[32902, 5384, 65535, 65535], [32902, 5385, 65535, 65535]]}\0rest"s;
const std::string kBeside =
    "PMD_INFO_STRING= {\"name\": \"beside\", \"kmod\": \"* ib_uverbs & mlx5_core\", "
    "\"pci_ids\": [[5555, 4119, 65535, 65535]]}\0"s;
const std::string kVirtual = "PMD_INFO_STRING= {\"name\": \"net_pcap\", \"pci_ids\": []}\0"s;

MadeUpSystem& Install(MadeUpSystem& system, const std::vector<std::string>& drivers) {
  system.File("/proc/self/maps",
              "7f00-7f01 r--p 00000000 fe:00 1 /usr/bin/borderflow\n"
              "7f02-7f03 r-xp 00000000 fe:00 2                /usr/lib/x/librte_eal.so.23.0\n");
  for (const std::string& driver : drivers) {
    system.File(kFolder + "/librte_" + driver + ".so", driver == "net_ten" ? kTenGigabit : kVirtual)
        .File(kFolder + "/librte_" + driver + ".so.23", "");
  }
  return system;
}

Drivers Read(const std::vector<std::string>& drivers) {
  MadeUpSystem system;
  return ReadDrivers(Install(system, drivers).files(), "DPDK 22.11.11");
}

TEST(DriversTest, TheFolderFollowsFromTheLibraryThatIsLoaded) {
  const Drivers drivers = Read({"net_pcap", "net_ten", "crypto_null"});
  EXPECT_EQ(drivers.library, "/usr/lib/x/librte_eal.so.23.0");
  EXPECT_EQ(drivers.folder, kFolder);
  EXPECT_EQ(drivers.abi_major(), "23");
  EXPECT_THAT(drivers.files, ElementsAre("crypto_null", "net_pcap", "net_ten"));
  ASSERT_NE(drivers.For({0x8086, 0x1509}), nullptr);
  EXPECT_EQ(drivers.For({0x8086, 0x1509})->name, "net_ten");
  EXPECT_TRUE(drivers.For({0x8086, 0x1509})->needs_binding());
  EXPECT_EQ(drivers.For({0x8086, 0x150a}), nullptr);
}

TEST(DriversTest, ADriverBesideTheKernelsNeedsNoBinding) {
  const std::vector<PciDriver> drivers = ParsePciDrivers(kBeside);
  ASSERT_EQ(drivers.size(), 1u);
  EXPECT_FALSE(drivers[0].needs_binding());
  EXPECT_EQ(drivers[0].devices[0].vendor, 0x15b3);
}

TEST(DriversTest, AFileMayHoldSeveralDrivers) {
  EXPECT_EQ(ParsePciDrivers(kTenGigabit + kVirtual + kBeside).size(), 2u);
}

TEST(DriversTest, DamagedDescriptionsAreLeftOut) {
  for (const std::string& bytes :
       {"PMD_INFO_STRING= "s, "PMD_INFO_STRING= {\"name\""s, "PMD_INFO_STRING= []\0"s,
        "PMD_INFO_STRING= {\"pci_ids\": 7}\0"s, "PMD_INFO_STRING= {\"pci_ids\": [[], [1], 5]}\0"s,
        "PMD_INFO_STRING= {\"pci_ids\": [[\"a\", \"b\"]]}\0"s}) {
    EXPECT_THAT(ParsePciDrivers(bytes), IsEmpty()) << bytes;
  }
}

TEST(DriversTest, AllThatBorderflowMayNeedThereIsGood) {
  const std::vector<CheckResult> findings =
      CheckDrivers(Read({"net_af_packet", "net_pcap", "net_ring"}), Wanted());
  EXPECT_EQ(Of(findings, "drivers")[0].state, State::kOk);
  EXPECT_THAT(Of(findings, "dpdk")[0].found, HasSubstr("DPDK 22.11.11"));
}

TEST(DriversTest, AMissingDriverComesWithItsPackage) {
  const Drivers drivers = Read({"net_pcap", "net_ring"});
  const CheckResult needed = Of(CheckDrivers(drivers, Wanted()), "drivers")[0];
  EXPECT_EQ(needed.state, State::kProblem);
  EXPECT_EQ(needed.remedy, "apt-get install librte-net-af-packet23");
  Wanted wanted;
  wanted.ports = {"net_pcap0,rx_pcap=f.pcap"};
  EXPECT_EQ(Of(CheckDrivers(drivers, wanted), "drivers")[0].state, State::kNote);
}

TEST(DriversTest, AnEmptyFolderIsAProblem) {
  EXPECT_EQ(Of(CheckDrivers(Read({}), Wanted()), "drivers")[0].state, State::kProblem);
}

TEST(DriversTest, EveryVirtualDeviceIsLookedUpByTheBeginningOfItsName) {
  Wanted wanted;
  wanted.ports = {"net_pcap7,rx_pcap=f.pcap", "net_memif12,role=client", "0000:3b:00.0", "3"};
  const std::vector<CheckResult> ports =
      Of(CheckDrivers(Read({"net_af_packet", "net_pcap", "net_ring"}), wanted), "port");
  ASSERT_EQ(ports.size(), 2u);
  EXPECT_EQ(ports[0].state, State::kOk);
  EXPECT_EQ(ports[1].state, State::kProblem);
  EXPECT_EQ(ports[1].remedy, "apt-get install librte-net-memif23");
}

TEST(DriversTest, AProgramWithoutTheLibraryIsNoted) {
  const MadeUpSystem system;
  const std::vector<CheckResult> findings = CheckDrivers(ReadDrivers(system.files(), ""), Wanted());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].state, State::kNote);
}

}  // namespace
}  // namespace borderflow
