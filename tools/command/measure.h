// Measure: what a piece of work costs, in a process of its own so that memory and time are its own.
#ifndef BORDERFLOW_TOOLS_COMMAND_MEASURE_H_
#define BORDERFLOW_TOOLS_COMMAND_MEASURE_H_

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"

namespace borderflow {

struct Cost {
  double cpu_seconds = 0;  // user and system, of all threads
  double elapsed_seconds = 0;
  uint64_t peak_bytes = 0;  // resident
  uint64_t result = 0;      // what the work returned, such as frames counted
};

// Runs `work` in a child process and waits. `start` of the clock is the child's first instruction.
// Errors: Internal when the child cannot be made or does not end well.
absl::StatusOr<Cost> Measure(const std::function<uint64_t()>& work);

// The run with the least CPU time of `runs`: on a shared machine, noise only ever adds.
absl::StatusOr<Cost> MeasureBest(int runs, const std::function<uint64_t()>& work);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_MEASURE_H_
