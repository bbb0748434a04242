// Statement: what a report says beside its counts (versions, digests, parameters, geography), as
// JSON and back. Windows of one run share one, which a store keeps once.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_STORE_STATEMENT_H_
#define BORDERFLOW_COLLECTORS_STORE_STATEMENT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "collectors/report/report.h"

namespace borderflow {

// Everything of `report` but snapshot, sums, policies, damage and the live part. The same for the
// same content.
std::string ToStatementJson(const Report& report);

// A report without counts. Zones are those that this build's groups make of the names.
// Errors: DataLoss for what is no such object.
absl::StatusOr<Report> FromStatementJson(std::string_view json);

// What must be alike for counts to be added up: address databases, overrides, rules and groups,
// vantage, and how frames were counted; "" when alike, else in words what differs.
std::string Unlike(const Report& one, const Report& other);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_STATEMENT_H_
