// Any text as a window's width: refused with a width that is right, or a divisor of an hour.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "collectors/window/width.h"

namespace {

bool DividesAnHour(uint64_t seconds) { return seconds > 0 && 3600 % seconds == 0; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<uint64_t> width = borderflow::ParseWindowWidth(text);
  if (width.ok()) {
    if (!DividesAnHour(*width)) std::abort();
    return 0;
  }
  if (!absl::IsInvalidArgument(width.status())) std::abort();
  // The last word of a message that proposes a width is one.
  const std::string message(width.status().message());
  const size_t proposal = message.rfind("; use ");
  if (proposal == std::string::npos) return 0;
  const size_t space = message.rfind(' ');
  const absl::StatusOr<uint64_t> proposed =
      borderflow::ParseWindowWidth(std::string_view(message).substr(space + 1));
  if (!proposed.ok()) std::abort();
  return 0;
}
