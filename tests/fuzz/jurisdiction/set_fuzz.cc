// Set expressions over any bytes: a set of places, or a refusal that names where.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "rules/jurisdiction/groups.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<borderflow::JurisdictionSet> set =
      borderflow::ParseSet(text, borderflow::Groups::BuiltIn(), {"fuzz.yaml", 1, 1});
  if (!set.ok()) {
    if (!absl::IsInvalidArgument(set.status())) std::abort();
    if (!absl::StartsWith(set.status().message(), "fuzz.yaml:1:")) std::abort();
    return 0;
  }
  if (set->none() || (*set & ~borderflow::AnyJurisdiction()).any()) std::abort();
  return 0;
}
