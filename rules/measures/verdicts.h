// Measures of policies over traffic: how broad, how far apart, how mutual, how much is origin
// alone.
//
// Each takes the verdict of every cell, in the cells' order, as an evaluator gave them under
// whatever options. A verdict is indicative; so is everything here. REQUIRES everywhere: as many
// verdicts as cells.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_VERDICTS_H_
#define BORDERFLOW_RULES_MEASURES_VERDICTS_H_

#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/measures/sides.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

using CellVerdicts = absl::Span<const Verdict>;

// Whether a verdict asks for something before data may go (conditional and stricter).
Reply IsRestricted(Verdict verdict);

// Breadth: w(restricted) / w. Undetermined verdicts widen the bounds.
Measured Breadth(absl::Span<const PolicyCell> cells, CellVerdicts verdicts, Weight weight);

// Pack disagreement: w(verdicts of A and B differ) / w. Where either is undetermined they may yet
// agree, which widens the bounds.
// Source: the construction of the OECD Digital Services Trade Restrictiveness Index' heterogeneity
// measure: the weighted share of measures with different answers.
Measured PackDisagreement(absl::Span<const PolicyCell> cells, CellVerdicts a, CellVerdicts b,
                          Weight weight);

// Origin contribution: w(restricted, but not when origin is ablated) / w(restricted). 1 when the
// pack restricts by country alone; not measurable when it restricts nothing. What only the ablated
// pack restricts does not count, since a rule without its places is broader.
Measured OriginContribution(absl::Span<const PolicyCell> cells, CellVerdicts full,
                            CellVerdicts ablated, Weight weight);

// Policy reciprocity: w(verdict(cell) = verdict(mirrored cell)) / w over cells between two
// jurisdictions, where the mirrored cell has its ends exchanged: the same data, sent the other way.
Measured PolicyReciprocity(absl::Span<const PolicyCell> cells, CellVerdicts verdicts,
                           CellVerdicts mirrored, Weight weight);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_VERDICTS_H_
