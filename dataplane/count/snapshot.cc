#include "dataplane/count/snapshot.h"

#include <algorithm>

namespace borderflow {
namespace {

void Add(const DecodeTotals& from, DecodeTotals* to) {
  if (from.captured.frames > 0) {
    to->first_time_ns = to->captured.frames == 0 ? from.first_time_ns
                                                 : std::min(to->first_time_ns, from.first_time_ns);
    to->last_time_ns = std::max(to->last_time_ns, from.last_time_ns);
  }
  to->captured += from.captured;
  to->ip += from.ip;
  to->non_ip += from.non_ip;
  to->malformed += from.malformed;
  to->duplicates += from.duplicates;
  for (size_t i = 0; i < from.malformed_reasons.size(); ++i) {
    to->malformed_reasons[i] += from.malformed_reasons[i];
  }
  to->length_forged += from.length_forged;
  for (const auto& [link, frames] : from.unknown_links) to->unknown_links[link] += frames;
  to->late += from.late;
  to->ahead += from.ahead;
}

void Add(const DecodeCounters& from, DecodeCounters* to) {
  to->tunnelled_frames += from.tunnelled_frames;
  to->fragments += from.fragments;
  to->later_fragments_resolved += from.later_fragments_resolved;
  to->later_fragments_unresolved += from.later_fragments_unresolved;
  to->fragment_memory_full += from.fragment_memory_full;
  to->nesting_too_deep += from.nesting_too_deep;
  to->truncated_frames += from.truncated_frames;
}

void Add(const Artefacts& from, Artefacts* to) {
  to->duplicate_frames += from.duplicate_frames;
  to->duplicate_bytes += from.duplicate_bytes;
  to->one_way_flows += from.one_way_flows;
  to->nat_suspected += from.nat_suspected;
  to->tcp_gap_bytes += from.tcp_gap_bytes;
  to->tunnelled_bytes += from.tunnelled_bytes;
  to->tunnel_differs_bytes += from.tunnel_differs_bytes;
}

void Add(const Overflows& from, Overflows* to) {
  to->stateless_frames += from.stateless_frames;
  to->as_numbers_dropped += from.as_numbers_dropped;
  to->cells_folded += from.cells_folded;
  to->reassembly_slots += from.reassembly_slots;
  // Every worker learns the same answers, so the table of each was full at the same time.
  to->dns_names = std::max(to->dns_names, from.dns_names);
  to->names += from.names;
}

void MergeNames(std::map<std::string, NameCounters> from, std::map<std::string, NameCounters>* to) {
  for (auto& [name, counters] : from) {
    const auto [at, added] = to->try_emplace(name, counters);
    if (added) continue;
    at->second.flows += counters.flows;
    at->second.bytes += counters.bytes;
    // The better evidence names the category; equal evidence the lower protocol, so that the order
    // of merging does not matter.
    const auto rank = [](const NameCounters& n) {
      return std::pair(static_cast<int>(n.evidence), -static_cast<int>(n.protocol));
    };
    if (rank(counters) > rank(at->second)) {
      at->second.evidence = counters.evidence;
      at->second.category = counters.category;
      at->second.protocol = counters.protocol;
    }
  }
}

}  // namespace

void SortAndFold(std::vector<Cell>* cells) {
  std::sort(cells->begin(), cells->end(),
            [](const Cell& a, const Cell& b) { return a.key < b.key; });
  size_t kept = 0;
  for (size_t i = 0; i < cells->size(); ++i) {
    Cell& cell = (*cells)[i];
    if (kept > 0 && (*cells)[kept - 1].key == cell.key) {
      (*cells)[kept - 1].counters += cell.counters;
      (*cells)[kept - 1].clients.Merge(cell.clients);
    } else {
      if (kept != i) (*cells)[kept] = std::move(cell);
      ++kept;
    }
  }
  cells->resize(kept);
}

void Merge(Snapshot from, Snapshot* to) {
  Add(from.decode, &to->decode);
  Add(from.decode_counters, &to->decode_counters);
  to->flows.total += from.flows.total;
  to->flows.tcp += from.flows.tcp;
  to->flows.udp += from.flows.udp;
  to->flows.other += from.flows.other;
  Add(from.artefacts, &to->artefacts);
  to->round_trips += from.round_trips;
  for (size_t i = 0; i < kContentKinds; ++i) to->content_hits[i] += from.content_hits[i];
  Add(from.overflows, &to->overflows);
  to->undecided += from.undecided;
  to->cells.insert(to->cells.end(), std::make_move_iterator(from.cells.begin()),
                   std::make_move_iterator(from.cells.end()));
  SortAndFold(&to->cells);
  MergeNames(std::move(from.names), &to->names);
}

void AddWindow(Snapshot window, Snapshot* to) {
  const uint64_t dns_names = window.overflows.dns_names + to->overflows.dns_names;
  Merge(std::move(window), to);
  to->overflows.dns_names = dns_names;
}

void SubtractEarlier(const Snapshot& earlier, Snapshot* to) {
  DecodeCounters& d = to->decode_counters;
  const DecodeCounters& decode = earlier.decode_counters;
  d.tunnelled_frames -= decode.tunnelled_frames;
  d.fragments -= decode.fragments;
  d.later_fragments_resolved -= decode.later_fragments_resolved;
  d.later_fragments_unresolved -= decode.later_fragments_unresolved;
  d.fragment_memory_full -= decode.fragment_memory_full;
  d.nesting_too_deep -= decode.nesting_too_deep;
  d.truncated_frames -= decode.truncated_frames;
  Artefacts& a = to->artefacts;
  const Artefacts& artefacts = earlier.artefacts;
  a.duplicate_frames -= artefacts.duplicate_frames;
  a.duplicate_bytes -= artefacts.duplicate_bytes;
  a.one_way_flows -= artefacts.one_way_flows;
  a.nat_suspected -= artefacts.nat_suspected;
  a.tcp_gap_bytes -= artefacts.tcp_gap_bytes;
  a.tunnelled_bytes -= artefacts.tunnelled_bytes;
  a.tunnel_differs_bytes -= artefacts.tunnel_differs_bytes;
  to->round_trips -= earlier.round_trips;
  for (size_t i = 0; i < kContentKinds; ++i) to->content_hits[i] -= earlier.content_hits[i];
  Overflows& o = to->overflows;
  const Overflows& overflows = earlier.overflows;
  o.stateless_frames -= overflows.stateless_frames;
  o.as_numbers_dropped -= overflows.as_numbers_dropped;
  o.cells_folded -= overflows.cells_folded;
  o.reassembly_slots -= overflows.reassembly_slots;
  o.dns_names -= overflows.dns_names;
  o.names -= overflows.names;
}

}  // namespace borderflow
