// Any bytes as an MMDB: refused, or compiled to steps that cover both families in order.
#include <cstdint>
#include <cstdlib>

#include "dataplane/geo/database.h"

namespace {

using borderflow::GeoLayer;
using borderflow::LayerCursor;

constexpr int kMostSteps = 100'000;  // an alias of a large tree may be walked many times over

void CheckAscending(const GeoLayer& layer, LayerCursor::Family family) {
  borderflow::IpAddress at{};
  int steps = 0;
  for (LayerCursor cursor(layer, family); !cursor.last() && steps < kMostSteps; ++steps) {
    if (cursor.next() <= at) std::abort();
    at = cursor.next();
    cursor.Advance();
    if (cursor.location().source > borderflow::GeoSource::kNone) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  borderflow::HugeVector<uint8_t> bytes(data, data + size);
  const auto file = borderflow::MmdbFile::Parse(std::move(bytes), "fuzz.mmdb");
  if (!file.ok()) return 0;
  for (const char* path : {"", "geo.cc"}) {
    const auto database = borderflow::CompileDatabase(*file, path);
    if (!database.ok()) continue;
    CheckAscending(database->layer, LayerCursor::Family::kV4);
    CheckAscending(database->layer, LayerCursor::Family::kV6);
  }
  return 0;
}
