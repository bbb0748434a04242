// Positions: NMEA and AIS sentences, vehicle trackers, aircraft receivers.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/checksums.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

// IEC 61162-1: the exclusive or of what stands between the first character and '*', in two
// hexadecimal digits behind it.
bool HasSentenceChecksum(std::string_view text) {
  constexpr size_t kLongestSentence = 110;  // 82 in the standard; receivers exceed it
  const size_t star = Part(text, 0, kLongestSentence).find('*');
  if (star == text.npos || star + 3 > text.size() || star < 6) return false;
  unsigned sum = 0;
  for (const char c : Part(text, 1, star - 1)) {
    if (!IsPrintable(c)) return false;
    sum ^= static_cast<unsigned char>(c);
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto value = [&](char c) {
    return kHex.find(c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c);
  };
  return value(text[star + 1]) * 16 + value(text[star + 2]) == sum;
}

}  // namespace

// "$GPRMC,...*5F": a talker of two capitals, a sentence of three, a comma.
bool IsNmea(const WireMessage& m) {
  const std::string_view address = Part(m.text(), 1, 6);
  if (address.size() < 6 || address[5] != ',') return false;
  for (const char c : Part(address, 0, 5)) {
    if (!IsUpper(c)) return false;
  }
  return HasSentenceChecksum(m.text());
}
bool IsAis(const WireMessage& m) { return HasSentenceChecksum(m.text()); }

// H02: "*HQ,IMEI or 10 digits,V1,..."
bool IsH02(const WireMessage& m) {
  const std::string_view id = Part(m.text(), 4);
  const size_t comma = id.find(',');
  return comma != id.npos && comma >= 8 && comma <= 20 && AllDigits(Part(id, 0, comma));
}

// GT06: 78 78 | length | type | data | number 2 | CRC 2 | 0d 0a; the CRC is X.25's over length to
// number.
bool IsGt06(const WireMessage& m) {
  const size_t length = m.At(2);
  if (length < 5 || !m.Has(length + 5)) return false;
  return m.Big(length + 3, 2) == 0x0d0a &&
         m.Big(length + 1, 2) == X25Crc(m.bytes.subspan(2, length - 1));
}

// Teltonika: length 15 and an IMEI's digits, of which the last is a check digit (3GPP TS 23.003).
bool IsTeltonika(const WireMessage& m) {
  const std::string_view digits = Part(m.text(), 2);
  if (m.size != 17 || digits.size() != 15 || !AllDigits(digits)) return false;
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[i] - '0';
    sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
  }
  return sum % 10 == 0;
}

// "##,imei:359586015829802,A;" and "imei:359586015829802,tracker,..."
bool IsImeiLogin(const WireMessage& m) {
  const std::string_view text = Part(m.text(), 0, 64);
  const size_t imei = text.find("imei:");
  return imei != text.npos && text.size() >= imei + 21 && AllDigits(Part(text, imei + 5, 15)) &&
         text[imei + 20] == ',';
}

bool IsAprsLogin(const WireMessage& m) {
  const std::string_view line = FirstLine(m.text());
  return HasPrintableLine(m.text()) && line.find(" pass ") != line.npos;
}

// Mode-S receivers: 1a | 31, 32 or 33 | time 6 | signal | message 2, 7 or 14; 1a within is doubled.
bool IsBeast(const WireMessage& m) {
  return FramesFill(m, 2, [&m](size_t at) {
    const uint8_t type = m.At(at + 1);
    if (m.At(at) != 0x1a || type < 0x31 || type > 0x34) return size_t{0};
    size_t left = type == 0x31 ? 9 : type == 0x32 ? 14 : 21;
    size_t length = 2;
    for (; left > 0; --left) length += m.At(at + length) == 0x1a ? 2 : 1;
    return length;
  });
}

// ULP: length 2 | version 1 to 3, 0, a small service indicator | session.
bool IsSupl(const WireMessage& m) {
  return m.Big(0, 2) == m.size && m.size >= 16 && m.At(2) >= 1 && m.At(2) <= 3 && m.At(3) == 0 &&
         m.At(4) <= 4;
}

}  // namespace borderflow
