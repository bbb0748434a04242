// FinishedReport: a JSON report read back as a Report, as far as metrics ask for it: cells, decode
// totals, flows, databases, version. Who its clients were is not in a report, so what is made of it
// cannot be suppressed.
//
// Thread safety: a pure function but for reading the file.
#ifndef BORDERFLOW_COLLECTORS_REPORT_FINISHED_REPORT_H_
#define BORDERFLOW_COLLECTORS_REPORT_FINISHED_REPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "collectors/report/report.h"

namespace borderflow {

// Zones that are no built-in group are left out, with what they made of crossings.
// Errors: those of ReadReportFile (read_report.h), and InvalidArgument for other members of a wrong
// kind.
absl::StatusOr<Report> ReadFinishedReport(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_FINISHED_REPORT_H_
