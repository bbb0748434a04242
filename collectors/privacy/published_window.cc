#include "collectors/privacy/published_window.h"

#include "collectors/privacy/period.h"
#include "collectors/privacy/table_shapes.h"

namespace borderflow {
namespace {

CellCounters Growth(const CellCounters& before, const CellCounters& now) {
  return {now.frames - before.frames, now.bytes - before.bytes,
          now.payload_bytes - before.payload_bytes, now.flows - before.flows};
}

}  // namespace

void StateIn(const Report& statement, PublishedWindow* window) {
  for (const GeoStatement& geo : statement.geo) window->databases.push_back(geo.sha256);
  window->groups_digest = statement.groups_digest;
  window->rules_digest = statement.rules_digest;
  window->pack_digests = statement.pack_digests;
}

PublishedWindow Published(const Window& window, const Report& statement, uint64_t min_cell) {
  PublishedWindow out;
  out.begin = window.begin;
  out.end = window.begin + window.width;
  for (const Cell& cell : window.counts.cells) out.total += cell.counters;
  Ledger alone;
  alone.Publish(CrossingShape(statement.zones), Since({}, window.counts.cells), min_cell);
  out.crossing = alone.table();
  out.late = window.counts.decode.late;
  out.ahead = window.counts.decode.ahead;
  out.undecided = window.counts.undecided;
  out.lost = window.dropped;
  StateIn(statement, &out);
  return out;
}

PublishedWindow Between(const PublishedTable& before, const PublishedTable& now) {
  PublishedWindow out;
  out.crossing.limit = now.limit;
  for (const auto& [key, series] : now.series) {
    const auto at = before.series.find(key);
    const CellCounters old = at == before.series.end() ? CellCounters{} : at->second.counters;
    const CellCounters grown = Growth(old, series.counters);
    if (grown != CellCounters{}) out.crossing.series[key].counters = grown;
  }
  out.crossing.other = Growth(before.other, now.other);
  out.crossing.suppressed = Growth(before.suppressed, now.suppressed);
  out.total = out.crossing.Total();
  return out;
}

}  // namespace borderflow
