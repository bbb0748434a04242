// DnsNames: which name a client asked for before it called an address.
//
// A bounded table (client, server address) -> category and name, filled from DNS answers for their
// TTL in event time, clamped to 30 s .. 24 h. Look-ups change nothing, so that any number of
// workers that are shown the same answers in the same order hold the same table.
//
// Thread safety: none; one a worker.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_DNS_NAMES_H_
#define BORDERFLOW_DATAPLANE_INSPECT_DNS_NAMES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/flow/arena.h"
#include "dataplane/inspect/dns_lesson.h"
#include "dataplane/packet/address.h"

namespace borderflow {

struct DnsNamesCounters {
  uint64_t learned = 0;
  uint64_t replaced_unexpired = 0;  // the table was too small
};

class DnsNames {
 public:
  // `capacity` entries of 144 bytes; a power of two.
  explicit DnsNames(size_t capacity = size_t{1} << 14);

  void Add(const IpAddress& client, const IpAddress& server, std::string_view name, uint64_t now_ns,
           uint32_t ttl_seconds);

  // Asks for what Find will read first.
  void Prefetch(const IpAddress& client, const IpAddress& server) const {
    __builtin_prefetch(&sets_[Hash(client, server) & set_mask_]);
  }

  // The name, or empty. Valid until the next Add.
  std::string_view Find(const IpAddress& client, const IpAddress& server, uint64_t now_ns) const;

  const DnsNamesCounters& counters() const { return counters_; }

 private:
  static constexpr size_t kWays = 4;  // entries among which a new one finds its place

  // What is asked of every entry of a set stands in one line, apart from the entries: most look-ups
  // find nothing, and a new entry replaces one without reading the others.
  struct alignas(64) Set {
    uint64_t expires_ns[kWays];  // 0: never used
    uint32_t tags[kWays];        // part of each entry's hash
  };
  struct Entry {
    IpAddress client;
    IpAddress server;
    uint8_t size;
    std::array<char, kLessonNameBytes> name;
  };
  static_assert(sizeof(Set) == 64 && sizeof(Entry) == 128);

  static uint64_t Hash(const IpAddress& client, const IpAddress& server);
  // The way of a set that holds the pair, or kWays.
  size_t WayOf(size_t set, uint32_t tag, const IpAddress& client, const IpAddress& server) const;

  size_t set_mask_ = 0;
  Arena<Set> sets_;
  Arena<Entry> entries_;  // kWays a set
  DnsNamesCounters counters_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_DNS_NAMES_H_
