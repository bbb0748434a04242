// VPNs, tunnels and proxies.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {

// The WireGuard paper, section 5.4: initiation 148 bytes, response 92, cookie 64, data in 16s.
bool IsWireguardHandshake(const WireMessage& m) {
  if ((m.At(0) != 1 || m.size != 148) && (m.At(0) != 2 || m.size != 92)) return false;
  // Behind the sender's index stands a key: few of its bytes are zero.
  constexpr int kMaxZeros = 4;
  int zeros = 0;
  for (size_t i = 12; i < 40; ++i) zeros += m.At(i) == 0 ? 1 : 0;
  return m.Has(40) && zeros <= kMaxZeros;
}
bool IsWireguardData(const WireMessage& m) {
  constexpr uint32_t kCounterTop = 0;  // of the 64-bit counter: no flow sends 2^32 packets soon
  return m.size >= 32 && m.size % 16 == 0 && m.Has(16) && m.Little(12, 4) == kCounterTop;
}

// OpenVPN: opcode and key | session 8 | acknowledgements | [their session] | packet 4. A bare reset
// is 14 bytes from the client, 26 from the server. With tls-auth a digest, a packet number and a
// time stand behind the session; with tls-crypt, the number and the time before the digest.
static bool IsOpenVpnReset(const WireMessage& m, size_t at) {
  const uint8_t opcode = m.At(at) >> 3;
  const size_t size = m.size - at;
  if (size == 14) return opcode == 7 && m.At(at + 9) == 0 && m.Big(at + 10, 4) == 0;
  if (size == 26) return opcode == 8 && m.At(at + 9) == 1 && m.Big(at + 10, 4) == 0;
  const auto is_early_number = [&m](size_t position) {
    const uint32_t number = m.Big(position, 4);
    constexpr uint32_t kCookieNumber = 0x0f000001;  // of servers that keep no state yet
    return (number >= 1 && number <= 15) || number == kCookieNumber;
  };
  if (is_early_number(at + 9)) return size == 54 || size == 66 || (opcode == 10 && size > 54);
  const size_t bare = opcode == 8 ? 26 : 14;
  for (const size_t digest : {16, 20, 32, 64}) {
    if (size == bare + digest + 8) return is_early_number(at + 9 + digest);
  }
  return false;
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
  if (m.Big(2, 2) == 0 || m.size != m.bytes.size()) return false;
  const std::string_view user = Part(m.text(), 8);
  const size_t end = user.find('\0');
  if (end == user.npos || !AllPrintable(Part(user, 0, end))) return false;
  const bool named = m.Big(4, 3) == 0;  // 4a: a name instead of an address
  const std::string_view host = Part(user, end + 1);
  if (!named) return host.empty();
  return host.size() >= 2 && host.find('\0') == host.size() - 1 &&
         AllPrintable(Part(host, 0, host.size() - 1));
}
bool IsSocks4Answer(const WireMessage& m) { return m.size == 8; }

}  // namespace borderflow
