// Codes of databases and of users over any bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/jurisdiction/jurisdiction.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto exact = borderflow::FromCode(text);
  if (exact && borderflow::Code(*exact) != text) std::abort();
  const borderflow::NormalizedCode normalized = borderflow::NormalizeCode(text);
  if (borderflow::IsSpecial(normalized.jurisdiction) !=
      (normalized.jurisdiction == borderflow::Jurisdiction::kUnknown)) {
    std::abort();
  }
  const std::string_view suggestion = borderflow::SuggestCode(text);
  if (!suggestion.empty() && !borderflow::FromCode(suggestion)) std::abort();
  return 0;
}
