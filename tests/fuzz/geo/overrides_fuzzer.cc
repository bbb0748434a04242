// Any bytes as an overrides file: refused with its name, or prefixes that flatten to steps in
// order.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "dataplane/geo/overrides.h"

namespace {

using borderflow::GeoLayer;
using borderflow::LayerCursor;

void CheckAscending(const GeoLayer& layer, LayerCursor::Family family) {
  borderflow::IpAddress at{};
  for (LayerCursor cursor(layer, family); !cursor.last(); cursor.Advance()) {
    if (cursor.next() <= at) std::abort();
    at = cursor.next();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto overrides = borderflow::ParseOverrides(text, "fuzz.csv");
  if (!overrides.ok()) {
    if (overrides.status().message().find("fuzz.csv:") != 0) std::abort();
    return 0;
  }
  std::vector<borderflow::LocatedPrefix> prefixes;
  for (const borderflow::Override& line : overrides->lines) prefixes.push_back(line.located);
  const GeoLayer layer = borderflow::FlattenPrefixes(prefixes);
  CheckAscending(layer, LayerCursor::Family::kV4);
  CheckAscending(layer, LayerCursor::Family::kV6);
  return 0;
}
