#include "dataplane/packet/fragments.h"

#include <algorithm>
#include <cstddef>

namespace borderflow {
namespace {

constexpr size_t kWays = 4;
constexpr size_t kSets = 1024;  // 4,096 datagrams: 256 KiB, a quarter of a core's L2
constexpr uint64_t kLifetimeNs = 30'000'000'000;

// Time may run backwards in a capture: an entry is as near as its distance.
bool IsRecent(uint64_t entry_ns, uint64_t now_ns) {
  const uint64_t distance = entry_ns > now_ns ? entry_ns - now_ns : now_ns - entry_ns;
  return distance <= kLifetimeNs;
}

}  // namespace

FragmentTable::FragmentTable() : entries_(kWays * kSets) {}

bool FragmentTable::Matches(const Entry& entry, const IpHeader& header) {
  return entry.identification == header.identification && entry.family == header.family &&
         entry.fragment_protocol == header.fragment_protocol && entry.source == header.source &&
         entry.destination == header.destination;
}

size_t FragmentTable::SetOf(const IpHeader& header) {
  constexpr uint64_t kOdd = 0x9e37'79b9'7f4a'7c15;  // 2^64 over the golden ratio
  uint64_t hash = header.identification;
  for (const uint64_t word :
       {header.source.high, header.source.low, header.destination.high, header.destination.low}) {
    hash = (hash ^ word) * kOdd;
    hash ^= hash >> 32;
  }
  return hash % kSets * kWays;
}

bool FragmentTable::Remember(const IpHeader& header, uint64_t time_ns) {
  // A set is in order of arrival, the youngest first.
  Entry* const set = &entries_[SetOf(header)];
  Entry* const last = set + kWays - 1;
  Entry* const victim = std::find_if(
      set, last, [&](const Entry& entry) { return entry.family == 0 || Matches(entry, header); });
  const bool forgets =
      victim->family != 0 && !Matches(*victim, header) && IsRecent(victim->time_ns, time_ns);
  std::move_backward(set, victim, victim + 1);
  *set = Entry{.source = header.source,
               .destination = header.destination,
               .time_ns = time_ns,
               .identification = header.identification,
               .family = header.family,
               .fragment_protocol = header.fragment_protocol,
               .source_port = header.source_port,
               .destination_port = header.destination_port,
               .protocol = header.protocol};
  return !forgets;
}

bool FragmentTable::Complete(uint64_t time_ns, IpHeader* header) const {
  const Entry* const set = &entries_[SetOf(*header)];
  for (const Entry* entry = set; entry != set + kWays; ++entry) {
    if (!Matches(*entry, *header) || !IsRecent(entry->time_ns, time_ns)) continue;
    header->source_port = entry->source_port;
    header->destination_port = entry->destination_port;
    header->protocol = entry->protocol;
    return true;
  }
  return false;
}

}  // namespace borderflow
