// Any text as the URL of a ClickHouse server: refused with a message, or usable as it is.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "collectors/store/clickhouse/client.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read =
      borderflow::ParseClickHouseUrl(std::string(reinterpret_cast<const char*>(data), size));
  if (!read.ok()) {
    if (read.status().message().empty()) std::abort();
    return 0;
  }
  if (read->base.rfind("http", 0) != 0 || read->base.back() != '/') std::abort();
  // Goes into a statement.
  for (const char c : read->database) {
    if (c == ';' || c == ' ' || c == '\'' || c == '`') std::abort();
  }
  if (read->database.empty()) std::abort();
  return 0;
}
