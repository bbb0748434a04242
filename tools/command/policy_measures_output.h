// A statement of measures for people and for programs.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_MEASURES_OUTPUT_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_MEASURES_OUTPUT_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "rules/measures/statement.h"

namespace borderflow {

// What the statement is about.
struct MeasuredReport {
  std::string file;
  std::string command;  // that made the report
  std::string vantage;  // empty: not stated
  uint64_t first_time_ns = 0;
  uint64_t last_time_ns = 0;
  PolicySum sum;
};

// At most 100 columns, printable ASCII.
std::string MeasuresAsText(const MeasureStatement& statement, const MeasuredReport& report,
                           const std::optional<ThresholdLevels>& levels);

// Schema `borderflow.measures/1`: keys are added, never renamed.
//
//   { "schema", "indicative": true, "report": {file, command, vantage, first, last, frames ..},
//     "measures":  [{measure, subject, weight|null, unit, value, low, high}
//                   or with "not_measurable": reason in place of the numbers],
//     "vectors":   [{organisation, home, category, bytes, reach, access, dependence, opacity,
//     judged}], "levels":    {reach, access, dependence, provenance, sweep: [{factor, concerns}]}
//     or null, "packs":     [{pack, measures, rules: [{rule, verdict, cut, lost, services .. ,
//     measures,
//                   left_out, opposed, incidence}], conflicts}],
//     "shifts":    [{by, holder, before, after}],
//     "catalogue": [{id, asks, formula, source, unit}] }
//
// Each of the four answers of a vector is {value, low, high} or {not_measurable}.
nlohmann::ordered_json MeasuresAsJson(const MeasureStatement& statement,
                                      const MeasuredReport& report,
                                      const std::optional<ThresholdLevels>& levels);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_MEASURES_OUTPUT_H_
