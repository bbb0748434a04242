// Summary: a report for the terminal, ending in findings rather than counters.
#ifndef BORDERFLOW_COLLECTORS_REPORT_SUMMARY_H_
#define BORDERFLOW_COLLECTORS_REPORT_SUMMARY_H_

#include <string>

#include "collectors/report/report.h"

namespace borderflow {

// Plain text, at most 100 columns, no control characters whatever the capture holds.
std::string ToSummary(const Report& report);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_SUMMARY_H_
