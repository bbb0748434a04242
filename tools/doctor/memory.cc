#include "tools/doctor/memory.h"

#include <algorithm>
#include <bit>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "dataplane/worker.h"

namespace borderflow {
namespace {

constexpr uint64_t kMegabyte = uint64_t{1} << 20;
// A flow's entry and its share of the buckets; a pair of cells (flow_table.h, worker.h).
constexpr uint64_t kBytesAFlow = 80;
constexpr uint64_t kBytesAPair = 130;
// Ordinary pages for DPDK, and the address map with what it is compiled from.
constexpr uint64_t kEverythingElse = 512 * kMegabyte;
constexpr uint64_t kLeastFlows = 64;  // --flows takes no fewer

std::string Size(uint64_t bytes) {
  constexpr uint64_t kGigabyte = 1024 * kMegabyte;
  if (bytes < kGigabyte) return absl::StrCat(bytes / kMegabyte, " MiB");
  return absl::StrFormat("%.1f GiB", static_cast<double>(bytes) / static_cast<double>(kGigabyte));
}

std::string Pages(const Memory& memory) {
  std::vector<std::string> parts;
  for (const HugepageSize& size : memory.hugepages) {
    if (size.pages == 0) continue;
    parts.push_back(
        absl::StrCat(size.free, " of ", size.pages, " pages of ", Size(size.bytes), " free"));
  }
  return parts.empty() ? "none reserved" : absl::StrJoin(parts, ", ");
}

uint64_t TableBytes(const Wanted& wanted) {
  return wanted.lanes() * (wanted.flows * kBytesAFlow + WorkerOptions{}.cells * kBytesAPair);
}

}  // namespace

uint64_t Memory::free_huge_bytes() const {
  uint64_t bytes = 0;
  for (const HugepageSize& size : hugepages) bytes += size.bytes * size.free;
  return bytes;
}

Memory ReadMemory(const SystemFiles& files) {
  Memory memory;
  const std::string folder = "/sys/kernel/mm/hugepages";
  for (const std::string& name : files.Entries(folder)) {
    // hugepages-2048kB
    const size_t dash = name.find('-');
    const size_t unit = name.find("kB");
    uint64_t kilobytes = 0;
    if (dash == std::string::npos || unit == std::string::npos ||
        !absl::SimpleAtoi(name.substr(dash + 1, unit - dash - 1), &kilobytes)) {
      continue;
    }
    const std::string size = absl::StrCat(folder, "/", name);
    memory.hugepages.push_back({kilobytes * 1024, files.Number(size + "/nr_hugepages").value_or(0),
                                files.Number(size + "/free_hugepages").value_or(0)});
  }
  std::sort(memory.hugepages.begin(), memory.hugepages.end(),
            [](const HugepageSize& a, const HugepageSize& b) { return a.bytes < b.bytes; });
  for (const std::string& line : files.Lines("/proc/mounts")) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() > 2 && words[2] == "hugetlbfs") memory.huge_mounts.push_back(words[1]);
  }
  const auto kilobytes = [&files](const char* key) {
    const std::string value = files.Value("/proc/meminfo", key);
    uint64_t number = 0;
    return absl::SimpleAtoi(value.substr(0, value.find(' ')), &number) ? number * 1024 : 0;
  };
  memory.total = kilobytes("MemTotal");
  memory.available = kilobytes("MemAvailable");
  return memory;
}

CheckResult CheckHugepages(const Memory& memory, bool root, const Wanted& wanted) {
  const std::string found =
      absl::StrCat(Pages(memory), "; ",
                   memory.huge_mounts.empty()
                       ? "not mounted, which borderflow does not need and other DPDK programs may"
                       : absl::StrCat("mounted at ", absl::StrJoin(memory.huge_mounts, ", ")));
  if (memory.free_huge_bytes() > 0) {
    if (root) return Ok("hugepages", found);
    return Note("hugepages", found + "; used by root only, ordinary pages otherwise");
  }
  constexpr const char* kReserve = "sysctl -w vm.nr_hugepages=256";
  if (wanted.pci().empty()) {
    return Note("hugepages", found + "; ordinary pages are used, which costs some speed", kReserve);
  }
  return Problem("hugepages", found + "; the buffers of a NIC need some", kReserve);
}

CheckResult CheckTables(const Memory& memory, const Wanted& wanted) {
  const uint64_t tables = TableBytes(wanted);
  const std::string found = absl::StrCat(
      "tables of ", wanted.lanes(), " worker(s) with ", wanted.flows, " flows take up to ",
      Size(tables), "; available ", Size(memory.available), " of ", Size(memory.total));
  if (memory.available == 0) return Note("memory", found + " (unreadable)");
  if (tables + kEverythingElse <= memory.available) return Ok("memory", found);
  // The largest power of two whose tables fill no more than half of what is there.
  const uint64_t each = memory.available / 2 / wanted.lanes() / kBytesAFlow;
  const uint64_t flows = std::max(kLeastFlows, std::bit_floor(each));
  return Problem("memory", found + ", less than these and the rest",
                 absl::StrCat("borderflow live --flows ", flows, " (or 'flows: ", flows,
                              "' in the configuration)"));
}

}  // namespace borderflow
