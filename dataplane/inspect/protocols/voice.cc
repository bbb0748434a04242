// Voice and mail's relatives: SIP, MGCP, RTCP, STUN, IAX2, H.323.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

// GB/T 28181 is SIP whose bodies are "Application/MANSCDP+xml".
bool HasSurveillanceBody(const WireMessage& m) {
  return ContainsAnyCase(Part(m.text(), 0, 1500), "application/manscdp+xml");
}

bool IsSipRequestLine(const WireMessage& m) { return FirstLine(m.text()).ends_with(" SIP/2.0"); }

}  // namespace

bool IsSipRequest(const WireMessage& m) { return IsSipRequestLine(m) && !HasSurveillanceBody(m); }
bool IsSipResponse(const WireMessage& m) {
  const std::string_view status = Part(m.text(), 8, 4);
  return status.size() == 4 && AllDigits(Part(status, 0, 3)) && status[3] == ' ' &&
         !HasSurveillanceBody(m);
}
bool IsSurveillanceSip(const WireMessage& m) {
  return IsSipRequestLine(m) && HasSurveillanceBody(m);
}

// "CRCX 1204 aaln/1@gateway MGCP 1.0" (RFC 3435 section 3.2.1).
bool IsMgcp(const WireMessage& m) {
  return FirstLine(m.text()).find(" MGCP 1.0") != std::string_view::npos;
}

// RFC 3550 section 6: compound packets start with a report (200, 201), and their lengths, in words
// less one, fill the datagram.
static bool IsRtcp(const WireMessage& m, int* packets) {
  size_t at = 0;
  *packets = 0;
  while (at + 4 <= m.bytes.size()) {
    const uint8_t type = m.At(at + 1);
    if (m.At(at) >> 6 != 2 || type < 192 || type > 213) return false;
    at += (m.Big(at + 2, 2) + 1) * 4;
    ++*packets;
  }
  return m.datagram && *packets > 0 && (m.Has(m.size) ? at == m.size : at <= m.size);
}
bool IsRtcpCompound(const WireMessage& m) {
  int packets = 0;
  return IsRtcp(m, &packets) && packets >= 2;
}
bool IsRtcpSingle(const WireMessage& m) {
  int packets = 0;
  return IsRtcp(m, &packets) && packets == 1 && m.size >= 8;
}

// RFC 8489 section 5: 00 | method and class, 14 bits | length 2 | cookie 4 | transaction 12.
bool IsStun(const WireMessage& m) {
  return m.Has(20) && FramesFill(m, 8, [&m](size_t at) {
           const size_t length = m.Big(at + 2, 2);
           return length % 4 == 0 && m.Big(at + 4, 4) == 0x2112a442 ? length + 20 : size_t{0};
         });
}

// RFC 5456 section 8.1: NEW, whose first element is the version: 0b 02 00 02.
bool IsIaxNew(const WireMessage& m) { return m.Big(12, 4) == 0x0b020002; }

// Q.931 in a TPKT: discriminator 8, call reference of two bytes, a message of call establishment.
bool IsQ931(const WireMessage& m) {
  const uint8_t type = m.At(8);
  return m.Big(2, 2) == m.size && m.Has(9) &&
         (type == 0x01 || type == 0x02 || type == 0x03 || type == 0x05 || type == 0x07 ||
          type == 0x5a || type == 0x62 || type == 0x6e || type == 0x7d);
}

}  // namespace borderflow
