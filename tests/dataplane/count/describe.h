// Describe: every number of a Snapshot as lines of text, so that two can be compared whole.
#ifndef BORDERFLOW_TESTS_DATAPLANE_COUNT_DESCRIBE_H_
#define BORDERFLOW_TESTS_DATAPLANE_COUNT_DESCRIBE_H_

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "dataplane/count/snapshot.h"

namespace borderflow {

inline std::string Describe(const CellKey& key) {
  std::ostringstream out;
  const auto end = [&out](const Endpoint& e) {
    out << Code(e.location) << '/' << Code(e.registered) << "/AS" << e.asn;
  };
  const Classification& c = key.classification;
  end(key.source);
  out << " -> ";
  end(key.destination);
  out << (key.role == Role::kInitiator ? " initiator " : " responder ") << Code(c.category) << ' '
      << Name(c.evidence) << ' ' << int{c.confidence} << ' ' << Name(c.protection) << ' '
      << Name(c.protocol) << (c.named ? " named" : " unnamed") << " entity " << c.entity;
  return out.str();
}

inline std::vector<std::string> Describe(const Snapshot& snapshot) {
  std::vector<std::string> lines;
  const auto line = [&lines](std::string_view what, auto... values) {
    std::ostringstream out;
    out << what;
    ((out << ' ' << values), ...);
    lines.push_back(out.str());
  };
  const DecodeTotals& d = snapshot.decode;
  line("captured", d.captured.frames, d.captured.bytes);
  line("ip", d.ip.frames, d.ip.bytes);
  line("non_ip", d.non_ip.frames, d.non_ip.bytes);
  line("malformed", d.malformed.frames, d.malformed.bytes);
  line("duplicates", d.duplicates.frames, d.duplicates.bytes);
  for (const uint64_t reason : d.malformed_reasons) line("malformed reason", reason);
  line("length_forged", d.length_forged);
  line("late", d.late.frames, d.late.bytes, "ahead", d.ahead.frames, d.ahead.bytes);
  line("undecided", snapshot.undecided.frames, snapshot.undecided.bytes);
  line("time", d.first_time_ns, d.last_time_ns);
  const DecodeCounters& c = snapshot.decode_counters;
  line("decode", c.tunnelled_frames, c.fragments, c.later_fragments_resolved,
       c.later_fragments_unresolved, c.fragment_memory_full, c.nesting_too_deep,
       c.truncated_frames);
  const FlowTotals& f = snapshot.flows;
  line("flows", f.total, f.tcp, f.udp, f.other);
  const Artefacts& a = snapshot.artefacts;
  line("duplicate", a.duplicate_frames, a.duplicate_bytes);
  line("one_way_flows", a.one_way_flows);
  line("nat_suspected", a.nat_suspected);
  line("tcp_gap_bytes", a.tcp_gap_bytes);
  line("tunnelled", a.tunnelled_bytes, a.tunnel_differs_bytes);
  for (size_t id = 0; id < snapshot.round_trips.timed.size(); ++id) {
    const RoundTripTotals& r = snapshot.round_trips;
    if (r.timed[id] > 0) line("round_trips", id, r.timed[id], r.contradicted[id]);
  }
  const Overflows& o = snapshot.overflows;
  line("overflows", o.stateless_frames, o.as_numbers_dropped, o.cells_folded, o.reassembly_slots,
       o.dns_names, o.names);
  for (const Cell& cell : snapshot.cells) {
    const CellCounters& n = cell.counters;
    line("cell", Describe(cell.key), "frames", n.frames, "bytes", n.bytes, "payload",
         n.payload_bytes, "flows", n.flows, "clients", cell.clients.Estimate());
  }
  for (const auto& [name, n] : snapshot.names) {
    line("name", name, Name(n.evidence), Code(n.category), Name(n.protocol), "flows", n.flows,
         "bytes", n.bytes);
  }
  return lines;
}

// Says the first line that differs.
inline void ExpectSame(const Snapshot& actual, const Snapshot& expected) {
  const std::vector<std::string> a = Describe(actual);
  const std::vector<std::string> e = Describe(expected);
  for (size_t i = 0; i < a.size() && i < e.size(); ++i) ASSERT_EQ(a[i], e[i]) << "line " << i;
  ASSERT_EQ(a.size(), e.size());
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_COUNT_DESCRIBE_H_
