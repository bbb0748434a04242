#include "tools/doctor/system_files.h"

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SystemFilesTest, WhatIsNotThereIsEmpty) {
  const MadeUpSystem system;
  const SystemFiles files = system.files();
  EXPECT_EQ(files.Text("/proc/none"), "");
  EXPECT_THAT(files.Lines("/proc/none"), IsEmpty());
  EXPECT_EQ(files.Number("/proc/none"), std::nullopt);
  EXPECT_EQ(files.Value("/proc/none", "Key"), "");
  EXPECT_THAT(files.Entries("/proc/none"), IsEmpty());
  EXPECT_EQ(files.LinkName("/proc/none"), "");
  EXPECT_FALSE(files.Exists("/proc/none"));
  EXPECT_FALSE(files.MayWrite("/proc/none"));
}

TEST(SystemFilesTest, AFolderReadAsAFileIsEmpty) { EXPECT_EQ(SystemFiles().Text("/proc"), ""); }

TEST(SystemFilesTest, ValuesAreFoundByTheirWholeKey) {
  MadeUpSystem system;
  system.File("/proc/meminfo", "MemTotalX: 1 kB\nMemTotal:       2 kB\nother\n");
  EXPECT_EQ(system.files().Value("/proc/meminfo", "MemTotal"), "2 kB");
}

TEST(SystemFilesTest, ANegativeNumberIsNone) {
  MadeUpSystem system;
  system.File("/speed", "-1\n").File("/mtu", "1500\n").File("/word", "fast\n");
  EXPECT_EQ(system.files().Number("/speed"), std::nullopt);
  EXPECT_EQ(system.files().Number("/mtu"), 1500u);
  EXPECT_EQ(system.files().Number("/word"), std::nullopt);
}

TEST(SystemFilesTest, EntriesAreSortedAndLinksAreRead) {
  MadeUpSystem system;
  system.File("/d/b", "").File("/d/a", "").Link("/d/driver", "../../drivers/ixgbe");
  EXPECT_THAT(system.files().Entries("/d"), ElementsAre("a", "b", "driver"));
  EXPECT_EQ(system.files().LinkName("/d/driver"), "ixgbe");
}

TEST(ParseListTest, RangesAndSinglesAsTheKernelWritesThem) {
  EXPECT_THAT(ParseList("0-2,7,9-10\n"), ElementsAre(0, 1, 2, 7, 9, 10));
  EXPECT_THAT(ParseList("3"), ElementsAre(3));
  EXPECT_THAT(ParseList(""), IsEmpty());
  EXPECT_THAT(ParseList("(null)"), IsEmpty());
}

}  // namespace
}  // namespace borderflow
