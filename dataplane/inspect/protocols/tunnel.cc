// VPNs, tunnels and proxies.
#include "dataplane/inspect/protocols/checks.h"

namespace borderflow {

// The WireGuard paper, section 5.4: initiation 148 bytes, response 92, cookie 64, data in 16s.
bool IsWireguardHandshake(const WireMessage& m) {
  return (m.At(0) == 1 && m.size == 148) || (m.At(0) == 2 && m.size == 92);
}
bool IsWireguardData(const WireMessage& m) {
  constexpr uint32_t kCounterTop = 0;  // of the 64-bit counter: no flow sends 2^32 packets soon
  return m.size >= 32 && m.size % 16 == 0 && m.Has(16) && m.Little(12, 4) == kCounterTop;
}

// OpenVPN: opcode and key | session 8 | acknowledgements | [their session] | packet 4. Without
// tls-auth a reset is 14 bytes from the client, 26 from the server. With it, a digest (16 to 64
// bytes), a packet id and a time stand before.
static bool IsOpenVpnReset(const WireMessage& m, size_t at) {
  const uint8_t opcode = m.At(at) >> 3;
  const size_t size = m.size - at;
  if (size == 14) return opcode == 7 && m.Big(at + 9, 1) == 0 && m.Big(at + 10, 4) == 0;
  if (size == 26) return opcode == 8 && m.At(at + 9) == 1 && m.Big(at + 10, 4) == 0;
  const bool signed_size = size == 38 || size == 42 || size == 54 || size == 86 || size == 50 ||
                           size == 66 || size == 98;
  return signed_size && (opcode == 7 || opcode == 8 || opcode == 10);
}
bool IsOpenVpnUdp(const WireMessage& m) { return m.Has(14) && IsOpenVpnReset(m, 0); }
bool IsOpenVpnTcp(const WireMessage& m) {
  return m.Has(16) && m.Big(0, 2) + 2 == m.size && IsOpenVpnReset(m, 2);
}

// RFC 7296 section 3.1: SPIs 16 | next payload | version 1.0 or 2.0 | exchange | flags | id 4
// | length 4.
static bool IsIkeHeader(const WireMessage& m, size_t at) {
  const uint8_t exchange = m.At(at + 18);
  const bool known = m.At(at + 17) == 0x20
                         ? exchange >= 34 && exchange <= 38
                         : (exchange >= 1 && exchange <= 6) || exchange == 32 || exchange == 33;
  return m.Has(at + 28) && known && (m.Big(at, 4) != 0 || m.Big(at + 4, 4) != 0) &&
         m.Big(at + 24, 4) + at == m.size;
}
bool IsIke(const WireMessage& m) { return IsIkeHeader(m, 0); }
// Behind four zeros where ESP shares the port (RFC 3948 section 2.2).
bool IsIkeBehindMarker(const WireMessage& m) {
  return (m.At(21) == 0x10 || m.At(21) == 0x20) && IsIkeHeader(m, 4);
}

// RFC 2661 section 3.1: a control message; its first AVP is the message type.
bool IsL2tpControl(const WireMessage& m) {
  return m.Big(2, 2) == m.size && (m.size == 12 || m.Big(12, 4) == 0x80080000);
}

bool IsPptp(const WireMessage& m) { return m.Big(0, 2) == m.size || m.Big(0, 2) == 156; }

// SOCKS5 (RFC 1928): greeting 05 | count | methods; answer 05 | method. SOCKS4: 04 01 | port 2
// | address 4 | user | 0; answer 00 5a | 6 bytes.
bool IsSocks5Greeting(const WireMessage& m) {
  if (m.size != m.At(1) + 2u || m.At(1) == 0 || m.At(1) > 9) return false;
  for (size_t i = 2; i < m.bytes.size(); ++i) {
    if (m.At(i) > 9 && m.At(i) < 0x80) return false;
  }
  return true;
}
bool IsSocks5Choice(const WireMessage& m) {
  return m.size == 2 && (m.At(1) <= 9 || m.At(1) == 0xff);
}
bool IsSocks4Request(const WireMessage& m) {
  return m.size >= 9 && m.Has(m.size) && m.At(m.size - 1) == 0 && m.Big(2, 2) != 0 && m.size < 512;
}
bool IsSocks4Answer(const WireMessage& m) { return m.size == 8; }

}  // namespace borderflow
