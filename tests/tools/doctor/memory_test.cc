#include "tools/doctor/memory.h"

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kPages = "/sys/kernel/mm/hugepages/hugepages-";

Wanted Nic() {
  Wanted wanted;
  wanted.ports = {"3b:00.0"};
  return wanted;
}

TEST(MemoryTest, IsReadFromTheKernelsFiles) {
  MadeUpSystem system;
  system.File(kPages + "2048kB/nr_hugepages", "256\n")
      .File(kPages + "2048kB/free_hugepages", "200\n")
      .File(kPages + "1048576kB/nr_hugepages", "0\n")
      .File(kPages + "1048576kB/free_hugepages", "0\n")
      .File("/proc/mounts",
            "proc /proc proc rw 0 0\nhugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n")
      .File("/proc/meminfo", "MemTotal:       1024 kB\nMemAvailable:    512 kB\n");
  const Memory memory = ReadMemory(system.files());
  ASSERT_EQ(memory.hugepages.size(), 2u);
  EXPECT_EQ(memory.hugepages[0].bytes, 2048u * 1024);
  EXPECT_EQ(memory.hugepages[0].pages, 256u);
  EXPECT_EQ(memory.hugepages[0].free, 200u);
  EXPECT_EQ(memory.hugepages[1].bytes, uint64_t{1} << 30);
  EXPECT_EQ(memory.free_huge_bytes(), uint64_t{400} << 20);
  EXPECT_THAT(memory.huge_mounts, ElementsAre("/dev/hugepages"));
  EXPECT_EQ(memory.total, 1024u * 1024);
  EXPECT_EQ(memory.available, 512u * 1024);
}

TEST(MemoryTest, ANicWithoutHugepagesIsAProblemAndAnInterfaceIsNot) {
  const Memory none;
  const CheckResult nic = CheckHugepages(none, true, Nic());
  EXPECT_EQ(nic.state, State::kProblem);
  EXPECT_EQ(nic.remedy, "sysctl -w vm.nr_hugepages=256");
  EXPECT_EQ(CheckHugepages(none, true, Wanted()).state, State::kNote);
}

TEST(MemoryTest, ReservedPagesThatAreAllTakenDoNotCount) {
  Memory memory;
  memory.hugepages = {{2 << 20, 64, 0}};
  const CheckResult finding = CheckHugepages(memory, true, Nic());
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.found, HasSubstr("0 of 64 pages of 2 MiB free"));
}

TEST(MemoryTest, FreePagesAreGoodForRootAndUnusedByOthers) {
  Memory memory;
  memory.hugepages = {{2 << 20, 64, 64}};
  EXPECT_EQ(CheckHugepages(memory, true, Nic()).state, State::kOk);
  EXPECT_EQ(CheckHugepages(memory, false, Nic()).state, State::kNote);
}

TEST(MemoryTest, TablesThatFitAreSaid) {
  Memory memory;
  memory.total = memory.available = uint64_t{16} << 30;
  EXPECT_EQ(CheckTables(memory, Wanted()).state, State::kOk);
}

TEST(MemoryTest, TablesThatDoNotFitComeWithANumberThatDoes) {
  Memory memory;
  memory.total = memory.available = uint64_t{2} << 30;
  Wanted wanted;
  wanted.workers = 4;
  wanted.flows = uint64_t{1} << 24;  // 80 bytes each: 5 GiB of four workers
  const CheckResult finding = CheckTables(memory, wanted);
  EXPECT_EQ(finding.state, State::kProblem);
  EXPECT_THAT(finding.remedy, HasSubstr("--flows 2097152 "));
  wanted.flows = 2097152;
  EXPECT_EQ(CheckTables(memory, wanted).state, State::kOk);
}

TEST(MemoryTest, EveryPortHasTablesOfItsOwn) {
  Memory memory;
  memory.total = memory.available = uint64_t{2} << 30;
  Wanted wanted;
  wanted.flows = uint64_t{1} << 23;  // 640 MiB
  EXPECT_EQ(CheckTables(memory, wanted).state, State::kOk);
  wanted.ports = {"0000:3b:00.0", "0000:3b:00.1"};
  wanted.interfaces = {"eth1"};
  EXPECT_EQ(CheckTables(memory, wanted).state, State::kProblem);
}

}  // namespace
}  // namespace borderflow
