// Industrial control and metering.
#include <algorithm>

#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/checksums.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

constexpr size_t kTpkt = 4;

bool TpktFits(const WireMessage& m) {
  return FramesFill(m, kTpkt, [&m](size_t at) {
    return m.At(at) == 3 && m.At(at + 1) == 0 ? size_t{m.Big(at + 2, 2)} : size_t{0};
  });
}

// Whether the stated lengths of a Modbus function's request or answer fit the frame's.
bool ModbusFunctionFits(const WireMessage& m, size_t length) {
  const uint8_t function = m.At(7);
  switch (function) {
    case 1:
    case 2:
    case 3:
    case 4:
      return length == 6 || length == size_t{m.At(8)} + 3;
    case 5:
    case 6:
      return length == 6;
    case 7:
    case 11:
    case 12:
    case 17:
      return length == 2 || length >= 3;
    case 8:
      return length >= 6;
    case 15:
    case 16:
      return length == 6 || length == size_t{m.At(12)} + 7;
    case 20:
    case 21:
      return length == size_t{m.At(8)} + 3;
    case 22:
      return length == 8;
    case 23:
      return length == size_t{m.At(16)} + 11 || length == size_t{m.At(8)} + 3;
    case 43:
      return m.At(8) == 13 || m.At(8) == 14;
    default:  // exceptions: the function with its top bit, and a code
      return function > 0x80 && function <= 0x80 + 43 && length == 3 && m.At(8) >= 1 &&
             m.At(8) <= 11;
  }
}

}  // namespace

// Transaction 2 | protocol 0 | length 2 | unit | function | data.
bool IsModbus(const WireMessage& m) {
  const size_t length = m.Big(4, 2);
  return m.Has(8) && length >= 2 && length <= 254 && length + 6 == m.size &&
         ModbusFunctionFits(m, length);
}

// IEC 60870-5-104 section 5: 68 | length | control 4 | [type, variable structure, cause 2, ...].
bool IsIec104Unnumbered(const WireMessage& m) {
  const uint8_t control = m.At(2);
  return (control == 0x07 || control == 0x0b || control == 0x13 || control == 0x23 ||
          control == 0x43 || control == 0x83) &&
         m.Big(3, 3) == 0 && (m.size == 6 || m.At(6) == 0x68);
}
bool IsIec104Data(const WireMessage& m) {
  const uint8_t type = m.At(6);
  const bool known = (type >= 1 && type <= 40) || (type >= 45 && type <= 51) ||
                     (type >= 58 && type <= 70) || (type >= 100 && type <= 127);
  return m.Has(12) && known && (m.At(2) & 1) == 0 && (m.At(4) & 1) == 0 && (m.At(7) & 0x7f) > 0 &&
         (m.At(8) & 0x3f) > 0 && FramesFill(m, 6, [&m](size_t at) {
           return m.At(at) == 0x68 && m.At(at + 1) >= 4 ? size_t{m.At(at + 1)} + 2 : size_t{0};
         });
}

// IEEE 1815: 05 64 | length | control | addresses 4 | CRC of these eight.
bool IsDnp3(const WireMessage& m) {
  return m.Has(10) && m.At(2) >= 5 && m.Little(8, 2) == DnpCrc(m.bytes.subspan(0, 8));
}

// OPC 10000-6 section 7.1.2: type 3, chunk kind, length 4.
bool IsOpcUa(const WireMessage& m) {
  return m.Has(8) && FramesFill(m, 8, [&m](size_t at) { return size_t{m.Little(at + 4, 4)}; });
}

bool IsS7(const WireMessage& m) {
  const uint8_t type = m.At(8);
  return TpktFits(m) && (m.At(7) == 0x72 ? type >= 1 && type <= 3
                                         : type == 1 || type == 2 || type == 3 || type == 7);
}

// ISO session CONNECT and ACCEPT whose user data names MMS's abstract syntax 1.0.9506.2, as all of
// IEC 61850 and ICCP do.
bool IsMmsConnect(const WireMessage& m) {
  constexpr std::string_view kMmsSyntax("\x28\xca\x22\x02", 4);
  return TpktFits(m) && Part(m.text(), 0, 400).find(kMmsSyntax) != std::string_view::npos;
}
// Data: give-tokens, data transfer, presentation's user data; inside, an MMS request or answer.
bool IsMmsData(const WireMessage& m) { return TpktFits(m) && m.At(11) == 0x61; }

// X.224 connection request and confirm that negotiate RDP's security, or bear its cookie
// ([MS-RDPBCGR] sections 2.2.1.1 and 2.2.1.2).
bool IsRdpRequest(const WireMessage& m) {
  if (m.Big(2, 2) != m.size || size_t{m.At(4)} + 5 != m.size || !m.Has(11)) return false;
  const std::string_view variable = Part(m.text(), 11);
  if (variable.starts_with("Cookie: ")) return true;
  return m.size == 19 && m.At(11) == 1 && m.Little(13, 2) == 8;
}
bool IsRdpConfirm(const WireMessage& m) {
  return m.size == 19 && m.Has(19) && (m.At(11) == 2 || m.At(11) == 3) && m.Little(13, 2) == 8;
}

// EtherNet/IP encapsulation: command 2 | length 2 | session 4 | status 4 | context 8 | options 4.
bool IsEnipRegister(const WireMessage& m) {
  return m.size == 28 && m.Little(8, 4) == 0 && m.Little(20, 4) == 0 && m.Little(24, 2) == 1;
}
bool IsEnipList(const WireMessage& m) {
  return m.Has(24) && m.Little(2, 2) + 24 == m.size && m.Little(4, 4) == 0 && m.Little(20, 4) == 0;
}
bool IsEnipData(const WireMessage& m) {
  return m.Has(30) && m.Little(2, 2) + 24 == m.size && m.Little(4, 4) != 0 &&
         m.Little(20, 4) == 0 && m.Little(24, 4) == 0;
}
// Implicit messages: two items, sequenced address (8 bytes), connected data.
bool IsEnipIo(const WireMessage& m) {
  return m.Little(14, 2) == 0xb1 && m.Little(16, 2) + 18 == m.size;
}

// ASHRAE 135 annex J: 81 | function | length 2; the network layer's version, 1, follows.
bool IsBacnet(const WireMessage& m) {
  const uint8_t function = m.At(1);
  constexpr uint8_t kReserved = 0x50;  // bits of the network layer's control octet
  if (m.Big(2, 2) != m.size) return false;
  switch (function) {
    case 0x04:
      return m.At(10) == 1 && (m.At(11) & kReserved) == 0;
    case 0x09:
    case 0x0a:
    case 0x0b:
      return m.At(4) == 1 && (m.At(5) & kReserved) == 0;
    case 0x00:
      return m.size == 6;
    default:
      return function <= 0x08 && m.size >= 4;
  }
}

// CONNECT: 10 | remaining length, 1 to 4 bytes of seven bits | name length 2 | name | level.
bool IsMqttConnect(const WireMessage& m) {
  size_t at = 1;
  size_t length = 0;
  for (int shift = 0; shift < 28; shift += 7) {
    const uint8_t byte = m.At(at++);
    length |= size_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) break;
  }
  const std::string_view name = Part(m.text(), at);
  constexpr std::string_view kMqtt("\x00\x04MQTT", 6);
  constexpr std::string_view kOlder("\x00\x06MQIsdp", 8);
  return length >= 10 && (name.starts_with(kMqtt) || name.starts_with(kOlder));
}

// RFC 7252 section 3: version, type, token length | code | id 2 | token | options | FF, payload.
bool IsCoap(const WireMessage& m) {
  const size_t token = m.At(0) & 0x0f;
  const uint8_t code = m.At(1);
  const uint8_t type = m.At(0) >> 4 & 3;
  const int code_class = code >> 5;
  const int detail = code & 0x1f;
  if (token > 8 || !m.Has(4) || IsGtp2Echo(m) || IsGtp2Tunnel(m)) return false;
  if (code == 0) return m.size == 4 && token == 0 && type >= 2;
  const bool known = (code_class == 0 && detail <= 7) || (code_class == 2 && detail <= 5) ||
                     (code_class == 4 && detail <= 15) || (code_class == 5 && detail <= 5);
  if (!known) return false;
  size_t at = 4 + token;
  uint32_t option = 0;
  while (at < m.bytes.size() && m.At(at) != 0xff) {
    const uint8_t nibbles[2] = {static_cast<uint8_t>(m.At(at) >> 4),
                                static_cast<uint8_t>(m.At(at) & 0x0f)};
    uint32_t values[2] = {};
    ++at;
    for (int i = 0; i < 2; ++i) {
      if (nibbles[i] == 15) return false;
      values[i] = nibbles[i];
      if (nibbles[i] == 13) values[i] = 13 + m.At(at++);
      if (nibbles[i] == 14) {
        values[i] = 269 + m.Big(at, 2);
        at += 2;
      }
    }
    option += values[0];
    constexpr uint32_t kMaxOption = 65535;
    constexpr uint32_t kMaxValue = 1034;  // Proxy-Uri, the longest
    if (option == 0 || option > kMaxOption || values[1] > kMaxValue) return false;
    at += values[1];
  }
  if (!m.Has(m.size)) return true;
  return at == m.size || (m.At(at) == 0xff && at + 1 < m.size);
}

// IEC 62056-47: version 1 | source 2 | destination 2 | length 2 | APDU.
bool IsDlms(const WireMessage& m) {
  const uint8_t tag = m.At(8);
  const bool known = (tag >= 0x60 && tag <= 0x63) || (tag >= 0xc0 && tag <= 0xc8) || tag == 0x0f ||
                     (tag >= 0xd8 && tag <= 0xdf) || tag == 0x05 || tag == 0x06 || tag == 0x0c;
  return m.Has(9) && known && m.Big(2, 2) != 0 && m.Big(6, 2) >= 2 && m.Big(6, 2) + 8 == m.size;
}
// Association: the application context 2.16.756.5.8.1.
bool IsDlmsAssociation(const WireMessage& m) {
  constexpr std::string_view kContext("\x60\x85\x74\x05\x08\x01", 6);
  return Part(m.text(), 0, 64).find(kContext) != std::string_view::npos;
}

// AA | type and version | size 2 | id 2 | time 4 | fraction 4 | data | CRC of all before it.
bool IsSynchrophasor(const WireMessage& m) {
  const uint8_t version = m.At(1) & 0x0f;
  const uint8_t type = m.At(1) >> 4 & 0x07;
  const size_t size = m.Big(2, 2);
  if (version < 1 || version > 3 || type > 5 || size < 16 || size > m.size || !m.Has(size)) {
    return false;
  }
  return m.Big(size - 2, 2) == CcittCrc(m.bytes.subspan(0, size - 2));
}

// KNXnet/IP: header of 6 bytes, version 1.0, service, length.
bool IsKnx(const WireMessage& m) {
  const uint8_t family = m.At(2);
  return family >= 2 && family <= 0x0a && m.Big(4, 2) == m.size;
}

// HART-IP: version 1 | type | id | status | sequence 2 | length 2.
bool IsHartIp(const WireMessage& m) {
  return m.Has(8) && m.At(1) <= 1 && m.At(2) <= 4 && m.Big(6, 2) == m.size;
}

}  // namespace borderflow
