#include "collectors/report/geo_choice.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_format.h"
#include "collectors/export/rows.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/sums.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

constexpr size_t kShown = 5;

// Of the cells that a report folds to one row.
CellKey KeyOfRow(CellKey key) {
  key.classification.protocol = Protocol::kNone;
  key.classification.named = false;
  return key;
}

CellKey KeyOfRow(const CellRow& row) {
  return {row.source,
          row.destination,
          row.role,
          {row.category, row.evidence, row.confidence, row.protection, Protocol::kNone, false,
           row.entity}};
}

// What one database makes of the cells: the rows of a report, and which of them a cell is in.
struct LocatedSide {
  std::vector<PolicyCell> rows;
  std::vector<size_t> row_of;
};

LocatedSide SideOf(absl::Span<const Cell> cells, const Entities& entities) {
  LocatedSide side;
  std::map<CellKey, size_t> positions;
  for (const CellRow& row : Rows(cells)) {
    positions.emplace(KeyOfRow(row), side.rows.size());
    side.rows.push_back(ToPolicyCell(row, entities));
  }
  side.row_of.reserve(cells.size());
  for (const Cell& cell : cells) {
    side.row_of.push_back(positions.find(KeyOfRow(cell.key))->second);
  }
  return side;
}

std::vector<CellVerdict> VerdictsOn(const LocatedSide& side, const Pack& pack,
                                    const EvaluateOptions& options) {
  const std::vector<CellVerdict> of_rows = VerdictsOf(pack, side.rows, options);
  std::vector<CellVerdict> verdicts;
  verdicts.reserve(side.row_of.size());
  for (const size_t row : side.row_of) verdicts.push_back(of_rows[row]);
  return verdicts;
}

PolicySum SumOf(const Cell& cell) {
  return {cell.counters.frames, cell.counters.bytes, cell.counters.flows};
}

void CountPlaces(absl::Span<const Cell> first, absl::Span<const Cell> second,
                 absl::Span<const JurisdictionSet> zones, GeoChoice* choice) {
  std::map<std::pair<Jurisdiction, Jurisdiction>, PolicySum> places;
  for (size_t i = 0; i < first.size(); ++i) {
    const CellKey& one = first[i].key;
    const CellKey& other = second[i].key;
    const PolicySum sum = SumOf(first[i]);
    choice->total += sum;
    if (CrossingOf(one.source.location, one.destination.location, zones) !=
        CrossingOf(other.source.location, other.destination.location, zones)) {
      choice->crossing_changed += sum;
    }
    bool moved = false;
    for (const auto& [a, b] : {std::pair(one.source.location, other.source.location),
                               std::pair(one.destination.location, other.destination.location)}) {
      if (a == b) continue;
      moved = true;
      places[{a, b}] += sum;
    }
    if (moved) choice->moved += sum;
  }
  for (const auto& [pair, sum] : places) choice->places.push_back({pair.first, pair.second, sum});
  std::stable_sort(
      choice->places.begin(), choice->places.end(),
      [](const PlaceMove& a, const PlaceMove& b) { return a.sum.bytes > b.sum.bytes; });
}

void AddPolicyChoice(const GeoChoice::Policy& policy, std::string* out) {
  const PolicyComparison& c = policy.comparison;
  const uint64_t total = c.total.bytes;
  absl::StrAppendFormat(out,
                        "  %s %s: the choice moves the verdict of %s of bytes, %s flows\n"
                        "    %-26s %9s %9s  %s\n",
                        policy.pack, policy.version, Percent(total - c.same.bytes, total),
                        Grouped(c.total.flows - c.same.flows), "of all bytes", "in use", "other",
                        "of the first, judged otherwise by the other");
  for (size_t v = 0; v < kVerdicts; ++v) {
    PolicySum first;
    PolicySum second;
    for (size_t w = 0; w < kVerdicts; ++w) {
      first += c.matrix[v][w];
      second += c.matrix[w][v];
    }
    if (first.frames == 0 && second.frames == 0) continue;
    const std::string moved =
        first.bytes == 0 ? "-" : Percent(first.bytes - c.matrix[v][v].bytes, first.bytes);
    absl::StrAppendFormat(out, "    %-26s %9s %9s  %9s\n",
                          std::string(Name(static_cast<Verdict>(v))), Percent(first.bytes, total),
                          Percent(second.bytes, total), moved);
  }
  for (size_t i = 0; i < std::min(kShown, c.by_rule.size()); ++i) {
    const PolicyDifference& d = c.by_rule[i];
    absl::StrAppendFormat(out, "    %8s  %s (%s) -> %s (%s)\n", Percent(d.sum.bytes, total),
                          std::string(Name(d.a)), d.rule_a, std::string(Name(d.b)), d.rule_b);
  }
}

}  // namespace

GeoChoice CompareLocated(absl::Span<const Cell> first, absl::Span<const Cell> second,
                         absl::Span<const JurisdictionSet> zones, absl::Span<const Pack> packs,
                         const EvaluateOptions& options, const Entities& entities) {
  GeoChoice choice;
  CountPlaces(first, second, zones, &choice);
  const LocatedSide one = SideOf(first, entities);
  const LocatedSide other = SideOf(second, entities);
  std::vector<PolicyCell> cells;
  cells.reserve(first.size());
  for (size_t i = 0; i < first.size(); ++i) {
    PolicyCell& cell = cells.emplace_back(one.rows[one.row_of[i]]);
    cell.frames = first[i].counters.frames;
    cell.bytes = first[i].counters.bytes;
    cell.payload_bytes = first[i].counters.payload_bytes;
    cell.flows = first[i].counters.flows;
  }
  for (const Pack& pack : packs) {
    choice.policies.push_back(
        {pack.id, pack.version,
         CompareVerdicts(cells, VerdictsOn(one, pack, options), VerdictsOn(other, pack, options))});
  }
  return choice;
}

std::string GeoChoiceText(const GeoChoice& choice) {
  const uint64_t total = choice.total.bytes;
  std::string out = "\nWhat the choice of database moves (every flow looked up in both)\n";
  absl::StrAppendFormat(
      &out,
      "  %s of bytes, %s flows, have an end that the other places elsewhere; for %s of bytes\n"
      "  the choice decides whether a border is crossed\n",
      Percent(choice.moved.bytes, total), Grouped(choice.moved.flows),
      Percent(choice.crossing_changed.bytes, total));
  for (size_t i = 0; i < std::min(kShown, choice.places.size()); ++i) {
    const PlaceMove& move = choice.places[i];
    absl::StrAppendFormat(&out, "    %8s  %s, by the other %s\n", Percent(move.sum.bytes, total),
                          std::string(Code(move.first)), std::string(Code(move.second)));
  }
  if (choice.places.size() > kShown) {
    absl::StrAppendFormat(&out, "    %d more in --json\n", choice.places.size() - kShown);
  }
  for (const GeoChoice::Policy& policy : choice.policies) AddPolicyChoice(policy, &out);
  return out;
}

}  // namespace borderflow
