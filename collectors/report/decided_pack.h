// A pack as it decides cells, for the measures that are asked of packs.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_COLLECTORS_REPORT_DECIDED_PACK_H_
#define BORDERFLOW_COLLECTORS_REPORT_DECIDED_PACK_H_

#include "absl/types/span.h"
#include "rules/measures/statement.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"

namespace borderflow {

// `options` as CheckOptions accepts them. A pack whose parameter was not given decides nothing, and
// says so.
DecidedPack DecidePack(const Pack& pack, absl::Span<const PolicyCell> cells,
                       const EvaluateOptions& options);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_DECIDED_PACK_H_
