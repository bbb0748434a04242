#include "dataplane/packet/link_headers.h"

namespace borderflow {
namespace {

// AF_INET is 2 everywhere; AF_INET6 is Linux's 10, Windows' 23, and the BSDs' 24, 28 and 30.
Step ByAddressFamily(uint32_t family) {
  switch (family) {
    case 2:
      return kIpv4Follows;
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return kIpv6Follows;
    default:
      return kNothing;
  }
}

// Below 0x600 the kernel has numbers of its own, of which 4 is LLC.
Step ByCookedProtocol(uint16_t protocol) {
  constexpr uint16_t kLlcFollows = 4;
  if (protocol >= 0x0600) return ByEtherType(protocol);
  return protocol == kLlcFollows ? Step(Layer::kLlc) : kNothing;
}

constexpr uint16_t kNetlinkDevice = 824;  // ARPHRD_NETLINK: the protocol is a netlink family

}  // namespace

Step ReadAddressFamily(Cursor* cursor) {
  // NULL is in the capturing machine's byte order, LOOP in the network's; a family is small.
  uint32_t family = cursor->U32();
  if (family > 0xffff) family = __builtin_bswap32(family);
  return family >= 0x0600 && family <= 0xffff ? ByEtherType(static_cast<uint16_t>(family))
                                              : ByAddressFamily(family);
}

// packet type, device type, address length, address, protocol.
Step ReadCooked(Cursor* cursor) {
  cursor->Skip(2);
  const uint16_t device = cursor->U16();
  cursor->Skip(10);
  const uint16_t protocol = cursor->U16();
  return device == kNetlinkDevice ? kNothing : ByCookedProtocol(protocol);
}

// protocol, reserved, interface, device type, packet type, address length, address.
Step ReadCooked2(Cursor* cursor) {
  const uint16_t protocol = cursor->U16();
  cursor->Skip(6);
  const uint16_t device = cursor->U16();
  cursor->Skip(10);
  return device == kNetlinkDevice ? kNothing : ByCookedProtocol(protocol);
}

// The first byte is the header's length without its padding to words, the second the family.
Step ReadPacketFilterLog(Cursor* cursor) {
  const size_t length = cursor->Peek(0);
  const uint8_t family = cursor->Peek(1);
  cursor->Skip((length + 3) & ~size_t{3});
  return ByAddressFamily(family);
}

// family, version, resource; then attributes of length, type (in the capturing machine's byte
// order) and value, padded to words. The packet is the attribute of type 9.
Step ReadNflog(Cursor* cursor) {
  constexpr uint16_t kPayload = 9;
  constexpr uint8_t kBridge = 7;
  const uint8_t family = cursor->U8();
  cursor->Skip(3);
  while (cursor->ok()) {
    size_t length = LoadLittle16(*cursor, 0);
    uint16_t type = LoadLittle16(*cursor, 2);
    const bool little_endian = length >= 4 && length <= cursor->wire();
    if (!little_endian) {
      length = cursor->Peek16(0);
      type = cursor->Peek16(2);
    }
    cursor->Skip(4);
    if (length < 4) break;
    if (type == kPayload) {
      cursor->Trim(length - 4);
      return family == kBridge ? Step(Layer::kIp) : ByAddressFamily(family);
    }
    cursor->Skip(((length + 3) & ~size_t{3}) - 4);
  }
  return kNothing;
}

// header length, record type, LINKTYPE: little-endian on every Mac since 2006.
Step ReadPktap(Cursor* cursor) {
  const uint32_t length = LoadLittle32(*cursor, 0);
  const uint32_t link_type = LoadLittle32(*cursor, 8);
  cursor->Skip(length);
  return ReadNamedLinkType(link_type, cursor);
}

// The direction stands where the address belongs.
Step ReadPppd(Cursor* cursor) {
  constexpr uint8_t kControl = 0x03;
  cursor->Skip(1);
  if (cursor->Peek() == kControl) cursor->Skip(1);
  return Layer::kPpp;
}

Step ReadNamedLinkType(uint32_t link_type, Cursor* cursor) {
  constexpr uint32_t kPpi = 192;
  constexpr uint32_t kPktap = 258;
  if (link_type > 0xffff || link_type == kPpi || link_type == kPktap) return kNothing;
  return ReadLinkType(static_cast<uint16_t>(link_type), cursor);
}

}  // namespace borderflow
