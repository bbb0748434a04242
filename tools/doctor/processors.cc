#include "tools/doctor/processors.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/live/cores.h"

namespace borderflow {
namespace {

const std::string kFolder = "/sys/devices/system/cpu";

std::string List(const std::vector<int>& cores) {
  return cores.empty() ? "none" : absl::StrJoin(cores, ",");
}

bool Holds(const std::vector<int>& cores, int core) {
  return std::find(cores.begin(), cores.end(), core) != cores.end();
}

std::vector<int> Without(const std::vector<int>& cores, const std::vector<int>& others) {
  std::vector<int> left;
  for (const int core : cores) {
    if (!Holds(others, core)) left.push_back(core);
  }
  return left;
}

CheckResult CheckCores(const Processors& processors, const Wanted& wanted,
                       const std::vector<int>& used) {
  const std::string found =
      absl::StrCat(processors.online.size(), " processors, ", processors.allowed.size(),
                   " allowed to this process; ", wanted.lanes(), " worker(s) on ", List(used));
  if (const std::vector<int> barred = Without(wanted.cores, processors.allowed); !barred.empty()) {
    return Problem("cores", absl::StrCat(found, ": ", List(barred), " may not be used"),
                   absl::StrCat("borderflow live --cores ", List(processors.allowed)));
  }
  const std::set<int> distinct(used.begin(), used.end());
  if (distinct.size() < used.size()) {
    const size_t ports = wanted.lanes() / wanted.workers;
    const size_t fitting = std::max<size_t>(1, processors.allowed.size() / ports);
    return Problem("cores",
                   found + ": two workers on one processor take turns, and frames are lost",
                   fitting * ports > processors.allowed.size()
                       ? absl::StrCat("leave ports out: there are ", ports)
                       : absl::StrCat("borderflow live --workers ", fitting));
  }
  for (const int core : used) {
    const auto siblings = processors.siblings.find(core);
    if (siblings == processors.siblings.end()) continue;
    for (const int other : siblings->second) {
      if (other == core || !distinct.contains(other)) continue;
      return Note("cores", absl::StrCat(found, ": ", core, " and ", other,
                                        " are halves of one core (SMT): two workers there are "
                                        "not twice as fast"));
    }
  }
  return Ok("cores", found);
}

CheckResult CheckIsolation(const Processors& processors, const std::vector<int>& used) {
  const std::string found =
      absl::StrCat("isolated: ", List(processors.isolated),
                   "; without timer (nohz_full): ", List(processors.tickless));
  if (Without(used, processors.isolated).empty() && Without(used, processors.tickless).empty()) {
    return Ok("isolation", found);
  }
  const std::string cores = List(used);
  return Note("isolation", found + "; other threads may interrupt the workers",
              absl::StrCat("for a full link: sed -i 's/^GRUB_CMDLINE_LINUX=\"/&isolcpus=", cores,
                           " nohz_full=", cores, " rcu_nocbs=", cores,
                           " /' /etc/default/grub && update-grub && reboot"));
}

CheckResult CheckGovernor(const Processors& processors, const std::vector<int>& used) {
  if (processors.governors.empty()) {
    return Ok("governor", "frequencies are not governed here (as in a virtual machine)");
  }
  std::vector<std::string> slow;
  for (const int core : used) {
    const auto governor = processors.governors.find(core);
    if (governor != processors.governors.end() && governor->second != "performance") {
      slow.push_back(absl::StrCat(core, " ", governor->second));
    }
  }
  if (slow.empty()) return Ok("governor", "performance, where the workers run");
  return Note("governor", "of the workers' processors: " + absl::StrJoin(slow, ", "),
              absl::StrCat("cpupower -c ", List(used), " frequency-set -g performance"));
}

CheckResult CheckInstructions(const Processors& processors) {
  if (!processors.x86) return Ok("instructions", "no x86: nothing beyond the baseline is needed");
  if (processors.sse42) return Ok("instructions", "SSE4.2 is there");
  return Problem("instructions", "no SSE4.2, which this build needs (x86-64-v2, 2009)",
                 "run on another machine; in a virtual one, pass the host's processor through "
                 "(QEMU: -cpu host)");
}

}  // namespace

Processors ReadProcessors(const SystemFiles& files) {
  Processors processors;
  processors.online = ParseList(files.Text(kFolder + "/online"));
  processors.allowed = ParseList(files.Value("/proc/self/status", "Cpus_allowed_list"));
  processors.isolated = ParseList(files.Text(kFolder + "/isolated"));
  processors.tickless = ParseList(files.Text(kFolder + "/nohz_full"));
  for (const int core : processors.online) {
    const std::string folder = absl::StrCat(kFolder, "/cpu", core);
    const std::string siblings = files.Text(folder + "/topology/thread_siblings_list");
    if (!siblings.empty()) processors.siblings[core] = ParseList(siblings);
    const std::string governor = files.Text(folder + "/cpufreq/scaling_governor");
    if (!governor.empty()) processors.governors[core] = governor;
  }
  const std::string flags = files.Value("/proc/cpuinfo", "flags");
  processors.x86 = !flags.empty();
  processors.sse42 = absl::StrContains(absl::StrCat(" ", flags, " "), " sse4_2 ");
  return processors;
}

std::vector<CheckResult> CheckProcessors(const Processors& processors, const Wanted& wanted) {
  const std::vector<int> used = CoresOfWorkers(processors.allowed, wanted.cores, wanted.lanes());
  return {CheckCores(processors, wanted, used), CheckIsolation(processors, used),
          CheckGovernor(processors, used), CheckInstructions(processors)};
}

}  // namespace borderflow
