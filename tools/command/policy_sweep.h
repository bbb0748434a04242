// A sweep: the verdicts under one threshold at several values. A threshold is somebody's choice,
// and this shows how much hangs on it.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_SWEEP_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_SWEEP_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/command/policy_flags.h"
#include "tools/command/sweep_request.h"

namespace borderflow {

struct SweepPoint {
  uint64_t least = 0;  // met from here on
  bool written = false;
  VerdictSums verdicts{};
  RuleResult rule;
};

struct PolicySweep {
  std::string pack;
  std::string rule;
  Threshold threshold;  // as written
  std::string provenance;
  bool whole_period = false;  // as if its period were what the data cover
  ThresholdResult measured;
  std::vector<SweepPoint> points;  // the value as written is among them
};

// `whole_period`: see PolicySweep.
// Errors: InvalidArgument when the pack has no rule of that name with a threshold, naming those
// that it has.
absl::StatusOr<PolicySweep> Sweep(const PreparedPack& prepared, absl::Span<const PolicyCell> cells,
                                  const SweepRequest& request, bool whole_period);

std::string SweepText(const PolicySweep& sweep);
nlohmann::ordered_json SweepJson(const PolicySweep& sweep);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_SWEEP_H_
