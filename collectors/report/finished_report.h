// FinishedReport: a JSON report read back as a Report: what it states, what it counted, and its
// cells. Who its clients were is not in a report, only how many: what is made of it cannot be
// suppressed, and clients of several reports are an interval. Policies and the live part are left
// out.
//
// Thread safety: a pure function but for reading the file.
#ifndef BORDERFLOW_COLLECTORS_REPORT_FINISHED_REPORT_H_
#define BORDERFLOW_COLLECTORS_REPORT_FINISHED_REPORT_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "collectors/report/report.h"

namespace borderflow {

// Zones that are no built-in group are left out, with what they made of crossings.
// Errors: those of ReadReportFile (read_report.h), and InvalidArgument for other members of a wrong
// kind.
//
// `dropped`, unless it is nullptr, receives what a live run lost, by reason.
absl::StatusOr<Report> ReadFinishedReport(const std::string& path,
                                          std::map<std::string, uint64_t>* dropped = nullptr);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_FINISHED_REPORT_H_
