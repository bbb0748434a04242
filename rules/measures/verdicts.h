// Measures of policies over traffic: how broad, how far apart, how mutual, how much is origin
// alone.
//
// Each takes verdicts as a function of the cell, so that any evaluator, and any option of it, can
// be measured. A verdict is indicative; so is everything here.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_VERDICTS_H_
#define BORDERFLOW_RULES_MEASURES_VERDICTS_H_

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/measures/sides.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

using VerdictFunction = absl::FunctionRef<Verdict(const PolicyCell&)>;

// True for verdicts that ask for something before data may go: conditional, file_required, review,
// presumptively_prohibited, breach_if_confirmed.
bool Restricts(Verdict verdict);

// Breadth: w(restricted) / w. Undetermined verdicts widen the bounds.
Measured Breadth(absl::Span<const PolicyCell> cells, VerdictFunction verdict, Weight weight);

// Pack disagreement: w(verdicts of A and B differ) / w; where exactly one is undetermined the
// packs may yet agree, which widens the bounds, and so does it where both are.
// Source: the construction of the OECD Digital Services Trade Restrictiveness Index' heterogeneity
// measure: the weighted share of measures with different answers.
Measured PackDisagreement(absl::Span<const PolicyCell> cells, VerdictFunction a, VerdictFunction b,
                          Weight weight);

// Origin contribution: 1 - w(restricted when origin is ablated) / w(restricted). 1 when the pack
// restricts by country alone; not measurable when it restricts nothing.
Measured OriginContribution(absl::Span<const PolicyCell> cells, VerdictFunction full,
                            VerdictFunction ablated, Weight weight);

// Policy reciprocity: w(verdict(cell) = verdict(mirrored cell)) / w over cells between two
// jurisdictions, where the mirrored cell has its ends exchanged: the same data, sent the other way.
Measured PolicyReciprocity(absl::Span<const PolicyCell> cells, VerdictFunction verdict,
                           Weight weight);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_VERDICTS_H_
