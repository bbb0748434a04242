#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "dataplane/capture/dpdk/eal.h"

namespace borderflow {
namespace {

// One line in, one line out: the user's options and ports, and what the environment is given,
// without its own name and the two that always stand there.
std::string Arguments(const std::string& user, const std::vector<std::string>& ports,
                      uint64_t free_hugepages) {
  const std::vector<std::string> options =
      user.empty() ? std::vector<std::string>{} : absl::StrSplit(user, ' ');
  std::vector<std::string> arguments = EalArguments(options, ports, free_hugepages);
  EXPECT_EQ(arguments.front(), "borderflow");
  EXPECT_EQ(
      std::vector<std::string>(arguments.end() - static_cast<int>(options.size()), arguments.end()),
      options)
      << "the user's own come last, and stand above ours";
  std::erase(arguments, "borderflow");
  std::erase(arguments, "--log-level=warning");
  std::erase(arguments, "--no-telemetry");
  return absl::StrJoin(arguments, " ");
}

TEST(EalArguments, MemoryIsOfHugepagesWhereThereAreAny) {
  const std::vector<std::string> vdev = {"net_null0"};
  EXPECT_EQ(Arguments("", vdev, 0), "--no-huge --no-shconf -m 256 --no-pci");
  EXPECT_EQ(Arguments("", vdev, 1 << 21), "--in-memory --no-pci");
}

TEST(EalArguments, WhatTheUserDecidesIsLeftToHim) {
  const std::vector<std::string> vdev = {"net_null0"};
  const struct {
    std::string user;
    uint64_t free_hugepages;
    std::string ours;
  } cases[] = {
      {"-m 512", 0, "--no-huge --no-shconf --no-pci"},
      {"-m512", 0, "--no-huge --no-shconf --no-pci"},
      {"-m 512", 1 << 21, "--in-memory --no-pci"},
      // Ordinary pages although there are others: still no files, and enough of them.
      {"--no-huge", 1 << 21, "--no-shconf -m 256 --no-pci"},
      {"--no-huge -m 64", 0, "--no-shconf --no-pci"},
      {"--no-huge --no-shconf", 0, "-m 256 --no-pci"},
      {"--in-memory", 1 << 21, "--no-pci"},
      {"--socket-mem=1024", 1 << 21, "--no-pci"},
      {"--huge-dir /mnt", 1 << 21, "--no-pci"},
      // A shared configuration is asked for.
      {"--file-prefix=a", 1 << 21, "--no-pci"},
      {"--file-prefix a", 0, "--no-huge -m 256 --no-pci"},
      {"-a 0000:3b:00.0", 1 << 21, "--in-memory"},
      {"-a0000:3b:00.0", 1 << 21, "--in-memory"},
      {"--allow=0000:3b:00.0", 1 << 21, "--in-memory"},
      {"-b 0000:3b:00.0", 1 << 21, "--in-memory"},
      {"--no-pci", 1 << 21, "--in-memory"},
  };
  for (const auto& [user, free_hugepages, ours] : cases) {
    EXPECT_EQ(Arguments(user, vdev, free_hugepages), ours + " " + user);
  }
  EXPECT_THAT(EalArguments({"--log-level=debug", "--telemetry"}, vdev, 0),
              testing::Not(testing::AnyOf(testing::Contains("--log-level=warning"),
                                          testing::Contains("--no-telemetry"))));
}

TEST(EalArguments, OfAllPciDevicesOnlyThePortsAreTouched) {
  const struct {
    std::vector<std::string> ports;
    std::string ours;
  } cases[] = {
      {{}, "--in-memory --no-pci"},
      {{"0000:3b:00.1"}, "--in-memory -a 0000:3b:00.1"},
      {{"3b:00.1,representor=0"}, "--in-memory -a 3b:00.1,representor=0"},
      {{"0000:3b:00.0", "net_null0", "0000:3b:00.1"},
       "--in-memory -a 0000:3b:00.0 -a 0000:3b:00.1"},
      {{"net_pcap0,rx_pcap=3b:00.1"}, "--in-memory --no-pci"},
      // A number is one of those that the environment finds by itself.
      {{"0"}, "--in-memory"},
      {{"0", "net_null0"}, "--in-memory"},
  };
  for (const auto& [ports, ours] : cases) EXPECT_EQ(Arguments("", ports, 1 << 21), ours);
}

}  // namespace
}  // namespace borderflow
