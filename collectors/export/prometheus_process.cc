#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "collectors/export/prometheus_metrics.h"

namespace borderflow {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Field `wanted` of /proc/self/stat, as proc(5) numbers them; 0 when there is none.
uint64_t StatField(int wanted) {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // The second field is the program's name in parentheses, and may hold spaces.
  const size_t end = line.rfind(')');
  if (end == std::string::npos) return 0;
  std::istringstream rest(line.substr(end + 1));
  std::string field;
  for (int at = 3; at <= wanted && rest >> field; ++at) {
    if (at == wanted) return std::strtoull(field.c_str(), nullptr, 10);
  }
  return 0;
}

// When the system started, in seconds since 1970; 0 when it does not say.
uint64_t BootTime() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("btime ", 0) == 0) return std::strtoull(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

uint64_t OpenDescriptors() {
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  uint64_t open = 0;
  while (readdir(folder) != nullptr) ++open;
  closedir(folder);
  return open < 3 ? 0 : open - 3;  // ".", ".." and the folder itself
}

}  // namespace

void WriteProcessMetrics(Exposition* out) {
  using enum MetricFamilyId;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    out->Single(kProcessCpu, Seconds(usage.ru_utime) + Seconds(usage.ru_stime));
  }
  constexpr int kStartTicks = 22;
  constexpr int kResidentPages = 24;
  if (const uint64_t pages = StatField(kResidentPages); pages > 0) {
    out->Single(kProcessResident, pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));
  }
  const uint64_t boot = BootTime();
  if (const uint64_t ticks = StatField(kStartTicks); boot > 0 && ticks > 0) {
    out->Single(kProcessStart, boot + ticks / static_cast<uint64_t>(sysconf(_SC_CLK_TCK)));
  }
  out->Single(kProcessFds, OpenDescriptors());
}

}  // namespace borderflow
