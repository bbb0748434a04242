#include "dataplane/packet/tunnel.h"

namespace borderflow {
namespace {

// RFC 7761 section 4.9.3: a Register carries a multicast packet to the rendezvous point, or, when
// nothing is to be sent, a header that only names the group.
Step ReadPim(Cursor* cursor) {
  constexpr uint8_t kVersion2Register = 0x21;
  const bool is_register = cursor->U8() == kVersion2Register;
  cursor->Skip(7);
  return is_register ? Step(Layer::kIp) : kNothing;
}

// RFC 3378: version 3, then Ethernet.
Step ReadEtherIp(Cursor* cursor) {
  return cursor->U16() >> 12 == 3 ? Step(Layer::kEthernet) : kNothing;
}

// RFC 3931 section 4.1.1: session 0 is control.
Step ReadL2tpV3(Cursor* cursor) { return cursor->U32() != 0 ? FindPseudowire(cursor) : kNothing; }

Step ReadTunnel(uint8_t protocol, Cursor* cursor) {
  switch (protocol) {
    case kIpv4InIp:
    case kIpv6InIp:
    case kIpIp:
      return Layer::kIp;
    case kUdp:
      return ReadUdpTunnel(cursor);
    case kGre:
      return ReadGre(cursor);
    case kEtherIp:
      return ReadEtherIp(cursor);
    case kPim:
      return ReadPim(cursor);
    case kL2tpV3:
      return ReadL2tpV3(cursor);
    case kMplsInIp:
      return Layer::kMpls;
    default:
      return kNothing;
  }
}

}  // namespace

Step FindPseudowire(Cursor* cursor) {
  constexpr size_t kCookieAndSublayer = 12;  // up to 8 and 4 bytes (RFC 3931 sections 4.1, 4.6)
  for (size_t skipped = 0; skipped <= kCookieAndSublayer; skipped += 4) {
    Cursor at = *cursor;
    at.Skip(skipped);
    const bool is_ethernet = LooksLikeEthernet(at);
    if (!is_ethernet && !LooksLikeIp(at)) continue;
    *cursor = at;
    return is_ethernet ? Layer::kEthernet : Layer::kIp;
  }
  return kNothing;
}

bool EnterTunnel(const IpHeader& outer, Cursor* inner) {
  if (outer.later_fragment) return false;
  *inner = outer.payload;
  const Step step = ReadTunnel(outer.protocol, inner);
  return FindIp(step, inner).layer() == Layer::kIp;
}

}  // namespace borderflow
