#include "collectors/report/policy_cells.h"

#include "dataplane/count/client_set.h"
#include "rules/jurisdiction/operators.h"

namespace borderflow {
namespace {

// Three standard errors of the HyperLogLog (client_set.h), in parts of ten thousand.
constexpr uint64_t kClientError = 975;
constexpr uint64_t kWhole = 10'000;

PolicyEnd ToPolicyEnd(const Endpoint& end) {
  PolicyEnd out;
  out.location = end.location;
  out.registered = end.registered;
  out.operator_home = OperatorHome(end.asn);
  out.asn = end.asn;
  return out;
}

// `part` parts of ten thousand of `count`, without overflow.
uint64_t Parts(uint64_t count, uint64_t part) {
  return count / kWhole * part + count % kWhole * part / kWhole;
}

}  // namespace

PolicyCell ToPolicyCell(const CellRow& row) {
  PolicyCell cell;
  cell.source = ToPolicyEnd(row.source);
  cell.destination = ToPolicyEnd(row.destination);
  cell.from_initiator = row.role == Role::kInitiator;
  cell.category = row.category;
  cell.evidence = row.evidence;
  cell.confidence = row.confidence;
  cell.protection = row.protection;
  cell.frames = row.counters.frames;
  cell.bytes = row.counters.bytes;
  cell.payload_bytes = row.counters.payload_bytes;
  cell.flows = row.counters.flows;
  const bool exact = row.clients <= ClientSet::kExact;
  cell.clients_low = exact ? row.clients : row.clients - Parts(row.clients, kClientError);
  cell.clients_high = exact ? row.clients : row.clients + Parts(row.clients, kClientError) + 1;
  return cell;
}

std::vector<PolicyCell> ToPolicyCells(absl::Span<const Cell> cells) {
  std::vector<PolicyCell> out;
  for (const CellRow& row : Rows(cells)) out.push_back(ToPolicyCell(row));
  return out;
}

}  // namespace borderflow
