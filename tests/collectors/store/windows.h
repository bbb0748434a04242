// Windows for the tests of the store.
#ifndef BORDERFLOW_TESTS_COLLECTORS_STORE_WINDOWS_H_
#define BORDERFLOW_TESTS_COLLECTORS_STORE_WINDOWS_H_

#include <random>
#include <string>

#include "collectors/store/statement.h"
#include "collectors/store/store.h"
#include "tests/collectors/cells.h"

namespace borderflow {

inline constexpr uint64_t kMonday = 1'750'032'000;  // 2025-06-16T00:00:00Z

inline Report MakeStatement(const std::string& sensor, const std::string& database = "d1") {
  Report report;
  report.version = "test";
  report.sensor = sensor;
  report.rules_digest = "rules";
  report.groups_digest = "groups";
  report.parameters.home = FromCode("DE");
  report.parameters.vantage = "testbed";
  report.parameters.window_seconds = 60;
  GeoStatement geo;
  geo.path = "geo.mmdb";
  geo.sha256 = database;
  report.geo.push_back(geo);
  return report;
}

// Some of a few hundred cells, with clients of a few thousand.
inline Window RandomWindow(std::mt19937_64* random, uint64_t sequence, uint64_t begin,
                           size_t cells = 30) {
  static constexpr std::string_view kPlaces[] = {"DE", "FR", "US", "unknown", "private", "BR"};
  const auto below = [random](uint64_t bound) { return (*random)() % bound; };
  Window window;
  window.sensor = "one";
  window.sequence = sequence;
  window.begin = begin;
  window.width = 60;
  Snapshot& counts = window.counts;
  for (size_t i = 0; i < cells; ++i) {
    Cell cell = MakeCell(kPlaces[below(6)], kPlaces[below(6)], 1 + below(100'000));
    cell.key.source.asn = static_cast<uint32_t>(below(4));
    cell.key.role = below(2) == 0 ? Role::kInitiator : Role::kResponder;
    cell.key.classification.category = below(2) == 0 ? Category::kUnk : Category::kMed;
    cell.key.classification.named = below(2) == 0;
    cell.counters.frames = 1 + below(50);
    cell.counters.flows = 0;
    if (cell.key.role == Role::kInitiator) {
      cell.counters.flows = below(below(5) == 0 ? 2000 : 20);
      for (uint64_t flow = 0; flow < cell.counters.flows; ++flow) {
        IpAddress client{};
        client.low = below(5000);
        cell.clients.Add(client);
      }
    }
    counts.cells.push_back(cell);
  }
  SortAndFold(&counts.cells);
  for (const Cell& cell : counts.cells) {
    counts.decode.ip += {cell.counters.frames, cell.counters.bytes};
    counts.flows.total += cell.counters.flows;
  }
  counts.decode.non_ip = {below(5), below(500)};
  counts.decode.captured = counts.decode.ip;
  counts.decode.captured += counts.decode.non_ip;
  counts.decode.first_time_ns = (begin + below(5)) * 1'000'000'000;
  counts.decode.last_time_ns = (begin + 50 + below(5)) * 1'000'000'000;
  counts.decode.unknown_links[147] = below(2);
  counts.decode.late = {below(2), below(60)};
  // An estimate that corrects an earlier one.
  counts.artefacts.tcp_gap_bytes = below(100) - 50;
  if (below(4) == 0) window.dropped["imissed"] = 1 + below(10);
  return window;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_STORE_WINDOWS_H_
