#include "tools/doctor/instances.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

// The process that has this socket open.
std::string OwnerOf(const SystemFiles& files, const std::string& inode) {
  const std::string socket = absl::StrCat("socket:[", inode, "]");
  for (const std::string& process : files.Entries("/proc")) {
    if (process.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string folder = absl::StrCat("/proc/", process, "/fd");
    for (const std::string& descriptor : files.Entries(folder)) {
      if (files.Link(absl::StrCat(folder, "/", descriptor)) == socket) return process;
    }
  }
  return "";
}

std::string Stop(const HeldDevice& device) {
  return device.process.empty()
             ? absl::StrCat("ss -xlpa | grep ", device.digest, "   # as root: names the process")
             : absl::StrCat("kill -TERM ", device.process);
}

}  // namespace

std::vector<HeldDevice> ReadInstances(const SystemFiles& files) {
  constexpr size_t kInode = 6;
  constexpr size_t kName = 7;
  constexpr absl::string_view kPrefix = "@borderflow-";
  std::vector<HeldDevice> held;
  for (const std::string& line : files.Lines("/proc/net/unix")) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() <= kName || !absl::StartsWith(words[kName], kPrefix)) continue;
    held.push_back({words[kName].substr(kPrefix.size()), OwnerOf(files, words[kInode])});
  }
  return held;
}

CheckResult CheckInstances(const std::vector<HeldDevice>& held, const Wanted& wanted) {
  std::vector<std::string> devices = wanted.ports;
  devices.insert(devices.end(), wanted.interfaces.begin(), wanted.interfaces.end());
  for (const std::string& device : devices) {
    const std::string digest = Sha256Hex(device);
    const auto at = std::find_if(held.begin(), held.end(), [&digest](const HeldDevice& other) {
      return other.digest == digest;
    });
    if (at == held.end()) continue;
    return Problem("instances",
                   absl::StrCat(device, " is in use by another borderflow",
                                at->process.empty() ? "" : ", process " + at->process),
                   Stop(*at));
  }
  if (held.empty()) return Ok("instances", "no other borderflow captures here");
  return Ok("instances", absl::StrCat(held.size(), " device(s) in use by another borderflow, ",
                                      devices.empty() ? "nothing is configured here"
                                                      : "none of them configured here"));
}

}  // namespace borderflow
