// libloc's binary database from any bytes: what is accepted is sorted and disjoint, and builds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dataplane/geo/build_database.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto database = borderflow::ParseLibloc(bytes, "location.db");
  if (!database.ok()) return 0;
  const borderflow::NetworkRange* before = nullptr;
  for (const borderflow::NetworkRange& range : database->ranges) {
    if (range.last < range.first) std::abort();
    if (before != nullptr && range.first <= before->last) std::abort();
    before = &range;
  }
  borderflow::DatabaseSources sources;
  sources.libloc = *std::move(database);
  if (!borderflow::BuildDatabase(sources).ok()) std::abort();
  return 0;
}
