// Names for files that are no capture of ours, so that a refusal can say what they are.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_FOREIGN_FORMAT_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_FOREIGN_FORMAT_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace borderflow {

struct ForeignFormat {
  absl::string_view name;    // "a Solaris snoop capture"
  absl::string_view remedy;  // "convert it with: editcap -F pcapng IN OUT"
};

// By the first bytes (up to kForeignPrefixBytes are looked at); "an unknown format" at worst.
inline constexpr size_t kForeignPrefixBytes = 16;
ForeignFormat ForeignFormatOf(absl::Span<const uint8_t> begin);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_FOREIGN_FORMAT_H_
