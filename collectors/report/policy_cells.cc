#include "collectors/report/policy_cells.h"

#include "rules/jurisdiction/operators.h"

namespace borderflow {
namespace {

PolicyEnd ToPolicyEnd(const Endpoint& end) {
  return {end.location, end.registered, OperatorHome(end.asn)};
}

}  // namespace

std::vector<PolicyCell> ToPolicyCells(absl::Span<const Cell> cells) {
  std::vector<PolicyCell> out;
  out.reserve(cells.size());
  for (const Cell& cell : cells) {
    const Classification& c = cell.key.classification;
    out.push_back({ToPolicyEnd(cell.key.source), ToPolicyEnd(cell.key.destination),
                   cell.key.role == Role::kInitiator, c.category, c.evidence, c.confidence,
                   c.protection, c.entity, cell.counters.frames, cell.counters.bytes,
                   cell.counters.payload_bytes, cell.counters.flows});
  }
  return out;
}

}  // namespace borderflow
