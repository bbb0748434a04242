// Any bytes as a report: refused with a message, or read with every jurisdiction, category and
// share within its bounds.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "collectors/report/read_report.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::istringstream input(std::string(reinterpret_cast<const char*>(data), size));
  const absl::StatusOr<borderflow::StoredReport> report =
      borderflow::ReadReport(input, "fuzz.json");
  if (!report.ok()) {
    if (report.status().message().empty()) std::abort();
    return 0;
  }
  for (const borderflow::PolicyCell& cell : report->cells) {
    const bool sound = static_cast<int>(cell.source.location) < borderflow::kJurisdictions &&
                       static_cast<int>(cell.category) < borderflow::kCategories &&
                       cell.confidence <= 100 && cell.clients_low <= cell.clients_high;
    if (!sound) std::abort();
  }
  return 0;
}
