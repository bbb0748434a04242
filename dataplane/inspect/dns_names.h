// DnsNames: which name a client asked for before it called an address.
//
// A bounded table (client, server address) -> category and name, filled from DNS answers for their
// TTL in event time, clamped to 30 s .. 24 h. Look-ups change nothing, so that any number of
// workers that are shown the same answers in the same order hold the same table.
//
// Thread safety: none; one a worker.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_DNS_NAMES_H_
#define BORDERFLOW_DATAPLANE_INSPECT_DNS_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "dataplane/packet/address.h"

namespace borderflow {

struct DnsNamesCounters {
  uint64_t learned = 0;
  uint64_t replaced_unexpired = 0;  // the table was too small
};

class DnsNames {
 public:
  // `capacity` entries of about 128 bytes; a power of two. Names above 95 bytes keep their tail,
  // which is where the registrable domain stands.
  explicit DnsNames(size_t capacity = size_t{1} << 14);
  ~DnsNames();

  void Add(const IpAddress& client, const IpAddress& server, std::string_view name, uint64_t now_ns,
           uint32_t ttl_seconds);

  // The name, or empty. Valid until the next Add.
  std::string_view Find(const IpAddress& client, const IpAddress& server, uint64_t now_ns) const;

  const DnsNamesCounters& counters() const { return counters_; }

 private:
  struct Entry;
  // Part of each entry's hash, apart from the entries: most look-ups find nothing, and then touch
  // one line instead of a set of large entries.
  std::vector<uint32_t> tags_;
  std::unique_ptr<Entry[]> entries_;
  size_t mask_ = 0;
  DnsNamesCounters counters_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_DNS_NAMES_H_
