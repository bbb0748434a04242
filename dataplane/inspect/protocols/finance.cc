// Finance and trade: ISO 8583, SoupBinTCP, Bitcoin, SWIFT MT, EDIFACT.
#include <cstdint>

#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

// Where an ISO 8583 message starts behind a length that states the rest, in one of the usual forms:
// two bytes (with or without themselves), or four digits. 0 for none.
size_t LengthPrefix(const WireMessage& m) {
  const uint32_t binary = m.Big(0, 2);
  if (binary + 2 == m.size || binary == m.size) return 2;
  const std::string_view digits = Part(m.text(), 0, 4);
  if (digits.size() == 4 && AllDigits(digits)) {
    size_t length = 0;
    for (const char c : digits) length = length * 10 + static_cast<size_t>(c - '0');
    if (length + 4 == m.size) return 4;
  }
  return 0;
}

bool HasBit(uint64_t bitmap, int element) { return (bitmap >> (64 - element) & 1) != 0; }

// Version, class, function, origin of a message type: "0200", "1814".
bool IsMessageType(const int digits[4]) {
  const bool version = digits[0] == 0 || digits[0] == 1;
  const bool type = digits[1] == 1 || digits[1] == 2 || digits[1] == 4 || digits[1] == 8;
  return version && type && digits[2] <= 4 && digits[3] <= 5;
}

// What every request and answer names: the trace number (element 11), and what it is about, or, in
// network management, what is to be managed.
bool HasUsualElements(uint64_t bitmap, int message_class) {
  if (!HasBit(bitmap, 11)) return false;
  return message_class == 8 ? HasBit(bitmap, 7) || HasBit(bitmap, 1) || HasBit(bitmap, 39)
                            : HasBit(bitmap, 3) || HasBit(bitmap, 39);
}

bool IsSpacePadded(std::string_view text) {
  for (const char c : text) {
    if (c != ' ' && !IsDigit(c) && !IsUpper(c) && !(c >= 'a' && c <= 'z')) return false;
  }
  return true;
}

}  // namespace

// ISO 8583:1987: [TPDU 60 xx xx xx xx] | type, 4 digits or 2 BCD bytes | bitmap, 8 bytes or 16
// hexadecimal digits | elements.
bool IsIso8583(const WireMessage& m) {
  size_t at = LengthPrefix(m);
  if (at == 0) return false;
  constexpr uint8_t kTpdu = 0x60;
  if (m.At(at) == kTpdu) at += 5;
  if (Part(m.text(), at, 3) == "ISO") at += 12;
  int digits[4] = {};
  bool ascii = true;
  for (size_t i = 0; i < 4; ++i) {
    ascii = ascii && IsDigit(static_cast<char>(m.At(at + i)));
    digits[i] = m.At(at + i) - '0';
  }
  if (ascii) {
    at += 4;
  } else {
    for (size_t i = 0; i < 4; ++i) {
      digits[i] = i % 2 == 0 ? m.At(at + i / 2) >> 4 : m.At(at + i / 2) & 0x0f;
    }
    at += 2;
  }
  if (!IsMessageType(digits)) return false;
  uint64_t bitmap = 0;
  const std::string_view hexadecimal = Part(m.text(), at, 16);
  const bool written = hexadecimal.size() == 16 &&
                       hexadecimal.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
  if (written) {
    for (const char c : hexadecimal) {
      bitmap = bitmap << 4 | static_cast<uint64_t>(IsDigit(c) ? c - '0' : c - 'A' + 10);
    }
  } else {
    if (!m.Has(at + 8)) return false;
    bitmap = uint64_t{m.Big(at, 4)} << 32 | m.Big(at + 4, 4);
  }
  return HasUsualElements(bitmap, digits[1]);
}

// SoupBinTCP 3 and 4: length 2 (what follows it), type; login request L: user 6, password 10,
// session 10, sequence 20; login accepted A: session 10, sequence 20.
bool IsSoupLogin(const WireMessage& m) {
  return m.size == 49 && m.Has(49) && IsSpacePadded(Part(m.text(), 3, 46));
}
bool IsSoupAccepted(const WireMessage& m) {
  return m.Has(33) && IsSpacePadded(Part(m.text(), 3, 30)) && IsDigit(m.text()[32]);
}

// Magic 4, command 12 in lower case and zeros behind it, length 4, checksum 4.
bool IsBitcoin(const WireMessage& m) {
  if (!m.Has(16)) return false;
  size_t letters = 0;
  while (letters < 12 && m.At(4 + letters) != 0) {
    const uint8_t c = m.At(4 + letters++);
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  }
  for (size_t i = letters; i < 12; ++i) {
    if (m.At(4 + i) != 0) return false;
  }
  return letters >= 3;
}

// {1:F01 + logical terminal of 12 letters and digits + session and sequence, 10 digits + }
bool IsSwiftBlock(const WireMessage& m) {
  const std::string_view terminal = Part(m.text(), 6, 12);
  if (terminal.size() < 12) return false;
  for (const char c : terminal) {
    if (!IsUpper(c) && !IsDigit(c)) return false;
  }
  return true;
}

bool IsEdifactAdvice(const WireMessage& m) {
  const std::string_view behind = Part(m.text(), 9, 5);
  return behind.find("UNB") != std::string_view::npos;
}

}  // namespace borderflow
