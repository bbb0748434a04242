// Tunnels: from an IP packet to the IP packet inside it.
//
// IP-in-IP, 6in4, GRE with PPP, Ethernet and ERSPAN I to III, EtherIP, MPLS in IP, L2TPv3, PIM
// Register; over UDP: VXLAN, VXLAN-GPE, Geneve, GTP-U (and its version 0), L2TP, Teredo, MPLS,
// LISP, CAPWAP, TZSP. A packet that an ICMP error quotes is not inside it (corpus trap 6).
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_PACKET_TUNNEL_H_
#define BORDERFLOW_DATAPLANE_PACKET_TUNNEL_H_

#include <cstdint>

#include "dataplane/packet/ip.h"
#include "dataplane/packet/link.h"

namespace borderflow {

// UDP ports by which a tunnel is known (IANA's service names, but for 8472: VXLAN as Linux had it
// before there was an assignment, and 37008: TaZmen Sniffer Protocol).
inline constexpr uint16_t kL2tpPort = 1701;
inline constexpr uint16_t kGtpUPort = 2152;
inline constexpr uint16_t kGtpV0Port = 3386;
inline constexpr uint16_t kTeredoPort = 3544;
inline constexpr uint16_t kLispPort = 4341;
inline constexpr uint16_t kVxlanPort = 4789;
inline constexpr uint16_t kVxlanGpePort = 4790;
inline constexpr uint16_t kCapwapDataPort = 5247;
inline constexpr uint16_t kGenevePort = 6081;
inline constexpr uint16_t kMplsInUdpPort = 6635;
inline constexpr uint16_t kOldVxlanPort = 8472;
inline constexpr uint16_t kTzspPort = 37008;

// True if `outer` is a packet, or a first fragment, with another IP header inside; `inner` is then
// left at it.
bool EnterTunnel(const IpHeader& outer, Cursor* inner);

// One tunnel header each: consumes it and says what follows, as in link.h.
Step ReadGre(Cursor* cursor);        // tunnel_gre.cc
Step ReadUdpTunnel(Cursor* cursor);  // tunnel_udp.cc; from the UDP header on
// An L2TPv3 data message from its cookie on; nothing in it says how long that is.
Step FindPseudowire(Cursor* cursor);

// True for the ports above.
bool IsTunnelPort(uint16_t port);

// A quick filter before it: true for every tunnel's port, and for one in six others, but
// not for DNS, QUIC or NTP.
constexpr bool MayBeTunnelPort(uint16_t port) {
  constexpr auto bit = [](uint16_t of) { return uint64_t{1} << ((of ^ of >> 3) % 64); };
  constexpr uint64_t kPorts = bit(kL2tpPort) | bit(kGtpUPort) | bit(kGtpV0Port) | bit(kTeredoPort) |
                              bit(kLispPort) | bit(kVxlanPort) | bit(kVxlanGpePort) |
                              bit(kCapwapDataPort) | bit(kGenevePort) | bit(kMplsInUdpPort) |
                              bit(kOldVxlanPort) | bit(kTzspPort);
  constexpr bool kSparesTheCommonPorts = (kPorts & (bit(53) | bit(443) | bit(123))) == 0;
  static_assert(kSparesTheCommonPorts);
  return (kPorts & bit(port)) != 0;
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_TUNNEL_H_
