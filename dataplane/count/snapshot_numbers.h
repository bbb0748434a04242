// Every number of a Snapshot that is no cell and no name: the one place that lists them. Adding,
// subtracting and storing go through here, so that a new number cannot be forgotten in one of them.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_COUNT_SNAPSHOT_NUMBERS_H_
#define BORDERFLOW_DATAPLANE_COUNT_SNAPSHOT_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "dataplane/count/snapshot.h"

namespace borderflow {

enum class NumberKind : uint8_t {
  kCounted,    // of the window or run at hand; workers and windows add up
  kRunning,    // counted since the start by whoever keeps it, so that windows are differences
  kShared,     // likewise, and every worker counts the same: of workers the largest, windows add up
  kFirstTime,  // the least, of those that captured anything
  kLastTime,   // the largest
};

// Calls visit(name, kind, number...) for every number, with those of each snapshot in turn. `name`
// is a function that makes the number's public name ("captured_frames"), so that whoever does not
// ask for names does not pay for them. Snapshots may be const or not.
template <typename Visit, typename... Snapshots>
void VisitNumbers(const Visit& visit, Snapshots&... s) {
  using enum NumberKind;
  const auto one = [&visit](const char* name, NumberKind kind, auto&... numbers) {
    visit([name] { return std::string(name); }, kind, numbers...);
  };
  const auto totals = [&visit](const char* name, auto&... values) {
    visit([name] { return std::string(name) + "_frames"; }, kCounted, values.frames...);
    visit([name] { return std::string(name) + "_bytes"; }, kCounted, values.bytes...);
  };
  totals("captured", s.decode.captured...);
  totals("ip", s.decode.ip...);
  totals("non_ip", s.decode.non_ip...);
  totals("malformed", s.decode.malformed...);
  totals("removed", s.decode.duplicates...);
  totals("late", s.decode.late...);
  totals("ahead", s.decode.ahead...);
  totals("undecided", s.undecided...);
  one("length_forged", kCounted, s.decode.length_forged...);
  one("first_time_ns", kFirstTime, s.decode.first_time_ns...);
  one("last_time_ns", kLastTime, s.decode.last_time_ns...);
  for (size_t i = 0; i < static_cast<size_t>(Malformed::kCount); ++i) {
    visit([i] { return "malformed_" + std::string(Name(static_cast<Malformed>(i))); }, kCounted,
          s.decode.malformed_reasons[i]...);
  }
  static_assert(sizeof(DecodeCounters) == 7 * sizeof(uint64_t), "a number has no line here");
  one("tunnelled_frames", kRunning, s.decode_counters.tunnelled_frames...);
  one("fragments", kRunning, s.decode_counters.fragments...);
  one("later_fragments_resolved", kRunning, s.decode_counters.later_fragments_resolved...);
  one("later_fragments_unresolved", kRunning, s.decode_counters.later_fragments_unresolved...);
  one("fragment_memory_full", kRunning, s.decode_counters.fragment_memory_full...);
  one("nesting_too_deep", kRunning, s.decode_counters.nesting_too_deep...);
  one("truncated_frames", kRunning, s.decode_counters.truncated_frames...);
  static_assert(sizeof(FlowTotals) == 4 * sizeof(uint64_t), "a number has no line here");
  one("flows", kCounted, s.flows.total...);
  one("flows_tcp", kCounted, s.flows.tcp...);
  one("flows_udp", kCounted, s.flows.udp...);
  one("flows_other", kCounted, s.flows.other...);
  static_assert(sizeof(Artefacts) == 7 * sizeof(uint64_t), "a number has no line here");
  one("duplicate_frames", kRunning, s.artefacts.duplicate_frames...);
  one("duplicate_bytes", kRunning, s.artefacts.duplicate_bytes...);
  one("one_way_flows", kRunning, s.artefacts.one_way_flows...);
  one("nat_suspected", kRunning, s.artefacts.nat_suspected...);
  one("tcp_gap_bytes", kRunning, s.artefacts.tcp_gap_bytes...);
  one("tunnelled_bytes", kRunning, s.artefacts.tunnelled_bytes...);
  one("tunnel_differs_bytes", kRunning, s.artefacts.tunnel_differs_bytes...);
  for (size_t id = 0; id < kJurisdictions; ++id) {
    visit([id] { return "round_trips_" + std::string(Code(static_cast<Jurisdiction>(id))); },
          kRunning, s.round_trips.timed[id]...);
    visit(
        [id] {
          return "round_trips_contradicted_" + std::string(Code(static_cast<Jurisdiction>(id)));
        },
        kRunning, s.round_trips.contradicted[id]...);
  }
  for (size_t i = 0; i < kContentKinds; ++i) {
    visit([i] { return "content_" + std::string(MeaningOf(static_cast<ContentKind>(i)).name); },
          kRunning, s.content_hits[i]...);
  }
  static_assert(sizeof(Overflows) == 6 * sizeof(uint64_t), "a number has no line here");
  one("stateless_frames", kRunning, s.overflows.stateless_frames...);
  one("as_numbers_dropped", kRunning, s.overflows.as_numbers_dropped...);
  one("cells_folded", kRunning, s.overflows.cells_folded...);
  one("reassembly_slots", kRunning, s.overflows.reassembly_slots...);
  // Every worker learns the same answers, so the table of each was full at the same time.
  one("dns_names_replaced", kShared, s.overflows.dns_names...);
  one("names_unlisted", kRunning, s.overflows.names...);
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_COUNT_SNAPSHOT_NUMBERS_H_
