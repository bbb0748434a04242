#include "tools/live/cores.h"

#include <pthread.h>
#include <sched.h>

namespace borderflow {

std::vector<int> AllowedCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (pthread_getaffinity_np(pthread_self(), sizeof(set), &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<size_t>(core), &set)) cores.push_back(core);
  }
  return cores;
}

bool RunOn(const std::vector<int>& cores) {
  if (cores.empty()) return true;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(static_cast<size_t>(core), &set);
  return pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0;
}

std::vector<int> CoresOfWorkers(const std::vector<int>& allowed, const std::vector<int>& wanted,
                                size_t workers) {
  std::vector<int> cores;
  const std::vector<int>& from = wanted.empty() ? allowed : wanted;
  const size_t first = wanted.empty() ? 1 : 0;
  for (size_t w = 0; w < workers && !from.empty(); ++w) {
    cores.push_back(from[(first + w) % from.size()]);
  }
  return cores;
}

}  // namespace borderflow
