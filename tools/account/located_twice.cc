#include "tools/account/located_twice.h"

#include <utility>

namespace borderflow {
namespace {

Endpoint ToEndpoint(const Location& location) {
  return {location.asn, location.location, location.registered};
}

Endpoint First(const Endpoint& end, const Geography& geography) {
  if (end.asn == 0) return end;
  return ToEndpoint(geography.PairOf(end.asn).first);
}

Endpoint Second(const Endpoint& end, const Geography& geography) {
  return ToEndpoint(geography.PairOf(end.asn).second);
}

}  // namespace

CellsTwice TellTwice(absl::Span<const Cell> counted, const Geography& geography) {
  CellsTwice cells = {{counted.begin(), counted.end()}, {counted.begin(), counted.end()}};
  for (Cell& cell : cells.first) {
    cell.key.source = First(cell.key.source, geography);
    cell.key.destination = First(cell.key.destination, geography);
  }
  for (Cell& cell : cells.second) {
    cell.key.source = Second(cell.key.source, geography);
    cell.key.destination = Second(cell.key.destination, geography);
  }
  return cells;
}

void KeepFirst(const Geography& geography, Snapshot* snapshot) {
  if (!geography.paired()) return;
  snapshot->cells = TellTwice(snapshot->cells, geography).first;
  SortAndFold(&snapshot->cells);
}

}  // namespace borderflow
