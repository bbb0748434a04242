// Any text as a sweep: refused with what was expected, or values that rise from the first to the
// last, no more of them than were asked for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/command/sweep_request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<borderflow::SweepRequest> sweep =
      borderflow::ParseSweep(std::string(reinterpret_cast<const char*>(data), size));
  if (!sweep.ok()) {
    if (!absl::IsInvalidArgument(sweep.status())) std::abort();
    return 0;
  }
  const std::vector<uint64_t>& values = sweep->values;
  if (sweep->rule.empty() || values.size() < 2 || values.front() < 1) std::abort();
  if (values.size() > static_cast<size_t>(borderflow::kMostSweepValues)) std::abort();
  if (std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) != values.end()) {
    std::abort();
  }
  return 0;
}
