// Account: from what was counted to a report, and to where the user wants it.
//
// Thread safety: pure functions, but for writing files.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_ACCOUNT_H_
#define BORDERFLOW_TOOLS_ACCOUNT_ACCOUNT_H_

#include <string>

#include "absl/status/status.h"
#include "collectors/report/report.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/geo/geography.h"
#include "tools/account/options.h"

namespace borderflow {

GeoStatement ToStatement(const GeoFile& file);

// Everything of a report that does not depend on where the frames came from. `command` is the line
// that gives the same report again.
Report MakeReport(const AccountPlan& plan, const Geography& geography, std::string command,
                  Snapshot snapshot);

// The report with these counts, which were located by `geography`, instead of its own. With other
// databases it also says what the choice moves.
Report WithCounts(const AccountPlan& plan, const Geography& geography, Report report,
                  Snapshot snapshot);

// Whether every output that the flags name could be written.
absl::Status CheckOutputs(const AccountFlags& flags);

// The files that the flags ask for, and the summary on standard output unless it is taken or
// --quiet. Goes on after an error, and returns the first.
absl::Status WriteOutputs(const AccountFlags& flags, const Report& report);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_ACCOUNT_H_
