#include "dataplane/packet/tunnel.h"

namespace borderflow {
namespace {

// RFC 7348 section 5; the group policy extension sets other flags too.
Step ReadVxlan(Cursor* cursor) {
  constexpr uint8_t kHasNetwork = 0x08;
  const uint8_t flags = cursor->U8();
  cursor->Skip(7);
  return (flags & kHasNetwork) != 0 ? Step(Layer::kEthernet) : kNothing;
}

// draft-ietf-nvo3-vxlan-gpe: as VXLAN, with the next protocol in the fourth byte. Senders exist
// that fill it without setting the bit that announces it; plain VXLAN has 0 there.
Step ReadVxlanGpe(Cursor* cursor) {
  cursor->Skip(3);
  const uint8_t next = cursor->U8();
  cursor->Skip(4);
  switch (next) {
    case 0:
      return Layer::kEthernet;
    case 1:
    case 2:
      return Layer::kIp;
    case 3:
      return Layer::kEthernet;
    case 4:
      return Layer::kNsh;
    case 5:
      return Layer::kMpls;
    default:
      return kNothing;
  }
}

// RFC 8926 section 3.4.
Step ReadGeneve(Cursor* cursor) {
  constexpr uint8_t kVersionMask = 0xc0;
  const uint8_t version_and_length = cursor->U8();
  cursor->Skip(1);
  const uint16_t ether_type = cursor->U16();
  cursor->Skip(4 + size_t{version_and_length} % 64 * 4);
  return (version_and_length & kVersionMask) == 0 ? ByEtherType(ether_type) : kNothing;
}

// 3GPP TS 29.281 section 5: only a T-PDU carries a user's packet. It may also be PPP.
Step ReadGtpU(Cursor* cursor) {
  constexpr uint8_t kVersionMask = 0xf0;
  constexpr uint8_t kVersion1 = 0x30;  // with the protocol type bit
  constexpr uint8_t kOptionalFields = 0x07;
  constexpr uint8_t kUserPacket = 0xff;
  const uint8_t flags = cursor->U8();
  if ((flags & kVersionMask) != kVersion1 || cursor->U8() != kUserPacket) return kNothing;
  cursor->Skip(6);
  if ((flags & kOptionalFields) != 0) {
    cursor->Skip(3);
    uint8_t next_extension = cursor->U8();
    while (next_extension != 0 && cursor->ok()) {
      const size_t words = cursor->U8();
      if (words == 0) return kNothing;
      cursor->Skip(words * 4 - 2);
      next_extension = cursor->U8();
    }
  }
  const uint8_t version = cursor->Peek() >> 4;
  return version == 4 || version == 6 ? Layer::kIp : Layer::kPpp;
}

// GSM 09.60 section 11: version 0, a fixed header of 20 bytes.
Step ReadGtpV0(Cursor* cursor) {
  constexpr uint8_t kVersionAndTypeMask = 0xf0;
  constexpr uint8_t kVersion0 = 0x10;  // with the protocol type bit
  constexpr uint8_t kUserPacket = 0xff;
  const uint8_t flags = cursor->U8();
  const uint8_t message = cursor->U8();
  cursor->Skip(18);
  const bool carries_ip = (flags & kVersionAndTypeMask) == kVersion0 && message == kUserPacket;
  return carries_ip ? Step(Layer::kIp) : kNothing;
}

// RFC 2661 section 3.1 (version 2) and RFC 3931 section 4.1.2 (version 3).
Step ReadL2tp(Cursor* cursor) {
  constexpr uint16_t kControl = 0x8000;
  constexpr uint16_t kLength = 0x4000;
  constexpr uint16_t kSequence = 0x0800;
  constexpr uint16_t kOffset = 0x0200;
  constexpr uint16_t kReserved = 0x34f0;
  const uint16_t flags = cursor->U16();
  const uint16_t version = flags & 0x000f;
  if ((flags & kControl) != 0) return kNothing;
  if (version == 3) {
    cursor->Skip(2);
    return cursor->U32() != 0 ? FindPseudowire(cursor) : kNothing;
  }
  if (version != 2 || (flags & kReserved) != 0) return kNothing;
  if ((flags & kLength) != 0) cursor->Skip(2);
  cursor->Skip(4);
  if ((flags & kSequence) != 0) cursor->Skip(4);
  if ((flags & kOffset) != 0) cursor->Skip(cursor->U16());
  return Layer::kPpp;
}

// RFC 4380 section 5.1.1: authentication, then origin, then IPv6.
Step ReadTeredo(Cursor* cursor) {
  constexpr uint16_t kOrigin = 0x0000;
  constexpr uint16_t kAuthentication = 0x0001;
  if (cursor->Peek16() == kAuthentication) {
    cursor->Skip(2);
    const size_t identifier = cursor->U8();
    const size_t value = cursor->U8();
    cursor->Skip(identifier + value + 9);  // and nonce and confirmation
  }
  if (cursor->Has(8) && cursor->Peek16() == kOrigin) cursor->Skip(8);
  return cursor->Peek() >> 4 == 6 ? kIpv6Follows : kNothing;
}

// RFC 9300 section 5.1.
Step ReadLisp(Cursor* cursor) {
  cursor->Skip(8);
  return Layer::kIp;
}

// RFC 5415 section 4: 802.3, or 802.11 with the frame control in either byte order, for which
// access points are known. Encrypted and later fragments are nothing.
Step ReadCapwapData(Cursor* cursor) {
  constexpr uint32_t kNativeFrame = 0x100;
  constexpr uint32_t kIsFragment = 0x080;
  constexpr uint32_t kWifiBinding = 1;
  constexpr uint8_t kVersionAndTypeMask = 0x0f;
  constexpr uint8_t kData = 0x08;
  const uint32_t word = cursor->U32();
  const uint32_t fragment = cursor->U32();
  if (word >> 24 != 0 || ((word & kIsFragment) != 0 && (fragment & 0xfff8) != 0)) return kNothing;
  const size_t header_bytes = size_t{(word >> 19) & 0x1f} * 4;
  if (header_bytes < 8) return kNothing;
  cursor->Skip(header_bytes - 8);
  if ((word & kNativeFrame) == 0) return Layer::kEthernet;
  if (((word >> 9) & 0x1f) != kWifiBinding) return kNothing;
  const bool as_sent = (cursor->Peek(0) & kVersionAndTypeMask) == kData;
  const bool swapped = (cursor->Peek(1) & kVersionAndTypeMask) == kData;
  return as_sent || !swapped ? Step(Layer::kWifi) : Step(Layer::kWifiSwapped);
}

// version, type, encapsulated protocol, tags up to the end tag.
Step ReadTzsp(Cursor* cursor) {
  constexpr uint16_t kEthernet = 1;
  constexpr uint16_t kWifi = 18;
  constexpr uint8_t kPadding = 0;
  constexpr uint8_t kEnd = 1;
  if (cursor->U8() != 1 || cursor->U8() > 1) return kNothing;
  const uint16_t encapsulated = cursor->U16();
  while (cursor->ok()) {
    const uint8_t tag = cursor->U8();
    if (tag == kEnd) break;
    if (tag != kPadding) cursor->Skip(cursor->U8());
  }
  if (encapsulated == kEthernet) return Layer::kEthernet;
  return encapsulated == kWifi ? Step(Layer::kWifi) : kNothing;
}

// A reader for the tunnels of `port`; nullptr for a port without one.
using Reader = Step (*)(Cursor*);
Reader ReaderOf(uint16_t port) {
  switch (port) {
    case kL2tpPort:
      return ReadL2tp;
    case kGtpUPort:
      return ReadGtpU;
    case kGtpV0Port:
      return ReadGtpV0;
    case kTeredoPort:
      return ReadTeredo;
    case kLispPort:
      return ReadLisp;
    case kVxlanPort:
    case kOldVxlanPort:
      return ReadVxlan;
    case kVxlanGpePort:
      return ReadVxlanGpe;
    case kCapwapDataPort:
      return ReadCapwapData;
    case kGenevePort:
      return ReadGeneve;
    case kMplsInUdpPort:
      return [](Cursor*) { return Step(Layer::kMpls); };
    case kTzspPort:
      return ReadTzsp;
    default:
      return nullptr;
  }
}

}  // namespace

bool IsTunnelPort(uint16_t port) { return ReaderOf(port) != nullptr; }

// The destination's port names the tunnel. The source's does so for answers only, and not those of
// a well-known service to a client that happens to have such a port.
Step ReadUdpTunnel(Cursor* cursor) {
  constexpr uint16_t kFirstUserPort = 1024;  // RFC 6335 section 6
  const uint16_t source_port = cursor->U16();
  const uint16_t destination_port = cursor->U16();
  const uint16_t length = cursor->U16();
  if (length >= 8) cursor->Trim(length - size_t{6});
  cursor->Skip(2);
  Reader reader = ReaderOf(destination_port);
  if (reader == nullptr && destination_port >= kFirstUserPort) reader = ReaderOf(source_port);
  return reader != nullptr ? reader(cursor) : kNothing;
}

}  // namespace borderflow
