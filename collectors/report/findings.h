// Findings: what would mislead a reader of this report, with the command that mends it.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_COLLECTORS_REPORT_FINDINGS_H_
#define BORDERFLOW_COLLECTORS_REPORT_FINDINGS_H_

#include <string>
#include <vector>

#include "collectors/report/report.h"

namespace borderflow {

struct Finding {
  std::string what;    // "12.3 % of bytes are at private addresses, and no home was declared"
  std::string remedy;  // "add --home CC, the jurisdiction of the site"; empty where there is none
};

// The most misleading first; empty when nothing is known to mislead.
std::vector<Finding> Misleading(const Report& report);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_FINDINGS_H_
