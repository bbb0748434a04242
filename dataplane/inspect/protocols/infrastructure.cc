// Time, routing, addresses, flow export.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

// Sets of NetFlow 9 and IPFIX: id 2, length 2; template sets below 256, data sets from there on.
bool SetsFill(const WireMessage& m, size_t at, uint32_t first_template, uint32_t last_template) {
  int sets = 0;
  while (at + 4 <= m.bytes.size()) {
    const uint32_t id = m.Big(at, 2);
    const uint32_t length = m.Big(at + 2, 2);
    if (length < 4 || (id < 256 && (id < first_template || id > last_template))) return false;
    at += length;
    ++sets;
  }
  return sets > 0 && (!m.Has(m.size) || at == m.size);
}

// An exporter's clock, in seconds since 1970, is set.
bool IsClock(uint32_t seconds) {
  constexpr uint32_t kYear2000 = 946684800;
  return seconds >= kYear2000;
}

}  // namespace

// RFC 5905 section 7.3: leap, version, mode | stratum | poll | precision | root delay 4
// | root dispersion 4 | reference 4 | times 32. Behind 48 bytes: a digest or extension fields.
bool IsNtp(const WireMessage& m) {
  const uint8_t version = m.At(0) >> 3 & 7;
  const uint8_t mode = m.At(0) & 7;
  if (version < 1 || version > 4 || mode < 1 || mode > 5 || m.At(1) > 16 || !m.Has(48))
    return false;
  if (m.size != 48 && m.size != 68 && m.size != 72 && (m.size < 76 || m.size % 4 != 0))
    return false;
  const auto poll = static_cast<int8_t>(m.At(2));
  const auto precision = static_cast<int8_t>(m.At(3));
  constexpr uint32_t kLongestDelay = 16;  // seconds (MAXDISP)
  constexpr uint8_t kClientMode = 3;      // simple clients leave the time of transmission out
  return poll >= -6 && poll <= 17 && precision >= -64 && precision <= 6 &&
         m.Big(4, 2) <= kLongestDelay && m.Big(8, 2) <= kLongestDelay &&
         (mode == kClientMode || m.Big(40, 4) != 0 || m.Big(44, 4) != 0);
}

// IEEE 1588 section 13.3: type | version 2 | length 2 | domain | ... ; the control field of old
// versions repeats the type.
bool IsPtp(const WireMessage& m) {
  const uint8_t type = m.At(0) & 0x0f;
  const uint8_t control = m.At(32);
  if (m.Big(2, 2) > m.size || m.Big(2, 2) < 44 || m.size - m.Big(2, 2) > 2) return false;
  switch (type) {
    case 0:
    case 1:
      return control == type;
    case 8:
      return control == 2;
    case 9:
      return control == 3;
    case 0xd:
      return control == 4;
    default:
      return (type == 2 || type == 3 || type == 0xa || type == 0xb || type == 0xc) && control == 5;
  }
}

// RFC 4271 section 4.1: marker of 16 ones | length 2 | type 1..5.
bool IsBgp(const WireMessage& m) {
  const uint32_t length = m.Big(16, 2);
  return m.At(18) >= 1 && m.At(18) <= 5 && length >= 19 && length <= 4096;
}

// RFC 8210 section 5: version | type | session 2 | length 4.
bool IsRpkiRtr(const WireMessage& m) {
  return m.Has(8) && FramesFill(m, 8, [&m](size_t at) {
           const uint8_t type = m.At(at + 1);
           const uint32_t length = m.Big(at + 4, 4);
           const bool fits = type == 0                ? length == 12
                             : type == 1              ? length == 12
                             : type == 2 || type == 8 ? length == 8
                             : type == 3              ? length == 8
                             : type == 4              ? length == 20
                             : type == 6              ? length == 32
                             : type == 7              ? length == 12 || length == 24
                             : type == 9              ? length > 32 && length < 512
                                                      : type == 10 && length >= 16 && length < 4096;
           return m.At(at) <= 2 && fits ? size_t{length} : size_t{0};
         });
}

// 24 bytes and 48 for each of up to 30 flows; version 7: 24 and 52; version 1: 16 and 52.
bool IsNetflow5(const WireMessage& m) {
  const uint32_t count = m.Big(2, 2);
  return count >= 1 && count <= 30 && m.size == 24 + 48 * size_t{count} && IsClock(m.Big(8, 4));
}
bool IsNetflow7(const WireMessage& m) {
  const uint32_t count = m.Big(2, 2);
  return count >= 1 && count <= 28 && m.size == 24 + 52 * size_t{count} && IsClock(m.Big(8, 4));
}
bool IsNetflow1(const WireMessage& m) {
  const uint32_t count = m.Big(2, 2);
  return count >= 1 && count <= 24 && m.size == 16 + 52 * size_t{count} && IsClock(m.Big(8, 4));
}
bool IsNetflow9(const WireMessage& m) {
  return m.Big(2, 2) >= 1 && m.Big(2, 2) <= 512 && IsClock(m.Big(8, 4)) && SetsFill(m, 20, 0, 1);
}
bool IsIpfix(const WireMessage& m) {
  return (m.datagram ? m.Big(2, 2) == m.size : m.Big(2, 2) <= m.size) && m.Big(2, 2) > 16 &&
         IsClock(m.Big(4, 4)) && SetsFill(m, 16, 2, 3);
}

// sFlow 5: version 4 | agent's address type 4 | address | sub-agent, sequence, uptime, samples
// | first sample: format 4, length 4.
bool IsSflow(const WireMessage& m) {
  const size_t at = m.At(7) == 1 ? 12 : 24;
  const uint32_t samples = m.Big(at + 12, 4);
  const uint32_t format = m.Big(at + 16, 4);
  if (samples == 0) return m.Has(at + 16) && m.size == at + 16;
  return m.Has(at + 24) && samples <= 128 && format >= 1 && format <= 5 &&
         m.Big(at + 20, 4) + at + 24 <= m.size;
}

// RFC 2131: operation | hardware 1, 6 | hops | id ... | cookie 63 82 53 63 at 236.
bool IsDhcp(const WireMessage& m) {
  return m.size >= 240 && (m.Has(240) ? m.Big(236, 4) == 0x63825363 : m.Has(28));
}
// RFC 8415 section 8: type | transaction 3 | options: code 2, length 2.
bool IsDhcp6(const WireMessage& m) {
  size_t at = m.At(0) == 12 || m.At(0) == 13 ? 34 : 4;
  int options = 0;
  while (at + 4 <= m.bytes.size()) {
    if (m.Big(at, 2) == 0 || m.Big(at, 2) > 150) return false;
    at += 4 + m.Big(at + 2, 2);
    ++options;
  }
  return m.At(0) >= 1 && m.At(0) <= 13 && options >= 1 && (!m.Has(m.size) || at == m.size);
}

// RFC 5880 section 4.1: version 1, diagnosis | state, flags | multiplier | length 24 (to 52).
bool IsBfd(const WireMessage& m) {
  return m.At(3) == m.size && m.size >= 24 && m.size <= 52 && m.At(2) != 0 && m.Big(4, 4) != 0;
}
// RFC 5036: version 1 | length 2 | LSR 6 | message: type 2, length 2.
bool IsLdp(const WireMessage& m) {
  const uint32_t type = m.Big(10, 2);
  const bool known = type == 0x0001 || type == 0x0100 || (type >= 0x0200 && type <= 0x0201) ||
                     (type >= 0x0300 && type <= 0x0301) || (type >= 0x0400 && type <= 0x0404);
  return m.Has(14) && known && m.Big(8, 2) == 0 && m.Big(2, 2) + 4 == m.size &&
         m.Big(12, 2) + 14 <= m.size;
}
// RFC 2453 section 4: command | version 1 or 2 | 0 2 | entries of 20 bytes: family 2, metric 1 to
// 16 at their end; or a password first; or the one entry that asks for all.
bool IsRip(const WireMessage& m) {
  constexpr size_t kEntry = 20;
  constexpr uint32_t kInfinity = 16;
  if (m.At(1) < 1 || m.At(1) > 2 || m.size < 4 + kEntry || (m.size - 4) % kEntry != 0) return false;
  if (m.size == 4 + kEntry && m.Big(4, 2) == 0) {
    return m.At(0) == 1 && m.Big(8, 4) == 0 && m.Big(20, 4) == kInfinity;
  }
  for (size_t at = 4; at + kEntry <= m.bytes.size(); at += kEntry) {
    const bool password = at == 4 && m.Big(at, 2) == 0xffff;
    const uint32_t metric = m.Big(at + 16, 4);
    if (!password && (m.Big(at, 2) != 2 || metric == 0 || metric > kInfinity)) return false;
  }
  return m.Has(4 + kEntry);
}
// RFC 1350: opcode 2 | file | 0 | mode | 0.
bool IsTftp(const WireMessage& m) {
  const std::string_view text = m.text();
  const size_t end = text.find('\0', 2);
  if (end == text.npos || end == 2 || !AllPrintable(Part(text, 2, end - 2))) return false;
  const std::string_view mode = Part(text, end + 1);
  return StartsWithAnyCase(mode, "octet") || StartsWithAnyCase(mode, "netascii");
}

}  // namespace borderflow
