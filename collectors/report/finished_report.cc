#include "collectors/report/finished_report.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "collectors/report/read_members.h"
#include "collectors/report/read_report.h"
#include "collectors/report/report_rows.h"

namespace borderflow {
namespace {

void AddRow(const CellRow& row, Report* report) {
  Cell cell;
  cell.key = KeyOfRow(row);
  cell.counters = row.counters;
  ClientBounds& bounds = report->client_bounds[cell.key];
  bounds.least = std::max(bounds.least, row.clients);
  bounds.most += std::max(row.clients, row.clients_at_most);
  for (const Endpoint& end : {row.source, row.destination}) {
    report->has_as_numbers = report->has_as_numbers || end.asn != 0;
    report->has_registered = report->has_registered || end.registered != Jurisdiction::kUnknown;
  }
  report->snapshot.cells.push_back(std::move(cell));
}

}  // namespace

absl::StatusOr<Report> ReadFinishedReport(const std::string& path,
                                          std::map<std::string, uint64_t>* dropped) {
  const absl::StatusOr<StoredReport> stored = ReadReportFile(path);
  if (!stored.ok()) return stored.status();
  std::ifstream file(path, std::ios::binary);
  absl::StatusOr<ReportMembers> members = ReadMembers(file, path);
  if (!members.ok()) return members.status();
  Report report = std::move(members->report);
  report.snapshot.decode.first_time_ns = stored->first_time_ns;
  report.snapshot.decode.last_time_ns = stored->last_time_ns;
  for (const CellRow& row : stored->rows) AddRow(row, &report);
  SortAndFold(&report.snapshot.cells);
  report.sums = SumUp(report.snapshot.cells, report.zones);
  // Cells do not say these of themselves.
  report.sums.protocols = std::move(members->protocols);
  report.sums.coverage.named = members->named;
  if (dropped != nullptr) *dropped = std::move(members->dropped);
  return report;
}

}  // namespace borderflow
