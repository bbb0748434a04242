// The binary database of libloc (IPFire's location), version 1, as Debian's libloc-database ships
// it.
//
// Layout, all numbers big-endian, all offsets from the beginning of the file:
//
//   0     "LOCDBXX", version (1 byte)
//   8     created at (u64, seconds since 1970)
//   16    vendor, description, licence (u32 each: offset in the string pool)
//   28    five sections (u32 offset, u32 length each):
//           ASes       8 bytes each:  number, name (offset in the string pool); sorted by number
//           networks   12 bytes each: country (2 characters), 2 unused, AS number (u32),
//                                     flags (u16: 1 proxy, 2 satellite, 4 anycast), 2 unused
//           tree       12 bytes each: child for bit 0, child for bit 1 (0: none), network (all
//           ones:
//                                     none); the path from node 0 is the prefix, IPv4 at
//                                     ::ffff:0:0/96; a network covers what no longer one covers
//           countries  not read here
//           pool       zero-terminated strings
//   68..  signatures and padding; not checked here (Debian's archive is signed as a whole)
//
// Source: the struct declarations of libloc-dev's format.h; compared with libloc's own look-ups.
// Thread safety: pure function.
#ifndef BORDERFLOW_DATAPLANE_GEO_LIBLOC_H_
#define BORDERFLOW_DATAPLANE_GEO_LIBLOC_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/geo/tor_geoip.h"
#include "dataplane/packet/address.h"

namespace borderflow {

struct NetworkRange {
  IpAddress first;
  IpAddress last;  // included
  CountryCode code{};
  uint8_t flags = 0;  // kFlagAnycast, kFlagSatellite, kFlagProxy
  uint32_t asn = 0;   // 0 when the database does not say

  bool SameAnswer(const NetworkRange& other) const {
    return code == other.code && flags == other.flags && asn == other.asn;
  }
};

struct Libloc {
  int64_t build_time = 0;  // seconds since 1970
  std::string vendor;
  std::string description;
  std::string licence;
  std::map<uint32_t, std::string> as_names;
  // Each address with the answer of its longest network: disjoint, sorted by first address,
  // neighbours with the same answer merged.
  std::vector<NetworkRange> ranges;
};

// Parses a whole file; `file` is only for messages. Time and memory are linear in its size: about
// 0.3 s and 60 MB for the 55 MB of 2022.
// Errors: InvalidArgument naming the file and the byte offset when it is not such a database, is of
// another version, is truncated, points outside itself, or holds a tree that reaches a node twice.
absl::StatusOr<Libloc> ParseLibloc(std::string_view bytes, std::string_view file);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_LIBLOC_H_
