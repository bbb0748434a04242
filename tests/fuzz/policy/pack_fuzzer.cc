// Any text as a pack: refused with a message or read, never a crash or a hang.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/policy/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<borderflow::Pack> pack =
      borderflow::ParsePack(text, "fuzz.yaml", borderflow::Groups::BuiltIn());
  if (!pack.ok() && pack.status().message().empty()) std::abort();
  return 0;
}
