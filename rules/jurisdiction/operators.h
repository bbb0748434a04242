// Operators: the home jurisdiction of the organisation behind an autonomous system.
//
// A curated table (operators.csv, one line an AS, each with its source), compiled into the program.
// An AS that is not in the table has no answer, which callers show as unknown.
//
// Thread safety: pure functions over constant tables.
#ifndef BORDERFLOW_RULES_JURISDICTION_OPERATORS_H_
#define BORDERFLOW_RULES_JURISDICTION_OPERATORS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

struct Operator {
  uint32_t asn = 0;
  Jurisdiction home = Jurisdiction::kUnknown;
  std::string_view organisation;  // "Deutsche Telekom"
};

// The operator of `asn`, or nullptr when the table does not know it. O(log n).
const Operator* FindOperator(uint32_t asn);

// The operator's home; kUnknown for AS 0 and for an AS that the table does not know.
Jurisdiction OperatorHome(uint32_t asn);

// How many ASes the table holds, and the date at which it was last checked ("2026-11-22").
size_t OperatorCount();
std::string_view OperatorsAsOf();

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_OPERATORS_H_
