// Writes a MaxMind DB file, version 2: a search tree over IPv6 with IPv4 at ::/96, and records.
//
//   search tree   node_count nodes of two records, 24, 28 or 32 bits each (the smallest that fits)
//   16 zero bytes
//   data          every distinct map, array and string once; repetitions are pointers
//   "\xab\xcd\xefMaxMind.com", metadata map
//
// ::ffff:0:0/96 points at the same node as ::/96, as in MaxMind's own files, so that v4-mapped
// addresses find the answer of their IPv4 address. The other two aliases of those files (2001::/32,
// 2002::/16) are left out: 6to4 and Teredo have the answer that the input gives them.
//
// Source: MaxMind DB file format specification, version 2.0.
// The same input gives the same bytes. Slow twins in tests: libmaxminddb and `mmdblookup`.
#ifndef BORDERFLOW_DATAPLANE_GEO_MMDB_WRITER_H_
#define BORDERFLOW_DATAPLANE_GEO_MMDB_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/packet/address.h"

namespace borderflow {

// One value of the data section. Conversions are implicit, so that a record reads like the JSON
// that it stands for; copies share their members.
struct RecordValue {
  using Map = std::vector<std::pair<std::string, RecordValue>>;  // written in this order
  using Array = std::vector<RecordValue>;

  RecordValue(std::string text) : value(std::move(text)) {}
  RecordValue(bool truth) : value(truth) {}
  RecordValue(uint16_t number) : value(number) {}
  RecordValue(uint32_t number) : value(number) {}
  RecordValue(uint64_t number) : value(number) {}
  RecordValue(Map map) : value(std::make_shared<const Map>(std::move(map))) {}
  RecordValue(Array array) : value(std::make_shared<const Array>(std::move(array))) {}

  std::variant<std::string, bool, uint16_t, uint32_t, uint64_t, std::shared_ptr<const Map>,
               std::shared_ptr<const Array>>
      value;
};

// Addresses first..last, both included, of one family, with the index of their record.
struct RecordRange {
  IpAddress first;
  IpAddress last;
  uint32_t record = 0;
};

struct BuildMetadata {
  std::string database_type;
  std::string description;        // English
  uint64_t build_epoch = 1;       // seconds since 1970; 0 counts as 1, libmaxminddb refuses it
  int smallest_record_bits = 24;  // 24, 28 or 32; larger ones are taken when they are needed
};

// The bytes of the file. Ranges must be disjoint and sorted by first address (IPv4, held as
// ::ffff:0:0/96, included); each record index must lie within `records`. A record that no range
// names is not written. About 0.5 s for a million ranges.
// Errors: InvalidArgument names the first offending range: overlapping, out of order, of two
// families, with a record that does not exist, or inside ::/96, where IPv4 stands;
// ResourceExhausted when the tree and the data need more than 32-bit records.
absl::StatusOr<std::string> WriteMmdb(absl::Span<const RecordRange> ranges,
                                      absl::Span<const RecordValue> records,
                                      const BuildMetadata& metadata);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_MMDB_WRITER_H_
