// Any text as a moment: refused with the flag's name, or seconds that mean the same when they are
// written as a number.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "tools/command/time_flag.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<uint64_t> seconds = borderflow::ParseTimeFlag("--from", text);
  if (!seconds.ok()) {
    if (!absl::IsInvalidArgument(seconds.status())) std::abort();
    if (!absl::StartsWith(seconds.status().message(), "--from: ")) std::abort();
    return 0;
  }
  const auto again = borderflow::ParseTimeFlag("--from", std::to_string(*seconds));
  if (!again.ok() || *again != *seconds) std::abort();
  return 0;
}
