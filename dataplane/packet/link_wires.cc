#include "dataplane/packet/link_headers.h"

namespace borderflow {
namespace {

constexpr size_t kTwoMacAddresses = 12;

}  // namespace

// access control, frame control, destination, source, source route where the source says so.
Step ReadTokenRing(Cursor* cursor) {
  constexpr uint8_t kFrameTypeMask = 0xc0;
  constexpr uint8_t kLlcFrame = 0x40;
  constexpr uint8_t kSourceRouted = 0x80;
  const uint8_t frame_control = cursor->Peek(1);
  const bool source_routed = (cursor->Peek(8) & kSourceRouted) != 0;
  cursor->Skip(2 + kTwoMacAddresses);
  if (source_routed) cursor->Skip(cursor->Peek() & 0x1f);
  return (frame_control & kFrameTypeMask) == kLlcFrame ? Step(Layer::kLlc) : kNothing;
}

Step ReadFddi(Cursor* cursor) {
  constexpr uint8_t kClassMask = 0xf0;
  constexpr uint8_t kAsynchronousLlc = 0x50;
  const uint8_t frame_control = cursor->U8();
  cursor->Skip(kTwoMacAddresses);
  return (frame_control & kClassMask) == kAsynchronousLlc ? Step(Layer::kLlc) : kNothing;
}

// direction and kind of traffic, VPI, VCI.
Step ReadSunAtm(Cursor* cursor) {
  constexpr uint8_t kLanEmulation = 1;
  constexpr uint8_t kLlcTraffic = 2;
  const uint8_t kind = cursor->U8() & 0x0f;
  cursor->Skip(3);
  if (kind == kLlcTraffic) return Layer::kLlc;
  if (kind != kLanEmulation) return kNothing;
  cursor->Skip(2);
  return Layer::kEthernet;
}

Step ReadFirewire(Cursor* cursor) {
  cursor->Skip(16);  // two EUI-64
  return ByEtherType(cursor->U16());
}

// frame control, parameter, length or service id; an extended header where frame control says so.
Step ReadDocsis(Cursor* cursor) {
  constexpr uint8_t kTypeMask = 0xc0;  // 0: a packet
  constexpr uint8_t kExtended = 0x01;
  const uint8_t control = cursor->U8();
  const uint8_t parameter = cursor->U8();
  cursor->Skip(2);
  if ((control & kExtended) != 0) cursor->Skip(parameter);
  return (control & kTypeMask) == 0 ? Step(Layer::kEthernet) : kNothing;
}

Step ReadInfiniband(Cursor* cursor) {
  cursor->Skip(40);  // global route header
  const uint16_t ether_type = cursor->U16();
  cursor->Skip(2);
  return ByEtherType(ether_type);
}

// IEEE 802.3br: preamble and start delimiter. A continuation has no header of its own.
Step ReadMpacket(Cursor* cursor) {
  cursor->Skip(7);
  switch (cursor->U8()) {
    case 0xd5:  // express
    case 0xe6:  // preemptable: the four start delimiters
    case 0x4c:
    case 0x7f:
    case 0xb3:
      return Layer::kEthernet;
    default:
      return kNothing;
  }
}

Step ReadTagBehindAddresses(Cursor* cursor) {
  constexpr size_t kTag = 4;
  cursor->Skip(kTwoMacAddresses + kTag);
  return ByEtherType(cursor->U16());
}

Step ReadEtherTypedDsa(Cursor* cursor) {
  constexpr size_t kEtherTypeReservedAndTag = 8;
  cursor->Skip(kTwoMacAddresses + kEtherTypeReservedAndTag);
  return ByEtherType(cursor->U16());
}

// magic, flags, extensions where flags say so; without the link layer's own header the protocol
// stands in its place.
Step ReadJuniperHeader(Layer layer, Cursor* cursor) {
  constexpr uint8_t kNoLinkHeader = 0x02;
  constexpr uint8_t kExtensions = 0x80;
  cursor->Skip(3);
  const uint8_t flags = cursor->U8();
  if ((flags & kExtensions) != 0) cursor->Skip(cursor->U16());
  if ((flags & kNoLinkHeader) == 0) return layer;
  cursor->Skip(4);
  return Layer::kIp;
}

}  // namespace borderflow
