// What --window says.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_COLLECTORS_WINDOW_WIDTH_H_
#define BORDERFLOW_COLLECTORS_WINDOW_WIDTH_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace borderflow {

// Seconds of "60s", "5m", "1h" or "60". Hours are made of whole windows, so that a width divides an
// hour.
// Errors: InvalidArgument with what was found and the nearest widths that are right.
absl::StatusOr<uint64_t> ParseWindowWidth(std::string_view text);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_WINDOW_WIDTH_H_
