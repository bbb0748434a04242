// A moment as --from, --to and their like have it.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_TIME_FLAG_H_
#define BORDERFLOW_TOOLS_COMMAND_TIME_FLAG_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace borderflow {

// Seconds since 1970 of "2026-06-25", "2026-06-25T04:33:59Z" or "2026-06-25 04:33", all UTC unless
// they say otherwise; a number is such seconds already.
// Errors: InvalidArgument naming the flag and what was found.
absl::StatusOr<uint64_t> ParseTimeFlag(const std::string& flag, const std::string& text);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_TIME_FLAG_H_
