// --report: the one-file report of a run.
//
// Thread safety: pure functions, but for writing the file.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_REPORT_FILE_H_
#define BORDERFLOW_TOOLS_ACCOUNT_REPORT_FILE_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "collectors/dashboard/timeline.h"
#include "collectors/privacy/publisher.h"
#include "collectors/report/report.h"
#include "rules/policy/pack.h"
#include "tools/account/options.h"

namespace borderflow {

// --report.
void AddReportFlag(CLI::App* command, AccountFlags* flags);

// Why a run has no windows to draw.
Timeline WithoutWindows();

// Writes the report to flags.report, or nothing when that is empty. `kind`: "replay", "store" or
// "live" (view.h). `running`: the sensor goes on, so that frames may wait in flows that are not
// decided yet; at its end none does, and what is missing then is missing. Errors: those of
// WriteOutput.
absl::Status WriteReportFile(const AccountFlags& flags, const Report& report,
                             absl::Span<const Pack> packs, const Timeline& timeline,
                             const std::string& kind, bool running = false);

// As above, of what a sensor has released: suppressed as what it serves.
absl::Status WriteReleasedReport(const AccountFlags& flags, const Publication& publication);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_REPORT_FILE_H_
