// Any bytes as the file of admitted series: refused, or read and written again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tools/live/series_memory.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto admission = borderflow::ParseAdmission(text);
  if (!admission.ok()) return 0;
  const auto again = borderflow::ParseAdmission(borderflow::ToText(*admission));
  if (!again.ok() || !(*again == *admission)) std::abort();
  return 0;
}
