// Sequence gaps: what the mirror lost of a TCP flow, estimated from its sequence numbers.
//
// Thread safety: as of the flow's entry.
#ifndef BORDERFLOW_DATAPLANE_FLOW_SEQUENCE_GAPS_H_
#define BORDERFLOW_DATAPLANE_FLOW_SEQUENCE_GAPS_H_

#include <cstdint>

#include "dataplane/flow/flow_entry.h"
#include "dataplane/packet/packet.h"

namespace borderflow {

// Bytes that sequence numbers skip up to `packet`, less those that it brings late: what to add to
// the bytes missing so far. Remembers where its sender's next segment starts. REQUIRES: a packet of
// the TCP flow `entry`, which is decided.
int64_t TrackSequence(const Packet& packet, FlowEntry* entry);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FLOW_SEQUENCE_GAPS_H_
