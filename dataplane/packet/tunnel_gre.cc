#include "dataplane/packet/tunnel.h"

namespace borderflow {
namespace {

// Flags and version, RFC 2784 and 2890, with the routing of RFC 1701 and the acknowledgement of
// RFC 2637 (version 1).
constexpr uint16_t kChecksum = 0x8000;
constexpr uint16_t kSourceRoute = 0x4000;
constexpr uint16_t kKey = 0x2000;
constexpr uint16_t kSequence = 0x1000;
constexpr uint16_t kAcknowledgement = 0x0080;
constexpr uint16_t kVersion = 0x0007;

constexpr uint16_t kErspan = 0x88be;
constexpr uint16_t kErspan3 = 0x22eb;
constexpr uint16_t kWccp = 0x883e;
constexpr uint16_t kMikrotikEthernet = 0x6400;

// Source route entries up to the empty one.
void SkipRouting(Cursor* cursor) {
  while (cursor->ok()) {
    const uint16_t family = cursor->U16();
    cursor->Skip(1);
    const uint8_t length = cursor->U8();
    if (family == 0 && length == 0) return;
    cursor->Skip(length);
  }
}

// draft-foschiano-erspan: type I has no header and no GRE sequence, type II has 8 bytes, type III
// 12 and eight more where its last bit says so.
Step ReadErspan(uint16_t flags, uint16_t ether_type, Cursor* cursor) {
  constexpr uint8_t kPlatformHeader = 0x01;
  const bool type1 = ether_type == kErspan && (flags & kSequence) == 0;
  if (type1) return Layer::kEthernet;
  const bool type3 = ether_type == kErspan3 || cursor->Peek() >> 4 == 2;
  if (!type3) {
    cursor->Skip(8);
    return Layer::kEthernet;
  }
  const bool has_platform_header = (cursor->Peek(11) & kPlatformHeader) != 0;
  cursor->Skip(has_platform_header ? 20 : 12);
  return Layer::kEthernet;
}

// WCCP version 2 puts a redirect header of 4 bytes before the packet, version 1 does not.
Step ReadWccp(Cursor* cursor) {
  if (cursor->Peek() >> 4 != 4) cursor->Skip(4);
  return Layer::kIp;
}

}  // namespace

Step ReadGre(Cursor* cursor) {
  const uint16_t flags = cursor->U16();
  const uint16_t ether_type = cursor->U16();
  if ((flags & kVersion) > 1) return kNothing;
  const bool version1 = (flags & kVersion) == 1;
  if (!version1 && (flags & (kChecksum | kSourceRoute)) != 0) cursor->Skip(4);
  if ((flags & kKey) != 0) cursor->Skip(4);
  if ((flags & kSequence) != 0) cursor->Skip(4);
  if (version1 && (flags & kAcknowledgement) != 0) cursor->Skip(4);
  if (!version1 && (flags & kSourceRoute) != 0) SkipRouting(cursor);

  constexpr uint16_t kArubaMask = 0xfe00;  // 0x8200 to 0x83f0: IEEE 802.11 without FCS
  if ((ether_type & kArubaMask) == 0x8200) return Layer::kWifi;
  switch (ether_type) {
    case kErspan:
    case kErspan3:
      return ReadErspan(flags, ether_type, cursor);
    case kWccp:
      return ReadWccp(cursor);
    case kMikrotikEthernet:
      return version1 ? Step(Layer::kEthernet) : kNothing;
    default:
      // A length where an EtherType belongs: keepalive (0) and the like.
      return ether_type >= 0x0600 ? ByEtherType(ether_type) : kNothing;
  }
}

}  // namespace borderflow
