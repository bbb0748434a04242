// BER (X.690): tags and lengths of LDAP, Kerberos, SNMP and X.509, bounds-checked.
//
// Thread safety: none; a cursor.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_BER_H_
#define BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_BER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "dataplane/inspect/reader.h"

namespace borderflow {

struct BerElement {
  uint8_t tag = 0;
  size_t length = 0;  // of the content, as stated
  Bytes content;      // as much of it as there is
};

// The element at the start of `*bytes`, which then starts behind it. False when the header is cut
// or not in definite form; the content itself may be cut.
inline bool NextBer(Bytes* bytes, BerElement* element) {
  constexpr uint8_t kLongForm = 0x80;
  constexpr int kMaxLengthBytes = 4;
  Reader reader(*bytes);
  element->tag = reader.U8();
  const uint8_t first = reader.U8();
  element->length = first;
  if ((first & kLongForm) != 0) {
    const int count = first & ~kLongForm;
    if (count == 0 || count > kMaxLengthBytes) return false;
    element->length = 0;
    for (int i = 0; i < count; ++i) element->length = element->length << 8 | reader.U8();
  }
  if (!reader.ok()) return false;
  const Bytes rest = reader.rest();
  element->content = rest.subspan(0, std::min(element->length, rest.size()));
  *bytes = rest.subspan(element->content.size());
  return true;
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_BER_H_
