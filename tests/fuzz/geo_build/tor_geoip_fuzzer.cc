// Tor's text files from any bytes: what is accepted is sorted, disjoint and of one family a range.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dataplane/geo/tor_geoip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = borderflow::ParseTorGeoip(text, "geoip");
  if (!file.ok()) return 0;
  const borderflow::CountryRange* before = nullptr;
  for (const borderflow::CountryRange& range : file->ranges) {
    if (range.last < range.first) std::abort();
    if (range.first.IsV4Mapped() != range.last.IsV4Mapped()) std::abort();
    if (before != nullptr && range.first <= before->last) std::abort();
    before = &range;
  }
  return 0;
}
