#include "tools/doctor/rights.h"

#include <linux/capability.h>
#include <sys/xattr.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace borderflow {
namespace {

// Buffers of a port with the default ring, all its queues, and the tables that DPDK keeps beside.
constexpr uint64_t kLockedForANic = uint64_t{64} << 20;
// net_af_packet's ring, 32 MiB, and some for alignment; without, it does not open.
constexpr uint64_t kLockedForAnInterface = uint64_t{36} << 20;
constexpr const char* kNeeded = "cap_net_raw,cap_net_admin,cap_ipc_lock";

std::string Names(const Capabilities& has) {
  std::vector<std::string> names;
  if (has.net_raw) names.emplace_back("CAP_NET_RAW");
  if (has.net_admin) names.emplace_back("CAP_NET_ADMIN");
  if (has.ipc_lock) names.emplace_back("CAP_IPC_LOCK");
  return names.empty() ? "none" : absl::StrJoin(names, " ");
}

std::string SetCap(const Rights& rights) {
  return absl::StrCat("setcap ", kNeeded, "=eip '", rights.executable, "'");
}

std::string Megabytes(uint64_t bytes) {
  return bytes == UINT64_MAX ? "unlimited" : absl::StrCat(bytes >> 20, " MiB");
}

CheckResult CheckCapture(const Rights& rights, const Wanted& wanted) {
  const std::string found =
      absl::StrCat(rights.root ? "root" : "not root", "; of the process: ", Names(rights.process),
                   "; of the file: ", Names(rights.file),
                   rights.no_new_privileges ? "; new privileges are barred (no_new_privs)" : "");
  if (!wanted.through_kernel()) return Ok("rights", found);
  const bool enough = rights.process.net_raw && rights.process.net_admin;
  if (enough) return Ok("rights", found);
  const bool granted = rights.file.net_raw && rights.file.net_admin;
  if (granted) {
    return Problem("rights",
                   absl::StrCat(found,
                                ": the file's do not reach the process, as where it lies on "
                                "a file system mounted nosuid"),
                   absl::StrCat("sudo '", rights.executable, "' live ..."));
  }
  return Problem("rights",
                 absl::StrCat(found,
                              ": --interface needs CAP_NET_RAW, and CAP_NET_ADMIN to see "
                              "frames for others"),
                 SetCap(rights));
}

CheckResult CheckMemlock(const Rights& rights, const Wanted& wanted) {
  const size_t interfaces =
      wanted.through_kernel() ? std::max<size_t>(1, wanted.interfaces.size()) : 0;
  const uint64_t locked = interfaces * kLockedForAnInterface + wanted.pci().size() * kLockedForANic;
  const std::string found = absl::StrCat("limit ", Megabytes(rights.memlock));
  if (rights.process.ipc_lock) return Ok("memlock", found + "; CAP_IPC_LOCK stands above it");
  if (rights.memlock >= locked) return Ok("memlock", found);
  return Problem(
      "memlock",
      absl::StrCat(found, ": what is captured into is locked in memory, about ", Megabytes(locked)),
      SetCap(rights));
}

}  // namespace

Capabilities Capabilities::FromMask(uint64_t mask) {
  const auto has = [mask](int capability) { return (mask >> capability & 1) != 0; };
  return {has(CAP_NET_RAW), has(CAP_NET_ADMIN), has(CAP_IPC_LOCK)};
}

std::string CapabilityAttribute() {
  char value[64];
  const ssize_t size = getxattr("/proc/self/exe", "security.capability", value, sizeof(value));
  return size > 0 ? std::string(value, static_cast<size_t>(size)) : "";
}

Rights ReadRights(const SystemFiles& files, const std::string& attribute) {
  Rights rights;
  const std::vector<std::string> ids =
      absl::StrSplit(files.Value("/proc/self/status", "Uid"), '\t');  // real, effective, ...
  rights.root = ids.size() > 1 && ids[1] == "0";
  uint64_t mask = 0;
  if (absl::SimpleHexAtoi(files.Value("/proc/self/status", "CapEff"), &mask)) {
    rights.process = Capabilities::FromMask(mask);
  }
  rights.no_new_privileges = files.Value("/proc/self/status", "NoNewPrivs") == "1";
  // vfs_cap_data: a magic number and the permitted and inheritable low halves, little-endian; the
  // three that matter here are in the low half.
  uint32_t permitted = 0;
  if (attribute.size() >= 2 * sizeof(permitted)) {
    std::memcpy(&permitted, attribute.data() + sizeof(permitted), sizeof(permitted));
    rights.file = Capabilities::FromMask(permitted);
  }
  rights.executable = files.Link("/proc/self/exe");
  for (const std::string& line : files.Lines("/proc/self/limits")) {
    constexpr std::string_view kName = "Max locked memory";
    if (line.rfind(kName, 0) != 0) continue;
    const std::vector<std::string> words =
        absl::StrSplit(line.substr(kName.size()), ' ', absl::SkipEmpty());
    if (words.empty()) continue;
    if (!absl::SimpleAtoi(words.front(), &rights.memlock)) rights.memlock = UINT64_MAX;
  }
  return rights;
}

std::vector<CheckResult> CheckRights(const Rights& rights, const Wanted& wanted) {
  return {CheckCapture(rights, wanted), CheckMemlock(rights, wanted)};
}

}  // namespace borderflow
