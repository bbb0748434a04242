#include "collectors/dashboard/tables.h"

#include <algorithm>

#include "collectors/dashboard/view_json.h"

namespace borderflow {

PolicySum Table::Total() const {
  PolicySum total = other;
  total += suppressed;
  for (const TableRow& row : rows) total += row.sum;
  return total;
}

Table TableBuilder::Largest(size_t limit) const {
  Table table;
  table.rows.reserve(sums_.size());
  for (const auto& [key, sum] : sums_) table.rows.push_back({key, sum});
  std::sort(table.rows.begin(), table.rows.end(), [](const TableRow& a, const TableRow& b) {
    return a.sum.bytes != b.sum.bytes ? a.sum.bytes > b.sum.bytes : a.key < b.key;
  });
  for (size_t i = limit; i < table.rows.size(); ++i) table.other += table.rows[i].sum;
  if (table.rows.size() > limit) table.rows.resize(limit);
  return table;
}

namespace {

Agreement AgreementOf(Jurisdiction location, Jurisdiction other) {
  if (IsSpecial(location) || IsSpecial(other)) return Agreement::kUnknown;
  return location == other ? Agreement::kSame : Agreement::kDiffers;
}

}  // namespace

Jurisdiction Seen(const PolicyEnd& end, Lens lens) {
  switch (lens) {
    case Lens::kRegistered:
      return end.registered;
    case Lens::kOperator:
      return end.operator_home;
    case Lens::kLocation:
      break;
  }
  return end.location;
}

ViewTables TablesOf(absl::Span<const PolicyCell> cells, absl::Span<const JurisdictionSet> zones,
                    const ViewLimits& limits) {
  ViewTables tables;
  std::array<TableBuilder, kLenses> pairs;
  std::array<TableBuilder, kLenses> by_category;
  TableBuilder categories;
  std::array<TableBuilder, kLenses> streams;
  std::array<TableBuilder, 2> agreement;
  for (const PolicyCell& cell : cells) {
    const PolicySum sum = ToSum(cell);
    tables.total += sum;
    const Crossing crossing = CrossingOf(cell.source.location, cell.destination.location, zones);
    tables.crossing[static_cast<size_t>(crossing)] += sum;
    for (int l = 0; l < kLenses; ++l) {
      const auto lens = static_cast<Lens>(l);
      const Jurisdiction source = Seen(cell.source, lens);
      const Jurisdiction destination = Seen(cell.destination, lens);
      pairs[static_cast<size_t>(l)].Add(KeyOf(source, destination), sum);
      by_category[static_cast<size_t>(l)].Add(KeyOf(source, destination, cell.category), sum);
      streams[static_cast<size_t>(l)].Add(
          KeyOf(source, cell.category, destination, cell.destination.operator_home), sum);
    }
    categories.Add(KeyOf(cell.category, cell.evidence), sum);
    const PolicyEnd& to = cell.destination;
    agreement[0].Add(KeyOf(AgreementOf(to.location, to.registered)), sum);
    agreement[1].Add(KeyOf(AgreementOf(to.location, to.operator_home)), sum);
  }
  for (size_t l = 0; l < kLenses; ++l) {
    tables.pairs[l] = pairs[l].Largest(limits.pairs);
    tables.by_category[l] = by_category[l].Largest(limits.pairs_by_category);
    const bool location = static_cast<Lens>(l) == Lens::kLocation;
    tables.streams[l] = streams[l].Largest(location ? limits.streams : limits.streams_by_lens);
  }
  tables.categories = categories.Largest(kCategories * kEvidences);
  for (size_t i = 0; i < 2; ++i) tables.agreement[i] = agreement[i].Largest(kAgreements);
  return tables;
}

}  // namespace borderflow
