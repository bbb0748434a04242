// Entities::Parse over any bytes, and names and addresses asked of what it made.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "rules/entity/entities.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<borderflow::AddressPrefix> prefix = borderflow::ParseAddressPrefix(text);
  if (prefix.ok() &&
      borderflow::ParseAddressPrefix(borderflow::PrefixToText(*prefix))->first != prefix->first) {
    std::abort();
  }
  const borderflow::EntitiesFile file{text, "fuzz.yaml"};
  const absl::StatusOr<borderflow::Entities> entities = borderflow::Entities::Parse({&file, 1});
  if (!entities.ok()) {
    if (!absl::IsInvalidArgument(entities.status())) std::abort();
    if (!absl::StartsWith(entities.status().message(), "fuzz.yaml:")) std::abort();
    return 0;
  }
  const borderflow::EntityId id = entities->ByName(text);
  if (id != borderflow::kNoEntity && entities->Find(id) == nullptr) std::abort();
  for (const auto& [name, list] : entities->lists()) {
    for (const borderflow::ListedOrganisation& member : list.members) {
      if (entities->Find(member.id) == nullptr) std::abort();
    }
  }
  return 0;
}
