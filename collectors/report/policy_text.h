// Policy results in words, for the summary and for `policy evaluate`.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_REPORT_POLICY_TEXT_H_
#define BORDERFLOW_COLLECTORS_REPORT_POLICY_TEXT_H_

#include <string>

#include "rules/policy/evaluate.h"

namespace borderflow {

// How much of a result: a summary leaves out further citations and the other ways to compute tiers.
enum class PolicyDetail { kSummary, kFull };

// One pack: verdicts with their bounds, reasons, thresholds, tiers and treatments. Says that it is
// indicative; a verdict whose needs are not confirmed says which.
std::string PolicyText(const PolicyResult& policy, PolicyDetail detail);

// One line a verdict that occurs: "permitted 56.1 %, review 3.2 %".
std::string VerdictLine(const VerdictSums& verdicts);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_POLICY_TEXT_H_
