// The headers that capture formats put before a frame, and link layers that stand only there: one
// reader each, for the table in link_types.cc. Formats: https://www.tcpdump.org/linktypes.html
//
// A reader consumes its header and says what follows; a header that is cut fails the cursor.
#ifndef BORDERFLOW_DATAPLANE_PACKET_LINK_HEADERS_H_
#define BORDERFLOW_DATAPLANE_PACKET_LINK_HEADERS_H_

#include "dataplane/packet/cursor.h"
#include "dataplane/packet/link.h"

namespace borderflow {

inline uint16_t LoadLittle16(const Cursor& cursor, size_t offset) {
  return static_cast<uint16_t>(cursor.Peek(offset) | cursor.Peek(offset + 1) << 8);
}
inline uint32_t LoadLittle32(const Cursor& cursor, size_t offset) {
  return LoadLittle16(cursor, offset) | uint32_t{LoadLittle16(cursor, offset + 2)} << 16;
}

// Hosts (link_headers.cc).
Step ReadAddressFamily(Cursor* cursor);    // NULL and LOOP
Step ReadCooked(Cursor* cursor);           // Linux "any", version 1
Step ReadCooked2(Cursor* cursor);          // version 2
Step ReadPacketFilterLog(Cursor* cursor);  // BSD pflog
Step ReadNflog(Cursor* cursor);            // Linux netfilter log
Step ReadPktap(Cursor* cursor);            // macOS
Step ReadPppd(Cursor* cursor);

// Wires (link_wires.cc).
Step ReadTokenRing(Cursor* cursor);
Step ReadFddi(Cursor* cursor);
Step ReadSunAtm(Cursor* cursor);
Step ReadFirewire(Cursor* cursor);
Step ReadDocsis(Cursor* cursor);
Step ReadInfiniband(Cursor* cursor);
Step ReadMpacket(Cursor* cursor);
Step ReadTagBehindAddresses(Cursor* cursor);  // Broadcom's and Marvell's DSA tags
Step ReadEtherTypedDsa(Cursor* cursor);
Step ReadJuniperHeader(Layer layer, Cursor* cursor);
template <Layer kLayer>
Step ReadJuniper(Cursor* cursor) {
  return ReadJuniperHeader(kLayer, cursor);
}

// Radio (link_wifi.cc).
Step ReadRadiotap(Cursor* cursor);
Step ReadPrism(Cursor* cursor);
Step ReadAvs(Cursor* cursor);
Step ReadPpi(Cursor* cursor);

// What a header that names a LINKTYPE carries; another such header inside is refused.
Step ReadNamedLinkType(uint32_t link_type, Cursor* cursor);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_LINK_HEADERS_H_
