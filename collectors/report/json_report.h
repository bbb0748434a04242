// JSON report, schema `borderflow.report/1`: keys are added, never renamed.
//
// Deterministic: the same counts give the same bytes. Numbers of frames and bytes are exact.
#ifndef BORDERFLOW_COLLECTORS_REPORT_JSON_REPORT_H_
#define BORDERFLOW_COLLECTORS_REPORT_JSON_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "collectors/report/report.h"

namespace borderflow {

// The report as indented JSON with a final newline. Names hold what was on the wire: bytes that are
// not UTF-8 are written as U+FFFD.
std::string ToJson(const Report& report);

// The same without what there may be many of: pairs, cells and names.
nlohmann::ordered_json ToStatement(const Report& report);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_JSON_REPORT_H_
