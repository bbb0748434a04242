// SweepRequest: which threshold a sweep asks, and at which values.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_SWEEP_REQUEST_H_
#define BORDERFLOW_TOOLS_COMMAND_SWEEP_REQUEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace borderflow {

// "RULE=FROM:TO:COUNT", or with ":log" behind it: COUNT values from FROM to TO, both included, in
// even steps or in even ratios.
struct SweepRequest {
  std::string rule;
  std::vector<uint64_t> values;  // ascending, each once
};

inline constexpr int kMostSweepValues = 1000;

// Errors: InvalidArgument with what was found and what was expected.
absl::StatusOr<SweepRequest> ParseSweep(const std::string& text);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_SWEEP_REQUEST_H_
