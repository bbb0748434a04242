// Databases: what the address databases of the configuration are, and how old.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_DOCTOR_DATABASES_H_
#define BORDERFLOW_TOOLS_DOCTOR_DATABASES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "dataplane/geo/geography.h"
#include "tools/doctor/check_result.h"

namespace borderflow {

// A year: of two editions of one lineage almost four years apart, 5 % of addresses differ.
inline constexpr int64_t kOldDatabaseDays = 365;

// One "database" each; `now` in seconds since 1970. `default_path` is where `borderflow geo build`
// writes when nobody says.
std::vector<CheckResult> CheckDatabases(absl::Span<const GeoFile> files, int64_t now,
                                        const std::string& default_path);

// Of databases that cannot be loaded; `missing` is the path at which there is none, if that is why.
CheckResult DatabaseUnusable(const absl::Status& status, const std::string& missing,
                             const std::string& default_path);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_DATABASES_H_
