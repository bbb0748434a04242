// V6Table: the IPv6 half of PrefixMap. Private to the room.
//
//   root[high >> 48]      where the index of this /16 lies, and how many further bits it resolves
//   index[...]            starts before a slot; about one slot for each start
//   starts[] / values[]   the first /64 of each run of equal /64s, and its location or the mark
//                         "divided, group g"
//   groups[g] ..          the same within a divided /64: low_starts[] / low_values[]
//
// What is found may be an EmbeddedMark (v4_table.h), which the caller resolves.
//
// Thread safety: const members from any number of threads.
#ifndef BORDERFLOW_DATAPLANE_GEO_V6_TABLE_H_
#define BORDERFLOW_DATAPLANE_GEO_V6_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "dataplane/geo/huge_pages.h"
#include "dataplane/geo/location.h"
#include "dataplane/packet/address.h"

namespace borderflow {

class V6Table {
 public:
  static constexpr size_t kBurst = 32;  // addresses whose loads are in flight at once

  // For `starts` calls of Append; best before the first. Address space only.
  void Reserve(size_t starts);
  // Building: ascending starts, each holding until the next one; the first must be ::. Then Seal.
  void Append(const IpAddress& start, const Location& location);
  void Seal();

  // REQUIRES: sealed.
  Location Find(const IpAddress& address) const;
  // `count` <= kBurst.
  void FindBurst(const IpAddress* addresses, size_t count, Location* out) const;

  size_t memory_bytes() const;

 private:
  struct Root {
    uint32_t index = 0;
    uint32_t shift = 48;  // of the low 48 bits of an address's high half, to its slot
  };

  void EndDividedBlock(const IpAddress& next);
  void BeginRun(uint64_t high, const Location& location);
  const uint32_t* Slot(uint64_t high) const;
  Location FindLow(uint32_t group, uint64_t low) const;

  HugeVector<Root> root_;
  HugeVector<uint32_t> index_;
  HugeVector<uint64_t> starts_;
  HugeVector<Location> values_;
  HugeVector<uint32_t> groups_;  // group -> first low start; one more at the end
  HugeVector<uint64_t> low_starts_;
  HugeVector<Location> low_values_;
  Location current_;  // building: what holds from the last start on
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_V6_TABLE_H_
