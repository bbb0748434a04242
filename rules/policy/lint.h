// Lint: what is wrong with a pack that can be read, and what its author should know.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_RULES_POLICY_LINT_H_
#define BORDERFLOW_RULES_POLICY_LINT_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/policy/pack.h"

namespace borderflow {

struct PackRemark {
  bool error = false;  // the pack must not be used; otherwise a warning
  FilePlace place;     // 0 when it is about the whole pack
  std::string what;    // with the remedy
};

// Errors: rules that stand above one another in a circle, that disagree where both may hold and
// neither stands above the other, that can never decide. Warnings: a pack that is stale on the day
// `today` ("2026-11-22"; empty: not judged), facts that are not verified, rules that ask for places
// only, thresholds that can never be measured, sources, classes and facts that nothing uses.
// Errors come first, each kind in the order of the rules. A template is judged once its parameters
// are given.
std::vector<PackRemark> Lint(const Pack& pack, std::string_view today);

// "file:line:column: what".
std::string Text(const Pack& pack, const PackRemark& remark);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_LINT_H_
