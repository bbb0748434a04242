// Remote access and surveillance devices.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {

bool IsRfbVersion(const WireMessage& m) {
  return m.size == 12 && m.Has(12) && AllDigits(Part(m.text(), 4, 3)) &&
         AllDigits(Part(m.text(), 8, 3)) && m.At(7) == '.' && m.At(11) == '\n';
}

// RFC 854: commands WILL, WONT, DO, DONT with an option each; subnegotiations; then perhaps text.
static int TelnetCommands(const WireMessage& m, bool* clean) {
  constexpr uint8_t kSubnegotiation = 0xfa;
  constexpr uint8_t kMaxOption = 60;
  size_t at = 0;
  int commands = 0;
  *clean = true;
  while (at + 3 <= m.bytes.size() && m.At(at) == 0xff) {
    const uint8_t command = m.At(at + 1);
    if (command < kSubnegotiation || command == 0xff || (m.At(at + 2) > kMaxOption)) {
      *clean = false;
      return commands;
    }
    ++commands;
    if (command != kSubnegotiation) {
      at += 3;
      continue;
    }
    const size_t end = m.text().find("\xff\xf0", at);
    if (end == std::string_view::npos) return commands;
    at = end + 2;
  }
  return commands;
}
bool IsTelnetNegotiation(const WireMessage& m) {
  bool clean = false;
  return TelnetCommands(m, &clean) >= 2 && clean;
}
bool IsTelnetCommand(const WireMessage& m) {
  bool clean = false;
  return TelnetCommands(m, &clean) == 1 && clean && m.size == 3;
}

// 17 24 | command | flags; 11 30 for later versions.
bool IsTeamViewer(const WireMessage& m) { return m.Has(8) && m.At(2) >= 0x08 && m.At(2) <= 0x50; }

// X.Org setup: byte order, 11.0, lengths of the authorisation's name and data.
bool IsX11Setup(const WireMessage& m) {
  const bool little = m.At(0) == 'l';
  const uint32_t name = little ? m.Little(6, 2) : m.Big(6, 2);
  const uint32_t data = little ? m.Little(8, 2) : m.Big(8, 2);
  return m.size == 12 + (name + 3) / 4 * 4 + (data + 3) / 4 * 4;
}

// DHIP: 20 00 00 00 "DHIP" | session 4 | request 4 | length 4 | 0 | length 4.
bool IsDahua(const WireMessage& m) { return m.Has(20) && m.Little(16, 4) + 32 == m.size; }

// ff | version | 0 0 | session 4 | sequence 4 | total, current | message 2 | length 4 | JSON
bool IsXmeye(const WireMessage& m) {
  return m.Has(21) && m.Little(16, 4) + 20 == m.size && m.Little(14, 2) >= 1000 &&
         m.Little(14, 2) < 2000 && m.At(20) == '{';
}

// RMCP (DSP0136): 06 | 00 | sequence | class 7 (IPMI) or 6 (ASF).
bool IsRmcp(const WireMessage& m) {
  return m.size >= 8 && ((m.At(3) & 0x1f) == 7 || (m.At(3) & 0x1f) == 6);
}

}  // namespace borderflow
