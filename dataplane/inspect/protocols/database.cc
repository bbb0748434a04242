// Databases, queues, files in bulk.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

constexpr uint32_t kNfsProgram = 100003;
constexpr uint32_t kMountProgram = 100005;
constexpr uint32_t kLockProgram = 100021;
constexpr uint32_t kPortmapProgram = 100000;

// RFC 5531 section 9: xid | call 0 | RPC version 2 | program | version | procedure. `at` is 4
// behind a record mark. 0 for anything else.
uint32_t RpcProgram(const WireMessage& m, size_t at) {
  const bool call = m.Has(at + 24) && m.Big(at + 4, 4) == 0 && m.Big(at + 8, 4) == 2;
  return call && m.Big(at + 16, 4) <= 16 && m.Big(at + 20, 4) <= 255 ? m.Big(at + 12, 4) : 0;
}
bool IsNfsProgram(uint32_t program) {
  return program == kNfsProgram || program == kMountProgram || program == kLockProgram;
}

// A C string of at least one printable character; moves `*at` behind its end.
bool SkipCString(std::string_view text, size_t* at) {
  const size_t end = text.find('\0', *at);
  if (end == text.npos || end == *at || !AllPrintable(Part(text, *at, end - *at))) return false;
  *at = end + 1;
  return true;
}

}  // namespace

// StartupMessage: length 4 | 3.0 | pairs of C strings | 0.
bool IsPostgresStartup(const WireMessage& m) {
  size_t at = 8;
  return m.Big(0, 4) == m.size && m.size >= 14 && SkipCString(m.text(), &at) &&
         SkipCString(m.text(), &at);
}
bool IsPostgresCode(const WireMessage& m) {
  const uint32_t code = m.Big(4, 4);
  return m.Big(0, 4) == m.size && (code == 80877103 || code == 80877104 || code == 80877102);
}

// Protocol::HandshakeV10: length 3, little-endian | number 0 | 10 | version, a C string.
bool IsMysqlGreeting(const WireMessage& m) {
  if (m.Little(0, 3) + 4 != m.size || !IsDigit(static_cast<char>(m.At(5)))) return false;
  size_t at = 5;
  return Part(m.text(), 5, 8).find('.') != std::string_view::npos && SkipCString(m.text(), &at);
}

// [MS-TDS] 2.2.3.1: type | status | length 2 | SPID 2 | packet | window 0; PRELOGIN's first option
// is the version, at the end of the list of options.
bool IsTdsPrelogin(const WireMessage& m) {
  const size_t list_end = m.Big(9, 2);
  return m.Big(2, 2) == m.size && m.At(8) == 0 && list_end >= 6 && list_end + 8 < m.size &&
         m.Big(11, 2) == 6;
}
// LOGIN7: total length 4, TDS version 4, both little-endian.
bool IsTdsLogin(const WireMessage& m) {
  return m.Little(8, 4) + 8 >= m.size && m.At(15) >= 0x70 && m.At(15) <= 0x74;
}

// Length 2 | checksum 2 | type | reserved | header checksum 2: a connect names its service in
// parentheses, an accept or a resend has nothing else.
bool IsTnsConnect(const WireMessage& m) {
  const std::string_view text = m.text();
  const size_t open = text.find("(DESCRIPTION=");
  return m.Big(0, 2) == m.size && m.At(5) <= 0x40 &&
         (open != text.npos || text.find("(CONNECT_DATA=") != text.npos);
}
bool IsTnsResend(const WireMessage& m) { return m.size == 8; }

bool IsMongo(const WireMessage& m) {
  const uint32_t opcode = m.Little(12, 4);
  const bool known = opcode == 1 || (opcode >= 2001 && opcode <= 2013);
  return m.Has(16) && known &&
         FramesFill(m, 16, [&m](size_t at) { return size_t{m.Little(at, 4)}; });
}

// RESP arrays of bulk strings: "*3\r\n$3\r\nSET\r\n..."
bool IsRedisCommand(const WireMessage& m) {
  const std::string_view text = m.text();
  const size_t end = text.find("\r\n");
  if (end == text.npos || end > 7 || !AllDigits(Part(text, 1, end - 1))) return false;
  const std::string_view rest = Part(text, end + 2);
  const size_t size_end = rest.find("\r\n");
  return rest.starts_with('$') && size_end != rest.npos && size_end <= 10 &&
         AllDigits(Part(rest, 1, size_end - 1));
}

// CQL binary protocol 3 to 5: version | flags | stream 2 | opcode | length 4.
bool IsCassandra(const WireMessage& m) {
  const bool answer = (m.At(0) & 0x80) != 0;
  const uint8_t opcode = m.At(4);
  const bool known = answer ? opcode == 0 || opcode == 2 || opcode == 3 || opcode == 6 ||
                                  opcode == 8 || opcode == 12 || opcode == 14 || opcode == 16
                            : opcode == 1 || opcode == 5 || opcode == 7 || opcode == 9 ||
                                  opcode == 10 || opcode == 11 || opcode == 13 || opcode == 15;
  return m.Has(9) && known && m.At(1) <= 0x1f && m.Big(5, 4) + 9 == m.size;
}
bool IsCassandraStartup(const WireMessage& m) {
  return IsCassandra(m) && Part(m.text(), 9, 40).find("CQL_VERSION") != std::string_view::npos;
}

// DDM: length 2 | D0 | format | correlation 2 | inner length 2 | EXCSAT 1041.
bool IsDrda(const WireMessage& m) {
  return m.Big(0, 2) == m.Big(6, 2) + 6 && m.Big(0, 2) <= m.size;
}

// The transport of Elasticsearch: "ES" | length 4 | request 8 | status | version 4.
bool IsElasticsearch(const WireMessage& m) {
  return m.Has(19) && m.Big(2, 4) + 6 == m.size && m.At(14) <= 0x0f;
}

// "set key flags time bytes\r\n"
bool IsMemcachedStore(const WireMessage& m) {
  const std::string_view line = FirstLine(m.text());
  int words = 0;
  size_t numbers = 0;
  for (size_t at = 0; at < line.size() && words < 6;) {
    const size_t end = std::min(line.find(' ', at), line.size());
    const std::string_view word = Part(line, at, end - at);
    if (word.empty()) return false;
    if (words >= 2 && AllDigits(word)) ++numbers;
    ++words;
    at = end + 1;
  }
  return HasPrintableLine(m.text()) && words >= 5 && numbers >= 3;
}
// Magic 80 or 81 | opcode | key 2 | extras | 0 | status 2 | body 4.
bool IsMemcachedBinary(const WireMessage& m) {
  return m.Has(24) && m.At(1) <= 0x25 && m.At(5) == 0 && m.Big(8, 4) + 24 == m.size &&
         m.Big(2, 2) + m.At(4) <= m.Big(8, 4);
}

// Length 4 | API key 2 | version 2 | correlation 4 | client's name, length 2.
bool IsKafkaRequest(const WireMessage& m) {
  const size_t name = m.Big(12, 2);
  return m.Has(14) && m.Big(4, 2) <= 88 && m.Big(6, 2) <= 20 && name >= 1 && name <= 249 &&
         m.Big(0, 4) + 4 == m.size && name + 14 <= m.size && AllPrintable(Part(m.text(), 14, name));
}

bool IsNfsTcp(const WireMessage& m) { return IsNfsProgram(RpcProgram(m, 4)); }
bool IsNfsUdp(const WireMessage& m) { return IsNfsProgram(RpcProgram(m, 0)); }
bool IsPortmapTcp(const WireMessage& m) { return RpcProgram(m, 4) == kPortmapProgram; }
bool IsPortmapUdp(const WireMessage& m) { return RpcProgram(m, 0) == kPortmapProgram; }

// RFC 7143 section 11.12: login, whose text keys name the initiator or the target's group.
bool IsIscsiLogin(const WireMessage& m) {
  const std::string_view keys = Part(m.text(), 48, 512);
  return m.Big(5, 3) + 48 <= m.size + 3 && (keys.find("InitiatorName=") != keys.npos ||
                                            keys.find("TargetPortalGroupTag=") != keys.npos);
}

bool IsClickhouseHello(const WireMessage& m) { return m.At(1) >= 10 && m.At(1) < 64; }

// op_connect | op_attach | version 2 or 3 (Firebird's remote protocol, XDR).
bool IsFirebird(const WireMessage& m) {
  return m.Has(16) && (m.Big(8, 4) == 2 || m.Big(8, 4) == 3) && m.Big(12, 4) <= 64;
}

}  // namespace borderflow
