// Policies as the picture model shows them: the report's, with what each pack says of itself, what
// would change if it were read another way, and what it would spare and cost.
//
// Evaluation is a pure function of cells, so readings that nobody asked for on the command line are
// evaluated here, for any number of packs as long as packs times cells stays affordable; what is
// left out says why.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_POLICY_VIEW_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_POLICY_VIEW_H_

#include <optional>

#include "absl/types/span.h"
#include "collectors/dashboard/view_json.h"
#include "rules/measures/statement.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Packs times cells: other readings judge every cell about ten times, a few seconds at the most.
inline constexpr size_t kMostVaried = 6'000'000;
// Measures of cost look at every cell several times a rule.
inline constexpr size_t kMostMeasured = 1'200'000;
inline constexpr size_t kMostMeasuredCells = 200'000;
// Pairs of packs: 12 packs have 66.
inline constexpr size_t kMostComparisons = 66;

// A pack in words: "about" and "facts" of a policy, and for each of its rules "says", "note",
// "threshold" and "needs". `json`: as ToJson(PolicyResult) writes it.
void DescribePack(const Pack& pack, ViewJson* json);

// `results`: "policies" of a report. A policy whose pack is not among `packs` (by id and digest)
// stays as it is. `measures`: of those packs that are, in their order; nullopt: not computed.
ViewJson PoliciesOf(const ViewJson& results, absl::Span<const Pack> packs,
                    absl::Span<const PolicyCell> cells, const EvaluateOptions& options,
                    const std::optional<MeasureStatement>& measures);

// Every pair of packs, as far as kMostComparisons goes; the more there are, the shorter are their
// lists of differences ("by_pair_of" and "by_rule_of" say how long they would be).
ViewJson ComparisonsOf(absl::Span<const Pack> packs, absl::Span<const PolicyCell> cells,
                       const EvaluateOptions& options);

// The part "with_geo" of a report, with the largest rows of its lists; null where there is none.
ViewJson GeoChoiceOf(ViewJson with_geo);

// What the packs measure, those that kMostMeasured has room for; nullopt for too many cells.
std::optional<MeasureStatement> MeasuresOf(absl::Span<const Pack> packs,
                                           absl::Span<const PolicyCell> cells,
                                           const EvaluateOptions& options);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_POLICY_VIEW_H_
