#include "collectors/report/policy_cells.h"

#include <algorithm>

#include "collectors/export/times.h"
#include "dataplane/count/client_set.h"
#include "rules/jurisdiction/operators.h"

namespace borderflow {
namespace {

// Three standard errors of the HyperLogLog (client_set.h), in parts of ten thousand.
constexpr uint64_t kClientError = 975;
constexpr uint64_t kWhole = 10'000;

PolicyEnd ToPolicyEnd(const Endpoint& end, const Entities& entities) {
  PolicyEnd out;
  out.location = end.location;
  out.registered = end.registered;
  out.operator_home = OperatorHome(end.asn);
  out.asn = end.asn;
  out.entity = end.asn == 0 ? kUnknownEntity : entities.ByAs(end.asn);
  return out;
}

// `part` parts of ten thousand of `count`, without overflow.
uint64_t Parts(uint64_t count, uint64_t part) {
  return count / kWhole * part + count % kWhole * part / kWhole;
}

}  // namespace

ThresholdBounds BoundsOfClients(uint64_t estimate) {
  if (estimate <= ClientSet::kExact) return {estimate, estimate};
  const uint64_t error = Parts(estimate, kClientError);
  return {estimate - error, estimate + error + 1};
}

PolicyCellKey KeyOf(const PolicyCell& cell) {
  const auto end = [](const PolicyEnd& e) {
    return PolicyEndKey{e.asn, e.location, e.registered, e.operator_home, e.entity};
  };
  return {end(cell.source), end(cell.destination), cell.from_initiator, cell.category,
          cell.evidence,    cell.confidence,       cell.protection};
}

PolicyCell ToPolicyCell(const CellRow& row, const Entities& entities) {
  PolicyCell cell;
  cell.source = ToPolicyEnd(row.source, entities);
  cell.destination = ToPolicyEnd(row.destination, entities);
  cell.from_initiator = row.role == Role::kInitiator;
  cell.category = row.category;
  cell.evidence = row.evidence;
  cell.confidence = row.confidence;
  cell.protection = row.protection;
  cell.frames = row.counters.frames;
  cell.bytes = row.counters.bytes;
  cell.payload_bytes = row.counters.payload_bytes;
  cell.flows = row.counters.flows;
  // What a name told of the flow is about the side that answered.
  if (row.entity != 0) (cell.from_initiator ? cell.destination : cell.source).entity = row.entity;
  cell.clients_low = BoundsOfClients(row.clients).low;
  cell.clients_high = BoundsOfClients(std::max(row.clients, row.clients_at_most)).high;
  return cell;
}

PolicyCellKey KeyOf(const Cell& cell, const Entities& entities) {
  const Classification& c = cell.key.classification;
  return KeyOf(ToPolicyCell({cell.key.source,
                             cell.key.destination,
                             cell.key.role,
                             c.category,
                             c.evidence,
                             c.confidence,
                             c.protection,
                             c.entity,
                             {},
                             0},
                            entities));
}

std::vector<PolicyCell> ToPolicyCells(absl::Span<const Cell> cells, const Entities& entities) {
  std::vector<PolicyCell> out;
  for (const CellRow& row : Rows(cells)) out.push_back(ToPolicyCell(row, entities));
  return out;
}

EvaluateOptions OptionsOf(const std::string& vantage, uint64_t first_ns, uint64_t last_ns) {
  constexpr uint64_t kPerSecond = 1'000'000'000;
  EvaluateOptions options;
  options.vantage = vantage;
  options.covered_seconds = (last_ns - first_ns) / kPerSecond;
  if (first_ns != 0) options.first_day = Iso8601(first_ns / kPerSecond).substr(0, 10);
  if (last_ns != 0) options.day = Iso8601(last_ns / kPerSecond).substr(0, 10);
  return options;
}

}  // namespace borderflow
