// Cases: for every rule of a pack a cell that it decides and a near miss that it does not. The
// format is in SCHEMA.md.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_POLICY_CASES_H_
#define BORDERFLOW_RULES_POLICY_CASES_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"

namespace borderflow {

struct CaseCell {
  PolicyCell cell;
  EvaluateOptions options;  // vantage, facts and how long the data cover
};

struct RuleCase {
  std::string rule;
  CaseCell fires;
  CaseCell misses;
  std::string instead;  // what decides the near miss; empty: anything but the rule
  FilePlace place;
};

struct PackCases {
  std::string pack;
  std::map<std::string, std::string> parameters;
  std::vector<RuleCase> cases;
};

// The parameters alone, which the pack must be read with. Errors as of ReadCases.
absl::StatusOr<std::map<std::string, std::string>> CaseParameters(std::string_view yaml,
                                                                  std::string_view file);

// Errors: InvalidArgument with file:line:column for what SCHEMA.md does not allow, and for a rule
// or fact that `pack` does not have. `entities` are those that the pack was read with.
absl::StatusOr<PackCases> ReadCases(std::string_view yaml, std::string_view file, const Pack& pack,
                                    const Entities& entities = Entities::BuiltIn());

// What does not hold, each as "file:line:column: what"; and the rules that have no case.
std::vector<std::string> RunCases(const PackCases& cases, std::string_view file, const Pack& pack);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_CASES_H_
