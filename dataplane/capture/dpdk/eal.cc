#include "dataplane/capture/dpdk/eal.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace borderflow {
namespace {

// Enough for the mbufs of a few queues with 4,096 descriptors each.
constexpr std::string_view kOrdinaryMegabytes = "256";

// "--long", "--long=value", "-s" or "-svalue".
bool Names(absl::Span<const std::string> arguments, std::initializer_list<std::string_view> any) {
  return std::any_of(arguments.begin(), arguments.end(), [&any](const std::string& argument) {
    return std::any_of(any.begin(), any.end(), [&argument](std::string_view name) {
      return argument == name ||
             argument.rfind(std::string(name) + (name.size() > 2 ? "=" : ""), 0) == 0;
    });
  });
}

// "0000:3b:00.1", or without the domain.
bool IsPciAddress(const std::string& text) {
  const size_t dot = text.find('.');
  return dot != std::string::npos && text.find(':') != std::string::npos &&
         text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
}

}  // namespace

uint64_t FreeHugepageBytes() {
  // Without the right to map them, as an ordinary user has it, hugepages might as well not exist.
  if (geteuid() != 0) return 0;
  uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& size :
       std::filesystem::directory_iterator("/sys/kernel/mm/hugepages", ignored)) {
    // hugepages-2048kB
    const std::string name = size.path().filename().string();
    const size_t dash = name.find('-');
    if (dash == std::string::npos) continue;
    uint64_t pages = 0;
    std::ifstream(size.path() / "free_hugepages") >> pages;
    bytes += pages * std::strtoull(name.c_str() + dash + 1, nullptr, 10) * 1024;
  }
  return bytes;
}

std::vector<std::string> EalArguments(absl::Span<const std::string> user,
                                      absl::Span<const std::string> ports,
                                      uint64_t free_hugepages) {
  std::vector<std::string> arguments = {"borderflow"};
  const bool prefix_chosen = Names(user, {"--file-prefix", "--no-shconf"});
  bool ordinary_pages = Names(user, {"--no-huge"});
  if (!ordinary_pages && !Names(user, {"--in-memory", "--huge-dir", "--socket-mem"})) {
    if (free_hugepages == 0) {
      ordinary_pages = true;
      arguments.emplace_back("--no-huge");
    } else if (!prefix_chosen) {
      arguments.emplace_back("--in-memory");
    }
  }
  if (ordinary_pages) {
    // DPDK refuses --no-huge together with --in-memory.
    if (!prefix_chosen) arguments.emplace_back("--no-shconf");
    if (!Names(user, {"-m"})) {
      arguments.insert(arguments.end(), {"-m", std::string(kOrdinaryMegabytes)});
    }
  }
  if (!Names(user, {"-a", "--allow", "-b", "--block", "--no-pci"})) {
    const size_t before = arguments.size();
    bool numbered = false;
    for (const std::string& port : ports) {
      const std::string address = port.substr(0, port.find(','));
      if (IsPciAddress(address)) arguments.insert(arguments.end(), {"-a", port});
      numbered = numbered || address.find_first_not_of("0123456789") == std::string::npos;
    }
    if (arguments.size() == before && !numbered) arguments.emplace_back("--no-pci");
  }
  if (!Names(user, {"--log-level"})) arguments.emplace_back("--log-level=warning");
  if (!Names(user, {"--no-telemetry", "--telemetry"})) arguments.emplace_back("--no-telemetry");
  arguments.insert(arguments.end(), user.begin(), user.end());
  return arguments;
}

absl::Status StartEal(absl::Span<const std::string> arguments) {
  // The environment keeps and permutes pointers to its arguments: they live as long as the process.
  static std::vector<std::string> kept;
  static std::vector<char*> pointers;
  kept.assign(arguments.begin(), arguments.end());
  for (std::string& argument : kept) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int taken = rte_eal_init(static_cast<int>(kept.size()), pointers.data());
  if (taken >= 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "DPDK does not start with '", absl::StrJoin(arguments, " "), "': ", rte_strerror(rte_errno),
      " (its own messages above say more); see 'borderflow doctor'"));
}

void StopEal() { rte_eal_cleanup(); }

}  // namespace borderflow
