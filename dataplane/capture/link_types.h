// Link types as captures number them: LINKTYPE_ values (tcpdump.org's registry), one for each
// meaning, whatever reader delivered the frame.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_LINK_TYPES_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_LINK_TYPES_H_

#include <cstdint>

namespace borderflow {

// The registered number for one found in a file: some programs write their system's DLT_ number
// instead (12 and, on OpenBSD, 14 for raw IP, registered as 101). Numbers without such a history
// stay as they are.
uint16_t CanonicalLinkType(uint16_t file_link_type);

// The same for what pcap_datalink returns.
uint16_t LinkTypeFromDlt(int dlt);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_LINK_TYPES_H_
