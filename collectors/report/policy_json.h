// Policy results as JSON, for the report and for `policy evaluate` and `policy compare`.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_REPORT_POLICY_JSON_H_
#define BORDERFLOW_COLLECTORS_REPORT_POLICY_JSON_H_

#include <nlohmann/json.hpp>

#include "collectors/report/geo_choice.h"
#include "rules/policy/compare.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

nlohmann::ordered_json ToJson(const PolicyResult& policy);
nlohmann::ordered_json ToJson(const PolicyComparison& comparison);
nlohmann::ordered_json ToJson(const GeoChoice& choice);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_POLICY_JSON_H_
