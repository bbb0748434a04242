// Directory and authentication: LDAP, Kerberos, SMB, NetBIOS, DCE/RPC, TACACS+; and SNMP, which is
// written like them.
#include "dataplane/inspect/protocols/ber.h"
#include "dataplane/inspect/protocols/checks.h"

namespace borderflow {
namespace {

constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kEnumerated = 0x0a;
constexpr uint8_t kSequence = 0x30;

// The outer element's content, when its length fits the message.
bool Open(const WireMessage& m, Bytes bytes, uint8_t tag, BerElement* outer) {
  if (!NextBer(&bytes, outer) || outer->tag != tag || outer->length < 3) return false;
  const size_t header = m.bytes.size() - bytes.size() - outer->content.size();
  const size_t whole = header + outer->length;
  return m.datagram ? whole == m.size : whole >= m.size || m.At(whole) == tag;
}

// 0x20 and 32 letters A to P: a NetBIOS name in its first-level encoding (RFC 1001 section 14.1).
bool IsNetbiosName(const WireMessage& m, size_t at) {
  if (!m.Has(at + 34) || m.At(at) != 0x20 || m.At(at + 33) != 0) return false;
  for (size_t i = 1; i <= 32; ++i) {
    if (m.At(at + i) < 'A' || m.At(at + i) > 'P') return false;
  }
  return true;
}

}  // namespace

// RFC 4511 section 4.1.1: 30 len | 02 len message id | operation. Each operation starts with what
// its definition says: an integer version, a base name, a result code.
bool IsLdap(const WireMessage& m) {
  BerElement outer, id, operation, first;
  if (!Open(m, m.bytes, kSequence, &outer)) return false;
  Bytes rest = outer.content;
  if (!NextBer(&rest, &id) || id.tag != kInteger || id.length == 0 || id.length > 4 ||
      !NextBer(&rest, &operation)) {
    return false;
  }
  const bool fits = operation.length <= outer.length;
  Bytes inside = operation.content;
  switch (operation.tag) {
    case 0x42:  // unbind
      return operation.length == 0 && outer.length == id.length + 4;
    case 0x60:  // bind: version 2 or 3
      return fits && NextBer(&inside, &first) && first.tag == kInteger && first.length == 1 &&
             !first.content.empty() && first.content[0] >= 2 && first.content[0] <= 3;
    case 0x63:  // search: base, then scope
      return fits && NextBer(&inside, &first) && first.tag == kOctetString &&
             NextBer(&inside, &first) && first.tag == kEnumerated && first.length == 1;
    case 0x61:
    case 0x65:
    case 0x67:
    case 0x69:
    case 0x6b:
    case 0x6d:
    case 0x6f:
    case 0x78:  // results: code, matched name
      return fits && NextBer(&inside, &first) && first.tag == kEnumerated && first.length == 1 &&
             NextBer(&inside, &first) && first.tag == kOctetString;
    case 0x64:
    case 0x66:
    case 0x68:
    case 0x6c:
    case 0x6e:
    case 0x73:  // entries, changes, references: a name first
      return fits && NextBer(&inside, &first) && first.tag == kOctetString;
    case 0x77:  // extended: its object identifier in digits
      return fits && NextBer(&inside, &first) && first.tag == 0x80 && first.content.size() > 2 &&
             first.content[0] >= '0' && first.content[0] <= '2' && first.content[1] == '.';
    default:
      return false;
  }
}

// RFC 4120 section 5: [APPLICATION n] SEQUENCE { [1 or 0] INTEGER 5, [2 or 1] INTEGER n ... }: the
// message says its type twice.
static bool IsKerberosMessage(const WireMessage& m, Bytes bytes) {
  if (bytes.empty()) return false;
  const uint8_t tag = bytes[0];
  BerElement outer, sequence, version, type;
  if (!Open(m, bytes, tag, &outer)) return false;
  Bytes rest = outer.content;
  if (!NextBer(&rest, &sequence) || sequence.tag != kSequence) return false;
  rest = sequence.content;
  const uint8_t first = tag == 0x6a || tag == 0x6c ? 0xa1 : 0xa0;
  return NextBer(&rest, &version) && version.tag == first && version.content.size() == 3 &&
         version.content[2] == 5 && NextBer(&rest, &type) && type.tag == first + 1 &&
         type.content.size() == 3 && type.content[2] == (tag & 0x1f);
}
bool IsKerberos(const WireMessage& m) { return IsKerberosMessage(m, m.bytes); }
bool IsKerberosTcp(const WireMessage& m) {
  return m.Has(8) && m.Big(0, 4) >= 16 && IsKerberosMessage(m, m.bytes.subspan(4));
}

// Session request to a called name (RFC 1002 section 4.3.2).
bool IsNetbiosSession(const WireMessage& m) {
  return m.Big(2, 2) + 4 == m.size && IsNetbiosName(m, 4);
}
bool IsNetbiosNameService(const WireMessage& m) {
  return (m.Big(4, 2) == 1 || m.Big(6, 2) == 1) && IsNetbiosName(m, 12) &&
         (m.Big(46, 2) == 0x20 || m.Big(46, 2) == 0x21) && m.Big(48, 2) == 1;
}
bool IsNetbiosDatagram(const WireMessage& m) { return m.At(0) <= 0x16 && IsNetbiosName(m, 14); }

// C706: version 5.0 or 5.1, type, flags, little-endian data, fragment length, authentication
// length.
bool IsDceRpc(const WireMessage& m) {
  const uint8_t type = m.At(2);
  const bool known = type == 0 || type == 2 || type == 3 || (type >= 11 && type <= 19);
  return m.Has(16) && m.At(1) <= 1 && known && FramesFill(m, 16, [&m](size_t at) {
           return m.At(at) == 5 ? size_t{m.Little(at + 8, 2)} : size_t{0};
         });
}

// RFC 8907 section 4.1: version | type 1..3 | sequence | flags | session 4 | length 4.
bool IsTacacs(const WireMessage& m) {
  const uint8_t flags = m.At(3);
  return m.Has(12) && m.At(1) >= 1 && m.At(1) <= 3 && m.At(2) >= 1 && m.At(2) <= 32 &&
         (flags & ~0x05) == 0 && m.Big(8, 4) >= 5 && m.Big(8, 4) + 12 == m.size;
}

// RFC 1157, RFC 3416, RFC 3412: 30 len | version 0, 1, 3 | community and PDU, or global data.
bool IsSnmp(const WireMessage& m) {
  BerElement outer, version, second, third;
  if (!Open(m, m.bytes, kSequence, &outer)) return false;
  Bytes rest = outer.content;
  if (!NextBer(&rest, &version) || version.tag != kInteger || version.content.size() != 1 ||
      !NextBer(&rest, &second)) {
    return false;
  }
  switch (version.content[0]) {
    case 0:
    case 1:
      return second.tag == kOctetString && second.length <= 255 && NextBer(&rest, &third) &&
             third.tag >= 0xa0 && third.tag <= 0xa8;
    case 3: {
      Bytes global = second.content;
      return second.tag == kSequence && NextBer(&global, &third) && third.tag == kInteger &&
             NextBer(&global, &third) && third.tag == kInteger && NextBer(&global, &third) &&
             third.tag == kOctetString && third.length == 1;
    }
    default:
      return false;
  }
}

}  // namespace borderflow
