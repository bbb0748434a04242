// Any text as what --keep says: refused with a message, or tiers of which no coarser one ends
// before a finer one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "absl/status/status.h"
#include "collectors/store/retention.h"

namespace {

uint64_t OrForever(uint64_t seconds) {
  return seconds == 0 ? std::numeric_limits<uint64_t>::max() : seconds;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<borderflow::Retention> keep = borderflow::ParseRetention(text);
  if (!keep.ok()) {
    if (!absl::IsInvalidArgument(keep.status()) || keep.status().message().empty()) std::abort();
    return 0;
  }
  if (OrForever(keep->windows) > OrForever(keep->hours)) std::abort();
  if (OrForever(keep->hours) > OrForever(keep->days)) std::abort();
  return 0;
}
