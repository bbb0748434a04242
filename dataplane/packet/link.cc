#include "dataplane/packet/link.h"

#include "dataplane/packet/ip.h"

namespace borderflow {
namespace {

// EtherTypes (IEEE registration authority, and vendors' own where they are seen on mirror ports).
constexpr uint16_t kFirstEtherType = 0x0600;  // below: a length, or undefined
constexpr uint16_t kTypeIpv4 = 0x0800;
constexpr uint16_t kTypeIpv6 = 0x86dd;
constexpr uint16_t kTypePpp = 0x880b;
constexpr uint16_t kTypeMpls = 0x8847;
constexpr uint16_t kTypeMplsMulticast = 0x8848;
constexpr uint16_t kTypePppoeSession = 0x8864;
constexpr uint16_t kTypeTransparentEthernet = 0x6558;
constexpr uint16_t kTypeJumboLlc = 0x8870;
constexpr uint16_t kTypeProviderBackbone = 0x88e7;
constexpr uint16_t kTypeMacsec = 0x88e5;
constexpr uint16_t kTypeNsh = 0x894f;
constexpr uint16_t kTypeTrill = 0x22f3;
constexpr uint16_t kTypeFabricPath = 0x8903;
constexpr uint16_t kTypeCiscoMetadata = 0x8909;
constexpr uint16_t kTypeVnTag = 0x8926;
constexpr uint16_t kTypeETag = 0x893f;
constexpr uint16_t kTypeArista = 0xd28b;
constexpr uint16_t kTypeRedundancyTag = 0xf1c1;  // IEEE 802.1CB
constexpr uint16_t kTypeHsr = 0x892f;            // IEC 62439-3

// Skips a tag of `bytes` that ends with the EtherType of what it was put before.
Step SkipTag(size_t bytes, Cursor* cursor) {
  cursor->Skip(bytes);
  return ByEtherType(cursor->U16());
}

Step ReadEthernet(Cursor* cursor) { return SkipTag(12, cursor); }

// version, type, code, session, length, then PPP (RFC 2516).
Step ReadPppoe(Cursor* cursor) {
  cursor->Skip(4);
  cursor->Trim(2 + size_t{cursor->Peek16()});
  cursor->Skip(2);
  return Layer::kPpp;
}

// IEEE 802.1AE: without encryption the frame's own EtherType and payload stand in the clear.
Step ReadMacsec(Cursor* cursor) {
  constexpr uint8_t kSecureChannel = 0x20;
  constexpr uint8_t kEncryptedOrChanged = 0x0c;
  const uint8_t control = cursor->U8();
  cursor->Skip((control & kSecureChannel) != 0 ? 13 : 5);
  if ((control & kEncryptedOrChanged) != 0) return kNothing;
  return ByEtherType(cursor->U16());
}

// subtype, version, time stamp of 64 or 48 bits, EtherType (Arista's TAP aggregation).
Step ReadArista(Cursor* cursor) {
  constexpr uint16_t kTimestamp = 1;
  const uint16_t subtype = cursor->U16();
  const uint16_t version = cursor->U16();
  if (subtype != kTimestamp) return kNothing;
  return SkipTag((version & 0xff) == 0x20 ? 6 : 8, cursor);
}

// RFC 6325: flags with the options' length, egress, ingress, options, Ethernet.
Step ReadTrill(Cursor* cursor) {
  const size_t options = (cursor->U16() >> 6) & 0x1f;
  cursor->Skip(4 + options * 4);
  return Layer::kEthernet;
}

Step ReadEtherType(uint16_t ether_type, Cursor* cursor) {
  if (ether_type < kFirstEtherType) {
    return ether_type <= 1500 ? Step(Layer::kLlc) : kNothing;
  }
  switch (ether_type) {
    case kTypeIpv4:
      return kIpv4Follows;
    case kTypeIpv6:
      return kIpv6Follows;
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
    case 0x9300:
      return SkipTag(2, cursor);
    case kTypeMpls:
    case kTypeMplsMulticast:
      return Layer::kMpls;
    case kTypePppoeSession:
      return ReadPppoe(cursor);
    case kTypePpp:
      return Layer::kPpp;
    case kTypeTransparentEthernet:
      return Layer::kEthernet;
    case kTypeJumboLlc:
      return Layer::kLlc;
    case kTypeProviderBackbone:  // I-TAG, then the customer's whole frame
      cursor->Skip(4);
      return Layer::kEthernet;
    case kTypeFabricPath:
      cursor->Skip(2);
      return Layer::kEthernet;
    case kTypeCiscoMetadata:
      return SkipTag(6, cursor);
    case kTypeVnTag:
    case kTypeRedundancyTag:
    case kTypeHsr:
      return SkipTag(4, cursor);
    case kTypeETag:
      return SkipTag(6, cursor);
    case kTypeMacsec:
      return ReadMacsec(cursor);
    case kTypeNsh:
      return Layer::kNsh;
    case kTypeTrill:
      return ReadTrill(cursor);
    case kTypeArista:
      return ReadArista(cursor);
    default:
      return kNothing;
  }
}

// NLPID of ISO/IEC TR 9577, as RFC 2427 and RFC 2684 use it.
Step ReadNlpid(Cursor* cursor) {
  uint8_t nlpid = cursor->U8();
  if (nlpid == 0x00) nlpid = cursor->U8();  // Frame Relay's pad before SNAP
  switch (nlpid) {
    case 0xcc:
      return kIpv4Follows;
    case 0x8e:
      return kIpv6Follows;
    case 0xcf:
      return Layer::kPpp;
    case 0x80: {  // SNAP: OUI and PID
      const uint16_t oui_high = cursor->U16();
      const uint8_t oui_low = cursor->U8();
      const uint16_t pid = cursor->U16();
      if (oui_high == 0 && oui_low == 0) return ByEtherType(pid);
      const bool bridged_ethernet = oui_high == 0x0080 && oui_low == 0xc2 && (pid & ~6) == 1;
      return bridged_ethernet ? Step(Layer::kEthernet) : kNothing;
    }
    default:
      return kNothing;
  }
}

Step ReadLlc(Cursor* cursor) {
  const uint16_t service_points = cursor->U16();
  const uint8_t control = cursor->U8();
  if (!cursor->ok() || control != 0x03) return kNothing;
  switch (service_points) {
    case 0xaaaa: {
      const uint16_t oui_high = cursor->U16();
      const uint8_t oui_low = cursor->U8();
      const uint16_t pid = cursor->U16();
      if (oui_high == 0 && (oui_low == 0 || oui_low == 0xf8)) return ByEtherType(pid);
      if (oui_high != 0x0080 || oui_low != 0xc2) return kNothing;
      if (pid != 1 && pid != 7) return kNothing;  // bridged Ethernet, with and without FCS
      return Layer::kEthernet;
    }
    case 0x0606:
      return kIpv4Follows;
    case 0xfefe:
      return ReadNlpid(cursor);
    default:
      return kNothing;
  }
}

Step ReadCiscoHdlc(Cursor* cursor) { return SkipTag(2, cursor); }

// RFC 1661, 1662; RFC 1332 (IPv4), 5072 (IPv6), 3032 (MPLS), 3518 (bridging), 1990 (multilink).
Step ReadPpp(Cursor* cursor) {
  if (cursor->Peek16() == 0xff03) cursor->Skip(2);
  const uint16_t start = cursor->Peek16();
  if (start == 0x0f00 || start == 0x8f00) return ReadCiscoHdlc(cursor);  // on the same serial line
  uint16_t protocol = cursor->U8();
  const bool compressed = (protocol & 1) != 0;  // a first byte is even, a last one odd
  if (!compressed) protocol = static_cast<uint16_t>(protocol << 8 | cursor->U8());
  switch (protocol) {
    case 0x0021:
      return kIpv4Follows;
    case 0x0057:
      return kIpv6Follows;
    case 0x0281:
    case 0x0283:
      return Layer::kMpls;
    case 0x0031: {
      constexpr uint8_t kEthernetMac = 1;
      cursor->Skip(1);
      return cursor->U8() == kEthernetMac ? Step(Layer::kEthernet) : kNothing;
    }
    case 0x003d: {  // only a fragment that is the whole packet
      constexpr uint8_t kBeginAndEnd = 0xc0;
      const uint8_t flags = cursor->U8();
      cursor->Skip(3);
      return flags >= kBeginAndEnd ? Step(Layer::kPpp) : kNothing;
    }
    default:
      return kNothing;
  }
}

// RFC 2427, or Cisco's form with an EtherType behind the address.
Step ReadFrameRelay(Cursor* cursor) {
  constexpr uint8_t kLastAddressByte = 0x01;
  constexpr uint8_t kUnnumberedInformation = 0x03;
  for (int i = 0; i < 4; ++i) {
    if ((cursor->U8() & kLastAddressByte) != 0) break;
  }
  if (cursor->Peek() != kUnnumberedInformation) return ByEtherType(cursor->U16());
  cursor->Skip(1);
  return ReadNlpid(cursor);
}

// RFC 3032; nothing in the stack names the payload. RFC 4385: a first nibble of 0 is a pseudowire's
// control word. Without one Ethernet may begin like IP, so both must prove themselves.
Step ReadMpls(bool may_look_ahead, Cursor* cursor) {
  constexpr uint32_t kBottomOfStack = 0x100;
  while (cursor->ok() && (cursor->U32() & kBottomOfStack) == 0) {
  }
  if (!cursor->ok()) return kNothing;
  const uint8_t version = cursor->Peek() >> 4;
  const bool ip_version = version == 4 || version == 6;
  const Step ip(Layer::kIp, version);
  if (ip_version && (!may_look_ahead || LooksLikeIp(*cursor))) return ip;
  if (!may_look_ahead) return kNothing;
  if (version == 0) {
    Cursor behind_control_word = *cursor;
    behind_control_word.Skip(4);
    if (LooksLikeEthernet(behind_control_word)) {
      *cursor = behind_control_word;
      return Layer::kEthernet;
    }
  }
  if (LooksLikeEthernet(*cursor)) return Layer::kEthernet;
  return ip_version ? ip : kNothing;
}

// RFC 8300: version, flags, TTL, length in words; metadata type; next protocol.
Step ReadNsh(Cursor* cursor) {
  const size_t words = cursor->U16() & 0x3f;
  cursor->Skip(1);
  const uint8_t next = cursor->U8();
  if (words < 1) return kNothing;
  cursor->Skip(words * 4 - 4);
  switch (next) {
    case 1:
      return kIpv4Follows;
    case 2:
      return kIpv6Follows;
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

Step ReadLayer(Step step, bool may_look_ahead, Cursor* cursor) {
  switch (step.layer()) {
    case Layer::kEtherType:
      return ReadEtherType(step.number(), cursor);
    case Layer::kEthernet:
      return ReadEthernet(cursor);
    case Layer::kLlc:
      return ReadLlc(cursor);
    case Layer::kPpp:
      return ReadPpp(cursor);
    case Layer::kCiscoHdlc:
      return ReadCiscoHdlc(cursor);
    case Layer::kFrameRelay:
      return ReadFrameRelay(cursor);
    case Layer::kMpls:
      return ReadMpls(may_look_ahead, cursor);
    case Layer::kNsh:
      return ReadNsh(cursor);
    case Layer::kWifi:
      return ReadWifi(WifiForm::kPlain, cursor);
    case Layer::kWifiSwapped:
      return ReadWifi(WifiForm::kSwapped, cursor);
    case Layer::kWifiPadded:
      return ReadWifi(WifiForm::kPadded, cursor);
    case Layer::kIp:
    case Layer::kOther:
    case Layer::kCut:
    case Layer::kTooDeep:
      break;
  }
  return kNothing;
}

constexpr int kMaxLookAheadHeaders = 8;

// `may_look_ahead` is false while looking ahead: one pseudowire inside another must not make the
// work double at each.
Step Walk(Step step, bool may_look_ahead, Cursor* cursor) {
  const int headers = may_look_ahead ? kMaxLinkHeaders : kMaxLookAheadHeaders;
  for (int i = 0; i <= headers; ++i) {
    if (!cursor->ok()) return Layer::kCut;
    if (step.layer() >= Layer::kIp) return step;
    step = ReadLayer(step, may_look_ahead, cursor);
  }
  return Layer::kTooDeep;
}

}  // namespace

Step FindIp(Step step, Cursor* cursor) { return Walk(step, true, cursor); }

Step FindIp(uint16_t link_type, Cursor* cursor) {
  if (!cursor->Has(1)) return Layer::kCut;
  return FindIp(ReadLinkType(link_type, cursor), cursor);
}

bool LooksLikeEthernet(Cursor cursor) {
  return Walk(Layer::kEthernet, false, &cursor).layer() == Layer::kIp && LooksLikeIp(cursor);
}

}  // namespace borderflow
