// Groups::Parse over any bytes: it answers or refuses with a message that names the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "rules/jurisdiction/groups.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<borderflow::Groups> groups = borderflow::Groups::Parse(text, "fuzz.yaml");
  if (!groups.ok()) {
    if (!absl::IsInvalidArgument(groups.status())) std::abort();
    if (!absl::StartsWith(groups.status().message(), "fuzz.yaml:")) std::abort();
    return 0;
  }
  for (const auto& [id, group] : groups->all()) {
    // A group always has members, and none of them is a special.
    if (group.members.none() || groups->Find(id) != &group) std::abort();
    for (size_t special = 0; special < borderflow::kSpecialJurisdictions; ++special) {
      if (group.members.test(special)) std::abort();
    }
  }
  return 0;
}
