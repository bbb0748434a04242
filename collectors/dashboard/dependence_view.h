// Dependence as the picture model shows it: whose servers answer, how concentrated they are, who
// runs government systems, and how mutual pairs are.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_DEPENDENCE_VIEW_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_DEPENDENCE_VIEW_H_

#include <optional>

#include "absl/types/span.h"
#include "collectors/dashboard/view_json.h"
#include "rules/measures/statement.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// "dependence" of the view. Organisations are those behind the AS numbers of responders.
// `measures`: of the same cells; nullopt: not computed.
ViewJson DependenceOf(absl::Span<const PolicyCell> cells, std::optional<Jurisdiction> home,
                      const std::optional<MeasureStatement>& measures);

// {"value", "low", "high"} or {"not_measurable": reason}.
ViewJson ViewMeasured(const Measured& answer);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_DEPENDENCE_VIEW_H_
