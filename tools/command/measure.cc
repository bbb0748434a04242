#include "tools/command/measure.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace borderflow {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

absl::StatusOr<Cost> Measure(const std::function<uint64_t()>& work) {
  int pipes[2];
  if (pipe(pipes) != 0) return absl::InternalError("bench: no pipe to be had");
  std::fflush(nullptr);
  const absl::Time start = absl::Now();
  const pid_t child = fork();
  if (child < 0) return absl::InternalError("bench: no process to be had");
  if (child == 0) {
    const uint64_t result = work();
    const bool sent = write(pipes[1], &result, sizeof(result)) == sizeof(result);
    _exit(sent ? 0 : 1);
  }
  close(pipes[1]);
  Cost cost;
  const bool received = read(pipes[0], &cost.result, sizeof(cost.result)) == sizeof(cost.result);
  close(pipes[0]);
  int status = 0;
  rusage usage = {};
  if (wait4(child, &status, 0, &usage) != child || status != 0 || !received) {
    return absl::InternalError("bench: the measured process did not end well");
  }
  cost.elapsed_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  cost.cpu_seconds = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
  constexpr uint64_t kKibibyte = 1024;  // ru_maxrss counts those on Linux
  cost.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * kKibibyte;
  return cost;
}

absl::StatusOr<Cost> MeasureBest(int runs, const std::function<uint64_t()>& work) {
  absl::StatusOr<Cost> best = Measure(work);
  for (int run = 1; run < runs && best.ok(); ++run) {
    const absl::StatusOr<Cost> cost = Measure(work);
    if (!cost.ok()) return cost;
    if (cost->cpu_seconds < best->cpu_seconds) best = cost;
  }
  return best;
}

}  // namespace borderflow
