// Counts and statements as a store keeps them: what can be read is written back to the same effect.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/store/counts_json.h"
#include "collectors/store/statement.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace borderflow;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto counts = FromCountsJson(text); counts.ok()) {
    const std::string written = ToCountsJson(*counts);
    const auto again = FromCountsJson(written);
    if (!again.ok() || ToCountsJson(*again) != written) std::abort();
  }
  if (const auto statement = FromStatementJson(text); statement.ok()) {
    const std::string written = ToStatementJson(*statement);
    const auto again = FromStatementJson(written);
    if (!again.ok() || ToStatementJson(*again) != written) std::abort();
    if (!Unlike(*statement, *again).empty()) std::abort();
  }
  return 0;
}
