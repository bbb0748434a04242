// Walks an MMDB's search tree into the steps of a GeoLayer.
#ifndef BORDERFLOW_DATAPLANE_GEO_MMDB_WALK_H_
#define BORDERFLOW_DATAPLANE_GEO_MMDB_WALK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/geo/layer.h"
#include "dataplane/geo/mmdb.h"

namespace borderflow {

struct MmdbTree {
  HugeVector<V4Step> v4;
  HugeVector<V6Step> v6;
  // Record number - 1 -> offset in the data section; each once, ascending.
  std::vector<uint32_t> offsets;
  std::vector<uint64_t> leaves;  // record number - 1 -> leaves that lead to it, aliases not counted
};

// The steps number records from 1 in the order of `offsets`; kSilent where the tree has nothing. A
// step need not differ from the one before it.
// IPv4 is what libmaxminddb answers for it: the subtree under ::/96 of an IPv6 database. Other
// places of an IPv6 tree that lead to the same node become aliases; ::ffff:0:0/96, which is IPv4 by
// another name, is silent among the IPv6 steps.
//
// Errors: InvalidArgument for branches longer than an address (nodes that point back), for subtrees
// shared beyond the known aliases until the walk exceeds 8 visits a node, and for records that lead
// outside the data section.
absl::StatusOr<MmdbTree> WalkTree(const MmdbFile& file);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_MMDB_WALK_H_
