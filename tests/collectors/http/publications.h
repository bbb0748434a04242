// A publication of some cells, for tests.
#ifndef BORDERFLOW_TESTS_COLLECTORS_HTTP_PUBLICATIONS_H_
#define BORDERFLOW_TESTS_COLLECTORS_HTTP_PUBLICATIONS_H_

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "collectors/privacy/publisher.h"
#include "tests/collectors/privacy/people.h"

namespace borderflow {

// As many pairs and categories, each with twelve people behind it.
inline std::vector<Cell> CellsOfTheWorld(size_t cells) {
  std::vector<Cell> list;
  for (size_t i = 0; i < cells; ++i) {
    Cell cell;
    cell.key.source.location = static_cast<Jurisdiction>(i / 200 % 200);
    cell.key.destination.location = static_cast<Jurisdiction>(i % 200);
    cell.key.classification.category = static_cast<Category>(i % kCategories);
    cell.counters = {10 + i, 1000 + i, 0, 0};
    AddPeople(i, 12, &cell);
    list.push_back(std::move(cell));
  }
  SortCells(&list);
  return list;
}

inline std::shared_ptr<const Publication> PublicationOf(std::vector<Cell> cells,
                                                        uint64_t min_cell = 8) {
  Report report;
  report.version = "1.2.3";
  report.geo.push_back({"/secret/path.mmdb", "country", "mixed", 1, "aa", "d", 5, {}});
  report.snapshot.cells = std::move(cells);
  report.sums = SumUp(report.snapshot.cells, {});
  report.snapshot.decode.ip = {report.sums.total.frames, report.sums.total.bytes};
  report.snapshot.decode.captured = report.snapshot.decode.ip;
  PublisherOptions options;
  options.min_cell = min_cell;
  options.period_seconds = 1;
  Publisher publisher(options, 0);
  return publisher.Publish(report, std::vector<Pack>{*LoadPack("data-allies", Groups::BuiltIn())},
                           1, 0);
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_HTTP_PUBLICATIONS_H_
