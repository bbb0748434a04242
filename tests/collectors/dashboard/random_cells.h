// Cells drawn at random, for tests that compare sums.
#ifndef BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_RANDOM_CELLS_H_
#define BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_RANDOM_CELLS_H_

#include <random>
#include <string_view>
#include <vector>

#include "collectors/report/report.h"

namespace borderflow {

inline Endpoint RandomEndpoint(std::mt19937* random, int places) {
  Endpoint end;
  end.location = static_cast<Jurisdiction>((*random)() % static_cast<unsigned>(places));
  end.registered = (*random)() % 3 == 0
                       ? static_cast<Jurisdiction>((*random)() % static_cast<unsigned>(places))
                       : end.location;
  constexpr uint32_t kSystems[] = {0, 3320, 15169, 16509, 64500, 64501};
  end.asn = kSystems[(*random)() % std::size(kSystems)];
  return end;
}

inline std::vector<Cell> RandomCells(uint32_t seed, size_t count, int places = 40) {
  std::mt19937 random(seed);
  std::vector<Cell> cells(count);
  for (Cell& cell : cells) {
    cell.key.source = RandomEndpoint(&random, places);
    cell.key.destination = RandomEndpoint(&random, places);
    cell.key.role = random() % 2 == 0 ? Role::kInitiator : Role::kResponder;
    Classification& c = cell.key.classification;
    c.category = static_cast<Category>(random() % kCategories);
    c.evidence = static_cast<Evidence>(random() % kEvidences);
    c.protection = static_cast<Protection>(random() % 3);
    c.named = random() % 2 == 0;
    cell.counters = {1 + random() % 100, 64 + random() % 100'000, random() % 64, random() % 3};
  }
  SortAndFold(&cells);
  return cells;
}

inline Report RandomReport(uint32_t seed, size_t count, int places = 40) {
  Report report;
  report.version = "1";
  report.command = "borderflow replay a.pcap";
  report.captures = {{"a.pcap", "00ff"}};
  report.snapshot.cells = RandomCells(seed, count, places);
  report.sums = SumUp(report.snapshot.cells, report.zones);
  DecodeTotals& decode = report.snapshot.decode;
  decode.ip = {report.sums.total.frames, report.sums.total.bytes};
  decode.captured = decode.ip;
  decode.first_time_ns = 1'750'000'000'000'000'000;
  decode.last_time_ns = 1'750'000'060'000'000'000;
  return report;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_RANDOM_CELLS_H_
