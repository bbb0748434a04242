// Telecom: Diameter, GTP, PFCP, RADIUS, SMPP.
#include <algorithm>
#include <iterator>

#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

// Command codes (IANA; 3GPP TS 29.230): base protocol, credit control, Cx/Sh, Gq/Rx, S6a/S13, SWx,
// S6m, SLg and SLh.
constexpr struct {
  uint32_t first;
  uint32_t last;
} kDiameterCommands[] = {{257, 258}, {260, 260}, {262, 262},         {265, 265},        {268, 268},
                         {271, 272}, {274, 275}, {280, 280},         {282, 303},        {304, 305},
                         {306, 309}, {310, 325}, {8388620, 8388622}, {8388635, 8388641}};

// GTPv2-C message types (3GPP TS 29.274 table 6.1-1).
bool IsGtp2Type(uint8_t type) {
  return (type >= 1 && type <= 3) || (type >= 32 && type <= 39) || (type >= 64 && type <= 73) ||
         (type >= 95 && type <= 104) || (type >= 128 && type <= 141) ||
         (type >= 149 && type <= 171) || type == 176 || type == 177 || type == 179 || type == 180 ||
         (type >= 200 && type <= 201) || type == 211 || type == 212 || (type >= 231 && type <= 236);
}

// GTPv1-C message types (3GPP TS 29.060 table 1), without what user planes exchange as well: echoes
// (1 to 3), error indication (26), user data (255).
bool IsGtp1Type(uint8_t type) {
  return (type >= 16 && type <= 30 && type != 26) || (type >= 32 && type <= 37) ||
         (type >= 48 && type <= 62) || (type >= 96 && type <= 105) ||
         (type >= 112 && type <= 121) || type == 128 || type == 129;
}

bool HasInnerIp(const WireMessage& m, size_t at) {
  const uint8_t version = m.At(at) >> 4;
  const size_t left = m.size - at;
  return (version == 4 && m.Big(at + 2, 2) <= left && m.Big(at + 2, 2) >= 20) ||
         (version == 6 && m.Big(at + 4, 2) + 40 <= left);
}

}  // namespace

// RFC 6733 section 3: version 1 | length 3 | flags | command 3 | application 4 | ids 8 | AVPs.
bool IsDiameter(const WireMessage& m) {
  constexpr size_t kHeader = 20;
  if (!m.Has(kHeader) || (m.At(4) & 0x0f) != 0) return false;
  const uint32_t command = m.Big(5, 3);
  const bool known = std::any_of(
      std::begin(kDiameterCommands), std::end(kDiameterCommands),
      [command](const auto& range) { return command >= range.first && command <= range.last; });
  // The first AVP: code 4 | flags | length 3.
  const size_t first = m.Big(25, 3);
  if (m.Has(28) && m.Big(1, 3) > kHeader && (first < 8 || first + kHeader > m.Big(1, 3)))
    return false;
  return known && FramesFill(m, 4, [&m](size_t at) {
           const size_t length = m.Big(at + 1, 3);
           return m.At(at) == 1 && length % 4 == 0 && length >= kHeader ? length : size_t{0};
         });
}

// Version 2: flags | type | length 2 (behind these four bytes) | [TEID 4] | sequence 3 | spare.
// Echoes have no TEID, all others do.
bool IsGtp2(const WireMessage& m) {
  const uint8_t type = m.At(1);
  const bool has_teid = (m.At(0) & 0x08) != 0;
  const bool piggybacked = (m.At(0) & 0x10) != 0;
  const size_t length = m.Big(2, 2) + 4;
  if (!m.Has(12) || !IsGtp2Type(type) || has_teid != (type > 3)) return false;
  if (!has_teid && m.At(7) != 0) return false;  // spare behind the sequence
  return piggybacked ? length < m.size : length == m.size;
}

// An echo's only mandatory element is Recovery: type 3, length 1.
bool IsGtp2Echo(const WireMessage& m) {
  return IsGtp2(m) && m.At(1) <= 2 && m.Big(8, 4) == 0x03000100;
}
// Elements: type | length 2 | spare, instance; they fill the message.
bool IsGtp2Tunnel(const WireMessage& m) {
  if (!IsGtp2(m) || m.At(1) <= 3) return false;
  const size_t end = m.Big(2, 2) + 4;
  size_t at = 12;
  while (at + 4 <= m.bytes.size() && at < end) {
    if (m.At(at) == 0 || (m.At(at + 3) & 0xf0) != 0) return false;
    at += 4 + m.Big(at + 1, 2);
  }
  return at > 12 && (!m.Has(end) || at == end);
}

// Version 1: flags | type | length 2 (behind eight bytes) | TEID 4 | [sequence 2, N-PDU, next].
bool IsGtp1(const WireMessage& m) {
  return m.Has(8) && IsGtp1Type(m.At(1)) && m.Big(2, 2) + 8 == m.size;
}

// Supported only with what it carries: a G-PDU around an IP packet.
bool IsGtpUser(const WireMessage& m) {
  const bool optional = (m.At(0) & 0x07) != 0;
  size_t at = optional ? 12 : 8;
  if (m.Big(2, 2) + 8 != m.size) return false;
  for (uint8_t next = optional ? m.At(11) : uint8_t{0}; next != 0 && at < m.size;) {
    const size_t length = size_t{m.At(at)} * 4;
    if (length == 0) return false;
    at += length;
    next = m.At(at - 1);
  }
  return at < m.size && HasInnerIp(m, at);
}

// Charging (3GPP TS 32.295): version 0 to 2, no "protocol type" bit; header of 6 or 20 bytes.
bool IsGtpPrime(const WireMessage& m) {
  const uint8_t type = m.At(1);
  const bool known = (type >= 1 && type <= 7) || type == 240 || type == 241;
  const size_t header = (m.At(0) & 0x01) != 0 || m.At(0) >> 5 > 0 ? 6 : 20;
  return known && m.Has(6) && m.Big(2, 2) + header == m.size;
}

// 3GPP TS 29.244: version 1, spare, FO, MP, S | type | length 2 | [SEID 8] | sequence 3 | priority
// | elements: type 2, length 2. Session messages have an SEID.
bool IsPfcp(const WireMessage& m) {
  const uint8_t type = m.At(1);
  const bool session = type >= 50 && type <= 57;
  const bool has_seid = (m.At(0) & 0x01) != 0;
  if ((type == 0 || type > 15) && !session) return false;
  if (session != has_seid || m.Big(2, 2) + 4 != m.size) return false;
  size_t at = has_seid ? 16 : 8;
  if (m.size < at + 4) return false;
  while (at + 4 <= m.bytes.size()) at += 4 + m.Big(at + 2, 2);
  return !m.Has(m.size) || at == m.size;
}

// RFC 2865 section 3: code | id | length 2 | authenticator 16 | attributes: type, length, value.
static bool IsRadiusHeader(const WireMessage& m) {
  const uint8_t code = m.At(0);
  const bool known =
      (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);
  return known && m.Has(20) && m.Big(2, 2) == m.size && m.size <= 4096;
}
// The number of attributes, when they fill the message; -1 when they do not.
static int RadiusAttributes(const WireMessage& m) {
  size_t at = 20;
  int attributes = 0;
  while (at + 2 <= m.bytes.size()) {
    const uint8_t type = m.At(at);
    const uint8_t length = m.At(at + 1);
    // Addresses, port, service, framing and MTU are numbers of four bytes; extended types end at
    // 246.
    const bool number = (type >= 4 && type <= 8) || type == 12;
    if (type == 0 || type > 246 || length < (type == 26 ? 7 : 3) || (number && length != 6)) {
      return -1;
    }
    at += length;
    ++attributes;
  }
  return !m.Has(m.size) || at == m.size ? attributes : -1;
}
// The authenticator is random or a digest: hardly any of its bytes are zero.
static bool HasRadiusAuthenticator(const WireMessage& m) {
  constexpr std::ptrdiff_t kMaxZeros = 3;
  const Bytes authenticator = m.bytes.subspan(4, 16);
  return std::count(authenticator.begin(), authenticator.end(), 0) <= kMaxZeros;
}
// Requests for access and for accounting say who asks: user, NAS address, NAS identifier.
static bool SaysWhoAsks(const WireMessage& m) {
  constexpr uint8_t kAccess = 1;
  constexpr uint8_t kAccounting = 4;
  if (m.At(0) != kAccess && m.At(0) != kAccounting) return false;
  for (size_t at = 20; at + 2 <= m.bytes.size() && m.At(at + 1) >= 2; at += m.At(at + 1)) {
    if (m.At(at) == 1 || m.At(at) == 4 || m.At(at) == 32) return true;
  }
  return false;
}
bool IsRadius(const WireMessage& m) {
  return IsRadiusHeader(m) && RadiusAttributes(m) >= 2 && SaysWhoAsks(m) &&
         HasRadiusAuthenticator(m);
}
bool IsPlainRadius(const WireMessage& m) {
  return IsRadiusHeader(m) && RadiusAttributes(m) >= 0 && !IsRadius(m);
}

// SMPP 3.4 section 3.2: length 4 | command 4 | status 4 | sequence 4.
bool IsSmpp(const WireMessage& m) {
  const uint32_t command = m.Big(4, 4);
  const uint32_t request = command & 0x7fff'ffff;
  const bool answer = command != request;
  const bool known = (request >= 1 && request <= 9) || request == 0x0b || request == 0x15 ||
                     request == 0x21 || (request >= 0x102 && request <= 0x103) ||
                     (request == 0 && answer);
  if (!m.Has(16) || !known || (!answer && m.Big(8, 4) != 0) || m.Big(12, 4) == 0) return false;
  return FramesFill(m, 16, [&m](size_t at) { return size_t{m.Big(at, 4)}; });
}

// Binds name themselves: system, password, system type, each a C string; version, two numbers, a
// range of addresses.
bool IsSmppBind(const WireMessage& m) {
  if (!IsSmpp(m) || !m.Has(m.size)) return false;
  size_t at = 16;
  for (int field = 0; field < 4; ++field) {
    const std::string_view rest = Part(m.text(), at);
    const size_t end = rest.find('\0');
    if (end == rest.npos || end > 41 || !AllPrintable(Part(rest, 0, end))) return false;
    if (field == 0 && end == 0) return false;
    at += end + 1;
    if (field == 2) at += 3;
  }
  return at == m.size || m.Big(0, 4) < m.size;
}

}  // namespace borderflow
